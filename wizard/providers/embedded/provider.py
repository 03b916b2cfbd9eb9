"""The embedded provider: the Provider protocol over the tables beside it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wizard.clock import Clock
from wizard.config import Config
from wizard.db import Database
from wizard.errors import NotFound, ProviderRefused, ProviderUnavailable, SetupError
from wizard.money import Money
from wizard.providers.billing import Contact, Forecast, Invoice, Option, PaymentMethod, Quote, Task
from wizard.providers.embedded import (
    contacts,
    credit,
    effects,
    ending,
    forecasting,
    inventory,
    invoices,
    invoicing,
    matching,
    options,
    ordering,
    payment,
    quotes,
    taking_back,
    tasks,
    usage,
)
from wizard.providers.embedded.tables import (
    AccountRow,
    ContractRow,
    ServiceRow,
)
from wizard.providers.interface import Provider
from wizard.providers.values import Account, Contract, Operation, OperationState, Page, Service, UsageLine
from wizard.tables import read_table

_LONGEST = 3660
"""Days: ten years."""


@dataclass(frozen=True, slots=True)
class Settings:
    deletion_seconds: float = 0.0
    """How long the deletion of one service takes, as on a real platform."""
    backup_days: int = 14
    """For so many days after a deletion the platform's own backups are kept; 0: there are none."""


def open_provider(config: Config, db: Database, clock: Clock) -> "EmbeddedProvider":
    settings = read_table(Settings, config.provider_settings, "wizard.toml: provider")
    if settings.deletion_seconds < 0:
        raise SetupError(f"wizard.toml: provider: deletion_seconds is {settings.deletion_seconds} (give 0 or more).")
    if not 0 <= settings.backup_days <= _LONGEST:
        raise SetupError(f"wizard.toml: provider: backup_days is {settings.backup_days} (give 0 to {_LONGEST}).")
    return EmbeddedProvider(db, clock, settings)


class EmbeddedProvider(Provider):
    def __init__(self, db: Database, clock: Clock, settings: Settings | None = None) -> None:
        self._db, self._clock, self._settings = db, clock, settings or Settings()

    def account(self, account_id: str) -> Account:
        with self._read() as session:
            row = _account(session, account_id)
            closed_at, days = ending.whole_account(session, account_id).closed_at, self._settings.backup_days
            return Account(
                row.id, row.name, row.alias, row.currency, row.timezone, closed_at, row.email, row.holder, days
            )

    def matching_accounts(self, holder: str, domain: str, last_four: str) -> Sequence[str]:
        with self._read() as session:
            return matching.accounts(session, holder, domain, last_four)

    def contracts(self, account_id: str) -> Sequence[Contract]:
        with self._read() as session:
            account = _account(session, account_id)
            rows = session.scalars(
                select(ContractRow)
                .where(ContractRow.account_id == account_id)
                .order_by(ContractRow.is_account.desc(), ContractRow.name)
            )
            return [
                Contract(
                    row.id,
                    row.name,
                    row.is_account,
                    span.starts_at if span else None,
                    row.closed_at,
                    ending.commitment(row, self._clock(), account.timezone),
                )
                for row in rows
                for span in [ending.open_span(session, row)]
            ]

    def services(self, account_id: str, after: str = "") -> Page[Service]:
        with self._read() as session:
            return inventory.page(session, _account(session, account_id), self._clock(), after)

    def service(self, account_id: str, service_id: str) -> Service:
        with self._read() as session:
            return inventory.one(session, _account(session, account_id), service_id, self._clock())

    def usage(self, account_id: str, since: date, after: str = "", until: date | None = None) -> Page[UsageLine]:
        with self._read() as session:
            return Page(usage.lines(session, _account(session, account_id), since, until, self._clock()))

    def invoices(self, account_id: str, after: str = "") -> Page[Invoice]:
        self._issue_due(account_id)
        with self._read() as session:
            return Page(invoices.of_account(session, _account(session, account_id)))

    def payment_methods(self, account_id: str) -> Sequence[PaymentMethod]:
        with self._read() as session:
            return payment.methods(session, account_id)

    def payment_page(self, account_id: str, return_to: str, idempotency_key: str) -> str:
        with self._write() as session:
            account, now = self._held(session, account_id)
            return payment.begin(session, account, return_to, idempotency_key, now)

    def set_default_method(self, account_id: str, payment_method_id: str, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            effect = payment.make_default(session, account, payment_method_id, idempotency_key, now)
            return effects.as_operation(effect, now)

    def credit(self, account_id: str) -> Money:
        self._issue_due(account_id)
        with self._read() as session:
            account = _account(session, account_id)
            return Money(credit.balance(session, account), account.currency)

    def options(self, account_id: str, contract_id: str) -> Sequence[Option]:
        with self._read() as session:
            account, contract = _account(session, account_id), _contract(session, account_id, contract_id)
            return options.of_contract(session, account, contract, self._clock())

    def quote(self, account_id: str, contract_id: str, totals: Mapping[str, int]) -> Quote:
        self._issue_due(account_id)
        with self._write() as session:
            account, now = self._held(session, account_id)
            return quotes.make(session, account, _contract(session, account_id, contract_id), totals, now)

    def order(self, account_id: str, quote_id: str, payment_method_id: str, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            invoicing.issue(session, account, now)
            return ordering.order(session, account, quote_id, payment_method_id, idempotency_key, now)

    def contacts(self, account_id: str) -> Sequence[Contact]:
        with self._read() as session:
            return contacts.of_account(session, _account(session, account_id))

    def add_contact(self, account_id: str, name: str, email: str, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            return effects.as_operation(contacts.add(session, account, name, email, idempotency_key, now), now)

    def remove_contact(self, account_id: str, contact_id: str, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            effect = contacts.remove(session, account, contact_id, idempotency_key, now)
            return effects.as_operation(effect, now) if effect else Operation(idempotency_key, OperationState.DONE, now)

    def forecast(self, account_id: str, contract_id: str, ends_at: datetime) -> Forecast:
        self._issue_due(account_id)
        with self._read() as session:
            account, contract = _account(session, account_id), _contract(session, account_id, contract_id)
            return forecasting.forecast(session, account, contract, ends_at, self._clock())

    def tasks(self, account_id: str) -> Sequence[Task]:
        with self._read() as session:
            return tasks.listed(session, _account(session, account_id))

    def order_task(self, account_id: str, task_id: str, price: Money, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            return effects.as_operation(tasks.order(session, account, task_id, price, idempotency_key, now), now)

    def delete_service(self, account_id: str, service_id: str, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            if effect := effects.answered(session, idempotency_key, account_id, effects.DELETE, service_id):
                return effects.as_operation(effect, now)
            row = _service(session, account_id, service_id)
            if row.deleted_at and (effect := effects.deletion_of(session, service_id)):
                return effects.as_operation(effect, now)
            if reason := inventory.one(session, account, service_id, now).kept_because:
                raise ProviderRefused(reason)
            if row.hold:
                raise ProviderRefused(row.hold)
            if on_it := inventory.standing_on(session, service_id, now):
                raise ProviderRefused(f"{', '.join(on_it)} must be deleted before {row.name}.")
            row.deleted_at = max(now + timedelta(seconds=self._settings.deletion_seconds), row.metered_until)
            effect = effects.done(session, idempotency_key, account_id, effects.DELETE, row, now, row.deleted_at)
            return effects.as_operation(effect, now)

    def operation(self, account_id: str, operation_id: str) -> Operation:
        with self._read() as session:
            return effects.as_operation(effects.find(session, account_id, operation_id), self._clock())

    def end_charges(self, account_id: str, contract_id: str, at: datetime | None, idempotency_key: str) -> Operation:
        with self._write() as session:
            account, now = self._held(session, account_id)
            what = f"charges end at {at:%Y-%m-%d %H:%M} UTC" if at else "charges go on"
            effect = effects.answered(session, idempotency_key, account_id, what, contract_id)
            if effect is None:
                row = _contract(session, account_id, contract_id)
                if at:
                    taking_back.take_back(session, account, row, at)
                ending.set_end(session, row, at, max(now, taking_back.written_until(session, row)))
                effect = effects.done(session, idempotency_key, account_id, what, row, now, now)
            return effects.as_operation(effect, now)

    def close_contract(self, account_id: str, contract_id: str, idempotency_key: str) -> Operation:
        with self._write() as session:
            _, now = self._held(session, account_id)
            if effect := effects.answered(session, idempotency_key, account_id, effects.CLOSE, contract_id):
                return effects.as_operation(effect, now)
            row = _contract(session, account_id, contract_id)
            if row.closed_at:
                return Operation(idempotency_key, OperationState.DONE, row.closed_at)
            if left := inventory.billed_names(session, row, now):
                raise ProviderRefused(f"Still there: {', '.join(left)}.")
            row.closed_at = now
            if row.is_account:
                ending.end_everything(session, account_id, now)
            effect = effects.done(session, idempotency_key, account_id, effects.CLOSE, row, now, now)
            return effects.as_operation(effect, now)

    def _issue_due(self, account_id: str) -> None:
        """Invoice the months that are over; nothing is written where none is due."""
        with self._read() as session:
            if not invoicing.is_due(session, _account(session, account_id), self._clock()):
                return
        with self._write() as session:
            invoicing.issue(session, *self._held(session, account_id))

    def _held(self, session: Session, account_id: str) -> tuple[AccountRow, datetime]:
        """The account, locked, and the time since then: while it was waited for, a month may have been invoiced."""
        return _account(session, account_id, to_change=True), self._clock()

    @contextmanager
    def _read(self) -> Iterator[Session]:
        try:
            with self._db.read() as session:
                yield session
        except DBAPIError as error:
            raise ProviderUnavailable("The account system does not answer.") from error

    @contextmanager
    def _write(self) -> Iterator[Session]:
        try:
            with self._db.write() as session:
                yield session
        except DBAPIError as error:
            raise ProviderUnavailable("The account system does not answer.") from error


def _account(session: Session, account_id: str, to_change: bool = False) -> AccountRow:
    """to_change: nobody else changes what is the account's meanwhile."""
    row = session.get(AccountRow, account_id, with_for_update=to_change)
    if row is None:
        raise NotFound("Unknown account.")
    return row


def _service(session: Session, account_id: str, service_id: str) -> ServiceRow:
    row = session.get(ServiceRow, service_id)
    if row is None or row.account_id != account_id:
        raise NotFound("Unknown service.")
    return row


def _contract(session: Session, account_id: str, contract_id: str) -> ContractRow:
    row = session.get(ContractRow, contract_id)
    if row is None or row.account_id != account_id:
        raise NotFound("Unknown contract.")
    return row
