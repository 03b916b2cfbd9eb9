"""A service task: its price is seen before it counts, it is ordered once, and the support team knows it."""

import re

import pytest
from sqlalchemy import func, select

from tests.helpers.faulty import FaultyProvider
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World, wait_until, words
from tests.web.deeds import count
from tests.web.tasks import ANSWERS, address, charged, checked, confirmed, last, set_price, settled
from wizard.errors import ProviderUnavailable
from wizard.providers.embedded.tables import ContractRow, ServiceRow
from wizard.records import audit
from wizard.records.orders import Order, OrderState
from wizard.records.tickets import Ticket


def test_prices_are_seen_by_everybody_and_ordered_by_a_billing_manager(world: World) -> None:
    vik = world.visit(VIEWER)
    page = words(vik.get(address(world)))
    assert "All disks of one server" in page and "$90.00" in page and "$120.00" in page
    assert "A billing manager or account administrator can order one." in page and "Order a service task" not in page
    assert vik.get(f"{address(world)}?to=task").status_code == 403
    assert vik.send(address(world), ANSWERS | {"view": "check", "price": "9000 USD", "key": "k"}).status_code == 403
    assert not count(world, Order) and not count(world, Ticket)


def test_what_is_ordered_is_seen_with_its_price_and_its_invoice_before_it_counts(world: World) -> None:
    page = words(checked(world.visit(ADMIN), world, service=world.service("VA1FERNSQL01")))
    for said in (
        "Price$90.00",
        "Stands onThe invoice of November 2026, issued on 1 December 2026",
        "ForVA1FERNSQL01",
        "Please copy the database “shop”. By 25 November.",
        "Answer toAna Ruiz, ana@demo.example",
        "Nothing more than this price is charged without asking you.",
        "To take it back, write to the support team and name its reference.",
    ):
        assert said in page, said
    assert not count(world, Order) and not charged(world)


def test_an_ordered_task_is_charged_once_and_stands_in_the_usage_history_and_on_a_receipt(world: World) -> None:
    ana = world.visit(ADMIN)
    answer = confirmed(ana, world, service=world.service("VA1FERNSQL01"))
    assert answer.status_code == 303 and "Being ordered" in words(ana.get(answer.location))
    order = settled(world)
    assert charged(world) == [("Copy of a server's disks", 9000)]
    assert "It stands on the invoice of November 2026, issued on 1 December 2026." in words(ana.get(answer.location))
    usage = words(ana.get(f"/account/{world.account('fernhill')}/usage-history/"))
    assert "Copy of a server's disks1 task$90.00" in usage
    receipt = words(ana.get(f"/receipts/{order.reference}/"))
    assert (
        "Ordered: Copy of a server's disks" in receipt and "ForVA1FERNSQL01" in receipt and order.reference in receipt
    )
    assert "The invoice of November 2026, issued on 1 December 2026" in receipt and "Confirmed byAna Ruiz" in receipt
    mine = words(ana.get("/requests/"))
    assert "Order: Copy of a server's disks Done." in mine and order.reference in mine
    assert "Copy of a server's disks: ordered" in words(ana.get(address(world)))
    with world.db.read() as session:
        (line,) = [one for one in audit.lines(session) if one.what == "orders a service task"]
    assert (line.subject, line.account_id) == (order.reference, world.account("fernhill"))


def test_the_support_team_sees_price_and_reference_and_begins_only_what_is_ordered(world: World) -> None:
    ana, rae = world.visit(ADMIN), world.visit(REVIEWER)
    confirmed(ana, world, service=world.service("VA1FERNSQL01"))
    reference = last(world).reference
    assert f"Order {reference}, $90.00: being ordered, not to be begun yet" in words(rae.get("/staff/"))
    settled(world)
    queue = rae.get("/staff/")
    assert f"Service task: Copy of a server's disksOrder {reference}, $90.00: ordered" in words(queue)
    ticket = re.search(r"/staff/tickets/[^/]+/", queue.text)[0]
    page = words(rae.get(ticket))
    assert f"Order {reference}: Copy of a server's disks For VA1FERNSQL01 Please copy the database" in page
    assert rae.send(ticket, {"answer": "It lies on fern-archive."}).status_code == 303
    assert "It lies on fern-archive." in ana.get(f"/receipts/{reference}/").text


def test_the_same_form_twice_orders_once(world: World) -> None:
    ana = world.visit(ADMIN)
    page = checked(ana, world).text
    first, again = (ana.send_form(page, "Order for", address(world)) for _ in range(2))
    assert first.location == again.location and count(world, Order) == count(world, Ticket) == 1
    other = ana.send_form(page, "Order for", address(world), what="Something else.")
    assert other.status_code == 409 and "Nothing was ordered now" in other.text
    settled(world)
    assert ana.send_form(page, "Order for", address(world)).location == first.location
    assert len(charged(world)) == 1


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(world: World) -> None:
    ana = world.visit(ADMIN)
    page = checked(ana, world, task="", what="")
    assert page.status_code == 422
    assert "Choose a service task." in page.text and "Say what is needed." in page.text
    sql = world.service("VA1FERNSQL01")
    long = checked(ana, world, what="a" * 2001, service=sql)
    assert long.status_code == 422 and "Use at most 2,000 characters." in long.text and "a" * 2001 in long.text
    assert f'value="{sql}" checked' in long.text and 'value="disk-copy" checked' in long.text
    gone = checked(ana, world, service="sv_of_another")
    assert gone.status_code == 422 and "A service that you chose is not there any more." in words(gone)
    back = ana.send_form(checked(ana, world).text, "Change something", address(world), to="task")
    assert back.status_code == 200 and "By 25 November." in back.text and 'value="disk-copy" checked' in back.text
    assert not count(world, Order)


def test_a_price_that_has_changed_is_shown_before_anything_counts(world: World) -> None:
    ana = world.visit(ADMIN)
    page = checked(ana, world).text
    set_price(world, 9900)
    answer = ana.send_form(page, "Order for", address(world))
    assert answer.status_code == 422 and not count(world, Order)
    assert "The price has changed, to $99.00. Nothing was ordered; look at it again." in words(answer)
    assert "Order for $99.00" in answer.text and "By 25 November." in answer.text
    assert ana.send_form(answer.text, "Order for", address(world)).status_code == 303
    assert settled(world).state == OrderState.DONE and charged(world) == [("Copy of a server's disks", 9900)]


def test_what_the_provider_refuses_is_not_charged_and_the_support_team_has_nothing_to_do(world: World) -> None:
    ana, rae = world.visit(ADMIN), world.visit(REVIEWER)
    answer = confirmed(ana, world)
    set_price(world, 9900)
    order = settled(world)
    assert order.state == OrderState.REFUSED and not charged(world)
    for page in (answer.location, f"/receipts/{order.reference}/"):
        assert "The price of “Copy of a server's disks” has changed. Nothing was ordered or charged." in words(
            ana.get(page)
        )
    assert "All are answered." in words(rae.get("/staff/"))


@pytest.mark.full
def test_the_same_task_is_not_ordered_again_while_one_is_under_way(world: World) -> None:
    ana = world.visit(ADMIN)
    confirmed(ana, world)
    again = confirmed(ana, world)
    assert again.status_code == 409 and f"Order {last(world).reference} for the same service task" in words(again)
    assert confirmed(ana, world, task="move").status_code == 303
    assert count(world, Order) == count(world, Ticket) == 2
    with world.worker():
        wait_until(lambda: all_states(world) == {OrderState.DONE})
    world.clock.advance(hours=1)
    assert confirmed(ana, world).status_code == 303
    settled(world)
    assert len(charged(world)) == 3


def all_states(world: World) -> set[str]:
    with world.db.read() as session:
        return set(session.scalars(select(Order.state)))


@pytest.mark.full
def test_an_order_that_is_done_in_the_next_month_stands_on_its_invoice(world: World) -> None:
    ana = world.visit(ADMIN)
    world.clock.advance(hours=24 * 9 + 11)  # the last hour of November in New York
    assert "The invoice of November 2026" in words(checked(ana, world))
    confirmed(ana, world)
    world.clock.advance(hours=2)
    assert "The invoice of December 2026, issued on 1 January 2027" in words(
        ana.get(f"/receipts/{settled(world).reference}/")
    )


def test_a_form_of_another_session_is_shown_again_with_what_was_entered(world: World) -> None:
    ana = world.visit(ADMIN)
    form = ANSWERS | {"view": "check", "price": "9000 USD", "key": "k"}
    answer = ana.client.post(address(world), data=form)
    assert answer.status_code == 400 and "Nothing was changed" in answer.text and not count(world, Order)
    assert "Check your order" in answer.text and "By 25 November." in answer.text


def test_where_there_are_no_tasks_nothing_of_them_is_said(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, lacks=["tasks", "order_task"])
    ana = world.visit(ADMIN)
    page = words(ana.get(address(world)))
    assert "VA1FERNSQL01" in page and "service task" not in page.lower() and "Have it done" not in page
    asked = ana.get(f"{address(world)}?to=task")
    assert asked.status_code == 200 and "No service task can be ordered here." in words(asked)
    form = ANSWERS | {"view": "check", "price": "9000 USD", "key": "k"}
    assert ana.send(address(world), form).status_code == 422 and not count(world, Order)


def test_prices_that_cannot_be_asked_for_leave_the_rest_as_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(account_id: str) -> None:
        raise ProviderUnavailable("timed out")

    monkeypatch.setattr(world.provider, "tasks", away)
    page = words(world.visit(ADMIN).get(address(world)))
    assert "Save what I have" in page and "their prices are not shown: the account system does not answer" in page


def test_a_closed_account_orders_nothing(world: World) -> None:
    with world.db.write() as session:
        for row in session.scalars(select(ContractRow)):
            row.closed_at = world.clock()
    ana = world.visit(ADMIN)
    assert "Have it done" not in ana.get(address(world)).text
    assert ana.send(address(world), ANSWERS | {"view": "check", "price": "9000 USD", "key": "k"}).status_code == 422
    assert not count(world, Order)


def test_another_account_s_order_is_not_found(world: World) -> None:
    confirmed(world.visit(ADMIN), world)
    order, lou = last(world), world.visit(OTHER_ADMIN)
    for path in (f"{address(world, 'larkspur')}?order={order.id}", f"/receipts/{order.reference}/"):
        assert lou.get(path).status_code == 404
    assert lou.send(address(world, "larkspur"), {"again": order.id}).status_code == 404
    assert world.visit(VIEWER).send(address(world), {"again": order.id}).status_code == 403


@pytest.mark.full
def test_a_long_account_names_its_services_in_words(world: World) -> None:
    add_services(world, 60)
    with world.db.write() as session:
        for row in session.scalars(select(ServiceRow).where(ServiceRow.id.like("sv_000%"))):
            row.data = "Files, 2 GB"
    page = words(world.visit(ADMIN).get(f"{address(world)}?to=task"))
    assert "For which services" not in page and "Name the services that it is about." in page


def test_it_is_ordered_from_a_step_of_a_guide_as_well(world: World) -> None:
    ana = world.visit(ADMIN)
    step = f"/guide/retrieving-your-data/retrieve-data/?account={world.account('fernhill')}&action=retrieve-data"
    page = ana.get(f"{step}&to=task").text
    check = ana.send_form(page, "Check the order", step, to="check", **ANSWERS)
    answer = ana.send_form(check.text, "Order for", step)
    assert answer.status_code == 303 and answer.location.startswith(step.partition("?")[0])
    assert "Being ordered" in words(ana.get(answer.location))
    with world.db.read() as session:
        assert session.scalar(select(Ticket.context)) == "retrieving-your-data/retrieve-data"
        assert session.scalar(select(func.count()).select_from(Order)) == 1
