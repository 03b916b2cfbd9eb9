"""The audit: a line for each thing that a person changed, written in the transaction that changed it.

It says who, what, when, from where and under which key; never a password, a token or a card.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base
from wizard.records.logins import Login


@dataclass(frozen=True, slots=True)
class Who:
    """Who does something, and from where."""

    login_id: str | None
    """None: somebody who is not signed in."""
    address: str
    """The network address that the request came from."""
    token_id: str | None = None
    """The API token that was used, where one was."""


class AuditLine(Base):
    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_account_at", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    login_id: Mapped[str | None] = mapped_column(ForeignKey("login.id"), index=True)
    token_id: Mapped[str | None]
    address: Mapped[str]
    what: Mapped[str]
    """The deed, in a few words: `deletes 2 services`."""
    account_id: Mapped[str]
    """Empty: it concerns no account."""
    subject: Mapped[str]
    """Id or reference of what it was done to."""
    key: Mapped[str]
    """The idempotency key, where the deed has one."""


def note(
    session: Session, who: Who, what: str, now: datetime, account_id: str = "", subject: str = "", key: str = ""
) -> None:
    """Write the line; it stays if the caller's transaction does."""
    session.add(
        AuditLine(
            at=now,
            login_id=who.login_id,
            token_id=who.token_id,
            address=who.address,
            what=what,
            account_id=account_id,
            subject=subject,
            key=key,
        )
    )


def by_key(session: Session, account_id: str, key: str) -> AuditLine | None:
    """What was done on the account under this idempotency key."""
    found = select(AuditLine).where(AuditLine.account_id == account_id, AuditLine.key == key)
    return session.scalars(found.limit(1)).first()


def several(count: int, one: str) -> str:
    """`1 service`, `1200 services`: the same whoever asks, other than on pages."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def lines(session: Session, account_id: str = "", limit: int = 200) -> list[AuditLine]:
    """The newest, oldest of them first; of one account, or of all."""
    found = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit)
    if account_id:
        found = found.where(AuditLine.account_id == account_id)
    return list(reversed(session.scalars(found).all()))


def told(session: Session, account_id: str = "") -> Iterator[str]:
    """Every line as a line of text, newest last: when, who, from where, what, account, subject, key; `-` for none."""
    found = select(AuditLine, Login.email).outerjoin(Login, Login.id == AuditLine.login_id).order_by(AuditLine.id)
    if account_id:
        found = found.where(AuditLine.account_id == account_id)
    for line, email in session.execute(found.execution_options(yield_per=500)):
        when = f"{line.at:%Y-%m-%d %H:%M:%S} UTC"
        parts = (when, email or "", line.address, line.what, line.account_id, line.subject, line.key)
        yield "  ".join(" ".join(part.split()) or "-" for part in parts)
