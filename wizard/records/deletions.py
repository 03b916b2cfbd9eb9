"""Deletions: which services a customer or a closure wants deleted, and how far each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from wizard.account.reference import new_reference
from wizard.db import Base
from wizard.records.account import KeptAccount
from wizard.records.ids import new_id


class ItemState(StrEnum):
    WAITING = "waiting"
    DELETING = "deleting"
    DELETED = "deleted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service to delete, as the customer saw it."""

    service_id: str
    name: str
    place: str
    per_month: int
    """Minor units."""


class Deletion(Base):
    __tablename__ = "deletion"
    __table_args__ = (UniqueConstraint("account_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(index=True)
    account_name: Mapped[str]
    timezone: Mapped[str]
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    """Who confirmed it: the customer, or the reviewer of its closure."""
    closure_id: Mapped[str | None] = mapped_column(ForeignKey("closure_request.id"), index=True)
    idempotency_key: Mapped[str]
    currency: Mapped[str]
    requested_at: Mapped[datetime]
    attempt: Mapped[int]
    """1, and one more each time the failed services are tried again."""
    items: Mapped[list["DeletionItem"]] = relationship(order_by="DeletionItem.position", lazy="selectin")

    @property
    def is_running(self) -> bool:
        return any(item.state in (ItemState.WAITING, ItemState.DELETING) for item in self.items)

    def in_state(self, state: ItemState) -> list["DeletionItem"]:
        return [item for item in self.items if item.state == state]

    @property
    def workflow_id(self) -> str:
        return f"{self.id}-{self.attempt}"


class DeletionItem(Base):
    __tablename__ = "deletion_item"

    deletion_id: Mapped[str] = mapped_column(ForeignKey("deletion.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    place: Mapped[str]
    per_month: Mapped[int]
    state: Mapped[str]
    problem: Mapped[str | None]
    """Why it failed, for the customer."""
    finished_at: Mapped[datetime | None]


def add_deletion(
    session: Session,
    account: KeptAccount,
    login_id: str,
    key: str,
    wanted: Sequence[Wanted],
    now: datetime,
    closure_id: str | None = None,
) -> Deletion:
    """wanted: in the order in which they are to be deleted."""
    deletion = Deletion(
        id=new_id("dl"),
        reference=new_reference(),
        account_id=account.id,
        account_name=account.name,
        timezone=account.timezone,
        login_id=login_id,
        closure_id=closure_id,
        idempotency_key=key,
        currency=account.currency,
        requested_at=now,
        attempt=1,
    )
    add_items(deletion, wanted)
    session.add(deletion)
    session.flush()
    return deletion


def add_items(deletion: Deletion, wanted: Sequence[Wanted]) -> None:
    """Those that it does not have yet, after the others."""
    there = {item.service_id for item in deletion.items}
    for one in wanted:
        if one.service_id not in there:
            deletion.items.append(
                DeletionItem(
                    service_id=one.service_id,
                    position=len(deletion.items),
                    name=one.name,
                    place=one.place,
                    per_month=one.per_month,
                    state=ItemState.WAITING,
                )
            )


def by_key(session: Session, account_id: str, key: str) -> Deletion | None:
    return session.scalars(
        select(Deletion).where(Deletion.account_id == account_id, Deletion.idempotency_key == key)
    ).one_or_none()


def by_reference(session: Session, account_id: str, reference: str) -> Deletion | None:
    return session.scalars(
        select(Deletion).where(Deletion.account_id == account_id, Deletion.reference == reference)
    ).one_or_none()


def of_account(session: Session, account_id: str) -> list[Deletion]:
    """Those that a customer asked for, newest first; a closure's own are shown with it."""
    return list(
        session.scalars(
            select(Deletion)
            .where(Deletion.account_id == account_id, Deletion.closure_id.is_(None))
            .order_by(Deletion.requested_at.desc())
        )
    )


def of_closure(session: Session, closure_id: str) -> Deletion | None:
    return session.scalars(select(Deletion).where(Deletion.closure_id == closure_id)).one_or_none()


def being_deleted(session: Session, account_id: str) -> set[str]:
    """Ids of the services that a running deletion still has before it."""
    return set(
        session.scalars(
            select(DeletionItem.service_id)
            .join(Deletion, Deletion.id == DeletionItem.deletion_id)
            .where(Deletion.account_id == account_id, DeletionItem.state.in_((ItemState.WAITING, ItemState.DELETING)))
        )
    )


def try_again(deletion: Deletion) -> None:
    """The failed services wait again, for the next attempt."""
    deletion.attempt += 1
    for item in deletion.in_state(ItemState.FAILED):
        item.state, item.problem, item.finished_at = ItemState.WAITING, None, None
