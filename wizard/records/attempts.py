"""Attempts that failed or are under way, counted across processes, so that passwords cannot be tried out."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Index, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base

WINDOW = timedelta(minutes=15)
WINDOWS = {"invite": timedelta(hours=1), "invite-to": timedelta(days=1)}
"""Kinds of attempt that are counted over a longer time: what goes by mail to others."""
LIMITS = {
    "sign-in": 10,
    "sign-in-from": 50,
    "forgot": 5,
    "forgot-from": 20,
    "credentials": 5,
    "credentials-from": 20,
    "password": 10,
    "token-from": 50,
    "join-from": 20,
    "invite": 20,
    "invite-to": 3,
}
"""Kind of attempt -> how many of one subject within its window are let through."""


class Attempt(Base):
    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_kind_subject_at", "kind", "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """sha256 of whom it is about: an e-mail address, a domain, a login, a network address. What was typed
    is nowhere in the clear, for people type passwords and card numbers into any field."""
    at: Mapped[datetime]


def count(session: Session, kind: str, subject: str, now: datetime) -> None:
    """One more; what is too old to matter goes."""
    session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.at <= now - _window(kind)))
    session.add(Attempt(kind=kind, subject=_digest(subject), at=now))


def blocked_until(session: Session, kind: str, subject: str, now: datetime) -> datetime | None:
    """The instant from which another attempt is let through; None: it is now."""
    count, oldest = session.execute(
        select(func.count(), func.min(Attempt.at)).where(
            Attempt.kind == kind, Attempt.subject == _digest(subject), Attempt.at > now - _window(kind)
        )
    ).one()
    return oldest + _window(kind) if count >= LIMITS[kind] else None


def forget(session: Session, kind: str, subject: str) -> None:
    """Success wipes the slate."""
    session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.subject == _digest(subject)))


def take_back(session: Session, kind: str, subject: str) -> None:
    """The last one was no failure."""
    last = select(func.max(Attempt.id)).where(Attempt.kind == kind, Attempt.subject == _digest(subject))
    session.execute(delete(Attempt).where(Attempt.id == last.scalar_subquery()))


def _window(kind: str) -> timedelta:
    return WINDOWS.get(kind, WINDOW)


def _digest(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()
