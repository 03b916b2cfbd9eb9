"""What goes on after the web has answered: deletion and closing, with refusals and faults."""

from dataclasses import replace
from inspect import unwrap

import pytest

from tests.helpers.clock import SATURDAY, SetClock
from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, World, wait_until
from tests.work.requests import approve, begin_closure, closure
from wizard.errors import SetupError
from wizard.providers.values import Operation, OperationState
from wizard.records import deletions, logins
from wizard.records.deletions import Deletion, ItemState, Wanted
from wizard.work.closure import _look_later
from wizard.work.delete_services import GAVE_UP, _delete_one, _hand_on
from wizard.work.parts import hand_over
from wizard.work.queue import client


def begin_deletion(world: World, *names: str, key: str = "key") -> str:
    services = {one.name: one for one in world.services("fernhill")}
    with world.db.write() as session:
        login = logins.find_login(session, ADMIN)
        assert login
        wanted = [
            Wanted(services[name].id, name, "VA1", services[name].per_month.minor, services[name].stands_on)
            for name in names
        ]
        account = world.provider.account(world.account("fernhill"))
        deletion = deletions.add_deletion(session, account, login.id, key, wanted, world.clock())
        world.means.queue.delete_services(session, deletion)
        return deletion.id


def states(world: World, deletion_id: str) -> dict[str, str]:
    with world.db.read() as session:
        return {item.name: item.state for item in deletions.items(session, deletion_id)}


def ended(world: World, deletion_id: str) -> bool:
    with world.db.read() as session:
        return not deletions.progress(session, deletion_id).is_running


def test_a_kill_before_the_engine_noted_that_the_rest_was_handed_on_hands_it_on_once(world: World) -> None:
    deletion = begin_deletion(world, "VA1FERNWEB01")
    hand_over(world.parts)
    for _ in range(2):
        _hand_on.__wrapped__(deletion, f"{deletion}-1")
    hand_over(None)
    with client(world.db) as engine:
        known = sorted(one.workflow_id for one in engine.list_workflows(load_input=False))
    assert known == [f"{deletion}-1", f"{deletion}-2"]


def test_a_kill_before_the_engine_noted_that_a_closing_is_looked_at_later_hands_it_on_once(world: World) -> None:
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    approve(world, request)
    first = str(closure(world, request).workflow_id)
    hand_over(world.parts)
    for _ in range(2):
        _look_later(request, first, Operation("op", OperationState.RUNNING))
    hand_over(None)
    second = closure(world, request).workflow_id
    with client(world.db) as engine:
        known = [one.workflow_id for one in engine.list_workflows(name="close", load_input=False)]
    assert sorted(known) == sorted([first, second]) and first != second


def faulty(world: World, *faults: Fault) -> FaultyProvider:
    return FaultyProvider(world.provider, script={"delete_service": iter(faults)})


def test_chosen_services_are_deleted_one_by_one_each_once(any_world: World) -> None:
    deletion = begin_deletion(any_world, "VA1FERNWEB01", "VA1FERNWEB02")
    with any_world.worker():
        wait_until(lambda: ended(any_world, deletion))
    assert set(states(any_world, deletion).values()) == {ItemState.DELETED}
    assert any_world.effects() == [("delete service", "VA1FERNWEB01", 1), ("delete service", "VA1FERNWEB02", 1)]


def test_one_that_is_refused_leaves_the_others_done_and_says_why(world: World) -> None:
    world.hold("VA1FERNWEB01", "A backup is running.")
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    assert states(world, deletion) == {"VA1FERNWEB01": ItemState.FAILED, "VA1FERNWEB02": ItemState.DELETED}
    with world.db.read() as session:
        (failed,) = deletions.items(session, deletion, [ItemState.FAILED])
    assert failed.problem == "A backup is running."


def test_what_failed_can_be_tried_again_and_what_was_done_is_not_repeated(world: World) -> None:
    world.hold("VA1FERNWEB01", "A backup is running.")
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
        world.hold("VA1FERNWEB01", None)
        with world.db.write() as session:
            row = session.get_one(Deletion, deletion)
            deletions.try_again(session, row)
            world.means.queue.delete_services(session, row)
        wait_until(lambda: set(states(world, deletion).values()) == {ItemState.DELETED})
    assert [(subject, calls) for _, subject, calls in world.effects()] == [("VA1FERNWEB02", 1), ("VA1FERNWEB01", 1)]


def test_nothing_is_enqueued_where_the_transaction_is_rolled_back(world: World) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"), world.db.write() as session:
        login = logins.find_login(session, ADMIN)
        assert login
        wanted = [Wanted(world.service("VA1FERNWEB01"), "VA1FERNWEB01", "VA1", 0)]
        account = world.provider.account(world.account("fernhill"))
        deletion = deletions.add_deletion(session, account, login.id, "k", wanted, SATURDAY)
        world.means.queue.delete_services(session, deletion)
        raise RuntimeError("changed my mind")
    marker = begin_deletion(world, "fern-archive", key="k2")
    with world.worker():
        wait_until(lambda: ended(world, marker))
    assert [subject for _, subject, _ in world.effects()] == ["fern-archive"]


def test_a_kill_before_the_engine_noted_a_deletion_neither_repeats_nor_redates_it(
    world: World, clock: SetClock
) -> None:
    deletion, service = begin_deletion(world, "VA1FERNWEB01"), world.service("VA1FERNWEB01")
    gone_at = clock()
    world.provider.delete_service(world.account("fernhill"), service, f"{deletion}:{service}:1")
    clock.advance(hours=72)
    hand_over(world.parts)
    unwrap(_delete_one)(deletion, service)
    hand_over(replace(world.parts, provider=faulty(world, Fault.BEFORE)))
    unwrap(_delete_one)(deletion, service)
    hand_over(None)
    with world.db.read() as session:
        (item,) = deletions.items(session, deletion)
    assert (item.state, item.finished_at) == (ItemState.DELETED, gone_at)


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.TWICE, Fault.NOTHING])
def test_a_passing_fault_is_ridden_out_and_the_service_is_deleted_once(world: World, fault: Fault) -> None:
    world.__dict__["provider"] = faulty(world, fault)
    deletion = begin_deletion(world, "VA1FERNWEB01")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    assert states(world, deletion) == {"VA1FERNWEB01": ItemState.DELETED}
    assert [subject for _, subject, _ in world.effects()] == ["VA1FERNWEB01"]


@pytest.mark.full
def test_a_fault_that_stays_is_given_up_after_some_seconds_and_the_rest_waits(world: World) -> None:
    world.__dict__["provider"] = faulty(world, *[Fault.NOTHING] * 4)
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    with world.worker():
        wait_until(lambda: states(world, deletion)["VA1FERNWEB01"] == ItemState.FAILED)
    assert states(world, deletion)["VA1FERNWEB02"] == ItemState.WAITING and not world.effects()
    with world.db.read() as session:
        assert deletions.items(session, deletion)[0].problem == GAVE_UP


def test_two_workers_of_one_name_do_not_run_at_once(world: World) -> None:
    with world.worker("one"), pytest.raises(SetupError, match="already runs"), world.worker("one"):
        pass
