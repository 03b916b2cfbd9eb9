"""A form orders once, for the price that it showed: double clicks, two tabs, two people, midnight."""

import threading
from datetime import UTC, datetime

import pytest

from tests.helpers.clock import SetClock
from tests.helpers.world import OTHER_ADMIN, World, words
from tests.web.orders import (
    BOOKS,
    add_credit,
    address,
    charged,
    confirm,
    hidden,
    method,
    order_in,
    ordered,
    orders_of,
    quantity,
    settled,
)
from wizard.providers.embedded.tables import ServiceRow
from wizard.records.orders import OrderState

NOTHING = "nothing was ordered or charged"


def test_confirming_twice_orders_once(world: World) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    form = hidden(lou.get(place).text) | {"method": method(world)}
    first, second = lou.send(place, form), lou.send(place, form)
    assert first.location == second.location and len(orders_of(world)) == 1
    settled(world, order_in(first))
    assert lou.send(place, form).location == first.location, "also after it was done"
    assert len(orders_of(world)) == 1 and len(charged(world)) == 1


def test_two_threads_with_one_form_order_once(world: World) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    form = hidden(lou.get(place).text) | {"method": method(world)}
    visitors, answers = [world.visit(OTHER_ADMIN) for _ in range(4)], []
    threads = [threading.Thread(target=lambda v=v: answers.append(v.send(place, form))) for v in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {303} and len({answer.location for answer in answers}) == 1
    settled(world, orders_of(world)[0].id)
    assert len(orders_of(world)) == len(charged(world)) == 1


@pytest.mark.full
def test_two_tabs_order_once(world: World) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    first, second = (hidden(lou.get(place).text) | {"method": method(world)} for _ in range(2))
    order_id = order_in(lou.send(place, first))
    late = lou.send(place, second)
    assert late.status_code == 409 and "is under way" in late.text and "Nothing more was ordered" in late.text
    settled(world, order_id)
    late = lou.send(place, second)
    assert late.status_code == 422 and NOTHING in late.text
    assert len(orders_of(world)) == len(charged(world)) == 1


def test_a_form_with_another_choice_under_the_same_key_is_told(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    form = hidden(lou.get(address(world, mailboxes=3)).text) | {"method": method(world)}
    assert lou.send(address(world, mailboxes=3), form).status_code == 303
    other = hidden(lou.get(address(world, mailboxes=4)).text) | {"method": method(world), "key": form["key"]}
    answer = lou.send(address(world, mailboxes=4), other)
    assert answer.status_code == 409 and "with another choice" in answer.text and len(orders_of(world)) == 1


@pytest.mark.parametrize("key", ["", "k" * 65, "ä"])
def test_a_form_without_a_key_orders_nothing(world: World, key: str) -> None:
    answer = confirm(world.visit(OTHER_ADMIN), world, address(world, mailboxes=3), key=key)
    assert answer.status_code == 409 and not orders_of(world)


@pytest.mark.parametrize(
    "sent",
    [
        {"shown": ""},
        {"shown": "x"},
        {"until": ""},
        {"until": "soon"},
        {"until": "2027-01-01"},
        {"until": "0001-01-01T00:00:00+00:00"},
    ],
)
def test_a_form_that_shows_another_price_orders_nothing(world: World, sent: dict[str, str]) -> None:
    answer = confirm(world.visit(OTHER_ADMIN), world, address(world, mailboxes=3), **sent)
    assert answer.status_code == 422 and NOTHING in answer.text and not orders_of(world)


def test_the_form_of_one_contract_orders_nothing_of_another(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    form = hidden(lou.get(address(world, mailboxes=4)).text) | {"method": method(world)}
    answer = lou.send(address(world, "pay", BOOKS, mailboxes=4), form)
    assert answer.status_code == 422 and NOTHING in answer.text and not orders_of(world)


def test_two_people_at_once_the_second_is_told_and_charged_nothing(world: World) -> None:
    lou, bea, place = world.visit(OTHER_ADMIN), world.visit("bea@demo.example"), address(world, mailboxes=3)
    theirs = hidden(bea.get(place.replace("mailboxes=3", "mailboxes=5")).text) | {"method": method(world)}
    ordered(world, lou, mailboxes=3)
    late = bea.send(place.replace("mailboxes=3", "mailboxes=5"), theirs)
    assert late.status_code == 422 and "price has changed" in late.text and "Pay $6.67 and order" in late.text
    assert len(charged(world)) == 1 and quantity(world) == 3


@pytest.mark.full
def test_two_domains_at_once_that_share_credit_never_use_it_twice(world: World) -> None:
    add_credit(world, 333)
    lou = world.visit(OTHER_ADMIN)
    places = [address(world, "pay", domain, mailboxes=total) for domain, total in ((BOOKS, 4), ("press", 3))]
    ids = [order_in(confirm(lou, world, place)) for place in places]
    states = sorted(settled(world, one).state for one in ids)
    assert states == [OrderState.DONE, OrderState.REFUSED] and charged(world) == [("LARK-2026-11-01", 333, 333)]
    refused = next(one for one in orders_of(world) if one.state == OrderState.REFUSED)
    page = lou.get(f"/account/{refused.account_id}/change-services/?order={refused.id}")
    assert "have changed since the quote was made" in page.text and "Nothing was ordered or charged" in page.text


def test_a_price_that_changed_since_is_shown_anew(world: World) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    page = lou.get(place)
    with world.db.write() as session:
        session.get_one(ServiceRow, world.service("Mailboxes, larkspurpress.example")).unit_price = 1200
    sent = lou.send_form(page.text, 'name="until"', method=method(world))
    assert sent.status_code == 422 and NOTHING in sent.text and "Pay $4.00 and order" in sent.text
    assert lou.send_form(sent.text, 'name="until"', place, method=method(world)).status_code == 303


def test_a_service_that_was_deleted_meanwhile_orders_nothing(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    page = lou.get(address(world, mailboxes=3))
    world.provider.delete_service(
        world.account("larkspur"), world.service("Mailboxes, larkspurpress.example"), "elsewhere"
    )
    sent = lou.send_form(page.text, 'name="until"', method=method(world))
    assert sent.status_code == 422 and NOTHING in sent.text
    assert "0 becomes→ 3 mailboxes" in words(sent), "the new price is that of three"


def test_a_price_of_before_midnight_is_not_that_of_after(world: World, clock: SetClock) -> None:
    clock.now = datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)  # 23:59:59 in Chicago, on the last of November
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    page = lou.get(place)
    assert "1 of 30 days" in page.text and "Pay $0.33 and order" in page.text
    assert "Price holds until1 December 2026 at 00:00 (UTC−6)" in words(page)
    clock.advance(seconds=1)
    sent = lou.send_form(page.text, 'name="until"', method=method(world))
    assert sent.status_code == 422 and "held until 00:00" in sent.text and NOTHING in sent.text
    assert "31 of 31 days" in sent.text and "Pay $10.00 and order" in sent.text and not orders_of(world)


def test_a_price_holds_as_long_as_it_says(world: World, clock: SetClock) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, mailboxes=3)
    page = lou.get(place)
    clock.advance(minutes=15)
    sent = lou.send_form(page.text, 'name="until"', method=method(world))
    assert sent.status_code == 422 and "held until 11:18" in sent.text and "Pay $3.33 and order" in sent.text
    clock.advance(minutes=-1)
    assert lou.send_form(page.text, 'name="until"', method=method(world)).status_code == 303
