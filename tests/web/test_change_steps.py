"""Changing services from a step of a guide: its fact, before, meanwhile and after."""

from pathlib import Path

import pytest

from tests.helpers.clock import SetClock
from tests.helpers.world import OTHER_ADMIN, World, words
from tests.web.adding import GUIDE, with_guide
from tests.web.orders import address, contract, method, order_in, settled
from wizard.providers.embedded.tables import PaymentMethodRow
from wizard.records.orders import Order, OrderState


@pytest.fixture
def guided(world: World, tmp_path: Path) -> World:
    return with_guide(world, tmp_path)


def step(world: World, more: str = "") -> str:
    account = world.account("larkspur")
    return f"{GUIDE}change-services/?account={account}&action=change-services{more}"


def task(world: World, email: str = OTHER_ADMIN) -> str:
    """What the task list says of the step."""
    said = words(world.visit(email).get(f"{GUIDE}?account={world.account('larkspur')}"))
    return said.partition("Specify the service total")[2]


def test_the_step_says_the_present_totals_then_what_was_ordered(guided: World) -> None:
    lou = guided.visit(OTHER_ADMIN)
    assert "Not yet started Present totals: hosting package × 2, mailboxes × 5" in task(guided)
    place = step(guided, f"&contract={contract(guided)}&view=pay&total-mailboxes=3")
    sent = lou.submit(place, 'name="until"', method=method(guided))
    assert "In progress Order" in task(guided) and "is under way: 1 more mailbox." in task(guided)
    row = settled(guided, order_in(sent))
    assert "Completed Ordered: 1 more mailbox, invoice LARK-2026-11-01." in task(guided)
    page = lou.get(sent.location.partition("#")[0])
    assert "See the receipt" in page.text and "/receipts/" in page.text
    receipt = words(lou.get(f"/receipts/{row.reference}/"))
    assert "What Is Next?" in receipt and "Usage history" in receipt


def test_what_is_refused_or_not_known_is_a_problem_of_the_step(guided: World) -> None:
    lou, place = guided.visit(OTHER_ADMIN), step(guided, f"&contract={contract(guided)}&view=pay&total-mailboxes=3")
    with guided.db.write() as session:
        session.get_one(PaymentMethodRow, method(guided)).declines = True
    order_id = order_in(lou.submit(place, 'name="until"', method=method(guided)))
    settled(guided, order_id)
    assert "There is a problem Not ordered: 1 more mailbox. The bank declined" in task(guided)
    with guided.db.write() as session:
        session.get_one(Order, order_id).state = OrderState.UNKNOWN
    assert "There is a problem It is not known yet what came of order" in task(guided)


def test_an_order_of_an_earlier_walk_does_not_make_the_step_done(guided: World, clock: SetClock) -> None:
    lou = guided.visit(OTHER_ADMIN)
    settled(guided, order_in(lou.submit(address(guided, mailboxes=3), 'name="until"', method=method(guided))))
    clock.advance(hours=1)
    assert "Not yet started Present totals" in task(guided)
    services = f"{GUIDE}my-services/?account={guided.account('larkspur')}&action=my-services"
    assert lou.submit(services, "Continue").status_code == 303, "the walk begins"
    assert "Not yet started Present totals: hosting package × 2, mailboxes × 6" in task(guided)


def test_what_somebody_else_ordered_counts_for_the_walk(guided: World) -> None:
    lou, bea = guided.visit(OTHER_ADMIN), guided.visit("bea@demo.example")
    services = f"{GUIDE}my-services/?account={guided.account('larkspur')}&action=my-services"
    assert lou.submit(services, "Continue").status_code == 303
    settled(guided, order_in(bea.submit(address(guided, mailboxes=3), 'name="until"', method=method(guided))))
    assert "Completed Ordered: 1 more mailbox" in task(guided)
