"""Monthly invoices: one for each calendar month in which something arose, issued when that month is over,
by whoever asks first, and never changed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.forecast import Running, arising
from wizard.account.invoicing import Bill, Line, bill, service_lines
from wizard.account.periods import Period, day_start, local_day, month
from wizard.money import Money
from wizard.providers.embedded import accrual, credit
from wizard.providers.embedded.tables import (
    AccountRow,
    InvoiceLineRow,
    InvoiceRow,
    ItemRow,
    ServiceRow,
    UsageMonthRow,
)


def is_due(session: Session, account: AccountRow, now: datetime) -> bool:
    """There is a month to invoice."""
    return bool(_due(session, account, now))


def issue(session: Session, account: AccountRow, now: datetime) -> None:
    """Issue what is due. account: locked, so that it is done once."""
    for one in _due(session, account, now):
        number = f"{account.alias}-{one.period.start:%Y-%m}"
        session.add(
            InvoiceRow(
                number=number,
                account_id=account.id,
                issued_on=one.period.end,
                due_on=month(one.period.end).last_day,
                total=one.total.minor,
                paid_on=one.period.end if one.is_settled else None,
                credit_used=one.credit_used.minor,
                month=one.period.start,
            )
        )
        session.flush()
        for position, line in enumerate(one.lines):
            session.add(
                InvoiceLineRow(
                    number=number,
                    position=position,
                    service_id=line.service or None,
                    name=line.name,
                    explanation=line.explanation,
                    amount=line.amount.minor,
                )
            )
        credit.settle(session, account, one.total.minor, one.credit_used.minor, number, now)
    session.flush()


def overcharged(session: Session, account: AccountRow, services: Sequence[Running]) -> list[Line]:
    """What the invoices so far have charged too much, because an end became known after its month: as
    a line of the next one. None is ever charged more afterwards."""
    first, last = _invoiced(session, account)
    if first is None or last is None:
        return []
    until = month(last).end
    starts, ends = (day_start(day, account.timezone) for day in (first, until))
    if not any(free < ends for one in services for free, _ in one.free):
        return []
    arisen = sum(
        entry.amount.minor
        for one in services
        for entry in arising(one, ends, account.timezone)
        if first <= entry.day < until
    )
    for found in (
        select(func.sum(UsageMonthRow.amount)).where(
            UsageMonthRow.account_id == account.id, UsageMonthRow.month >= first, UsageMonthRow.month < until
        ),
        select(func.sum(ItemRow.amount)).where(
            ItemRow.account_id == account.id, ItemRow.at >= starts, ItemRow.at < ends
        ),
    ):
        arisen += int(session.scalar(found) or 0)
    order_of_the_time = InvoiceRow.month.is_(None) & (InvoiceRow.issued_on >= first) & (InvoiceRow.issued_on < until)
    invoiced = session.scalar(
        select(func.sum(InvoiceRow.total)).where(
            InvoiceRow.account_id == account.id, InvoiceRow.month.is_not(None) | order_of_the_time
        )
    )
    if arisen >= int(invoiced or 0):
        return []
    why = "Charges had ended before, which became known after the invoice"
    return [Line("Correction of earlier invoices", why, Money(arisen - int(invoiced or 0), account.currency))]


def _due(session: Session, account: AccountRow, now: datetime) -> list[Bill]:
    """The invoices of the months that are over and have none, oldest first."""
    zone, present = account.timezone, month(local_day(now, account.timezone))
    _, last = _invoiced(session, account)
    first = month(last).end if last else _first_month(session, account, present.start)
    if first >= present.start:
        return []
    services = accrual.running(session, account)
    over = day_start(present.start, zone)
    entries = accrual.written(session, account, first)
    entries += [entry for one in services for entry in arising(one, over, zone)]
    correction = overcharged(session, account, services)
    left, bills = Money(credit.balance(session, account), account.currency), []
    for period in _months(first, present.start):
        lines = service_lines((one.service for one in services), entries, period)
        lines += [*accrual.other_lines(session, account, period), *(correction if period.start == first else [])]
        if lines:
            bills.append(bill(period, lines, left))
            left = bills[-1].credit_left(left)
    return bills


def _invoiced(session: Session, account: AccountRow) -> tuple[date | None, date | None]:
    """The first and the last month that have an invoice."""
    found = select(func.min(InvoiceRow.month), func.max(InvoiceRow.month)).where(InvoiceRow.account_id == account.id)
    first, last = session.execute(found).one()
    return first, last


def _first_month(session: Session, account: AccountRow, otherwise: date) -> date:
    """In which the account's first service or item began."""
    began = [
        session.scalar(select(func.min(column)).where(owner == account.id))
        for column, owner in ((ServiceRow.created_at, ServiceRow.account_id), (ItemRow.at, ItemRow.account_id))
    ]
    days = [local_day(one, account.timezone) for one in began if one]
    return min(days).replace(day=1) if days else otherwise


def _months(first: date, until: date) -> list[Period]:
    periods = []
    while first < until:
        periods.append(month(first))
        first = periods[-1].end
    return periods
