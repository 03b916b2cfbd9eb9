"""What an action works with: who asks, for which account, from which step, and by which means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from wizard.account.deletion import backups_until
from wizard.account.periods import local_day
from wizard.account.roles import Role
from wizard.clock import Clock
from wizard.content.article import Article, Step
from wizard.content.library import Library
from wizard.db import Database
from wizard.money import Money, total
from wizard.providers.billing import Contact
from wizard.providers.interface import Provider
from wizard.providers.values import Account, Contract, Service, every
from wizard.records import audit, mail, runs
from wizard.records.audit import Who
from wizard.records.logins import Login
from wizard.work.queue import Queue

if TYPE_CHECKING:
    from wizard.actions.action import Fact


@dataclass
class Means:
    """What the whole wizard works with."""

    db: Database
    provider: Provider
    queue: Queue
    clock: Clock
    review_days: int

    def post(self, session: Session, recipient: str, template: str, values: Mapping[str, str]) -> None:
        """A mail that the worker sends once this transaction has committed. values: see `Mail.values`."""
        self.queue.send_mail(session, mail.add_mail(session, recipient, template, values, self.clock()))


@dataclass
class Context:
    """One request's view. What the provider tells is asked once."""

    means: Means
    login: Login
    role: Role
    account: Account
    who: Who
    """The login with the place that it asks from, for the audit."""
    library: Library
    """All articles, to lead to those that help."""
    article: Article | None = None
    step: Step | None = None
    seen: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """(step identity, action) -> when it was seen in this run."""
    run_began: datetime | None = None
    facts: dict[tuple[str, str], "Fact"] = field(default_factory=dict)
    """(step identity, action) -> its fact, for the panel and for the rail beside it."""
    is_typing: bool = False
    """A field is still being filled in: say what it comes to, and blame nobody yet."""

    @cached_property
    def now(self) -> datetime:
        return self.means.clock()

    @property
    def today(self) -> date:
        return local_day(self.now, self.account.timezone)

    @property
    def backups_until(self) -> date | None:
        """Until when the provider has backups of what is deleted today; None where it keeps none, or does not say."""
        days = self.account.backup_days
        return backups_until(self.today, days) if days else None

    @cached_property
    def services(self) -> Sequence[Service]:
        return every(lambda after: self.means.provider.services(self.account.id, after))

    @cached_property
    def contacts(self) -> Sequence[Contact]:
        return self.means.provider.contacts(self.account.id)

    @cached_property
    def contracts(self) -> Sequence[Contract]:
        return self.means.provider.contracts(self.account.id)

    @property
    def billed(self) -> list[Service]:
        """Billed services, those being deleted included."""
        return [service for service in self.services if service.is_billed]

    @property
    def origin(self) -> str:
        """The guide and step that is asked from: `closing-your-account/retrieve-data`; empty outside a guide."""
        return f"{self.article.slug}/{self.step.identity}" if self.article and self.step else ""

    def per_month(self, services: Sequence[Service]) -> Money:
        return total((service.per_month for service in services), self.account.currency)

    def note(self, session: Session, what: str, subject: str = "", key: str = "") -> None:
        """A line of the audit, in the transaction of the deed."""
        audit.note(session, self.who, what, self.now, self.account.id, subject, key)

    def keep_run(self) -> None:
        """Remember that this login walks this guide for this account; outside a guide, nothing."""
        if self.article is None:
            return
        with self.means.db.write() as session:
            self.means.db.lock(session, f"run {self.login.id}")
            runs.keep_run(
                session, self.login.id, self.account.id, self.article.slug, self.article.content_hash, self.now
            )

    def mark_seen(self, action: str) -> None:
        """The customer has seen what this action of the step shows."""
        if self.article is None or self.step is None:
            return
        with self.means.db.write() as session:
            self.means.db.lock(session, f"run {self.login.id}")
            run = runs.keep_run(
                session, self.login.id, self.account.id, self.article.slug, self.article.content_hash, self.now
            )
            runs.seen(session, run, self.step.identity, action, self.now)

    def seen_at(self, action: str) -> datetime | None:
        """When this run's customer saw it, in the step that is asked about."""
        return self.seen.get((self.step.identity, action)) if self.step else None
