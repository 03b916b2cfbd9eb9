"""An account's credit: what is used before any payment method is charged."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.providers.embedded.tables import AccountRow, CreditRow


def balance(session: Session, account: AccountRow) -> int:
    """Minor units."""
    found = session.scalar(select(func.sum(CreditRow.amount)).where(CreditRow.account_id == account.id))
    return int(found or 0)


def settle(session: Session, account: AccountRow, total: int, used: int, why: str, now: datetime) -> None:
    """Book what an invoice uses of the credit, or adds to it where its total is below zero."""
    if change := -total if total < 0 else -used:
        session.add(CreditRow(account_id=account.id, at=now, amount=change, why=why))
