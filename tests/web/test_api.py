"""The API: what a token opens, what is answered, and that nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.helpers.api import Program, make_token, problem
from tests.helpers.clock import SetClock
from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, wait_until
from tests.web.deeds import count, delete_address
from wizard.account.roles import Role
from wizard.config import ActionSettings
from wizard.errors import ProviderUnavailable
from wizard.records import audit, deletions
from wizard.records.attempts import LIMITS, Attempt
from wizard.records.deletions import Deletion
from wizard.records.logins import add_member, find_login
from wizard.web.api.problems import KINDS


@pytest.fixture
def program(world: World) -> Program:
    return Program(world, make_token(world))


def away(*_: object) -> None:
    raise ProviderUnavailable("timed out")


def test_the_account_says_what_the_token_may(world: World, program: Program) -> None:
    assert program.get("/").json == {
        "id": world.account("fernhill"),
        "name": "Fernhill Robotics",
        "alias": "FERN",
        "currency": "USD",
        "timezone": "America/New_York",
        "closed_at": None,
        "role": "account-administrator",
    }
    assert program.get("").json == program.get("/").json, "without a redirect"


def test_usage_is_told_by_month_in_minor_units(program: Program) -> None:
    months = program.get("/usage?since=2026-10").json["months"]
    assert [one["month"] for one in months] == ["2026-11", "2026-10"]
    for one in months:
        assert one["total"] == {"minor": sum(line["amount"]["minor"] for line in one["lines"]), "currency": "USD"}
    assert len(program.get("/usage").json["months"]) == 4, "the present month and the three before"


def test_services_come_page_by_page_and_each_once(world: World, program: Program) -> None:
    seen, after = [], ""
    while True:
        page = program.get(f"/services?limit=3&after={after}").json
        assert len(page["services"]) <= 3
        seen += [one["id"] for one in page["services"]]
        if page["next"] is None:
            break
        after = page["next"]
    there = world.services("fernhill")
    assert seen == sorted(one.id for one in there) and page["total"] == len(there) > 3


def test_a_search_finds_words_of_name_kind_and_place(program: Program) -> None:
    found = program.get("/services?search=SERVER+fernweb").json["services"]
    assert [one["name"] for one in sorted(found, key=lambda one: one["name"])] == ["VA1FERNWEB01", "VA1FERNWEB02"]
    assert program.get("/services?search=nothing-has-this").json == {"services": [], "total": 0, "next": None}


def test_a_service_says_what_it_costs_and_why_it_is_kept(world: World, program: Program) -> None:
    server = program.get(f"/services/{world.service('VA1FERNWEB01')}").json
    assert server["per_month"] == {"minor": 3605, "currency": "USD"} and server["kept_because"] is None
    assert program.get(f"/services/{world.service('VA1FERNVPN01')}").json["kept_because"]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/usage?since=2026-13", ["since"]),
        ("/usage?since=August", ["since"]),
        ("/usage?since=", ["since"]),
        ("/services?limit=0&search=" + "x" * 201, ["limit", "search"]),
        ("/services?limit=201", ["limit"]),
        ("/services?limit=%D9%A1", ["limit"]),
        ("/services?limit=1&limit=2", ["limit"]),
        ("/services?serch=web", ["serch"]),
        ("/?since=2026-08", ["since"]),
    ],
)
def test_wrong_parameters_are_named(program: Program, path: str, named: list[str]) -> None:
    answer = program.get(path)
    assert problem(answer) == (400, "BadRequest")
    assert [one["parameter"] for one in answer.json["errors"]] == named


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


def test_a_closed_account_can_be_read(world: World, program: Program) -> None:
    account = world.account("fernhill")
    with world.worker():
        for one in world.services("fernhill"):
            if one.stands_on and not one.kept_because:
                program.delete(one.id, one.id)
        wait_until(lambda: not any(one.stands_on and not one.kept_because for one in world.services("fernhill")))
        for one in world.services("fernhill"):
            if one.is_billed:
                program.delete(one.id, one.id)
        wait_until(lambda: not any(one.is_billed for one in world.services("fernhill")))
    contract = next(one.id for one in world.provider.contracts(account) if one.is_account)
    world.provider.close_contract(account, contract, "close")
    assert program.get("/").json["closed_at"] == "2026-11-21T17:03:00Z"
    assert program.get("/services").status_code == program.get("/usage").status_code == 200


def test_a_session_is_no_token(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/api/v1/accounts/{world.account('fernhill')}"
    for answer in (
        ana.get(f"{address}/"),
        ana.client.delete(f"{address}/services/{world.service('VA1FERNWEB01')}", headers={"Idempotency-Key": "k"}),
    ):
        assert problem(answer) == (401, "TokenNeeded")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="KB Wizard"'
    assert count(world, Deletion) == 0


def test_a_wrong_token_is_told_apart_from_none(world: World) -> None:
    answer = Program(world, "kbw_wrong").get("/")
    assert problem(answer) == (401, "TokenNeeded")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="KB Wizard", error="invalid_token"'
    basic = Program(world, "").get("/", Authorization="Basic YTpi")
    assert problem(basic) == (401, "TokenNeeded")


def test_many_wrong_tokens_wait_and_a_good_one_does_not(world: World, program: Program, clock: SetClock) -> None:
    wrong = Program(world, make_token(world, ended=True))
    for _ in range(LIMITS["token-from"]):
        assert wrong.get("/").status_code == 401
    clock.advance(minutes=5)
    blocked = wrong.get("/")
    assert problem(blocked) == (429, "TooMany") and 600 <= int(blocked.headers["Retry-After"]) <= 601
    assert count(world, Attempt) == LIMITS["token-from"], "what is blocked writes nothing"
    assert program.get("/").status_code == 200
    clock.advance(minutes=11)
    assert wrong.get("/").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/", (404, "NotFound")),
        ("GET", "/api/v2/accounts/x/", (404, "NotFound")),
        ("POST", "/api/v1/nowhere", (404, "NotFound")),
        ("GET", "/api/v1/accounts/", (404, "NotFound")),
        ("POST", "/api/v1/accounts/x/", (405, "WrongMethod")),
        ("PATCH", "/api/v1/accounts/x/services/y", (405, "WrongMethod")),
        ("OPTIONS", "/api/v1/accounts/x/", (401, "TokenNeeded")),
        ("GET", "/api/v1/accounts/x/?since=%00", (401, "TokenNeeded")),
        ("POST", "/api/v1/accounts/x/?since=%00", (400, "BadRequest")),
        ("GET", "/api/%00", (400, "BadRequest")),
    ],
)
def test_nothing_of_the_api_is_ever_a_page(world: World, method: str, path: str, expected: tuple[int, str]) -> None:
    answer = world.visit(ADMIN).client.open(path, method=method)
    assert problem(answer) == expected and "<" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.status_code == 405:
        assert "GET" in answer.headers["Allow"] and method not in answer.headers["Allow"]


def test_a_fault_of_ours_is_a_problem_too(
    world: World, program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.provider, "services", broken)
    assert problem(program.get("/services")) == (500, "Fault")
    assert "ZeroDivisionError" in caplog.text and "kbw_" not in caplog.text


def test_a_turned_off_action_is_off_here_too(world: World) -> None:
    off = dict.fromkeys(("delete-services", "usage-history"), ActionSettings(enabled=False))
    world.config = replace(world.config, actions=off)
    program = Program(world, make_token(world))
    for answer in (program.delete(world.service("VA1FERNWEB01")), program.get("/usage")):
        assert problem(answer) == (403, "NotAllowed") and "turned off" in answer.json["detail"]
    assert program.get("/services").status_code == 200 and count(world, Deletion) == 0


def test_what_the_account_system_lacks_is_said(world: World) -> None:
    world.provider = FaultyProvider(world.provider, lacks={"usage"})
    answer = Program(world, make_token(world)).get("/usage")
    assert problem(answer) == (403, "NotAllowed") and "keeps no usage history" in answer.json["detail"]


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


def test_a_role_that_has_become_less_makes_the_token_less(world: World) -> None:
    program = Program(world, make_token(world, VIEWER))
    assert program.get("/").json["role"] == "viewer"
    assert problem(program.delete(world.service("VA1FERNWEB01"))) == (403, "NotAllowed")
    reader = Program(world, make_token(world, ADMIN, role=Role.VIEWER))
    assert reader.get("/").json["role"] == "viewer", "and no more than it was made with"


def test_the_description_is_public_and_names_each_problem(world: World) -> None:
    answer = world.visit().get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    described = {
        name: one["content"]["application/problem+json"]["example"]
        for name, one in answer.json["components"]["responses"].items()
    }
    assert {name: (one["title"], one["status"]) for name, one in described.items()} == {
        kind.name: (kind.title, kind.status) for kind in KINDS
    }
    assert all(one["type"].endswith(f"/{name}") for name, one in described.items())
