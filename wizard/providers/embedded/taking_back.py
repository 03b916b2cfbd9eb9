"""An end of charges that becomes known late: what was written down since is credited."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from wizard.account.metering import Charge, Charging, charged_spans, hours_begun
from wizard.account.periods import day_start, local_day, month
from wizard.account.proration import prorate
from wizard.money import Money
from wizard.providers.embedded import usage
from wizard.providers.embedded.inventory import free_spans
from wizard.providers.embedded.tables import AccountRow, ContractRow, ServiceRow, UsageRow


def written_until(session: Session, contract: ContractRow) -> datetime:
    """Nothing is written down of the contract's services that arose at this instant or later."""
    latest = session.scalar(select(func.max(ServiceRow.metered_until)).where(_scope(contract)))
    return latest or datetime.min.replace(tzinfo=UTC)


def take_back(session: Session, account: AccountRow, contract: ContractRow, at: datetime) -> None:
    """Nothing arises from `at` on, whatever was ordered and written down since; what is written stays, and
    is made up for in its own month. To be called before the end is set: what is free already was taken back."""
    free = free_spans(session, account.id)
    for row in session.scalars(select(ServiceRow).where(_scope(contract), ServiceRow.metered_until > at)).all():
        charged_from = next((start for start, _ in charged_spans(at, None, free(row))), None)
        if charged_from and charged_from < row.metered_until:
            usage.record(session, account, row.id, _credits(session, account, row, charged_from), joined=True)


def _scope(contract: ContractRow) -> ColumnElement[bool]:
    if contract.is_account:
        return ServiceRow.account_id == contract.account_id
    return ServiceRow.contract_id == contract.id


def _credits(session: Session, account: AccountRow, row: ServiceRow, at: datetime) -> list[Charge]:
    """What makes up for the records since `at`, and for the unused days of what there was then."""
    zone, price = account.timezone, Money(row.unit_price, account.currency)
    day = local_day(at, zone)
    units, back = 0, {day: [0, 0]}
    for record in session.scalars(
        select(UsageRow).where(UsageRow.service_id == row.id, UsageRow.starts_at >= day_start(day.replace(day=1), zone))
    ):
        sums = back.setdefault(max(day, local_day(record.starts_at, zone).replace(day=1)), [0, 0])
        if record.starts_at >= at:
            sums[0] -= record.quantity
            sums[1] -= record.amount
        elif row.charging == Charging.IN_ADVANCE:
            units += record.quantity  # the month's so far are what there was at last
        elif hours := _hours_since(record, row, at):
            sums[0] -= hours
            sums[1] -= (price * hours).minor
    back[day][0] -= units
    back[day][1] += prorate(price, -units, day, month(day)).minor
    return [
        Charge(one, start, start, quantity, Money(amount, account.currency), is_credit=True)
        for one, (quantity, amount) in back.items()
        if quantity or amount
        for start in [max(at, day_start(one, zone))]
    ]


def _hours_since(record: UsageRow, row: ServiceRow, at: datetime) -> int:
    """How many of the record's hours began at `at` or later."""
    ends = record.starts_at + timedelta(seconds=record.seconds)
    begun = [hours_begun(row.created_at, instant) for instant in (record.starts_at, at, ends)]
    return record.quantity * (begun[2] - begun[1]) // (begun[2] - begun[0]) if begun[2] > begun[1] else 0
