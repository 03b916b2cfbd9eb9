"""Check and pay: what is confirmed is ordered once, for the sum that was shown, or not at all."""

import re
from datetime import date

import pytest

from tests.helpers.clock import SetClock
from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from tests.web.orders import (
    EVENTS,
    add_credit,
    add_method,
    address,
    charged,
    confirm,
    hidden,
    method,
    order,
    order_in,
    ordered,
    orders_of,
    placed,
    quantity,
    settled,
)
from wizard.providers.billing import Contact
from wizard.providers.embedded.tables import PaymentMethodRow
from wizard.records import audit
from wizard.records.orders import Order, OrderState

BEA = "bea@demo.example"
NOTHING = "nothing was ordered or charged"


def test_all_is_shown_before_it_counts(world: World) -> None:
    page = words(world.visit(OTHER_ADMIN).get(address(world, mailboxes=3)))
    for said in (
        "AccountLarkspur Books",
        "ForThe package of larkspurpress.example",
        "Mailboxes 2 becomes→ 3 mailboxes1 more mailbox × 10.00 × 10 of 30 days$3.33",
        "Due now$3.33",
        "Then $30.00 a month instead of $20.00.",
        "Invoice toLarkspur Books",
        "By e-mail toLarkspur Books, lou@demo.example",
        "Price holds until21 November 2026 at 11:18 (UTC−6)",
        "Visa ending in 4242: Valid until 30 November 2028, used by default",
        "Pay $3.33 and order",
    ):
        assert said in page


def test_contacts_get_the_invoice_where_the_provider_has_them(world: World) -> None:
    world.means.provider = provider = FaultyProvider(world.provider)
    provider.contacts = lambda _account: [Contact("1", "Mia Chen", "mia@larkspur.example")]
    assert "Mia Chen, mia@larkspur.example" in words(world.visit(OTHER_ADMIN).get(address(world, mailboxes=3)))


def test_an_order_is_placed_done_and_receipted(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    row = ordered(world, lou, mailboxes=3)
    assert (row.state, row.total, row.invoice) == (OrderState.DONE, 333, "LARK-2026-11-01")
    assert quantity(world) == 3 and charged(world) == [("LARK-2026-11-01", 333, 0)]
    page = lou.get(f"/account/{world.account('larkspur')}/change-services/?order={row.id}")
    assert "Ordered" in page.text and f"/receipts/{row.reference}/" in page.text and "hx-trigger" not in page.text
    receipt = lou.get(f"/receipts/{row.reference}/")
    for said in ("Ordered: 1 more mailbox", row.reference, "Paid$3.33", "Lou Berger", "Visa ending in 4242", "Done"):
        assert said in words(receipt)
    assert f'href="/account/{row.account_id}/invoices/LARK-2026-11-01/"' in receipt.text
    assert "Order: 1 more mailbox" in lou.get("/requests/").text
    with world.db.read() as session:
        assert [line.what for line in audit.lines(session)][-1] == "orders 1 more mailbox"


def test_a_billing_manager_may_order_and_a_viewer_may_not(world: World) -> None:
    assert ordered(world, world.visit(BEA), mailboxes=3).state == OrderState.DONE
    place = address(world, "pay", "", "fernhill", load_balancers=1)
    sent = world.visit(VIEWER).send(place, hidden(world.visit(ADMIN).get(place).text))
    assert sent.status_code == 403 and len(orders_of(world)) == 1


@pytest.mark.full
def test_changing_back_on_the_same_day_comes_to_nothing_and_shows_its_price_first(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    row = ordered(world, lou, mailboxes=3)
    back = re.search(r'href="([^"]+)">Change back', lou.get(f"/receipts/{row.reference}/").text)
    page = lou.get(back[1].replace("&amp;", "&"))
    assert "Becomes account credit$3.33" in words(page) and 'value="2"' in page.text
    ordered(world, lou, mailboxes=2)
    assert [total for _, total, _ in charged(world)] == [333, -333]
    assert world.provider.credit(world.account("larkspur")).minor == 333 and quantity(world) == 2


BUTTONS = {
    "Remove 1 mailbox, get $3.33 credit": (0, {"mailboxes": 1}),
    "Remove 2 mailboxes, get $6.67 credit": (0, {"mailboxes": 0}),
    "Change services, get $4.00 credit": (0, {"mailboxes": 0, "sharepoint_space": 1}),
    "Pay $3.33 and order": (0, {"mailboxes": 3}),
    "Pay $2.33 and order": (100, {"mailboxes": 3}),
    "Order with $3.33 of your credit": (500, {"mailboxes": 3}),
}


@pytest.mark.parametrize(
    "button",
    [one if one.startswith(("Remove 1", "Pay $2")) else pytest.param(one, marks=pytest.mark.full) for one in BUTTONS],
)
def test_the_button_says_the_deed_and_its_sum(world: World, button: str) -> None:
    credit, totals = BUTTONS[button]
    add_credit(world, credit)
    lou, place = world.visit(OTHER_ADMIN), address(world, **totals)
    page = lou.get(place)
    assert f'<button class="button ">{button}</button>' in page.text
    assert ("Payment method" in page.text) == button.startswith("Pay")
    assert settled(world, order_in(lou.submit(place, 'name="until"', method=method(world)))).state == OrderState.DONE
    assert (charged(world)[0][1] - charged(world)[0][2] > 0) == button.startswith("Pay")


def test_what_is_charged_by_the_hour_is_ordered_without_a_payment_method(world: World) -> None:
    ana, place = world.visit(ADMIN), address(world, "pay", "", "fernhill", load_balancers=1)
    page = ana.get(place).text
    assert "Order, nothing is due now" in page and "Payment method" not in page
    assert settled(world, order_in(ana.submit(place, 'name="until"'))).payment_method == ""


def test_a_removal_says_to_copy_the_data_first(world: World) -> None:
    page = world.visit(OTHER_ADMIN).get(address(world, mailboxes=1)).text
    assert "goes with its data" in page and "/retrieve-data/" in page


def test_an_expired_card_is_not_choosable_and_says_why(world: World) -> None:
    expired = add_method(world, date(2026, 10, 31))
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    page = lou.get(place)
    assert "Mastercard ending in 5100 expired on 31 October 2026 and cannot be charged" in words(page)
    assert (
        expired not in page.text and f'href="/account/{world.account("larkspur")}/update-payment-method/"' in page.text
    )
    sent = confirm(lou, world, place, method=expired)
    assert sent.status_code == 422 and "has expired, on 31 October 2026. Choose another." in sent.text
    assert not orders_of(world)


def test_without_a_payment_method_that_can_be_charged_there_is_no_button(world: World) -> None:
    with world.db.write() as session:
        session.get_one(PaymentMethodRow, method(world)).expires = date(2026, 10, 31)
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    page = lou.get(place)
    assert "No payment method on file is valid today" in page.text and "and order</button>" not in page.text
    assert "Add a payment method" in page.text
    with world.db.write() as session:
        session.delete(session.get_one(PaymentMethodRow, method(world)))
    assert "There is no payment method on file yet" in lou.get(place).text
    assert lou.submit(place, 'name="until"').status_code == 422


def test_where_the_provider_tells_no_methods_it_charges_what_it_has(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, lacks=["payment_methods"])
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    assert "what the account system has on file" in lou.get(place).text
    assert order(world, order_in(lou.submit(place, 'name="until"'))).payment_method_id == ""


@pytest.mark.parametrize("chosen", ["", "pm_unknown"])
def test_a_method_has_to_be_chosen(world: World, chosen: str) -> None:
    sent = confirm(world.visit(OTHER_ADMIN), world, address(world, mailboxes=3), method=chosen)
    assert sent.status_code == 422 and '<a href="#method">Choose a payment method.</a>' in sent.text


def test_a_declined_card_charges_nothing_and_leads_to_another(world: World) -> None:
    declined, lou = add_method(world, declines=True), world.visit(OTHER_ADMIN)
    row = settled(world, order_in(confirm(lou, world, address(world, mailboxes=3), method=declined)))
    assert row.state == OrderState.REFUSED and not charged(world) and quantity(world) == 2
    page = lou.get(f"/account/{row.account_id}/change-services/?order={row.id}")
    assert "Nothing was ordered or charged" in page.text and "The bank declined" in page.text
    again = re.search(r'href="([^"#]+)[^"]*">See the price and order again', page.text)
    check = lou.get(again[1].replace("&amp;", "&"))
    assert "Your order before was refused" in check.text and "The bank declined" in check.text
    assert (
        "Pay $3.33 and order" in check.text and re.search(r'value="pm_[^"]+" checked', check.text)[0][7:-9] != declined
    )
    assert "Not ordered: 1 more mailbox" in lou.get(f"/receipts/{row.reference}/").text
    assert "Due now" not in lou.get(f"/receipts/{row.reference}/").text


def test_a_declined_default_is_not_chosen_again_by_itself(world: World) -> None:
    with world.db.write() as session:
        session.get_one(PaymentMethodRow, method(world)).declines = True
    add_method(world)
    lou, row = world.visit(OTHER_ADMIN), None
    row = ordered(world, lou, mailboxes=3)
    assert row.state == OrderState.REFUSED
    page = lou.get(address(world, mailboxes=3) + f"&after={row.id}")
    assert " checked" not in page.text


def test_a_card_that_expires_between_check_and_confirm_is_refused_at_once(world: World, clock: SetClock) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    page = lou.get(place)
    with world.db.write() as session:
        session.get_one(PaymentMethodRow, method(world)).expires = date(2026, 11, 20)
    sent = lou.send_form(page.text, 'name="until"', method=method(world))
    assert sent.status_code == 422 and "has expired" in sent.text and not orders_of(world)


def test_an_order_that_waits_too_long_for_the_worker_is_refused_and_offers_the_new_price(
    world: World, clock: SetClock
) -> None:
    lou, order_id = world.visit(OTHER_ADMIN), placed(world, mailboxes=3)
    clock.advance(hours=1)
    row = settled(world, order_id)
    assert row.state == OrderState.REFUSED and row.problem == "The quote has expired." and not charged(world)
    page = lou.get(f"/account/{row.account_id}/change-services/?order={row.id}")
    assert "Nothing was ordered or charged" in page.text and "See the price and order again" in page.text


def test_the_panel_follows_an_order_under_way_and_can_look_again_at_an_unknown_one(world: World) -> None:
    lou, order_id = world.visit(OTHER_ADMIN), placed(world, mailboxes=3)
    place = f"/account/{world.account('larkspur')}/change-services/"
    page = lou.get(place).text
    assert "Your order is with the account system" in page and 'hx-trigger="every 1s"' in page
    with world.db.write() as session:
        row = session.get_one(Order, order_id)
        row.state, row.problem = OrderState.UNKNOWN, "Not known."
    page = lou.get(place).text
    assert "Look again" in page and "hx-trigger" not in page
    refused = confirm(lou, world, address(world, mailboxes=4))
    assert refused.status_code == 409 and "so that nothing is ordered twice" in refused.text
    assert lou.submit(place, "Look again").status_code == 303
    assert lou.send(f"{place}?order={order_id}", {"again": order_id}).status_code == 303, "a second click"
    assert settled(world, order_id).state == OrderState.DONE and len(charged(world)) == 1


def test_another_accounts_order_is_not_found(world: World) -> None:
    row, ana = ordered(world, mailboxes=3), world.visit(VIEWER)
    place = f"/account/{world.account('fernhill')}/change-services/?order={row.id}"
    assert ana.get(place).status_code == 404 and ana.get(f"/receipts/{row.reference}/").status_code == 404
    admin = world.visit(ADMIN)
    assert admin.send(place, {"again": row.id}).status_code == 404


def test_a_new_package_and_its_mailboxes_are_ordered_in_one(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    row = settled(world, order_in(confirm(lou, world, address(world, "pay", EVENTS, hosting_package=1, mailboxes=2))))
    assert row.state == OrderState.DONE and charged(world) == [("LARK-2026-11-01", 1167, 0)]
    assert quantity(world, f"Mailboxes, {EVENTS}") == 2
