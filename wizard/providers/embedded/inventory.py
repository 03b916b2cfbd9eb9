"""The services of an account as the border shows them: billed or not, kept and why."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wizard.account import metering
from wizard.account.metering import Charging, Plan, Span
from wizard.account.naming import default_things
from wizard.account.periods import local_day, month
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow, ContractRow, FreeSpan, ServiceRow
from wizard.providers.interface import Service, ServiceState

KEPT = "It comes with the account: it is not billed and cannot be deleted by itself."


def services(session: Session, account: AccountRow, now: datetime) -> list[Service]:
    rows = session.scalars(
        select(ServiceRow)
        .where(ServiceRow.account_id == account.id)
        .where(or_(ServiceRow.deleted_at.is_(None), ServiceRow.deleted_at > now))
        .order_by(ServiceRow.position)
    ).all()
    defaults = default_things(((row.id, row.name, row.stands_on) for row in rows), account.alias)
    free = free_spans(session, account.id)
    return [_service(row, account, now, row.id in defaults, free(row)) for row in rows]


def free_spans(session: Session, account_id: str) -> Callable[[ServiceRow], list[Span]]:
    """When nothing is charged for a service: by its contract, or by the whole account's."""
    found = session.execute(
        select(ContractRow.id, ContractRow.is_account, FreeSpan.starts_at, FreeSpan.ends_at)
        .join(FreeSpan, FreeSpan.contract_id == ContractRow.id)
        .where(ContractRow.account_id == account_id)
    ).all()
    return lambda row: [(start, end) for id_, whole, start, end in found if whole or id_ == row.contract_id]


def plan(row: ServiceRow, account: AccountRow, begins: datetime, ends: datetime | None) -> Plan:
    price = Money(row.unit_price, account.currency)
    return Plan(Charging(row.charging), price, row.quantity, begins, ends)


def _service(row: ServiceRow, account: AccountRow, now: datetime, is_default: bool, free: list[Span]) -> Service:
    today = local_day(now, account.timezone)
    its_plan = plan(row, account, row.created_at, None)
    is_charged = not any(start <= now and (end is None or now < end) for start, end in free)
    nothing = Money(0, account.currency)
    return Service(
        id=row.id,
        name=row.name,
        kind=row.kind,
        place=row.place,
        contract_id=row.contract_id,
        quantity=row.quantity,
        charging=its_plan.charging,
        unit_price=its_plan.unit_price,
        per_month=metering.per_month(its_plan, month(today), account.timezone) if is_charged else nothing,
        credit_today=metering.credit_if_removed(its_plan, today) if is_charged else nothing,
        state=ServiceState.DELETING if row.deleted_at else ServiceState.ACTIVE,
        stands_on=row.stands_on,
        data=row.data,
        kept_because=KEPT if is_default else "",
    )
