"""The services of an account as the border shows them: billed or not, kept and why."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wizard.account import metering
from wizard.account.metering import Charging, Plan
from wizard.account.naming import default_things
from wizard.account.periods import local_day, month
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow, ContractRow, ServiceRow
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
    ends = charges_ends(session, account.id)
    return [_service(row, account, now, row.id in defaults, ends(row)) for row in rows]


def charges_ends(session: Session, account_id: str) -> Callable[[ServiceRow], datetime | None]:
    """When a service's charges end by its contract or the whole account, whichever is sooner."""
    contracts = session.scalars(select(ContractRow).where(ContractRow.account_id == account_id)).all()
    of_all = [one.charges_end for one in contracts if one.is_account and one.charges_end]
    by_id = {one.id: one.charges_end for one in contracts if one.charges_end}

    def end(row: ServiceRow) -> datetime | None:
        own = by_id.get(row.contract_id or "")
        return min([*of_all, own] if own else of_all, default=None)

    return end


def plan(row: ServiceRow, account: AccountRow, ends: datetime | None) -> Plan:
    price = Money(row.unit_price, account.currency)
    return Plan(Charging(row.charging), price, row.quantity, row.created_at, ends)


def _service(
    row: ServiceRow, account: AccountRow, now: datetime, is_default: bool, charges_end: datetime | None
) -> Service:
    today = local_day(now, account.timezone)
    its_plan = plan(row, account, None)
    is_charged = charges_end is None or now < charges_end
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
