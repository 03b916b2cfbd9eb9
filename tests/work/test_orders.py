"""An order reaches the provider once, whatever goes wrong, and is never said to be done when it is not."""

from dataclasses import replace
from inspect import unwrap
from itertools import repeat

import pytest

from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import OTHER_ADMIN, World, wait_until
from tests.web.orders import charged, order, placed, quantity, settled
from wizard.errors import NotFound
from wizard.providers.embedded.tables import PriceRow
from wizard.providers.values import Operation, OperationState
from wizard.records import orders
from wizard.records.orders import Order, OrderKind, OrderState
from wizard.work import order as ordering
from wizard.work import parts as working
from wizard.work.order import GAVE_UP, NOT_HERE, NOT_KNOWN
from wizard.work.parts import hand_over
from wizard.work.queue import client


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps give up at once."""
    monkeypatch.setattr(ordering, "_ask", unwrap(ordering._ask))


def faulty(world: World, *faults: Fault, call: str = "order") -> FaultyProvider:
    provider = FaultyProvider(world.provider, script={call: iter(faults)})
    world.__dict__["provider"] = provider
    return provider


@pytest.mark.parametrize(
    "fault",
    [Fault.AFTER, Fault.NOTHING, *(pytest.param(one, marks=pytest.mark.full) for one in (Fault.BEFORE, Fault.TWICE))],
)
def test_a_passing_fault_is_ridden_out_and_charged_once(world: World, fault: Fault) -> None:
    order_id = placed(world, mailboxes=3)
    faulty(world, fault)
    row = settled(world, order_id)
    assert (row.state, row.invoice) == (OrderState.DONE, "LARK-2026-11-01")
    assert charged(world) == [("LARK-2026-11-01", 333, 0)] and quantity(world) == 3


def test_an_order_is_done_on_each_database(any_world: World) -> None:
    assert settled(any_world, placed(any_world, mailboxes=4)).state == OrderState.DONE
    assert charged(any_world) == [("LARK-2026-11-01", 667, 0)]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "fault", [Fault.NOTHING, *(pytest.param(one, marks=pytest.mark.full) for one in (Fault.BEFORE, Fault.AFTER))]
)
def test_what_is_not_known_is_looked_at_again_with_the_same_key(world: World, fault: Fault) -> None:
    order_id = placed(world, mailboxes=3)
    provider = faulty(world, *repeat(fault, 1))
    row = settled(world, order_id)
    assert (row.state, row.problem, row.finished_at) == (OrderState.UNKNOWN, GAVE_UP, None)
    provider.heal()
    with world.db.write() as session:
        again = orders.to_change(session, order_id)
        orders.look_again(again)
        world.means.queue.order(session, again)
    row = settled(world, order_id)
    assert row.state == OrderState.DONE and row.problem is None
    assert charged(world) == [("LARK-2026-11-01", 333, 0)]
    assert [effect for effect, _, _ in world.effects()] == ["order"], "however often it was asked for"


@pytest.mark.usefixtures("impatient")
def test_an_invoice_of_another_sum_is_not_believed(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    with world.db.write() as session:
        session.get_one(Order, order_id).total = 334
    assert settled(world, order_id).state == OrderState.UNKNOWN


@pytest.mark.usefixtures("impatient")
def test_an_order_whose_invoice_cannot_be_read_is_not_said_to_be_done(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    faulty(world, Fault.BEFORE, call="invoices")
    assert settled(world, order_id).state == OrderState.UNKNOWN and quantity(world) == 3


def test_what_changed_at_the_provider_refuses_the_order_and_charges_nothing(world: World) -> None:
    order_id = placed(world, domain="larkspurevents", hosting_package=1)
    with world.db.write() as session:
        session.get_one(PriceRow, ("hosting package", "USD")).unit_price = 1600
    row = settled(world, order_id)
    assert row.state == OrderState.REFUSED and "have changed since the quote was made" in row.problem
    assert not charged(world) and not world.effects() and row.invoice is None


def test_a_quote_that_the_provider_does_not_know_for_the_account_orders_nothing(world: World) -> None:
    order_id, other = placed(world, mailboxes=3), world.account("fernhill")
    whole = next(one.id for one in world.provider.contracts(other) if one.is_account)
    with world.db.write() as session:
        session.get_one(Order, order_id).subject_id = world.provider.quote(other, whole, {"load-balancers": 1}).id
    row = settled(world, order_id)
    assert (row.state, row.problem) == (OrderState.REFUSED, NOT_KNOWN[OrderKind.CHANGE]) and not world.effects()


def test_a_provider_without_orders_says_so(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    world.__dict__["provider"] = FaultyProvider(world.provider, lacks=["order"])
    row = settled(world, order_id)
    assert (row.state, row.problem) == (OrderState.REFUSED, NOT_HERE)


def test_where_there_are_no_invoices_the_providers_word_counts(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    world.__dict__["provider"] = FaultyProvider(world.provider, lacks=["invoices"])
    assert settled(world, order_id).state == OrderState.DONE and quantity(world) == 3


def later(world: World, answers: list[OperationState], problem: str = "") -> list[str]:
    """The order is done at once, and its operation says so only after these answers. Returns what was asked for."""
    real, asked = world.provider, []
    provider = FaultyProvider(real)

    def begin(*args: str) -> Operation:
        return replace(real.order(*args), state=OperationState.RUNNING, result="", finished_at=None)

    def operation(account_id: str, operation_id: str) -> Operation:
        asked.append(operation_id)
        state = answers.pop(0) if answers else OperationState.DONE
        number = "LARK-2026-11-01" if state is OperationState.DONE else ""
        return Operation(operation_id, state, problem=problem, result=number)

    provider.__dict__.update(order=begin, operation=operation)
    world.__dict__["provider"] = provider
    return asked


def test_an_order_that_takes_its_time_is_looked_at_again_and_asked_for_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(working, "look_again_in", lambda age: 0.1)
    monkeypatch.setattr(ordering, "look_again_in", lambda age: 0.1)
    order_id = placed(world, mailboxes=3)
    asked = later(world, [OperationState.RUNNING] * 3)
    row = settled(world, order_id)
    assert row.state == OrderState.DONE and row.attempt > 1 and len(set(asked)) == 1
    assert [calls for _, _, calls in world.effects()] == [1]


def test_an_order_that_fails_later_is_refused_with_its_reason(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    later(world, [OperationState.FAILED], "The bank has taken the payment back.")
    row = settled(world, order_id)
    assert (row.state, row.problem) == (OrderState.REFUSED, "The bank has taken the payment back.")


def test_a_stop_of_the_worker_while_it_waits_forgets_no_operation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "PATIENCE_SECONDS", 60)
    order_id = placed(world, mailboxes=3)
    real = world.provider
    asked = later(world, [OperationState.RUNNING] * 10_000)
    with world.worker():
        wait_until(lambda: order(world, order_id).operation_id)
        wait_until(lambda: asked)
    assert order(world, order_id).state == OrderState.PLACED, "it is known by its id before it has ended"
    world.__dict__["provider"] = real
    assert settled(world, order_id).state == OrderState.DONE
    assert [calls for _, _, calls in world.effects()] == [1], "looked at, and not asked for again"


def test_an_operation_that_the_provider_has_forgotten_is_asked_for_with_the_same_key(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    with world.db.write() as session:
        session.get_one(Order, order_id).operation_id = "forgotten"
    assert settled(world, order_id).state == OrderState.DONE and len(charged(world)) == 1


def test_a_kill_before_the_engine_noted_the_order_neither_repeats_nor_redates_it(world: World, clock) -> None:
    order_id, done_at = placed(world, mailboxes=3), clock()
    row = order(world, order_id)
    world.provider.order(row.account_id, row.subject_id, row.payment_method_id, order_id)
    clock.advance(hours=72)
    hand_over(world.parts)
    unwrap(ordering._ask)(order_id)
    hand_over(replace(world.parts, provider=faulty(world, Fault.BEFORE)))
    unwrap(ordering._ask)(order_id)
    unwrap(ordering._leave_open)(order_id)
    hand_over(None)
    row = order(world, order_id)
    assert (row.state, row.finished_at) == (OrderState.DONE, done_at) and len(charged(world)) == 1


def test_a_kill_before_the_engine_noted_that_it_is_looked_at_later_hands_it_on_once(world: World) -> None:
    order_id = placed(world, mailboxes=3)
    hand_over(world.parts)
    for _ in range(2):
        unwrap(ordering._look_later)(order_id, f"{order_id}-1")
    hand_over(None)
    with client(world.db) as engine:
        known = sorted(one.workflow_id for one in engine.list_workflows(load_input=False))
    assert known == [f"{order_id}-1", f"{order_id}-2"]


def test_no_order_is_enqueued_where_the_transaction_is_rolled_back(world: World, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise NotFound

    monkeypatch.setattr("wizard.records.audit.note", fail)
    page = world.visit(OTHER_ADMIN)
    with pytest.raises(AssertionError):
        placed(world, page, mailboxes=3)
    monkeypatch.undo()
    with client(world.db) as engine:
        assert not engine.list_workflows(load_input=False)
