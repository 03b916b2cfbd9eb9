"""Closure requests, the states that they went through, and the reviewers' decisions."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from wizard.account.closure import NEXT, OPEN, State
from wizard.db import Base
from wizard.errors import Stale
from wizard.records.logins import Login


class ClosureRequest(Base):
    __tablename__ = "closure_request"
    __table_args__ = (UniqueConstraint("account_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    declaration: Mapped[int] = mapped_column(ForeignKey("declaration_chain.sequence"))
    account_id: Mapped[str] = mapped_column(index=True)
    account_name: Mapped[str]
    timezone: Mapped[str]
    contract_id: Mapped[str]
    contract_name: Mapped[str]
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    idempotency_key: Mapped[str]
    timing: Mapped[str]
    received_at: Mapped[datetime]
    charges_end: Mapped[datetime]
    charges_end_at_the_latest: Mapped[bool]
    review_due: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    executed_at: Mapped[datetime | None]
    attempt: Mapped[int]
    """How often work on it was handed to the worker: to match charges, to close."""
    operation_id: Mapped[str | None]
    """The provider's, while it closes the contract."""
    problem: Mapped[str | None]
    """Why closing does not go on, for staff."""
    charges_problem: Mapped[str | None]
    """Why the provider does not know when charges end, for staff."""
    login: Mapped[Login] = relationship()
    events: Mapped[list["ClosureEvent"]] = relationship(order_by="ClosureEvent.id", lazy="selectin")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def has_date(self) -> bool:
        """It is executed on the day on which charges end, not as soon as it is approved."""
        return not self.charges_end_at_the_latest and self.charges_end > self.received_at

    @property
    def workflow_id(self) -> str:
        return f"{self.id}-{self.attempt}"

    def event(self, state: State) -> "ClosureEvent | None":
        return next((event for event in self.events if event.state == state), None)


class ClosureEvent(Base):
    """A state that a closure request entered. Decisions are the events `approved` and `declined`."""

    __tablename__ = "closure_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    closure_id: Mapped[str] = mapped_column(ForeignKey("closure_request.id"), index=True)
    state: Mapped[str]
    at: Mapped[datetime]
    login_id: Mapped[str | None] = mapped_column(ForeignKey("login.id"))
    """The customer or reviewer; None for what happens by itself."""
    reason: Mapped[str | None]
    login: Mapped[Login | None] = relationship()


def add(session: Session, request: ClosureRequest) -> None:
    """It is received, and with that in the reviewers' queue: nothing stands between."""
    request.state, request.attempt = State.RECEIVED, 0
    session.add(request)
    request.events.append(ClosureEvent(state=State.RECEIVED, at=request.received_at, login_id=request.login_id))
    move(request, State.IN_REVIEW, request.received_at)
    session.flush()


def get(session: Session, closure_id: str, to_change: bool = False) -> ClosureRequest | None:
    return session.get(ClosureRequest, closure_id, with_for_update=to_change or None)


def move(
    request: ClosureRequest, state: State, now: datetime, login_id: str | None = None, reason: str | None = None
) -> None:
    """Enter `state`. Raises Stale where it does not follow on the present one."""
    if state not in NEXT[State(request.state)]:
        raise Stale(
            f"This request is already {State(request.state).replace('_', ' ')}.",
            "Somebody else, or another window, was faster. Nothing was done twice.",
        )
    request.state = state
    request.events.append(ClosureEvent(state=state, at=now, login_id=login_id, reason=reason))


def end(request: ClosureRequest, now: datetime, reason: str | None = None) -> None:
    """Its contract is closed; whatever stood in the way does no longer."""
    move(request, State.CLOSED, now, reason=reason)
    request.executed_at, request.problem, request.charges_problem = now, None, None


def by_key(session: Session, account_id: str, key: str) -> ClosureRequest | None:
    return session.scalars(
        select(ClosureRequest).where(ClosureRequest.account_id == account_id, ClosureRequest.idempotency_key == key)
    ).one_or_none()


def of_account(session: Session, account_id: str) -> list[ClosureRequest]:
    """Newest first."""
    found = select(ClosureRequest).where(ClosureRequest.account_id == account_id)
    return list(session.scalars(found.order_by(ClosureRequest.received_at.desc())))


def open_for(session: Session, account_id: str, contract_ids: Iterable[str]) -> ClosureRequest | None:
    """An open request for one of these contracts."""
    return session.scalars(
        select(ClosureRequest)
        .where(ClosureRequest.account_id == account_id, ClosureRequest.state.in_(OPEN))
        .where(ClosureRequest.contract_id.in_(list(contract_ids)))
        .order_by(ClosureRequest.received_at)
        .limit(1)
    ).one_or_none()


def of_contract(session: Session, contract_id: str) -> list[ClosureRequest]:
    return list(session.scalars(select(ClosureRequest).where(ClosureRequest.contract_id == contract_id)))


def open_of_account(session: Session, account_id: str) -> list[ClosureRequest]:
    """Locked, to be changed."""
    found = select(ClosureRequest).where(ClosureRequest.account_id == account_id, ClosureRequest.state.in_(OPEN))
    return list(session.scalars(found.order_by(ClosureRequest.id).with_for_update()))


def waiting(session: Session) -> list[ClosureRequest]:
    """What waits for a reviewer, by due date."""
    found = select(ClosureRequest).where(ClosureRequest.state == State.IN_REVIEW)
    return list(session.scalars(found.order_by(ClosureRequest.review_due, ClosureRequest.received_at)))


def stopped(session: Session) -> list[ClosureRequest]:
    """Requests of which something does not go on by itself, oldest first."""
    found = select(ClosureRequest).where(
        ClosureRequest.problem.is_not(None) | ClosureRequest.charges_problem.is_not(None)
    )
    return list(session.scalars(found.order_by(ClosureRequest.received_at)))


def decided(session: Session) -> list[ClosureRequest]:
    """The 50 that came last."""
    found = select(ClosureRequest).where(ClosureRequest.state != State.IN_REVIEW)
    return list(session.scalars(found.order_by(ClosureRequest.received_at.desc()).limit(50)))
