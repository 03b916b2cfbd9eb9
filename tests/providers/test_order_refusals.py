"""What cannot be had, paid or repeated is refused with a reason, and leaves no trace at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.helpers.clock import SATURDAY
from tests.providers.customers import Desk, long_ago, new_customer, new_method
from wizard.db import Database
from wizard.errors import NotFound, PaymentRefused, ProviderRefused, QuoteExpired
from wizard.money import Money
from wizard.providers.embedded.tables import PriceRow, QuoteRow, ServiceRow, new_id

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def desk(orders_db: Database) -> Desk:
    return Desk(orders_db)


@pytest.mark.parametrize(
    ("totals", "why"),
    [
        ({"mailboxes": -1}, "Mailboxes: at least 0"),
        ({"mailboxes": 2.5}, "whole number"),
        ({"mailboxes": 3.0}, "whole number"),
        ({"mailboxes": True}, "whole number"),
        ({"mailboxes": "3"}, "whole number"),
        ({"mailboxes": None}, "whole number"),
        ({"mailboxes": 51}, "at most 50"),
        ({"mailboxes": 10**30}, "at most 50"),
        ({"hosting-package": 0}, "at least 1. It is ended by a closure request"),
        ({"hosting-package": 0, "mailboxes": 0}, "at least 1"),
        ({"hosting-package": 2}, "at most 1"),
        ({"hosting-package": "", "mailboxes": 3}, "whole number"),
        ({"mailboxes": 3, "Mailboxes": 4}, "not offered"),
        ({"load-balancers": 2}, "not offered"),
        ({"": 1}, "not offered"),
        ({None: 1}, "not offered"),
        ({"mailboxes": 2}, "Nothing would change"),
        ({}, "Nothing would change"),
    ],
)
def test_totals_that_cannot_be_are_refused_with_the_reason(desk: Desk, totals: Any, why: str) -> None:
    desk.refuses(ProviderRefused, lambda: desk.quote(totals), why)


def test_without_a_limit_in_the_price_list_there_still_is_one(desk: Desk) -> None:
    with desk.db.write() as session:
        price = session.get_one(PriceRow, ("load balancers", "USD"))
        limit, price.most = price.most, None
    try:
        desk.refuses(
            ProviderRefused, lambda: desk.quote({"load-balancers": 2**70}, desk.customer.whole), "at most 100,000"
        )
        desk.order(desk.quote({"load-balancers": 100_000}, desk.customer.whole), method="")
    finally:
        with desk.db.write() as session:
            session.get_one(PriceRow, ("load balancers", "USD")).most = limit


def test_more_than_the_limit_is_kept_or_lowered_but_not_raised(desk: Desk) -> None:
    with desk.db.write() as session:
        session.get_one(ServiceRow, desk.customer.services["mailboxes"]).quantity = 60
    desk.refuses(ProviderRefused, lambda: desk.quote({"mailboxes": 61}), "at most 50")
    assert [line.new for line in desk.quote({"mailboxes": 60, "sharepoint-space": 1}).lines] == [1]
    assert [line.new for line in desk.quote({"mailboxes": 55}).lines] == [55]


def test_what_needs_a_package_is_had_with_one_alone(desk: Desk) -> None:
    for name in ("mailboxes", "hosting package"):
        desk.provider.delete_service(desk.customer.account, desk.customer.services[name], new_id("key"))
        if name == "hosting package":
            desk.refuses(ProviderRefused, lambda: desk.quote({"mailboxes": 1}), "Business Hosting is being deleted")
        desk.clock.advance(seconds=31)
    for totals in ({"mailboxes": 1}, {"mailboxes": 1, "hosting-package": 0}):
        desk.refuses(ProviderRefused, lambda totals=totals: desk.quote(totals), "needs a hosting package")
    desk.order(desk.quote({"mailboxes": 1, "hosting-package": 1}))
    there = {one.kind: one for one in desk.provider.services(desk.customer.account).items}
    assert there["mailboxes"].stands_on == there["hosting package"].id


def test_what_is_held_or_being_deleted_is_not_removed_by_an_order(desk: Desk) -> None:
    service = desk.customer.services["mailboxes"]
    with desk.db.write() as session:
        session.get_one(ServiceRow, service).hold = "A backup of the mailboxes is running."
    desk.refuses(ProviderRefused, lambda: desk.quote({"mailboxes": 0}), "backup")
    desk.quote({"mailboxes": 1})
    with desk.db.write() as session:
        session.get_one(ServiceRow, service).hold = None
    quote = desk.quote({"mailboxes": 0})
    desk.provider.delete_service(desk.customer.account, service, new_id("key"))
    desk.refuses(ProviderRefused, lambda: desk.quote({"mailboxes": 3}), "being deleted")
    desk.refuses(QuoteExpired, lambda: desk.order(quote), "being deleted")


def test_anothers_contract_quote_and_payment_method_are_unknown(desk: Desk) -> None:
    other, quote = new_customer(desk.db, "UTC", long_ago(SATURDAY)), desk.quote({"mailboxes": 3})
    desk.refuses(NotFound, lambda: desk.quote({"mailboxes": 3}, other.package))
    desk.refuses(NotFound, lambda: desk.provider.options(desk.customer.account, other.package))
    desk.refuses(NotFound, lambda: desk.provider.quote("ac_unknown", desk.customer.package, {"mailboxes": 3}))
    desk.refuses(NotFound, lambda: desk.provider.order(other.account, quote.id, other.card, "key"))
    desk.refuses(NotFound, lambda: desk.provider.order("ac_unknown", quote.id, other.card, "key"))
    desk.refuses(PaymentRefused, lambda: desk.order(quote, method=other.card), "not on file")


def test_a_payment_method_that_does_not_pay_is_refused_and_another_may_pay(desk: Desk) -> None:
    """An expiry is the last day in the account's own zone."""
    desk.clock.now = datetime(2026, 12, 1, 5, 59, tzinfo=UTC)  # 30 November in Chicago, for a minute
    ids = [new_id("pm") for _ in range(3)]
    with desk.db.write() as session:
        session.add(new_method(ids[0], desk.customer.account, declines=True))
        session.add(new_method(ids[1], desk.customer.account, expires=date(2026, 10, 31)))
        session.add(new_method(ids[2], desk.customer.account, expires=date(2026, 11, 30)))
    quote = desk.quote({"mailboxes": 3})
    desk.refuses(PaymentRefused, lambda: desk.order(quote, "same", ids[0]), "declined")
    desk.refuses(PaymentRefused, lambda: desk.order(quote, "same", ids[1]), "has expired")
    desk.refuses(PaymentRefused, lambda: desk.order(quote, "same", ""), "not on file")
    desk.order(quote, "same", ids[2])
    desk.clock.advance(minutes=1)
    quote = desk.quote({"mailboxes": 4})
    desk.refuses(PaymentRefused, lambda: desk.order(quote, method=ids[2]), "has expired")


def test_where_nothing_is_due_no_payment_method_is_asked_for(desk: Desk) -> None:
    desk.order(desk.quote({"mailboxes": 1}), method="")
    assert desk.provider.credit(desk.customer.account) == Money(333, "USD")
    smaller, lower = desk.quote({"sharepoint-space": 1}), desk.quote({"mailboxes": 0})
    assert (smaller.credit_used, lower.credit_used) == (Money(267, "USD"), Money(0, "USD")), "no more than is due"
    quote = desk.quote({"mailboxes": 2})
    assert (quote.due_now, quote.credit_used) == (Money(0, "USD"), Money(333, "USD"))
    desk.order(quote, method="")
    desk.order(desk.quote({"load-balancers": 4}, desk.customer.whole), method="")
    assert desk.provider.credit(desk.customer.account) == Money(0, "USD")


@pytest.mark.parametrize(
    ("zone", "now", "holds_for"),
    [
        ("America/Chicago", datetime(2026, 11, 21, 12, tzinfo=UTC), timedelta(minutes=15)),
        ("America/Chicago", datetime(2026, 12, 1, 5, 50, tzinfo=UTC), timedelta(minutes=10)),
        ("America/Chicago", datetime(2027, 1, 1, 5, 59, 59, 999999, tzinfo=UTC), MOMENT),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 55, tzinfo=UTC), timedelta(minutes=15)),
        ("America/Havana", datetime(2026, 11, 1, 4, 55, tzinfo=UTC), timedelta(minutes=15)),
        ("America/Sao_Paulo", datetime(2018, 11, 4, 2, 55, tzinfo=UTC), timedelta(minutes=5)),
        ("Asia/Beirut", datetime(2026, 3, 28, 21, 50, tzinfo=UTC), timedelta(minutes=10)),
        ("Pacific/Apia", datetime(2011, 12, 30, 9, 59, tzinfo=UTC), timedelta(minutes=1)),
        ("America/St_Johns", datetime(2009, 11, 1, 2, 45, tzinfo=UTC), timedelta(minutes=15)),
        ("Asia/Kathmandu", datetime(2026, 12, 31, 18, 14, 59, 999999, tzinfo=UTC), MOMENT),
    ],
)
def test_a_quote_holds_for_15_minutes_and_never_beyond_its_day(
    orders_db: Database, zone: str, now: datetime, holds_for: timedelta
) -> None:
    desk = Desk(orders_db, zone, now)
    late, quote = desk.quote({"mailboxes": 4}), desk.quote({"mailboxes": 3})
    assert quote.expires_at == now + holds_for
    desk.clock.now = quote.expires_at - MOMENT
    number = desk.order(quote)
    (invoice,) = [one for one in desk.bills() if one.number == number]
    assert invoice.total == quote.total
    desk.clock.now = quote.expires_at
    desk.refuses(QuoteExpired, lambda: desk.order(late), "The quote has expired")


def test_a_quote_is_ordered_once_under_whichever_key(desk: Desk) -> None:
    quote, other = desk.quote({"mailboxes": 3}), desk.quote({"mailboxes": 4})
    key = new_id("key")
    number = desk.order(quote, key)
    assert desk.order(quote, key) == number == desk.order(quote, key, method="")
    desk.clock.advance(hours=40)
    assert desk.order(quote, key) == number, "a repeat is answered for good"
    desk.refuses(QuoteExpired, lambda: desk.order(quote), "ordered before")
    desk.refuses(ProviderRefused, lambda: desk.order(other, key), "belongs to something else")


def test_a_key_of_another_call_or_account_never_passes_for_an_order(desk: Desk) -> None:
    desk.provider.delete_service(desk.customer.account, desk.customer.services["load balancers"], "of the deletion")
    desk.provider.end_charges(desk.customer.account, desk.customer.whole, SATURDAY + timedelta(days=9), "of the end")
    quote, stranger = desk.quote({"mailboxes": 3}), Desk(desk.db)
    desk.order(quote, "of the order")
    for key in ("of the deletion", "of the end", "of the order"):
        theirs = stranger.quote({"mailboxes": 3})
        stranger.refuses(ProviderRefused, lambda key=key, theirs=theirs: stranger.order(theirs, key), "something else")
    own = desk.quote({"mailboxes": 4})
    desk.refuses(ProviderRefused, lambda: desk.order(own, "of the deletion"), "something else")
    for call in (
        lambda: desk.provider.delete_service(
            desk.customer.account, desk.customer.services["mailboxes"], "of the order"
        ),
        lambda: desk.provider.end_charges(desk.customer.account, desk.customer.whole, None, "of the order"),
        lambda: desk.provider.close_contract(desk.customer.account, desk.customer.package, "of the order"),
    ):
        desk.refuses(ProviderRefused, call, "something else")


@pytest.mark.parametrize("of_account", [True, False])
def test_what_is_charged_no_more_or_has_ended_cannot_be_changed(desk: Desk, of_account: bool) -> None:
    before, contract = desk.quote({"mailboxes": 3}), desk.customer.whole if of_account else desk.customer.package
    desk.provider.end_charges(desk.customer.account, contract, SATURDAY, new_id("key"))
    desk.refuses(ProviderRefused, lambda: desk.quote({"mailboxes": 3}), "have ended. Nothing can be ordered")
    desk.refuses(QuoteExpired, lambda: desk.order(before), "have ended")
    for name in ("mailboxes", "hosting package", "load balancers"):
        desk.provider.delete_service(desk.customer.account, desk.customer.services[name], new_id("key"))
        desk.clock.advance(seconds=31)
    desk.provider.close_contract(desk.customer.account, contract, new_id("key"))
    desk.refuses(ProviderRefused, lambda: desk.quote({"mailboxes": 3}), "has ended. Nothing can be ordered")
    desk.refuses(QuoteExpired, lambda: desk.order(before), "has ended")
    assert desk.provider.options(desk.customer.account, desk.customer.package) == []


def test_a_price_that_changed_makes_the_quote_expire(desk: Desk) -> None:
    quote = desk.quote({"sharepoint-space": 1})
    try:
        with desk.db.write() as session:
            session.get_one(PriceRow, ("SharePoint space", "USD")).unit_price = 801
        desk.refuses(QuoteExpired, lambda: desk.order(quote), "prices or credit have changed")
        assert desk.quote({"sharepoint-space": 1}).lines[0].unit_price == Money(801, "USD")
    finally:
        with desk.db.write() as session:
            session.get_one(PriceRow, ("SharePoint space", "USD")).unit_price = 800


def test_quotes_that_nobody_can_order_any_more_go(desk: Desk) -> None:
    swept, _ = (desk.quote({"mailboxes": wanted}) for wanted in (3, 4))
    desk.clock.advance(minutes=31)
    kept = desk.quote({"mailboxes": 5})
    with desk.db.read() as session:
        ids = [row.id for row in session.query(QuoteRow).where(QuoteRow.account_id == desk.customer.account)]
    assert ids == [kept.id]
    desk.refuses(QuoteExpired, lambda: desk.order(swept), "The quote has expired")
