"""The usage history: what was metered day by day, and what has arisen since."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.metering import Charging, charged_spans, charges
from wizard.account.periods import month
from wizard.money import Money
from wizard.providers.embedded.inventory import free_spans, plan
from wizard.providers.embedded.tables import AccountRow, ServiceRow, UsageRow
from wizard.providers.values import UsageLine

Key = tuple[date, str, bool]
"""Month, service, is it a credit."""


def lines(session: Session, account: AccountRow, since: date, now: datetime) -> list[UsageLine]:
    """A line for each month, service and sign, newest month first, services in their order."""
    first = month(since).start
    rows = {row.id: row for row in session.scalars(select(ServiceRow).where(ServiceRow.account_id == account.id))}
    sums: dict[Key, list[int]] = {}
    for key, quantity, amount in [*_metered(session, account.id, first), *_since_metered(session, account, rows, now)]:
        if key[0] >= first:
            line = sums.setdefault(key, [0, 0])
            line[0] += quantity
            line[1] += amount
    found = [_line(key, quantity, amount, rows[key[1]], account.currency) for key, (quantity, amount) in sums.items()]
    return sorted(found, key=lambda line: (-line.month.toordinal(), rows[line.service_id].position, -line.amount.minor))


def _metered(session: Session, account_id: str, first: date) -> Iterator[tuple[Key, int, int]]:
    rows = session.execute(
        select(
            UsageRow.day,
            UsageRow.service_id,
            UsageRow.is_credit,
            func.sum(UsageRow.quantity),
            func.sum(UsageRow.amount),
        )
        .where(UsageRow.account_id == account_id, UsageRow.day >= first)
        .group_by(UsageRow.day, UsageRow.service_id, UsageRow.is_credit)
    )
    for day, service_id, is_credit, quantity, amount in rows:
        yield (month(day).start, service_id, is_credit), int(quantity), int(amount)


def _since_metered(
    session: Session, account: AccountRow, rows: dict[str, ServiceRow], now: datetime
) -> Iterator[tuple[Key, int, int]]:
    free = free_spans(session, account.id)
    for row in rows.values():
        for begins, ends in charged_spans(row.created_at, row.deleted_at, free(row)):
            part = plan(row, account, begins, ends)
            for charge in charges(part, row.metered_until, now, account.timezone):
                yield (month(charge.day).start, row.id, charge.is_credit), charge.quantity, charge.amount.minor


def _line(key: Key, quantity: int, amount: int, row: ServiceRow, currency: str) -> UsageLine:
    unit = "hours" if row.charging == Charging.IN_ARREARS else "units"
    name = f"{row.name}, credit for unused days" if key[2] else row.name
    return UsageLine(key[0], row.id, name, row.place, quantity, unit, Money(amount, currency))
