"""What arises on an account, as the rules of invoices and forecasts take it: its services, what is
written down of them, and what else stands on the invoice of a month."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.forecast import Running
from wizard.account.invoicing import Entry, Line, Priced
from wizard.account.metering import Charging
from wizard.account.periods import Period, day_start, local_day
from wizard.money import Money
from wizard.providers.embedded.inventory import free_spans, plan
from wizard.providers.embedded.tables import (
    AccountRow,
    ContractRow,
    InvoiceLineRow,
    InvoiceRow,
    ItemRow,
    ServiceRow,
    UsageMonthRow,
    UsageRow,
)


def running(session: Session, account: AccountRow, contract: ContractRow | None = None) -> list[Running]:
    """All services that ever were, in their order. contract: only those of its scope."""
    found = select(*ServiceRow.__table__.c).where(
        ServiceRow.account_id == account.id, ServiceRow.charging != Charging.UNBILLED
    )
    if contract and not contract.is_account:
        found = found.where(ServiceRow.contract_id == contract.id)
    free = free_spans(session, account.id)
    return [
        Running(
            Priced(row.id, row.name, Charging(row.charging), Money(row.unit_price, account.currency)),
            plan(row, account, row.created_at, row.deleted_at),
            free(row),
            row.metered_until,
        )
        for row in session.execute(found.order_by(ServiceRow.position))
    ]


def written(session: Session, account: AccountRow, since: date) -> list[Entry]:
    """What is written down from the month of `since` on: each change in advance, the months' sums in arrears."""
    by_month = session.execute(
        select(UsageMonthRow.service_id, UsageMonthRow.month, UsageMonthRow.quantity, UsageMonthRow.amount)
        .join(ServiceRow, ServiceRow.id == UsageMonthRow.service_id)
        .where(UsageMonthRow.account_id == account.id, UsageMonthRow.month >= since.replace(day=1))
        .where(ServiceRow.charging == Charging.IN_ARREARS)
    )
    entries = [Entry(row.service_id, row.month, row.quantity, Money(row.amount, account.currency)) for row in by_month]
    changes = session.scalars(
        select(UsageRow)
        .join(ServiceRow, ServiceRow.id == UsageRow.service_id)
        .where(ServiceRow.account_id == account.id, ServiceRow.charging == Charging.IN_ADVANCE)
        .where(UsageRow.starts_at >= day_start(since.replace(day=1), account.timezone))
    )
    for row in changes:
        day, amount = local_day(row.starts_at, account.timezone), Money(row.amount, account.currency)
        entries.append(Entry(row.service_id, day, row.quantity, amount, row.is_credit))
    return entries


def other_lines(
    session: Session, account: AccountRow, period: Period, contract: ContractRow | None = None
) -> list[Line]:
    """What stands on a month's invoice besides its services: items, and what was invoiced with orders.

    contract: only what is of its scope; items belong to the account as a whole.
    """
    lines = [] if contract and not contract.is_account else _items(session, account, period)
    orders = (
        select(InvoiceRow.number, func.sum(InvoiceLineRow.amount))
        .join(InvoiceLineRow, InvoiceLineRow.number == InvoiceRow.number)
        .where(InvoiceRow.account_id == account.id, InvoiceRow.month.is_(None))
        .where(InvoiceRow.issued_on >= period.start, InvoiceRow.issued_on < period.end)
        .group_by(InvoiceRow.number)
        .order_by(InvoiceRow.number)
    )
    if contract and not contract.is_account:
        orders = orders.join(ServiceRow, ServiceRow.id == InvoiceLineRow.service_id).where(
            ServiceRow.contract_id == contract.id
        )
    found = [(number, int(amount)) for number, amount in session.execute(orders) if amount]
    if found:
        numbers, amount = ", ".join(number for number, _ in found), -sum(amount for _, amount in found)
        lines.append(Line("Invoiced with orders", numbers, Money(amount, account.currency)))
    return lines


def _items(session: Session, account: AccountRow, period: Period) -> list[Line]:
    starts, ends = (day_start(day, account.timezone) for day in (period.start, period.end))
    rows = session.scalars(
        select(ItemRow)
        .where(ItemRow.account_id == account.id, ItemRow.at >= starts, ItemRow.at < ends)
        .order_by(ItemRow.at, ItemRow.id)
    )
    return [Line(row.name, "Charged once", Money(row.amount, account.currency)) for row in rows]
