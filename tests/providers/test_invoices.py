"""What every provider must do: a month that is over is invoiced once, and an invoice never changes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.helpers.clock import SetClock
from tests.providers.subject import Subject, named, usage_of
from wizard.account.periods import day_start
from wizard.db import Database
from wizard.errors import NotFound
from wizard.money import Money, total
from wizard.providers.billing import Invoice
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.tables import AccountRow, CreditRow, InvoiceRow, ItemRow
from wizard.providers.values import every

CHICAGO = "America/Chicago"


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def invoices_of(subject: Subject, account: str) -> list[Invoice]:
    return every(lambda after: subject.provider.invoices(account, after))


def lines_of(invoice: Invoice) -> list[tuple[str, str, int]]:
    return [(line.name, line.explanation, line.amount.minor) for line in invoice.lines]


def order(subject: Subject, domain: str, **totals: int) -> str:
    account = subject.in_advance
    contract = next(one.id for one in subject.provider.contracts(account) if domain in one.name)
    quote = subject.provider.quote(account, contract, totals)
    method = subject.provider.payment_methods(account)[0].id
    return subject.provider.order(account, quote.id, method, f"{domain} {totals} {subject.clock()}").result


def test_past_months_have_invoices_whose_lines_make_their_sum(subject: Subject) -> None:
    for account in (subject.in_arrears, subject.in_advance):
        found = invoices_of(subject, account)
        assert [one.month for one in found] == [date(2026, month, 1) for month in (10, 9, 8)]
        for one in found:
            assert one.lines and total((line.amount for line in one.lines), "USD") == one.total
            assert one.credit_used == usd(0) and one.issued_on == (one.month + timedelta(days=31)).replace(day=1)
    october = invoices_of(subject, subject.in_arrears)[0]
    assert lines_of(october)[1] == ("VA1FERNWEB01", "744 hours × 0.05", 3720)
    assert lines_of(invoices_of(subject, subject.in_advance)[0])[1] == (
        "Mailboxes, larkspurbooks.example",
        "3 × 10.00",
        3000,
    )


def test_a_month_is_invoiced_when_it_is_over_and_stays_open_until_it_is_due(subject: Subject) -> None:
    subject.clock.now = day_start(date(2026, 12, 1), CHICAGO) - timedelta(seconds=1)
    assert len(invoices_of(subject, subject.in_advance)) == 3
    subject.clock.advance(seconds=1)
    newest = invoices_of(subject, subject.in_advance)[0]
    assert (newest.number, newest.month) == ("LARK-2026-11", date(2026, 11, 1))
    assert (newest.issued_on, newest.due_on, newest.paid_on) == (date(2026, 12, 1), date(2026, 12, 31), None)
    assert newest.total == usd(8800)


def test_several_months_that_nobody_asked_about_are_invoiced_one_by_one(subject: Subject) -> None:
    subject.clock.advance(days=100)
    found = invoices_of(subject, subject.in_arrears)
    assert [one.number for one in found[:4]] == ["FERN-2027-02", "FERN-2027-01", "FERN-2026-12", "FERN-2026-11"]
    usage = usage_of(subject.provider, subject.in_arrears, date(2026, 8, 1))
    for one in found:
        assert one.total == total((line.amount for line in usage if line.month == one.month), "USD")
    assert invoices_of(subject, subject.in_arrears) == found


def test_what_was_invoiced_with_an_order_is_not_billed_again(subject: Subject) -> None:
    first = order(subject, "larkspurpress", mailboxes=3)
    subject.clock.advance(days=2)
    second = order(subject, "larkspurbooks", mailboxes=5)
    subject.clock.now = day_start(date(2026, 12, 1), CHICAGO)
    monthly, *orders = invoices_of(subject, subject.in_advance)[:3]
    assert (first, second) == ("LARK-2026-11-01", "LARK-2026-11-02")
    assert lines_of(monthly)[-1] == ("Invoiced with orders", "LARK-2026-11-01, LARK-2026-11-02", -333 - 533)
    assert ("Mailboxes, larkspurpress.example", "2 × 10.00, 1 × 10.00 × 10 of 30 days", 2333) in lines_of(monthly)
    assert monthly.total == usd(8800) and {one.month for one in orders} == {None}


def test_an_order_on_the_first_belongs_to_the_month_that_begins(subject: Subject) -> None:
    subject.clock.now = day_start(date(2026, 12, 1), CHICAGO) + timedelta(minutes=5)
    order(subject, "larkspurpress", mailboxes=3)
    subject.clock.now = day_start(date(2027, 1, 1), CHICAGO)
    december, ordered, november = invoices_of(subject, subject.in_advance)[:3]
    assert (ordered.number, ordered.total) == ("LARK-2026-12-01", usd(1000))
    assert november.total == december.total == usd(8800)
    assert lines_of(december)[-1] == ("Invoiced with orders", "LARK-2026-12-01", -1000)


def test_an_order_that_gave_credit_is_not_credited_again(subject: Subject) -> None:
    order(subject, "larkspurbooks", mailboxes=0)
    assert subject.provider.credit(subject.in_advance) == usd(1000)
    subject.clock.now = day_start(date(2026, 12, 1), CHICAGO)
    newest = invoices_of(subject, subject.in_advance)[0]
    assert lines_of(newest)[-1] == ("Invoiced with orders", "LARK-2026-11-01", 1000)
    assert (newest.total, newest.credit_used, newest.paid_on) == (usd(8800), usd(1000), None)
    assert subject.provider.credit(subject.in_advance) == usd(0)


@pytest.mark.parametrize("first", ["invoices", "credit", "order", "forecast"])
def test_whoever_asks_first_has_the_month_invoiced(subject: Subject, first: str) -> None:
    order(subject, "larkspurbooks", mailboxes=0)
    subject.clock.now = day_start(date(2026, 12, 3), CHICAGO)
    account = subject.in_advance
    if first == "order":
        order(subject, "larkspurpress", mailboxes=3)
    elif first == "forecast":
        whole = subject.provider.contracts(account)[0].id
        assert [one.month for one in subject.provider.forecast(account, whole, subject.clock()).invoices] == [
            date(2026, 12, 1)
        ]
    else:
        getattr(subject.provider, first)(account)
    assert subject.provider.credit(account) == usd(0), "the invoice has used it before anything else could"
    assert "LARK-2026-11" in [one.number for one in invoices_of(subject, account)]


def test_an_invoice_that_has_become_credit_counts_as_paid(subject: Subject) -> None:
    subject.clock.now = day_start(date(2026, 12, 1), CHICAGO)
    provider, account = subject.provider, subject.in_advance
    provider.invoices(account)
    whole = provider.contracts(account)[0]
    provider.end_charges(account, whole.id, day_start(date(2026, 11, 21), CHICAGO), "told late")
    subject.clock.now = day_start(date(2027, 1, 1), CHICAGO)
    newest, november = invoices_of(subject, account)[:2]
    assert november.total == usd(8800), "what was issued does not change"
    why = "Charges had ended before, which became known after the invoice"
    assert lines_of(newest) == [("Correction of earlier invoices", why, -2934)]
    assert (newest.total, newest.paid_on) == (usd(-2934), date(2027, 1, 1))
    assert provider.credit(account) == usd(2934)
    subject.clock.advance(days=60)
    assert len(invoices_of(subject, account)) == 5, "nothing is corrected twice"


def test_a_closed_month_without_anything_has_no_invoice(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    provider.end_charges(account, provider.contracts(account)[0].id, subject.clock(), "end")
    subject.clock.advance(days=200)
    assert invoices_of(subject, account)[0].number == "FERN-2026-11"


def test_what_is_there_is_not_asked_for_by_writing(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    provider, account = subject.provider, subject.in_arrears
    provider.invoices(account)
    monkeypatch.setattr(Database, "write", None)
    whole = provider.contracts(account)[0].id
    assert provider.invoices(account).items and provider.credit(account) == usd(0)
    assert provider.forecast(account, whole, subject.clock()).invoices


def test_another_accounts_forecast_is_not_found(subject: Subject) -> None:
    other = subject.provider.contracts(subject.in_advance)[0].id
    for account, contract in ((subject.in_arrears, other), ("ac_unknown", other), (subject.in_arrears, "ct_unknown")):
        with pytest.raises(NotFound):
            subject.provider.forecast(account, contract, subject.clock())


@dataclass
class Embedded:
    """The embedded provider with what only it can be told: items and credit."""

    db: Database
    clock: SetClock

    @property
    def account(self) -> str:
        with self.db.read() as session:
            return session.scalars(select(AccountRow.id).where(AccountRow.alias == "LARK")).one()

    @property
    def provider(self) -> EmbeddedProvider:
        return EmbeddedProvider(self.db, self.clock)

    def add(self, *rows: object) -> None:
        with self.db.write() as session:
            session.add_all(rows)


def test_a_service_task_stands_on_the_months_invoice_once(any_db: Database, clock: SetClock) -> None:
    one = Embedded(any_db, clock)
    one.add(ItemRow(id="it_1", account_id=one.account, at=clock(), name="Copy of a disk", amount=4900))
    one.add(CreditRow(account_id=one.account, at=clock(), amount=1500, why="goodwill"))
    contract = one.provider.contracts(one.account)[0].id
    told = one.provider.forecast(one.account, contract, day_start(date(2026, 12, 1), CHICAGO))
    assert [(line.name, line.amount) for line in told.invoices[0].lines][-1] == ("Copy of a disk", usd(4900))
    assert (told.invoices[0].total, told.invoices[0].credit_used, told.credit_left) == (usd(13700), usd(1500), usd(0))
    clock.now = day_start(date(2027, 1, 1), CHICAGO)
    december, november = one.provider.invoices(one.account).items[:2]
    assert (november.total, november.credit_used) == (usd(13700), usd(1500))
    assert december.total == usd(8800)


def test_many_that_ask_at_once_have_it_invoiced_once(any_db: Database, clock: SetClock) -> None:
    one = Embedded(any_db, clock)
    account, provider = one.account, one.provider
    one.add(CreditRow(account_id=account, at=clock(), amount=1500, why="goodwill"))
    clock.advance(days=45)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: provider.invoices(account).items, range(16)))
    assert all(answer == answers[0] for answer in answers)
    with any_db.read() as session:
        for table, number in ((InvoiceRow, 5), (CreditRow, 2)):
            assert session.scalar(select(func.count()).select_from(table).where(table.account_id == account)) == number


def test_a_service_that_was_deleted_earlier_in_the_month_is_on_the_forecast(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    provider.delete_service(account, named(subject, account, "VA1FERNSQL01"), "k")
    subject.clock.advance(days=3)
    whole = provider.contracts(account)[0].id
    (told,) = provider.forecast(account, whole, subject.clock()).invoices
    (line,) = [line for line in told.lines if line.name == "VA1FERNSQL01"]
    assert told.is_final and line.explanation.endswith(" hours × 0.12")
    usage = usage_of(provider, account, date(2026, 11, 1))
    assert told.total == total((one.amount for one in usage if one.month == date(2026, 11, 1)), "USD")
