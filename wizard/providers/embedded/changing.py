"""What an order does to the services: they get new totals, come and go, and what arises of it is written down."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.metering import Charge, Charging, hour_of
from wizard.account.periods import local_day
from wizard.money import Money
from wizard.providers.billing import QuoteLine
from wizard.providers.embedded import options, usage
from wizard.providers.embedded.tables import AccountRow, ContractRow, PriceRow, ServiceRow, UsageRow, new_id

INSTANT = timedelta(microseconds=1)
"""What arises at an instant has arisen by the next one."""


def apply(session: Session, account: AccountRow, contract: ContractRow, line: QuoteLine, now: datetime) -> str:
    """Change the service's total, or add the service. Returns its id."""
    row = options.services_by_option(session, account, contract, now).get(line.option_id)
    if row is None:
        row = _new_service(session, account, contract, line, now)
    if line.charging is Charging.IN_ADVANCE:
        _charge_in_advance(session, account, row, line, now)
    else:
        _charge_in_arrears(session, account, row, line, now)
    row.quantity = line.new or row.quantity
    row.deleted_at = None if line.new else now
    return row.id


def _charge_in_advance(session: Session, account: AccountRow, row: ServiceRow, line: QuoteLine, now: datetime) -> None:
    """What was quoted, after all that the old total has come to, up to this very instant: at the first
    midnight of a month, the whole month."""
    if line.old:
        usage.meter(session, account, row, now + INSTANT)
    day = local_day(now, account.timezone)
    change = Charge(day, now, now, line.new - line.old, line.amount, is_credit=line.new < line.old)
    usage.record(session, account, row.id, [change], joined=True)
    row.metered_until = max(row.metered_until, now + INSTANT)


def _charge_in_arrears(session: Session, account: AccountRow, row: ServiceRow, line: QuoteLine, now: datetime) -> None:
    """The present hour was charged for what was there; what is added within it is charged for it as well.

    An hour of which nothing is written down by itself, because it began before charges went on or a month
    was metered in the midst of it, is charged for no more than it was.
    """
    hour = hour_of(row.created_at, now)
    usage.meter(session, account, row, hour)
    usage.meter(session, account, row, now)
    charged = session.scalar(
        select(func.sum(UsageRow.quantity)).where(UsageRow.service_id == row.id, UsageRow.starts_at >= hour)
    )
    if charged and line.new > charged:
        more = int(line.new - charged)
        price = Money(row.unit_price, account.currency)
        added = Charge(local_day(now, account.timezone), now, now, more, price * more)
        usage.record(session, account, row.id, [added], joined=True)
        row.metered_until = max(row.metered_until, now + INSTANT)


def _new_service(
    session: Session, account: AccountRow, contract: ContractRow, line: QuoteLine, now: datetime
) -> ServiceRow:
    price = next(
        one for one in options.prices(session, account, contract) if options.option_id(one.kind) == line.option_id
    )
    last = session.scalar(select(func.max(ServiceRow.position)).where(ServiceRow.account_id == account.id))
    row = ServiceRow(
        id=new_id("sv"),
        account_id=account.id,
        contract_id=None if contract.is_account else contract.id,
        position=0 if last is None else last + 1,
        name=f"{price.name}, {contract.place}" if contract.place else price.name,
        kind=price.kind,
        place=contract.place or price.name,
        quantity=line.new,
        charging=price.charging,
        unit_price=price.unit_price,
        stands_on=_base(session, account, contract, price, now),
        data="",
        created_at=now,
        metered_until=now,
    )
    session.add(row)
    session.flush()
    return row


def _base(session: Session, account: AccountRow, contract: ContractRow, price: PriceRow, now: datetime) -> str | None:
    base = options.services(session, account, contract, now).get(price.needs)
    return base.id if base else None
