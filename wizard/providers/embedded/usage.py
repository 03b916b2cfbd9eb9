"""The usage history: records are written with the sums of their months, and months are read; what has
arisen since is worked out."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain

from sqlalchemy import Insert, Row, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from wizard.account.metering import Charge, Charging, charged_spans, charges
from wizard.account.periods import month
from wizard.money import Money
from wizard.providers.embedded.inventory import free_spans, plan
from wizard.providers.embedded.tables import AccountRow, ServiceRow, UsageMonthRow, UsageRow
from wizard.providers.values import UsageLine

Key = tuple[date, str, bool]
"""Month, service, is it a credit."""
_KEY = ("month", "service_id", "is_credit")


_RECORDS, _MONTHS = UsageRow.__table__, UsageMonthRow.__table__
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def record(
    session: Session, account: AccountRow, service_id: str, charges: Iterable[Charge], joined: bool = False
) -> None:
    """Write usage records, and add them to the sums of their months in the same transaction.

    Raises IntegrityError where one of them was written before; then none of them may be kept.
    joined: what arises at one instant is one record, whatever was written of it before.
    """
    records: list[dict[str, object]] = []
    sums: dict[Key, list[int]] = {}
    for charge in charges:
        _add(sums, (charge.day.replace(day=1), service_id, charge.is_credit), charge.quantity, charge.amount.minor)
        records.append(
            {
                "service_id": service_id,
                "starts_at": charge.begins,
                "is_credit": charge.is_credit,
                "seconds": int((charge.ends - charge.begins).total_seconds()),
                "quantity": charge.quantity,
                "amount": charge.amount.minor,
            }
        )
    if not records:
        return
    session.execute(_added(session, _RECORDS) if joined else _RECORDS.insert(), records)
    session.execute(
        _added(session, _MONTHS),
        [
            {**dict(zip(_KEY, key, strict=True)), "account_id": account.id, "quantity": quantity, "amount": amount}
            for key, (quantity, amount) in sums.items()
        ],
    )


def _added(session: Session, table: Table) -> Insert:
    """Insert; quantity and amount are added to what is there."""
    upsert = _INSERT[session.get_bind().dialect.name](table)
    return upsert.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: table.c[name] + upsert.excluded[name] for name in ("quantity", "amount")},
    )


def meter(session: Session, account: AccountRow, row: ServiceRow, until: datetime) -> None:
    """Write down what has arisen of a service up to `until`, so that what changes then changes nothing of it."""
    for begins, ends in charged_spans(row.created_at, row.deleted_at, free_spans(session, account.id)(row)):
        arisen = charges(plan(row, account, begins, ends), row.metered_until, until, account.timezone)
        record(session, account, row.id, arisen)
    row.metered_until = max(row.metered_until, until)


def lines(session: Session, account: AccountRow, since: date, until: date | None, now: datetime) -> list[UsageLine]:
    """A line for each month, service and sign, newest month first, services in their order."""
    first, last = since.replace(day=1), (until or date.max).replace(day=1)
    services = session.execute(select(*ServiceRow.__table__.c).where(ServiceRow.account_id == account.id))
    rows = {row.id: row for row in services}
    sums: dict[Key, list[int]] = {}
    metered = _metered(session, account.id, first, last)
    for key, quantity, amount in chain(metered, _since_metered(session, account, rows, now)):
        if first <= key[0] <= last:
            _add(sums, key, quantity, amount)
    found = [_line(key, quantity, amount, rows[key[1]], account.currency) for key, (quantity, amount) in sums.items()]
    return sorted(found, key=lambda line: (-line.month.toordinal(), rows[line.service_id].position, -line.amount.minor))


def _metered(session: Session, account_id: str, first: date, last: date) -> Iterator[tuple[Key, int, int]]:
    rows = session.execute(
        select(*_MONTHS.c).where(UsageMonthRow.account_id == account_id, UsageMonthRow.month.between(first, last))
    )
    for row in rows:
        yield (row.month, row.service_id, row.is_credit), row.quantity, row.amount


def _since_metered(
    session: Session, account: AccountRow, rows: dict[str, Row], now: datetime
) -> Iterator[tuple[Key, int, int]]:
    free = free_spans(session, account.id)
    for row in rows.values():
        for begins, ends in charged_spans(row.created_at, row.deleted_at, free(row)):
            part = plan(row, account, begins, ends)
            for charge in charges(part, row.metered_until, now, account.timezone):
                yield (month(charge.day).start, row.id, charge.is_credit), charge.quantity, charge.amount.minor


def _add(sums: dict[Key, list[int]], key: Key, quantity: int, amount: int) -> None:
    line = sums.setdefault(key, [0, 0])
    line[0] += quantity
    line[1] += amount


def _line(key: Key, quantity: int, amount: int, row: Row, currency: str) -> UsageLine:
    unit = "hours" if row.charging == Charging.IN_ARREARS else "units"
    what = "hours" if row.charging == Charging.IN_ARREARS else "days"
    name = f"{row.name}, credit for unused {what}" if key[2] else row.name
    return UsageLine(key[0], row.id, name, row.place, quantity, unit, Money(amount, currency))
