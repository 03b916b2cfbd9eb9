"""Providers that finish later, refuse later, forget, or lack what is asked: the worker does not wait, and nothing is lost."""

from dataclasses import replace
from inspect import unwrap
from itertools import repeat

import pytest

from tests.helpers.clock import ShiftedClock
from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, REVIEWER, World, wait_until
from tests.work.requests import approve, begin_closure, closure, decide
from tests.work.test_workflows import begin_deletion, ended, states
from wizard.account.closure import State
from wizard.providers.embedded.effects import log
from wizard.providers.values import Operation, OperationState
from wizard.records import deletions
from wizard.records.deletions import Deletion, DeletionItem, ItemState
from wizard.work import closure as closing
from wizard.work import delete_services as deleting
from wizard.work import parts as working


@pytest.fixture
def slow(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A deletion takes a second, and nobody waits longer than a tenth for one."""
    world.clock, world.deletion_seconds = ShiftedClock(), 1.0
    monkeypatch.setattr(working, "PATIENCE_SECONDS", 0.1)
    return world


def test_the_next_service_begins_while_the_provider_still_deletes_the_first(slow: World) -> None:
    slow.deletion_seconds = 2.0
    deletion = begin_deletion(slow, "VA1FERNWEB01", "VA1FERNWEB02", "fern-archive")
    with slow.worker():
        wait_until(lambda: ended(slow, deletion))
    with slow.db.read() as session:
        first, second, _ = log(session)
    assert second.at < first.finished_at
    assert set(states(slow, deletion).values()) == {ItemState.DELETED}
    assert [calls for _, _, calls in slow.effects()] == [1, 1, 1], "looked at, and not asked for again"


@pytest.mark.full
def test_what_others_stand_on_waits_until_they_are_gone(slow: World) -> None:
    servers = ("VA1FERNWEB01", "VA1FERNWEB02", "VA1FERNAPP01", "VA1FERNSQL01")
    deletion = begin_deletion(slow, *servers, "prod-va1-fern")
    with slow.worker():
        wait_until(lambda: ended(slow, deletion))
    assert set(states(slow, deletion).values()) == {ItemState.DELETED}
    assert slow.effects()[-1] == ("delete service", "prod-va1-fern", 1)


@pytest.mark.full
def test_a_stop_of_the_worker_while_it_waits_forgets_no_operation(slow: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slow.deletion_seconds = 5.0
    monkeypatch.setattr(working, "PATIENCE_SECONDS", 60)
    deletion = begin_deletion(slow, "VA1FERNWEB01")

    def item() -> DeletionItem:
        with slow.db.read() as session:
            return deletions.items(session, deletion)[0]

    with slow.worker():
        wait_until(lambda: item().operation_id)
        assert item().state == ItemState.DELETING, "it is known by its id before it has ended"
    with slow.worker():
        wait_until(lambda: ended(slow, deletion))
    assert slow.effects() == [("delete service", "VA1FERNWEB01", 1)]


def test_an_operation_that_fails_later_is_told_with_its_reason(world: World) -> None:
    provider = FaultyProvider(world.provider)
    failed = Operation("op", OperationState.FAILED, problem="A snapshot is being made.")
    provider.delete_service = lambda *_args: Operation("op", OperationState.RUNNING)
    provider.operation = lambda *_args: failed
    world.__dict__["provider"] = provider
    deletion = begin_deletion(world, "VA1FERNWEB01")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    with world.db.read() as session:
        (item,) = deletions.items(session, deletion)
    assert (item.state, item.problem) == (ItemState.FAILED, "A snapshot is being made.")


def test_an_operation_that_the_provider_has_forgotten_is_asked_for_again_with_the_same_key(world: World) -> None:
    deletion = begin_deletion(world, "VA1FERNWEB01")
    with world.db.write() as session:
        (item,) = deletions.items(session, deletion)
        item.state, item.operation_id = ItemState.DELETING, "forgotten"
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    assert world.effects() == [("delete service", "VA1FERNWEB01", 1)]


def test_where_the_platform_does_not_answer_the_rest_waits_for_a_decision(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "_delete_one", unwrap(deleting._delete_one))  # gives up at once
    provider = FaultyProvider(world.provider, script={"delete_service": repeat(Fault.BEFORE)})
    world.__dict__["provider"] = provider
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02", "fern-archive")
    page = f"/account/{world.account('fernhill')}/delete-services/?deletion={deletion}"
    ana = world.visit(ADMIN)
    with world.worker():
        wait_until(lambda: paused(world, deletion))
        assert list(states(world, deletion).values()) == ["failed", "waiting", "waiting"]
        shown = ana.get(page).text
        assert "Deleting has paused: 0 of 3 done" in shown and "hx-trigger" not in shown
        provider.heal()
        assert ana.send_form(shown, "Go on", page, again=deletion).status_code == 303
        wait_until(lambda: ended(world, deletion))
    assert set(states(world, deletion).values()) == {"deleted"} and len(world.effects()) == 3
    assert "$" in ana.get(page).text and "No longer charged" in ana.get(page).text


def test_who_stops_a_paused_deletion_keeps_what_has_not_begun(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "_delete_one", unwrap(deleting._delete_one))
    world.__dict__["provider"] = FaultyProvider(world.provider, script={"delete_service": repeat(Fault.BEFORE)})
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    page = f"/account/{world.account('fernhill')}/delete-services/?deletion={deletion}"
    ana = world.visit(ADMIN)
    with world.worker():
        wait_until(lambda: paused(world, deletion))
        assert ana.send(page, {"stop": deletion}).status_code == 303
        assert ana.send(page, {"stop": deletion}).status_code == 303, "a second click"
    assert list(states(world, deletion).values()) == ["failed", "left"] and not world.effects()
    shown = ana.get(page).text
    assert "0 of 2 services deleted, 2 not deleted" in shown and "2 services of these are still there" in shown


def test_a_closing_whose_deletion_pauses_is_shown_to_staff_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "_delete_one", unwrap(deleting._delete_one))
    provider = FaultyProvider(world.provider, script={"delete_service": iter([Fault.BEFORE])})
    world.__dict__["provider"] = provider
    request = begin_closure(world, "fernhill", "The whole account")
    with world.worker():
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
        assert deleting.PAUSED in world.visit(REVIEWER).get(f"/staff/requests/{request}/").text
        assert decide(world, request, "again") == 303
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert all(calls == 1 for _, _, calls in world.effects())


@pytest.mark.full
def test_a_contract_that_takes_its_time_to_close_is_looked_at_again(slow: World) -> None:
    provider = FaultyProvider(slow.provider)
    begun: list[Operation] = []

    def takes_its_time(account_id: str, contract_id: str, key: str) -> Operation:
        begun.append(slow.provider.__dict__["real"].close_contract(account_id, contract_id, key))
        return replace(begun[0], state=OperationState.RUNNING)

    def operation(account_id: str, operation_id: str) -> Operation:
        if begun and operation_id == begun[0].id:
            later.append(operation_id)
            return replace(begun[0], state=OperationState.RUNNING if len(later) < 3 else OperationState.DONE)
        return provider.__dict__["real"].operation(account_id, operation_id)

    later: list[str] = []
    provider.__dict__.update(real=slow.provider, close_contract=takes_its_time, operation=operation)
    provider.contracts = lambda account_id: [
        replace(one, closed_at=one.closed_at if len(later) >= 3 else None)
        for one in provider.__dict__["real"].contracts(account_id)
    ]
    slow.__dict__["provider"] = provider
    slow.deletion_seconds = 0
    request = begin_closure(slow, "larkspur", "The package of larkspurpress.example")
    with slow.worker():
        approve(slow, request)
        wait_until(lambda: closure(slow, request).state == State.CLOSED)
    assert len(begun) == 1 and len(later) >= 3


@pytest.mark.parametrize("call", ["end_charges", "close_contract"])
def test_what_a_provider_lacks_is_left_to_staff_and_done_when_they_say_so(world: World, call: str) -> None:
    world.__dict__["provider"] = provider = FaultyProvider(world.provider, lacks=[call])
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    with world.worker():
        if call == "end_charges":
            wait_until(lambda: closure(world, request).charges_problem)
            assert "by hand" in world.visit(REVIEWER).get(f"/staff/requests/{request}/").text
            assert decide(world, request, "told") == 303
            assert closure(world, request).charges_problem is None and decide(world, request, "told") == 409
            return
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
        assert "by hand" in world.visit(REVIEWER).get(f"/staff/requests/{request}/").text
        row = closure(world, request)
        provider._real.close_contract(row.account_id, row.contract_id, "by hand")
        assert decide(world, request, "again") == 303
        wait_until(lambda: closure(world, request).state == State.CLOSED)


def paused(world: World, deletion_id: str) -> str | None:
    with world.db.read() as session:
        return session.get_one(Deletion, deletion_id).paused


def test_a_provider_that_lists_the_contract_no_more_is_told_to_staff_and_closes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_nothing_left", unwrap(closing._nothing_left))  # gives up at once
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    provider = FaultyProvider(world.provider)
    provider.contracts = lambda account_id: [one for one in world.services("larkspur") if not one.name]
    world.__dict__["provider"] = world.means.provider = provider
    assert "does not answer" in world.visit(REVIEWER).get(f"/staff/requests/{request}/").text
    with world.worker():
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
    assert "does not list the contract" in closure(world, request).problem
