"""A run: one login's walk through a guide for one account. Facts are kept by step identity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base
from wizard.records.ids import new_id
from wizard.records.logins import Login, Membership


class Run(Base):
    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("login_id", "account_id", "slug"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    account_id: Mapped[str]
    slug: Mapped[str]
    """The guide's."""
    article_hash: Mapped[str]
    """Content hash of the article that the customer last acted on."""
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RunFact(Base):
    """The customer has seen what an action of a step shows."""

    __tablename__ = "run_fact"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    """Its identity, never its number."""
    action: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class DataCopy(Base):
    """ "I have my data" for one service; a fact of the account, whoever states it."""

    __tablename__ = "data_copy"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    stated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Stated:
    """Of a DataCopy, what is shown."""

    at: datetime
    by: str
    """Name of whoever stated it."""


def find_run(session: Session, login_id: str, account_id: str, slug: str) -> Run | None:
    return session.scalars(
        select(Run).where(Run.login_id == login_id, Run.account_id == account_id, Run.slug == slug)
    ).one_or_none()


def last_account(session: Session, login_id: str, slug: str) -> str | None:
    """The account for which this login last walked the guide, of those that it still belongs to."""
    return session.scalars(
        select(Run.account_id)
        .join(Membership, (Membership.login_id == Run.login_id) & (Membership.account_id == Run.account_id))
        .where(Run.login_id == login_id, Run.slug == slug)
        .order_by(Run.updated_at.desc())
        .limit(1)
    ).one_or_none()


def keep_run(session: Session, login_id: str, account_id: str, slug: str, article_hash: str, now: datetime) -> Run:
    """The run, begun if there is none, as of the article that lies before the customer."""
    run = find_run(session, login_id, account_id, slug)
    if run is None:
        run = Run(id=new_id("run"), login_id=login_id, account_id=account_id, slug=slug, started_at=now)
        session.add(run)
    run.article_hash, run.updated_at = article_hash, now
    session.flush()
    return run


def facts(session: Session, run: Run | None) -> dict[tuple[str, str], datetime]:
    """(step identity, action) -> when it was seen."""
    if run is None:
        return {}
    rows = session.scalars(select(RunFact).where(RunFact.run_id == run.id))
    return {(row.step, row.action): row.seen_at for row in rows}


def seen(session: Session, run: Run, step: str, action: str, now: datetime) -> None:
    row = session.get(RunFact, (run.id, step, action))
    if row is None:
        session.add(RunFact(run_id=run.id, step=step, action=action, seen_at=now))
    else:
        row.seen_at = now


def data_copies(session: Session, account_id: str) -> dict[str, Stated]:
    """Service -> when and by whom it was stated that its data is safe."""
    rows = session.execute(
        select(DataCopy.service_id, DataCopy.stated_at, Login.name)
        .join(Login, Login.id == DataCopy.login_id)
        .where(DataCopy.account_id == account_id)
    )
    return {service_id: Stated(at, name) for service_id, at, name in rows}


def state_data_copies(
    session: Session, account_id: str, service_ids: Iterable[str], login_id: str, now: datetime
) -> None:
    """The data of these services is safe, too; what was stated before keeps its date and its login."""
    for service_id in service_ids:
        if session.get(DataCopy, (account_id, service_id)) is None:
            session.add(DataCopy(account_id=account_id, service_id=service_id, login_id=login_id, stated_at=now))


def take_back_data_copies(session: Session, account_id: str, service_ids: Iterable[str]) -> None:
    """That the data of these services is safe is stated no more."""
    for service_id in service_ids:
        if row := session.get(DataCopy, (account_id, service_id)):
            session.delete(row)
