"""Changing services: totals, not differences; every sum before it counts; ordered and charged once."""

from tests.helpers.world import OTHER_ADMIN, World, words
from tests.web.orders import address, order_of, ordered, quantity
from wizard.records.orders import OrderState


def test_one_more_mailbox_is_quoted_checked_paid_and_ordered(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    priced = words(lou.get(address(world, "price", mailboxes=3)))
    assert "1 more mailbox × 10.00 × 10 of 30 days" in priced and "Due now$3.33" in priced
    assert "Then $30.00 a month instead of $20.00." in priced
    check = lou.get(address(world, mailboxes=3))
    assert "Pay $3.33 and order" in check.text and "Visa ending in 4242" in check.text
    order = ordered(world, lou, mailboxes=3)
    assert (order.state, order.total, order.invoice) == (OrderState.DONE, 333, "LARK-2026-11-01")
    assert quantity(world) == 3 and order_of(world).payment_method == "Visa ending in 4242"
    receipt = words(lou.get(f"/receipts/{order.reference}/"))
    assert "Ordered: 1 more mailbox" in receipt and "Paid$3.33" in receipt and "Lou Berger" in receipt
    assert "Order: 1 more mailbox" in lou.get("/requests/").text
