"""How contracts end: charges from a date on, and what goes with the whole account."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.account.periods import local_day
from wizard.providers.embedded.tables import ContractRow, FreeSpan, ServiceRow
from wizard.providers.values import Commitment


def whole_account(session: Session, account_id: str) -> ContractRow:
    """The account's own contract."""
    return session.scalars(
        select(ContractRow).where(ContractRow.account_id == account_id, ContractRow.is_account)
    ).one()


def commitment(contract: ContractRow, now: datetime, zone: str) -> Commitment | None:
    """The term that it is bound by, as long as that runs."""
    if contract.committed_until is None or contract.committed_until < local_day(now, zone):
        return None
    return Commitment(contract.committed_until, contract.sales_contact, contract.sales_email)


def open_span(session: Session, contract: ContractRow) -> FreeSpan | None:
    """From where on the contract is not charged any more."""
    return session.scalars(
        select(FreeSpan).where(FreeSpan.contract_id == contract.id, FreeSpan.ends_at.is_(None))
    ).one_or_none()


def set_end(session: Session, contract: ContractRow, at: datetime | None, now: datetime) -> None:
    """Charge nothing from `at` on, or go on charging from now. What was free until now stays free."""
    span = open_span(session, contract)
    if span and span.starts_at < now and (at is None or at > span.starts_at):
        span.ends_at, span = min(at or now, now), None
    if span and at is None:
        session.delete(span)
    elif span and at:
        span.starts_at = at
    elif at:
        session.add(FreeSpan(contract_id=contract.id, starts_at=at))


def end_everything(session: Session, account_id: str, now: datetime) -> None:
    """With the account go its unbilled things and its other contracts."""
    for service in session.scalars(
        select(ServiceRow).where(ServiceRow.account_id == account_id, ServiceRow.deleted_at.is_(None))
    ):
        service.deleted_at = now
    for contract in session.scalars(
        select(ContractRow).where(ContractRow.account_id == account_id, ContractRow.closed_at.is_(None))
    ):
        contract.closed_at = now
