"""What a contract has in number, and what it could have, by the price list."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wizard.account.metering import Charging
from wizard.money import Money
from wizard.providers.billing import Option
from wizard.providers.embedded.tables import AccountRow, ContractRow, PriceRow, ServiceRow

WHY_LEAST = "It is ended by a closure request, with all that belongs to it."


def of_contract(session: Session, account: AccountRow, contract: ContractRow, now: datetime) -> list[Option]:
    """In the order of the price list; a contract that has ended has none."""
    if contract.closed_at:
        return []
    listed, had = prices(session, account, contract), services(session, account, contract, now)
    needed = {price.needs for price in listed}
    found = []
    for price in listed:
        row = had.get(price.kind)
        is_base = row is not None and price.kind in needed
        found.append(
            Option(
                id=option_id(price.kind),
                contract_id=contract.id,
                name=price.name,
                unit=price.unit,
                units=price.units,
                quantity=row.quantity if row else 0,
                least=1 if is_base else 0,
                most=price.most,
                charging=Charging(row.charging if row else price.charging),
                unit_price=Money(row.unit_price if row else price.unit_price, account.currency),
                needs=option_id(price.needs) if price.needs else "",
                why_least=WHY_LEAST if is_base else "",
            )
        )
    return found


def prices(session: Session, account: AccountRow, contract: ContractRow) -> list[PriceRow]:
    """The lines of the price list that are for this contract."""
    found = select(PriceRow).where(
        PriceRow.currency == account.currency, PriceRow.is_for_account == contract.is_account
    )
    return list(session.scalars(found.order_by(PriceRow.position)))


def services(session: Session, account: AccountRow, contract: ContractRow, now: datetime) -> dict[str, ServiceRow]:
    """Kind -> the contract's own service of that kind that is there; of several the first."""
    rows = session.scalars(
        select(ServiceRow)
        .where(
            ServiceRow.account_id == account.id,
            ServiceRow.contract_id == (None if contract.is_account else contract.id),
            or_(ServiceRow.deleted_at.is_(None), ServiceRow.deleted_at > now),
        )
        .order_by(ServiceRow.position.desc())
    )
    return {row.kind: row for row in rows}


def services_by_option(
    session: Session, account: AccountRow, contract: ContractRow, now: datetime
) -> dict[str, ServiceRow]:
    return {option_id(kind): row for kind, row in services(session, account, contract, now).items()}


def option_id(kind: str) -> str:
    return "-".join(kind.lower().split())
