"""Whatever is away, slow or wrong, no closure request is stranded and no promise is lost."""

from datetime import datetime
from inspect import unwrap
from itertools import repeat

import pytest
from sqlalchemy import select

from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import REVIEWER, World, wait_until
from tests.work.requests import approve, begin_closure, closure, decide
from wizard.account.closure import State
from wizard.providers.embedded.tables import ServiceRow
from wizard.providers.values import Operation
from wizard.records import closures
from wizard.records.closures import ClosureRequest
from wizard.work import closure as closing
from wizard.work.parts import hand_over


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps give up at once."""
    for name in ("_tell_charges", "_nothing_left", "_end_contract"):
        monkeypatch.setattr(closing, name, unwrap(getattr(closing, name)))


def away(world: World, *calls: str) -> FaultyProvider:
    """These calls fail until it heals."""
    provider = FaultyProvider(world.provider, script={call: repeat(Fault.BEFORE) for call in calls})
    world.__dict__["provider"] = provider
    return provider


@pytest.mark.usefixtures("impatient")
def test_a_provider_that_was_away_when_charges_should_end_is_told_again(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    provider = away(world, "end_charges")
    with world.worker():
        wait_until(lambda: closure(world, request).charges_problem)
        page = world.visit(REVIEWER).get(f"/staff/requests/{request}/").text
        assert "connection refused" in page and "is not known to the account system" in page and "Try again" in page
        assert "Stopped" in world.visit(REVIEWER).get("/staff/").text
        provider.heal()
        assert decide(world, request, "tell") == 303
        wait_until(world.effects)
    row = closure(world, request)
    assert row.state == State.IN_REVIEW and row.charges_problem is None
    assert world.provider.contracts(row.account_id)[0].charges_end == row.charges_end
    assert decide(world, request, "tell") == 409, "there is nothing to tell any more"


@pytest.mark.parametrize("call", ["services", "contracts", "close_contract"])
@pytest.mark.usefixtures("impatient")
def test_a_provider_that_was_away_at_closing_leaves_a_request_that_goes_on(world: World, call: str) -> None:
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    with world.worker():
        wait_until(world.effects)
        provider = away(world, call)
    with world.worker():
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
        assert closure(world, request).problem == "Closing stopped: connection refused"
        provider.heal()
        assert "Closing has stopped" in world.visit(REVIEWER).get(f"/staff/requests/{request}/").text
        assert decide(world, request, "again") == 303
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert closure(world, request).problem is None
    assert decide(world, request, "again") == 409


@pytest.mark.usefixtures("impatient")
def test_a_service_that_came_after_the_approval_is_deleted_at_the_next_try(world: World) -> None:
    world.hold("VA1FERNSQL01", "A backup is running.")
    request = begin_closure(world, "fernhill", "The whole account")
    with world.worker():
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
        with world.db.write() as session:
            old = session.scalars(select(ServiceRow).where(ServiceRow.name == "fern-archive")).one()
            kept = ("account_id", "kind", "place", "quantity", "charging", "unit_price", "created_at", "metered_until")
            values = {name: getattr(old, name) for name in kept}
            session.add(ServiceRow(id="sv_late", name="late-one", data="", position=99, **values))
        world.hold("VA1FERNSQL01", None)
        assert decide(world, request, "again") == 303
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert ("delete service", "late-one", 1) in world.effects()


def test_a_request_that_is_declined_while_the_provider_is_away_leaves_charges_as_they_are(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    provider = away(world, "end_charges")
    with world.worker():
        wait_until(lambda: "end_charges" in provider.calls)
        assert decide(world, request, "decline", reason="It is not authentic.") == 303
        provider.heal()
        wait_until(lambda: provider.calls.count("contracts") >= 2)
    account = world.account("fernhill")
    assert world.provider.contracts(account)[0].charges_end is None and not world.effects()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_whatever_is_told_last_the_open_request_holds(any_world: World, order: tuple[int, ...]) -> None:
    first = begin_closure(any_world, "fernhill", "The whole account", days=2)
    with any_world.db.write() as session:
        closures.move(session.get_one(ClosureRequest, first), State.DECLINED, any_world.clock(), reason="No.")
    second = begin_closure(any_world, "fernhill", "The whole account", days=4)
    hand_over(any_world.parts)
    for turn in order:
        closing._tell_charges.__wrapped__((first, first, second)[turn], f"workflow-{turn}")
    hand_over(None)
    row = closure(any_world, second)
    assert any_world.provider.contracts(row.account_id)[0].charges_end == row.charges_end


def test_a_decision_that_falls_into_the_telling_is_told_too(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    real = world.provider.end_charges

    def decided_meanwhile(account_id: str, contract_id: str, at: datetime | None, idempotency_key: str) -> Operation:
        told = real(account_id, contract_id, at, idempotency_key)
        with world.db.write() as session:
            row = session.get_one(ClosureRequest, request)
            if row.state == State.IN_REVIEW:
                closures.move(row, State.DECLINED, world.clock(), reason="No.")
        return told

    world.provider.end_charges = decided_meanwhile
    hand_over(world.parts)
    closing._tell_charges.__wrapped__(request, "workflow")
    hand_over(None)
    assert world.provider.contracts(world.account("fernhill"))[0].charges_end is None


def test_what_closes_late_finds_that_all_has_ended(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    approve(world, request)
    with world.db.write() as session:
        closures.end(session.get_one(ClosureRequest, request), world.clock())
    hand_over(world.parts)
    assert closing._nothing_left.__wrapped__(request) is False
    hand_over(None)


def test_a_problem_of_a_request_that_has_ended_meanwhile_is_none(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    with world.db.write() as session:
        closures.end(session.get_one(ClosureRequest, request), world.clock())
    hand_over(world.parts)
    closing._note_problem.__wrapped__(request, "Closing stopped: connection refused")
    hand_over(None)
    assert closure(world, request).problem is None


def test_the_end_of_charges_is_read_back(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    world.__dict__["provider"] = FaultyProvider(world.provider, script={"end_charges": iter([Fault.NOTHING])})
    with world.worker():
        wait_until(world.effects)
    row = closure(world, request)
    assert world.provider.contracts(row.account_id)[0].charges_end == row.charges_end


def test_a_contract_that_was_reported_closed_and_is_open_is_not_taken_for_closed(world: World) -> None:
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    provider = FaultyProvider(world.provider, script={"close_contract": iter([Fault.NOTHING])})
    world.__dict__["provider"] = provider
    with world.worker():
        approve(world, request)
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert provider.calls.count("close_contract") == 2


def test_the_whole_account_takes_the_open_requests_of_its_packages_along(world: World) -> None:
    press = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    books = begin_closure(world, "larkspur", "The package of larkspurbooks.example", "end_of_period", days=9)
    whole = begin_closure(world, "larkspur", "The whole account")
    with world.worker():
        approve(world, books, delay=0.5)
        approve(world, whole)
        wait_until(lambda: closure(world, whole).state == State.CLOSED)
        wait_until(lambda: closure(world, books).state == State.CLOSED)
        reference = closure(world, whole).reference
        ended = closure(world, press)
        assert ended.state == State.CLOSED and ended.executed_at
        assert ended.events[-1].reason == f"It ended with the whole account, request {reference}."
        assert decide(world, press, "decline", reason="It is not authentic.") == 409
    closed = [subject for effect, subject, _ in world.effects() if effect == "close contract"]
    assert closed.count("The whole account") == 1 and len(closed) <= 2
