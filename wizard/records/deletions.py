"""Deletions: which services a customer or a closure wants deleted, and how far each is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.account.reference import new_reference
from wizard.db import Base
from wizard.records.account import KeptAccount
from wizard.records.ids import new_id


class ItemState(StrEnum):
    WAITING = "waiting"
    DELETING = "deleting"
    DELETED = "deleted"
    FAILED = "failed"
    LEFT = "left"
    """The customer has stopped before its turn came; it is as it was."""


UNDER_WAY = (ItemState.WAITING, ItemState.DELETING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service to delete, as the customer saw it."""

    service_id: str
    name: str
    place: str
    per_month: int
    """Minor units."""
    stands_on: str | None = None
    """Id of the service that goes after it."""


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
    handed: Mapped[int]
    """How often work on it was handed to the worker."""
    paused: Mapped[str | None]
    """Why it does not go on by itself, for the customer."""

    @property
    def workflow_id(self) -> str:
        return f"{self.id}-{self.handed}"


class DeletionItem(Base):
    __tablename__ = "deletion_item"

    deletion_id: Mapped[str] = mapped_column(ForeignKey("deletion.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    place: Mapped[str]
    per_month: Mapped[int]
    stands_on: Mapped[str | None]
    state: Mapped[str]
    operation_id: Mapped[str | None]
    """The provider's, while it is being deleted."""
    problem: Mapped[str | None]
    """Why it failed, for the customer."""
    finished_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a deletion is."""

    counts: dict[str, int]
    """State -> services."""
    sums: dict[str, int]
    """State -> what they cost a month, in minor units."""

    def __getitem__(self, state: ItemState) -> int:
        return self.counts.get(state, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_running(self) -> bool:
        """Something has still to come of it, by itself or after a pause."""
        return any(self[state] for state in UNDER_WAY)

    @property
    def stopped(self) -> int:
        """What is not charged any more, minor units a month."""
        return self.sums.get(ItemState.DELETED, 0)


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
        handed=0,
    )
    session.add(deletion)
    session.flush()
    add_items(session, deletion, wanted)
    return deletion


def add_items(session: Session, deletion: Deletion, wanted: Sequence[Wanted]) -> int:
    """Those that it does not have yet, after the others. Returns how many."""
    there = set(session.scalars(select(DeletionItem.service_id).where(DeletionItem.deletion_id == deletion.id)))
    fresh = [one for one in wanted if one.service_id not in there]
    session.add_all(
        DeletionItem(
            deletion_id=deletion.id,
            service_id=one.service_id,
            position=position,
            name=one.name,
            place=one.place,
            per_month=one.per_month,
            stands_on=one.stands_on,
            state=ItemState.WAITING,
        )
        for position, one in enumerate(fresh, len(there))
    )
    session.flush()
    return len(fresh)


def progress(session: Session, deletion_id: str) -> Progress:
    return progress_of(session, [deletion_id])[deletion_id]


def progress_of(session: Session, deletion_ids: Iterable[str]) -> dict[str, Progress]:
    """The same for several."""
    found = {deletion_id: Progress({}, {}) for deletion_id in deletion_ids}
    rows = session.execute(
        select(DeletionItem.deletion_id, DeletionItem.state, func.count(), func.sum(DeletionItem.per_month))
        .where(DeletionItem.deletion_id.in_(list(found)))
        .group_by(DeletionItem.deletion_id, DeletionItem.state)
    )
    for deletion_id, state, count, per_month in rows:
        found[deletion_id].counts[state], found[deletion_id].sums[state] = count, int(per_month)
    return found


def items(
    session: Session,
    deletion_id: str,
    states: Sequence[ItemState] = tuple(ItemState),
    limit: int | None = None,
    from_the_end: bool = False,
) -> list[DeletionItem]:
    """Those in one of these states, in their order, or the last ones backwards."""
    found = select(DeletionItem).where(DeletionItem.deletion_id == deletion_id, DeletionItem.state.in_(states))
    order = DeletionItem.position.desc() if from_the_end else DeletionItem.position
    return list(session.scalars(found.order_by(order).limit(limit)))


def is_held_up(session: Session, item: DeletionItem) -> bool:
    """Something that stands on it, and goes before it, is still under way."""
    held = select(DeletionItem.service_id).where(
        DeletionItem.deletion_id == item.deletion_id,
        DeletionItem.stands_on == item.service_id,
        DeletionItem.state.in_(UNDER_WAY),
    )
    return session.scalars(held.limit(1)).first() is not None


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
    return _of_account_in(session, account_id, UNDER_WAY)


def failed(session: Session, account_id: str) -> set[str]:
    """Ids of the services whose deletion failed, in whichever deletion."""
    return _of_account_in(session, account_id, [ItemState.FAILED])


def _of_account_in(session: Session, account_id: str, states: Sequence[ItemState]) -> set[str]:
    return set(
        session.scalars(
            select(DeletionItem.service_id)
            .join(Deletion, Deletion.id == DeletionItem.deletion_id)
            .where(Deletion.account_id == account_id, DeletionItem.state.in_(states))
        )
    )


def try_again(session: Session, deletion: Deletion) -> None:
    """The failed services wait again, and a pause is over."""
    deletion.attempt += 1
    deletion.paused = None
    fresh = {"state": ItemState.WAITING, "problem": None, "operation_id": None, "finished_at": None}
    _change(session, deletion, ItemState.FAILED, fresh)


def stop(session: Session, deletion: Deletion) -> None:
    """What has not begun is left as it is, and a pause is over."""
    deletion.paused = None
    _change(session, deletion, ItemState.WAITING, {"state": ItemState.LEFT})


def _change(session: Session, deletion: Deletion, state: ItemState, values: Mapping[str, object]) -> None:
    session.execute(
        update(DeletionItem)
        .where(DeletionItem.deletion_id == deletion.id, DeletionItem.state == state)
        .values(**values)
    )
