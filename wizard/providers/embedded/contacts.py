"""Who gets an account's invoices and payment notices: one at least, and a few at most."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.errors import ProviderRefused
from wizard.providers.billing import Contact
from wizard.providers.embedded import effects
from wizard.providers.embedded.tables import AccountRow, ContactRow, EffectRow, new_id

MOST = 5
"""Contacts of an account."""
_ADD, _REMOVE = "add contact", "remove contact"


def of_account(session: Session, account: AccountRow) -> Sequence[Contact]:
    return [Contact(row.id, row.name, row.email) for row in _rows(session, account)]


def add(session: Session, account: AccountRow, name: str, email: str, key: str, now: datetime) -> EffectRow:
    """account: locked. Raises ProviderRefused where there are so many already."""
    if effect := effects.answered(session, key, account.id, _ADD, email.casefold()):
        return effect
    there = _rows(session, account)
    row = next((one for one in there if one.email.casefold() == email.casefold()), None)
    if row is None:
        if len(there) >= MOST:
            raise ProviderRefused(f"An account has at most {MOST} billing contacts. Remove one first.")
        row = ContactRow(id=new_id("bc"), account_id=account.id, name=name, email=email, added_at=now)
        session.add(row)
        session.flush()
    return effects.done(session, key, account.id, _ADD, row, now, now, asked_for=email.casefold())


def remove(session: Session, account: AccountRow, contact_id: str, key: str, now: datetime) -> EffectRow | None:
    """account: locked. None: it was gone already. Raises ProviderRefused for the last one."""
    if effect := effects.answered(session, key, account.id, _REMOVE, contact_id):
        return effect
    there = _rows(session, account)
    row = next((one for one in there if one.id == contact_id), None)
    if row is None:
        return None
    if len(there) == 1:
        raise ProviderRefused("An account has at least one billing contact. Add another first.")
    session.delete(row)
    return effects.done(session, key, account.id, _REMOVE, row, now, now)


def _rows(session: Session, account: AccountRow) -> list[ContactRow]:
    found = select(ContactRow).where(ContactRow.account_id == account.id)
    return list(session.scalars(found.order_by(ContactRow.added_at, ContactRow.id)))
