"""Orders: what a customer confirmed to pay for, and what came of it. A change of services, or a service task."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base


class OrderKind(StrEnum):
    CHANGE = "change"
    """New totals of a contract's options, by a quote."""
    TASK = "task"
    """A service task."""


class OrderState(StrEnum):
    PLACED = "placed"
    """Confirmed, and on its way to the provider."""
    DONE = "done"
    REFUSED = "refused"
    """By the provider, with a reason; nothing was charged."""
    UNKNOWN = "unknown"
    """The provider did not answer, several times over; whether it was done is not known yet."""


class Order(Base):
    __tablename__ = "service_order"
    __table_args__ = (UniqueConstraint("account_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(index=True)
    account_name: Mapped[str]
    timezone: Mapped[str]
    currency: Mapped[str]
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    idempotency_key: Mapped[str]
    """The form's. The provider is asked with the order's own id as key."""
    kind: Mapped[str]
    subject_id: Mapped[str]
    """Id of the quote, or of the task."""
    subject: Mapped[str]
    """What it is for: the contract's name, or the task's."""
    contract_id: Mapped[str]
    """Empty for a task."""
    lines: Mapped[str]
    """JSON: the lines as they were confirmed."""
    total: Mapped[int]
    """Minor units; negative: it becomes credit."""
    credit_used: Mapped[int]
    payment_method_id: Mapped[str]
    """Empty where nothing was due."""
    payment_method: Mapped[str]
    """In words: `Visa ending in 4242`."""
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"))
    """What the support team reads of it: a task's."""
    ordered_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=OrderState.PLACED)
    operation_id: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    """How often it was handed to the worker; part of the workflow's id, never of the provider's key."""
    problem: Mapped[str | None]
    """Why it was refused, for the customer."""
    invoice: Mapped[str | None]
    """The invoice's number."""
    finished_at: Mapped[datetime | None]

    @property
    def workflow_id(self) -> str:
        return f"{self.id}-{self.attempt}"


def by_key(session: Session, account_id: str, key: str) -> Order | None:
    return session.scalars(
        select(Order).where(Order.account_id == account_id, Order.idempotency_key == key)
    ).one_or_none()


def of_account(session: Session, account_id: str) -> list[Order]:
    """Newest first."""
    return list(session.scalars(select(Order).where(Order.account_id == account_id).order_by(Order.ordered_at.desc())))
