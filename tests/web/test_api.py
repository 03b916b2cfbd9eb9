"""The API: what a token opens, what is answered, and that nothing is done twice."""

from dataclasses import replace

import pytest

from tests.helpers.api import Program, make_token, problem
from tests.helpers.clock import SetClock
from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, VIEWER, World, wait_until
from tests.web.deeds import count
from wizard.account.roles import Role
from wizard.config import ActionSettings
from wizard.records.attempts import LIMITS, Attempt
from wizard.records.deletions import Deletion
from wizard.web.api.problems import KINDS


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
