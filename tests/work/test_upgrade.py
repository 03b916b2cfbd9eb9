"""An upgrade with work in flight: what an older program has begun or enqueued is done by the new one, once."""

import pytest

from tests.helpers.world import World, wait_until
from tests.work.requests import approve, begin_closure, closure
from tests.work.test_workflows import begin_deletion, ended
from wizard.account.closure import State
from wizard.providers.embedded import EmbeddedProvider
from wizard.records import closures, deletions
from wizard.records.closures import ClosureRequest
from wizard.work import queue, recovery, worker
from wizard.work.plan import planned
from wizard.work.queue import VERSION, client


def become(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """The program whose workflows have this version."""
    for module in (queue, recovery, worker):
        monkeypatch.setattr(module, "VERSION", version)


def in_flight(world: World) -> list[str]:
    with client(world.db) as engine:
        return [str(one.app_version) for one in engine.list_workflows(status=["PENDING"], load_input=False)]


def time_passes(world: World) -> None:
    """The platform has done by now what it was asked; the next it does at once."""
    world.clock.advance(minutes=5)
    world.__dict__["provider"] = EmbeddedProvider(world.db, world.clock)


def note_a_step_that_is_no_more(world: World) -> None:
    """As a program leaves it whose workflow had another first step."""
    with client(world.db) as engine, engine._sys_db.engine.begin() as connection:
        outputs = engine._sys_db.tables.operation_outputs
        connection.execute(outputs.update().values(function_name="a-step-that-is-no-more"))


def test_a_deletion_that_an_older_program_has_begun_is_finished_and_nothing_done_twice(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_world.deletion_seconds = 60
    deletion = begin_deletion(any_world, "VA1FERNWEB01", "VA1FERNWEB02", "fern-archive")
    become(monkeypatch, "0-older")
    with any_world.worker():
        wait_until(any_world.effects)
    assert set(in_flight(any_world)) == {"0-older"}
    note_a_step_that_is_no_more(any_world)
    become(monkeypatch, VERSION)
    time_passes(any_world)
    with any_world.worker():
        wait_until(lambda: ended(any_world, deletion))
    assert sorted(subject for _, subject, _ in any_world.effects()) == ["VA1FERNWEB01", "VA1FERNWEB02", "fern-archive"]


def test_a_closure_with_its_deletion_in_flight_is_finished_by_the_new_program(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_world.deletion_seconds = 60
    request = begin_closure(any_world, "larkspur", "The whole account")
    become(monkeypatch, "0-older")
    approve(any_world, request)
    with any_world.worker():
        wait_until(lambda: any(effect == "delete service" for effect, _, _ in any_world.effects()))
    assert set(in_flight(any_world)) == {"0-older"}
    note_a_step_that_is_no_more(any_world)
    become(monkeypatch, VERSION)
    time_passes(any_world)
    with any_world.worker():
        wait_until(lambda: closure(any_world, request).state == State.CLOSED)
    done = [(effect, subject) for effect, subject, _ in any_world.effects()]
    assert len(done) == len(set(done)) and ("close contract", "The whole account") in done


def test_a_closure_that_deleted_by_itself_in_version_1_is_not_left_lying(world: World) -> None:
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    approve(world, request)
    wanted = planned([one for one in world.services("larkspur") if "press" in one.place], world.services("larkspur"))
    with world.db.write() as session:
        row = session.get_one(ClosureRequest, request)
        closures.move(row, State.CLOSING, world.clock())
        account = world.provider.account(row.account_id)
        deletions.add_deletion(session, account, row.login_id, f"closure:{request}", wanted, world.clock(), request)
    with world.worker():
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert sorted(effect for effect, _, _ in world.effects() if "charges" not in effect) == [
        "close contract",
        "delete service",
        "delete service",
    ]


@pytest.mark.full
def test_what_waits_for_its_date_is_begun_by_whichever_program_is_there_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = begin_closure(world, "larkspur", "The whole account")
    become(monkeypatch, "0-older")
    with world.worker():
        approve(world, request, delay=1)
    become(monkeypatch, VERSION)
    with world.worker():
        wait_until(lambda: closure(world, request).state == State.CLOSED)


@pytest.mark.full
def test_after_going_back_to_the_older_program_it_does_what_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version, name in (("0-older", "VA1FERNWEB01"), ("1", "VA1FERNWEB02"), ("0-older", "fern-archive")):
        become(monkeypatch, version)
        deletion = begin_deletion(world, name, key=name)
        with world.worker():
            wait_until(lambda deletion=deletion: ended(world, deletion))
    assert len(world.effects()) == 3


def test_a_kill_while_older_work_is_begun_again_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.deletion_seconds = 60
    deletion = begin_deletion(world, "VA1FERNWEB01")
    become(monkeypatch, "0-older")
    with world.worker():
        wait_until(lambda: in_flight(world))
    with client(world.db) as engine:
        for one in engine.list_workflows(status=["PENDING"]):
            engine.cancel_workflow(one.workflow_id)  # the kill comes here, before it was rewound
    become(monkeypatch, VERSION)
    time_passes(world)
    with world.worker():
        wait_until(lambda: ended(world, deletion))


def test_what_the_engine_gave_up_after_a_hundred_kills_is_taken_over(world: World) -> None:
    world.deletion_seconds = 60
    deletion = begin_deletion(world, "VA1FERNWEB01")
    with world.worker("doomed"):
        wait_until(lambda: in_flight(world))
    with client(world.db) as engine, engine._sys_db.engine.begin() as connection:
        connection.execute(
            engine._sys_db.tables.workflow_status.update().values(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED")
        )
    assert recovery.take_over(world.db, "doomed") == 1
    time_passes(world)
    with world.worker("other"):
        wait_until(lambda: ended(world, deletion))
