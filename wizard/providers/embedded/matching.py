"""Whose account it is, by what only its holder should know together."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.providers.embedded.tables import AccountRow, PaymentMethodRow, ServiceRow


def accounts(session: Session, holder: str, domain: str, last_four: str) -> Sequence[str]:
    """Ids of the accounts that all three fit; nothing fits what is empty."""
    if not _plain(holder) or not _plain(domain):
        return []
    by_card = select(AccountRow).where(
        AccountRow.id.in_(
            select(PaymentMethodRow.account_id).where(PaymentMethodRow.last_four == "".join(last_four.split()))
        )
    )
    return [
        row.id
        for row in session.scalars(by_card.order_by(AccountRow.id))
        if _plain(holder) == _plain(row.holder) and _plain(domain) in _domains(session, row)
    ]


def _domains(session: Session, account: AccountRow) -> set[str]:
    """Also of services that are deleted: who has ended them all may still ask."""
    places = session.scalars(select(ServiceRow.place).where(ServiceRow.account_id == account.id).distinct())
    return {_plain(name) for name in [*account.domains.split(), *places]}


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
