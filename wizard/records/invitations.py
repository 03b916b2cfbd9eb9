"""Invitations: somebody may join an account as a member, or confirm an address as its billing contact.

Sent by mail, good once, and for a week. As with links for passwords, the secret part of the link is
stored nowhere: it is worked out from our own key and the row when the mail is sent, and again when
the link is used.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from wizard.account.roles import Role
from wizard.db import Base
from wizard.records.account import KeptAccount
from wizard.records.ids import new_id
from wizard.records.logins import Login

GOOD_FOR = timedelta(days=7)
"""From when it was last sent."""
CONTACT = "billing-contact"
"""Stands in place of a role for who gets invoices and payment notices and signs in nowhere."""


class Invitation(Base):
    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("account_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(index=True)
    account_name: Mapped[str]
    timezone: Mapped[str]
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    """Who invites."""
    idempotency_key: Mapped[str]
    name: Mapped[str]
    """Of the person, as far as known; may be empty."""
    email: Mapped[str]
    """Lower case."""
    role: Mapped[str]
    """A Role, or CONTACT."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent: Mapped[int] = mapped_column(default=1)
    """How often."""
    used_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    inviter: Mapped[Login] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_for_contact(self) -> bool:
        return self.role == CONTACT

    @property
    def is_pending(self) -> bool:
        """Neither used nor taken back; its time may have passed."""
        return self.used_at is None and self.taken_back_at is None

    def is_good(self, now: datetime) -> bool:
        return self.is_pending and now < self.expires_at


def in_words(role: str) -> str:
    """What is invited: `Viewer`, `Billing contact`."""
    return "Billing contact" if role == CONTACT else Role(role).title


def add(
    session: Session, account: KeptAccount, login_id: str, key: str, name: str, email: str, role: str, now: datetime
) -> Invitation:
    row = Invitation(
        id=new_id("iv"),
        account_id=account.id,
        account_name=account.name,
        timezone=account.timezone,
        login_id=login_id,
        idempotency_key=key,
        name=name,
        email=email,
        role=role,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(row)
    session.flush()
    return row


def by_key(session: Session, account_id: str, key: str) -> Invitation | None:
    return session.scalars(
        select(Invitation).where(Invitation.account_id == account_id, Invitation.idempotency_key == key)
    ).one_or_none()


def pending(session: Session, account_id: str) -> list[Invitation]:
    """Newest first; those whose time has passed among them."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.taken_back_at.is_(None)
            )
            .order_by(Invitation.created_at.desc(), Invitation.id)
        )
    )


def send_again(invitation: Invitation, now: datetime) -> None:
    invitation.expires_at, invitation.sent = now + GOOD_FOR, invitation.sent + 1


def take_back_from(session: Session, account_id: str, login_id: str, now: datetime) -> None:
    """All that this login has sent for the account and that wait to be used."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.account_id == account_id,
            Invitation.login_id == login_id,
            Invitation.used_at.is_(None),
            Invitation.taken_back_at.is_(None),
        )
        .values(taken_back_at=now)
    )


def token(session: Session, invitation_id: str, secret_key: str) -> str:
    """What stands in the address of the mail: the invitation's id and its secret part."""
    return f"{invitation_id}.{_signature(session.get_one(Invitation, invitation_id), secret_key)}"


def find(session: Session, text: str, secret_key: str, locked: bool = False) -> Invitation | None:
    """The invitation of this token, good or not any more; None where the token is none of ours."""
    invitation_id, _, signature = text.partition(".")
    row = session.get(Invitation, invitation_id, with_for_update={"of": Invitation} if locked else None)
    if row is None or not hmac.compare_digest(_signature(row, secret_key).encode(), signature.encode()):
        return None
    return row


def _signature(row: Invitation, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), f"invitation {row.id} {row.email} {row.role}".encode(), sha256).hexdigest()
