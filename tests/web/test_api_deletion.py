"""The API deletes: once for each key, with its operation, and saying why not."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.helpers.api import Program, make_token, problem
from tests.helpers.world import ADMIN, OTHER_ADMIN, World, wait_until
from tests.web.deeds import count, delete_address
from wizard.account.roles import Role
from wizard.errors import ProviderUnavailable
from wizard.records import audit, deletions
from wizard.records.deletions import Deletion
from wizard.records.logins import add_member, find_login


def away(*_: object) -> None:
    raise ProviderUnavailable("timed out")


def test_a_service_is_deleted_and_the_operation_says_how_far_it_is(world: World, program: Program) -> None:
    answer = program.delete(world.service("VA1FERNWEB01"))
    begun = answer.json
    place = f"{program.root}/operations/{begun['reference']}"
    assert (answer.status_code, answer.headers["Location"], begun["state"]) == (202, place, "waiting")
    assert begun["requested_at"] == "2026-11-21T17:03:00Z" and begun["finished_at"] is begun["reason"] is None
    path = place.removeprefix(program.root)
    with world.worker():
        wait_until(lambda: program.get(path).json["state"] == "deleted")
    assert program.get(path).json["finished_at"] and program.get(path).json["services"][0]["state"] == "deleted"
    assert problem(program.get(f"/services/{world.service('VA1FERNWEB01')}")) == (404, "NotFound")
    assert problem(program.delete(world.service("VA1FERNWEB01"), "k-2")) == (404, "NotFound")
    assert program.delete(world.service("VA1FERNWEB01")).json["reference"] == begun["reference"], "the key is known"


def test_a_deletion_that_failed_says_why(world: World, program: Program) -> None:
    world.hold("VA1FERNWEB01", "A backup is running.")
    reference = program.delete(world.service("VA1FERNWEB01")).json["reference"]
    with world.worker():
        wait_until(lambda: program.get(f"/operations/{reference}").json["state"] == "failed")
    assert program.get(f"/operations/{reference}").json["reason"] == "A backup is running."


def test_the_same_key_again_is_the_same_operation(world: World, program: Program) -> None:
    web = world.service("VA1FERNWEB01")
    first, plain, quoted = program.delete(web, "a-key"), program.delete(web, "a-key"), program.delete(web, '"a-key"')
    assert first.status_code == plain.status_code == quoted.status_code == 202
    assert first.json == plain.json == quoted.json and count(world, Deletion) == 1
    other = program.delete(world.service("VA1FERNWEB02"), "a-key")
    assert problem(other) == (422, "KeyUsedBefore") and count(world, Deletion) == 1


def test_many_at_once_with_one_key_begin_one_deletion(any_world: World) -> None:
    token = make_token(any_world)
    services = [any_world.service(name) for name in ("VA1FERNWEB01", "VA1FERNWEB02")] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: Program(any_world, token).delete(one, "a-key"), services))
    begun = {one.json["reference"] for one in answers if one.status_code == 202}
    assert len(begun) == 1 and count(any_world, Deletion) == 1
    refused = [problem(one) for one in answers if one.status_code != 202]
    assert refused == [(422, "KeyUsedBefore")] * 4


def test_two_people_may_think_of_the_same_key(world: World, program: Program) -> None:
    with world.db.write() as session:
        add_member(session, find_login(session, OTHER_ADMIN), world.account("fernhill"), Role.ACCOUNT_ADMINISTRATOR)
    other = Program(world, make_token(world, OTHER_ADMIN))
    assert program.delete(world.service("VA1FERNWEB01"), "1").status_code == 202
    assert other.delete(world.service("VA1FERNWEB02"), "1").status_code == 202
    assert count(world, Deletion) == 2


@pytest.mark.parametrize("key", [None, "", "two words", "k" * 129, "schl\u00fcssel"])
def test_a_deletion_needs_a_key(world: World, program: Program, key: str | None) -> None:
    answer = program.delete(world.service("VA1FERNWEB01"), key)
    assert problem(answer) == (400, "BadRequest") and count(world, Deletion) == 0
    assert answer.json["errors"][0]["parameter"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("service", "why"),
    [("VA1FERNVPN01", "cannot be deleted by itself"), ("prod-va1-fern", "need prod-va1-fern")],
)
def test_what_cannot_be_deleted_says_why(world: World, program: Program, service: str, why: str) -> None:
    answer = program.delete(world.service(service))
    assert problem(answer) == (409, "CannotBeDeleted") and why in answer.json["detail"]
    assert "Nothing was changed" in answer.json["detail"] and count(world, Deletion) == 0


def test_what_is_being_deleted_is_not_deleted_twice(world: World, program: Program) -> None:
    assert program.delete(world.service("VA1FERNWEB01"), "one").status_code == 202
    answer = program.delete(world.service("VA1FERNWEB01"), "two")
    assert problem(answer) == (409, "CannotBeDeleted") and count(world, Deletion) == 1


def test_a_deletion_of_a_page_is_an_operation_too_and_is_not_over_before_all_is(world: World, program: Program) -> None:
    world.visit(ADMIN).submit(delete_address(world, "VA1FERNWEB01", "VA1FERNWEB02"), "Delete 2")
    with world.db.write() as session:
        deletion = session.scalars(select(Deletion)).one()
        first = deletions.items(session, deletion.id)[0]
        first.state, first.finished_at = "deleted", world.clock()
    told = program.get(f"/operations/{deletion.reference}").json
    assert (told["state"], told["finished_at"], told["reason"]) == ("deleting", None, None)
    assert [one["state"] for one in told["services"]] == ["deleted", "waiting"]
    assert told["services"][0]["finished_at"] == "2026-11-21T17:03:00Z"


def test_an_operation_of_another_account_is_not_there(world: World, program: Program) -> None:
    reference = program.delete(world.service("VA1FERNWEB01")).json["reference"]
    lou = Program(world, make_token(world, OTHER_ADMIN, "larkspur"), "larkspur")
    assert program.get(f"/operations/{reference.lower()}").status_code == 200
    for path in (f"/operations/{reference}", "/operations/nonsense"):
        assert problem(lou.get(path)) == (404, "NotFound")


def test_an_operation_can_be_asked_for_and_repeated_while_the_account_system_is_away(
    world: World, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = world.service("VA1FERNWEB01")
    reference = program.delete(web).json["reference"]
    monkeypatch.setattr(world.provider, "account", away)
    assert program.get(f"/operations/{reference}").status_code == program.delete(web).status_code - 2 == 200
    for answer in (program.get("/"), program.get("/services"), program.get("/usage"), program.delete(web, "other")):
        assert problem(answer) == (503, "Away") and answer.headers["Retry-After"] == "60"


def test_a_deletion_that_has_paused_or_was_stopped_says_so(world: World, program: Program) -> None:
    reference = program.delete(world.service("VA1FERNWEB01")).json["reference"]

    def told() -> tuple[str, str, str]:
        found = program.get(f"/operations/{reference}").json
        return found["state"], found["reason"], found["services"][0]["state"]

    with world.db.write() as session:
        session.scalars(select(Deletion)).one().paused = "The platform does not answer."
    assert told() == ("paused", "The platform does not answer.", "waiting")
    with world.db.write() as session:
        deletions.stop(session, session.scalars(select(Deletion)).one())
    assert told() == ("failed", "It was stopped before all services were deleted.", "left")


def test_a_deletion_by_token_stands_in_the_audit(world: World, program: Program) -> None:
    reference = program.delete(world.service("VA1FERNWEB01"), "a-key").json["reference"]
    with world.db.read() as session:
        line = audit.lines(session)[-1]
    assert (line.what, line.subject, line.account_id) == ("deletes 1 service", reference, world.account("fernhill"))
    assert line.token_id.startswith("at_") and line.login_id and line.key.endswith(" a-key")
