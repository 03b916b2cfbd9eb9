"""Orders: what a customer confirmed to pay for, and what came of it. A change of services, or a service task."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.account.reference import new_reference
from wizard.db import Base
from wizard.money import Money
from wizard.records.account import KeptAccount
from wizard.records.ids import new_id


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


UNSETTLED = (OrderState.PLACED, OrderState.UNKNOWN)
"""Something has still to come of it; the same must not be ordered again meanwhile."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered, as the customer has confirmed it. The fields are those of `Order`."""

    kind: OrderKind
    subject_id: str
    subject: str
    lines: str
    total: int
    contract_id: str = ""
    credit_used: int = 0
    payment_method_id: str = ""
    payment_method: str = ""


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

    @property
    def sum(self) -> Money:
        """Negative: it becomes credit."""
        return Money(self.total, self.currency)


def add_order(session: Session, account: KeptAccount, login_id: str, key: str, wanted: Wanted, now: datetime) -> Order:
    """key: the form's."""
    order = Order(
        id=new_id("or"),
        reference=new_reference(),
        account_id=account.id,
        account_name=account.name,
        timezone=account.timezone,
        currency=account.currency,
        login_id=login_id,
        idempotency_key=key,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        subject=wanted.subject,
        contract_id=wanted.contract_id,
        lines=wanted.lines,
        total=wanted.total,
        credit_used=wanted.credit_used,
        payment_method_id=wanted.payment_method_id,
        payment_method=wanted.payment_method,
        ordered_at=now,
        state=OrderState.PLACED,
        attempt=0,
    )
    session.add(order)
    session.flush()
    return order


def by_key(session: Session, account_id: str, key: str) -> Order | None:
    return session.scalars(
        select(Order).where(Order.account_id == account_id, Order.idempotency_key == key)
    ).one_or_none()


def of_account(session: Session, account_id: str) -> list[Order]:
    """Newest first."""
    return list(session.scalars(select(Order).where(Order.account_id == account_id).order_by(Order.ordered_at.desc())))


def under_way(session: Session, account_id: str) -> list[Order]:
    """Those of which something has still to come, oldest first."""
    found = select(Order).where(Order.account_id == account_id, Order.state.in_(UNSETTLED))
    return list(session.scalars(found.order_by(Order.ordered_at)))


def unsettled(session: Session, account_id: str, contract_id: str) -> Order | None:
    """The order of this contract of which it is not known yet what comes."""
    found = select(Order).where(
        Order.account_id == account_id,
        Order.contract_id == contract_id,
        Order.kind == OrderKind.CHANGE,
        Order.state.in_(UNSETTLED),
    )
    return session.scalars(found.order_by(Order.ordered_at.desc()).limit(1)).first()


def unsettled_task(session: Session, account_id: str, task_id: str) -> Order | None:
    """The order of this service task of which it is not known yet what comes. There is one at a time, so that
    it can be told from the others when it is read back."""
    found = select(Order).where(
        Order.account_id == account_id,
        Order.subject_id == task_id,
        Order.kind == OrderKind.TASK,
        Order.state.in_(UNSETTLED),
    )
    return session.scalars(found.order_by(Order.ordered_at.desc()).limit(1)).first()


def tasks_done(session: Session, order: Order, since: datetime) -> int:
    """How many other orders of this service task were done, of those since this instant."""
    found = select(func.count()).where(
        Order.account_id == order.account_id,
        Order.kind == OrderKind.TASK,
        Order.subject == order.subject,
        Order.state == OrderState.DONE,
        Order.ordered_at >= since,
        Order.id != order.id,
    )
    return session.scalar(found) or 0


def of_tickets(session: Session, ticket_ids: Iterable[str]) -> dict[str, Order]:
    """Ticket -> the order that it was opened with; no entry where there was none."""
    rows = session.scalars(select(Order).where(Order.ticket_id.in_(list(ticket_ids))))
    return {row.ticket_id: row for row in rows if row.ticket_id}


def to_change(session: Session, order_id: str) -> Order:
    """Nobody else changes it meanwhile."""
    return session.get_one(Order, order_id, with_for_update=True)


def look_again(order: Order) -> None:
    """Of what is not known it is asked once more, with the same key."""
    order.state, order.problem, order.operation_id = OrderState.PLACED, None, None
