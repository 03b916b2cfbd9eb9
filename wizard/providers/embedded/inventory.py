"""The services of an account as the border shows them: billed or not, kept and why."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from wizard.account import metering
from wizard.account.metering import Charging, Plan, Span
from wizard.account.naming import default_things
from wizard.account.periods import local_day, month
from wizard.errors import NotFound
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow, ContractRow, FreeSpan, ServiceRow
from wizard.providers.values import Page, Service, ServiceState

KEPT = "It comes with the account: it is not billed and cannot be deleted by itself."


PAGE = 1000
"""Services on a page."""


def page(session: Session, account: AccountRow, now: datetime, after: str = "") -> Page[Service]:
    """after: the position of the last service of the page before; `""` for the first page."""
    found = _there(now).where(ServiceRow.account_id == account.id).order_by(ServiceRow.position).limit(PAGE)
    if after:
        found = found.where(ServiceRow.position > int(after))
    rows = session.execute(found).all()
    return Page(_services(session, account, rows, now), str(rows[-1].position) if len(rows) == PAGE else "")


def one(session: Session, account: AccountRow, service_id: str, now: datetime) -> Service:
    """Raises NotFound where it is another account's, or gone."""
    rows = session.execute(_there(now).where(ServiceRow.account_id == account.id, ServiceRow.id == service_id)).all()
    if not rows:
        raise NotFound("Unknown service.")
    return _services(session, account, rows, now)[0]


def standing_on(session: Session, service_id: str, now: datetime) -> list[str]:
    """Names of the services that must be deleted before this one."""
    found = _there(now).where(ServiceRow.stands_on == service_id).order_by(ServiceRow.position)
    return [row.name for row in session.execute(found)]


def billed_names(session: Session, contract: ContractRow, now: datetime) -> list[str]:
    """Names of the contract's services that are billed and there."""
    found = _there(now).where(ServiceRow.charging != Charging.UNBILLED).order_by(ServiceRow.position)
    scope = (
        ServiceRow.account_id == contract.account_id if contract.is_account else ServiceRow.contract_id == contract.id
    )
    return [row.name for row in session.execute(found.where(scope))]


def _there(now: datetime) -> Select:
    """Services that are not gone; those being deleted are there. As plain rows: to make thousands of
    objects that know of changes takes longer than all the rest."""
    return select(*ServiceRow.__table__.c).where(or_(ServiceRow.deleted_at.is_(None), ServiceRow.deleted_at > now))


def _services(session: Session, account: AccountRow, rows: Sequence[Row], now: datetime) -> list[Service]:
    defaults, free = _defaults(session, account), free_spans(session, account.id)
    today = local_day(now, account.timezone)
    return [_service(row, account, now, today, row.id in defaults, free(row)) for row in rows]


def _defaults(session: Session, account: AccountRow) -> set[str]:
    """Ids of what comes with the account, among all of its services."""
    named = select(ServiceRow.id, ServiceRow.name, ServiceRow.stands_on).where(
        ServiceRow.account_id == account.id, ServiceRow.name.like("%VPN%")
    )
    rows = session.execute(named)
    return default_things(((row_id, name, stands_on) for row_id, name, stands_on in rows), account.alias)


def free_spans(session: Session, account_id: str) -> Callable[[ServiceRow | Row], list[Span]]:
    """When nothing is charged for a service: by its contract, or by the whole account's."""
    found = session.execute(
        select(ContractRow.id, ContractRow.is_account, FreeSpan.starts_at, FreeSpan.ends_at)
        .join(FreeSpan, FreeSpan.contract_id == ContractRow.id)
        .where(ContractRow.account_id == account_id)
    ).all()
    return lambda row: [(start, end) for id_, whole, start, end in found if whole or id_ == row.contract_id]


def plan(row: ServiceRow | Row, account: AccountRow, begins: datetime, ends: datetime | None) -> Plan:
    price = Money(row.unit_price, account.currency)
    return Plan(Charging(row.charging), price, row.quantity, begins, ends, hours_from=row.created_at)


def _service(row: Row, account: AccountRow, now: datetime, today: date, is_default: bool, free: list[Span]) -> Service:
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
