"""Orders that come at the same moment: one after the other, each against what the other left."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from tests.providers.customers import Desk, add_domain
from wizard.db import Database
from wizard.errors import NotFound, ProviderError, ProviderRefused, ProviderUnavailable, QuoteExpired, WizardError
from wizard.providers.embedded import invoicing, tasks
from wizard.providers.embedded.tables import AccountRow, new_id


def at_once(*calls: Callable[[], object], unavailable: bool = False) -> list[object]:
    """What each answers or raises. Anything that we do not raise on purpose ends the test."""
    gate, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        gate.wait(30)
        try:
            found[place] = call()
        except BaseException as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    strange = [one for one in found if isinstance(one, BaseException) and not isinstance(one, WizardError)]
    assert not strange, strange
    assert unavailable or not any(isinstance(one, ProviderUnavailable) for one in found), "nobody waits in a ring"
    return found


@pytest.fixture
def desk(orders_db: Database) -> Desk:
    return Desk(orders_db)


def refused(found: list[object]) -> list[object]:
    return [one for one in found if isinstance(one, WizardError)]


def sum_of_month(desk: Desk) -> int:
    desk.clock.advance(seconds=1)
    usage = desk.provider.usage(desk.customer.account, date(2026, 11, 1)).items
    return sum(one.amount.minor for one in usage if "load balancers" not in one.service)


def test_of_two_orders_for_one_contract_one_is_done_and_the_other_has_expired(desk: Desk) -> None:
    before = sum_of_month(desk)
    quotes = [desk.quote({"mailboxes": wanted}) for wanted in (3, 4, 5, 6)]
    found = at_once(*(lambda quote=quote: desk.order(quote) for quote in quotes))
    assert [type(one) for one in refused(found)] == [QuoteExpired] * 3
    (done,) = [quote for quote, one in zip(quotes, found, strict=True) if isinstance(one, str)]
    assert sum_of_month(desk) - before == done.total.minor
    assert [one.total for one in desk.bills()] == [done.total]


def test_one_key_asked_for_many_times_at_once_is_one_order(desk: Desk) -> None:
    before, quote, key = sum_of_month(desk), desk.quote({"mailboxes": 3}), new_id("key")
    found = at_once(*[lambda: desk.order(quote, key)] * 5)
    assert len(set(found)) == 1 and isinstance(found[0], str)
    assert sum_of_month(desk) - before == quote.total.minor


def test_an_order_and_the_deletion_of_its_service_do_not_both_count(desk: Desk) -> None:
    before, quote = sum_of_month(desk), desk.quote({"mailboxes": 5})
    mailboxes = desk.customer.services["mailboxes"]
    ordered, _ = at_once(
        lambda: desk.order(quote),
        lambda: desk.provider.delete_service(desk.customer.account, mailboxes, new_id("key")),
    )
    desk.clock.advance(minutes=1)
    assert isinstance(ordered, str | QuoteExpired)
    assert sum_of_month(desk) - before == -667, "as long as there are 2 of them, and then none, or 5, and then none"
    with pytest.raises(NotFound):
        desk.provider.service(desk.customer.account, mailboxes)


def test_credit_is_used_once_by_orders_for_two_contracts(desk: Desk) -> None:
    desk.order(desk.quote({"mailboxes": 1}))
    desk.clock.advance(minutes=1)
    other = add_domain(desk.db, desk.customer, "second.example")
    quotes = [desk.quote({"mailboxes": 2}), desk.quote({"hosting-package": 1}, other)]
    assert [quote.credit_used.minor for quote in quotes] == [333, 333]
    found = at_once(*(lambda quote=quote: desk.order(quote) for quote in quotes))
    assert [type(one) for one in refused(found)] == [QuoteExpired]
    assert desk.provider.credit(desk.customer.account).minor == 0


def test_quotes_at_any_time_wait_for_nobody_for_long(desk: Desk) -> None:
    """Quotes sweep up what has expired, which an order may be looking at."""
    old = desk.quote({"mailboxes": 3})
    desk.clock.advance(minutes=31)

    def type_and_order() -> None:
        for wanted in range(3, 9):
            desk.quote({"mailboxes": wanted})
            with pytest.raises(QuoteExpired):
                desk.order(old)

    assert at_once(*[type_and_order] * 4) == [None] * 4


@pytest.mark.full
def test_a_quote_that_sweeps_up_and_an_order_of_what_is_swept_do_not_wait_in_a_ring(desk: Desk) -> None:
    """The order begins just when the quote has deleted the row that it is for."""
    old, found = desk.quote({"mailboxes": 3}), []
    desk.clock.advance(minutes=31)
    order = threading.Thread(target=lambda: found.extend(at_once(lambda: desk.order(old))))

    def begin(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("DELETE FROM embedded_quote") and not order.ident:
            order.start()
            order.join(1)  # it waits by now, for the account

    event.listen(desk.db.engine, "after_cursor_execute", begin)
    try:
        desk.quote({"mailboxes": 4})
    finally:
        event.remove(desk.db.engine, "after_cursor_execute", begin)
    order.join(30)
    assert [type(one) for one in found] == [QuoteExpired]


def test_a_key_at_two_accounts_at_once_is_one_of_theirs(orders_db: Database) -> None:
    desks, key = [Desk(orders_db) for _ in "ab"], new_id("key")
    quotes = [desk.quote({"mailboxes": 3}) for desk in desks]
    calls = [lambda desk=desk, quote=quote: desk.order(quote, key) for desk, quote in zip(desks, quotes, strict=True)]
    found = at_once(*calls, unavailable=True)  # both had begun: one is told to try again
    for call in calls:
        try:
            found.append(call())
        except ProviderError as error:
            assert type(error) is ProviderRefused and "something else" in str(error)
    counts = sorted(len(desk.bills()) for desk in desks)
    assert counts == [0, 1]


def test_a_task_that_waits_while_its_month_is_invoiced_belongs_to_the_next(desk: Desk) -> None:
    account = desk.customer.account
    with desk.db.write() as session:
        tasks.add_prices(session)
    task = desk.provider.tasks(account)[0]
    desk.clock.now = datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)  # in Chicago the last second of November
    waiting = threading.Thread(target=desk.provider.order_task, args=(account, task.id, task.price, new_id("key")))
    with desk.db.write() as session:
        row = session.get_one(AccountRow, account, with_for_update=True)
        waiting.start()
        waiting.join(0.2)
        desk.clock.advance(seconds=1)
        invoicing.issue(session, row, desk.clock())
    waiting.join(60)
    desk.clock.advance(days=31)
    lines = [
        (one.month, line.amount)
        for one in desk.provider.invoices(account).items
        for line in one.lines
        if line.name == task.name
    ]
    assert lines == [(date(2026, 12, 1), task.price)]


@pytest.mark.full
def test_a_crowd_of_orders_is_charged_for_what_was_done(desk: Desk) -> None:
    before, done = sum_of_month(desk), []

    def buy() -> None:
        for wanted in (3, 4, 2, 5):
            try:
                quote = desk.quote({"mailboxes": wanted})
                desk.order(quote)
                done.append(quote.total.minor)
            except ProviderRefused:
                continue

    at_once(*[buy] * 6)
    assert sum_of_month(desk) - before == sum(done)
    invoices = desk.bills()
    assert sorted(one.total.minor for one in invoices) == sorted(done)
    assert desk.provider.credit(desk.customer.account).minor >= 0
