"""Tickets: what a customer asks the support team, and its answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from wizard.account.reference import new_reference
from wizard.db import Base
from wizard.records.account import KeptAccount
from wizard.records.ids import new_id
from wizard.records.logins import Login


class Ticket(Base):
    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("account_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(index=True)
    account_name: Mapped[str]
    timezone: Mapped[str]
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    idempotency_key: Mapped[str]
    subject: Mapped[str]
    message: Mapped[str]
    context: Mapped[str]
    """The guide and step that it was written from; empty outside one."""
    opened_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    login: Mapped[Login] = relationship()


def open_ticket(
    session: Session,
    account: KeptAccount,
    login_id: str,
    key: str,
    subject: str,
    message: str,
    context: str,
    now: datetime,
) -> Ticket:
    """The ticket with this idempotency key, opened if there is none."""
    ticket = session.scalars(
        select(Ticket).where(Ticket.account_id == account.id, Ticket.idempotency_key == key)
    ).one_or_none()
    if ticket is None:
        ticket = Ticket(
            id=new_id("tk"),
            reference=new_reference(),
            account_id=account.id,
            account_name=account.name,
            timezone=account.timezone,
            login_id=login_id,
            idempotency_key=key,
            subject=subject,
            message=message,
            context=context,
            opened_at=now,
        )
        session.add(ticket)
        session.flush()
    return ticket


def of_account(session: Session, account_id: str) -> list[Ticket]:
    """Newest first."""
    return list(
        session.scalars(select(Ticket).where(Ticket.account_id == account_id).order_by(Ticket.opened_at.desc()))
    )


def unanswered(session: Session) -> list[Ticket]:
    """Oldest first."""
    return list(session.scalars(select(Ticket).where(Ticket.answered_at.is_(None)).order_by(Ticket.opened_at)))
