"""The embedded provider: the Provider protocol over the tables beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wizard.account.metering import Charging
from wizard.clock import Clock
from wizard.config import Config
from wizard.db import Database
from wizard.errors import NotFound, ProviderRefused, ProviderUnavailable, SetupError
from wizard.money import Money
from wizard.providers.embedded import inventory, matching, usage
from wizard.providers.embedded.tables import (
    AccountRow,
    ContractRow,
    EffectRow,
    FreeSpan,
    InvoiceRow,
    PaymentMethodRow,
    ServiceRow,
)
from wizard.providers.interface import (
    Account,
    Contract,
    Invoice,
    Operation,
    OperationState,
    PaymentMethod,
    Service,
    UsageLine,
)
from wizard.tables import read_table

_DELETE = "delete service"


@dataclass(frozen=True, slots=True)
class Settings:
    deletion_seconds: float = 0.0
    """How long the deletion of one service takes, as on a real platform."""


def open_provider(config: Config, db: Database, clock: Clock) -> "EmbeddedProvider":
    settings = read_table(Settings, config.provider_settings, "wizard.toml: provider")
    if settings.deletion_seconds < 0:
        raise SetupError(f"wizard.toml: provider: deletion_seconds is {settings.deletion_seconds} (give 0 or more).")
    return EmbeddedProvider(db, clock, settings)


class EmbeddedProvider:
    def __init__(self, db: Database, clock: Clock, settings: Settings | None = None) -> None:
        self._db, self._clock, self._settings = db, clock, settings or Settings()

    def account(self, account_id: str) -> Account:
        with self._read() as session:
            row = _account(session, account_id)
            contract = session.scalars(
                select(ContractRow).where(ContractRow.account_id == account_id, ContractRow.is_account)
            ).one()
            return Account(row.id, row.name, row.alias, row.currency, row.timezone, contract.closed_at, row.email)

    def matching_accounts(self, holder: str, domain: str, last_four: str) -> Sequence[str]:
        with self._read() as session:
            return matching.accounts(session, holder, domain, last_four)

    def contracts(self, account_id: str) -> Sequence[Contract]:
        with self._read() as session:
            rows = session.scalars(
                select(ContractRow)
                .where(ContractRow.account_id == account_id)
                .order_by(ContractRow.is_account.desc(), ContractRow.name)
            )
            return [
                Contract(row.id, row.name, row.is_account, span.starts_at if span else None, row.closed_at)
                for row in rows
                for span in [_open_span(session, row)]
            ]

    def services(self, account_id: str) -> Sequence[Service]:
        with self._read() as session:
            return inventory.services(session, _account(session, account_id), self._clock())

    def usage(self, account_id: str, since: date) -> Sequence[UsageLine]:
        with self._read() as session:
            return usage.lines(session, _account(session, account_id), since, self._clock())

    def invoices(self, account_id: str) -> Sequence[Invoice]:
        with self._read() as session:
            currency = _account(session, account_id).currency
            rows = session.scalars(
                select(InvoiceRow).where(InvoiceRow.account_id == account_id).order_by(InvoiceRow.issued_on.desc())
            )
            return [
                Invoice(row.number, row.issued_on, row.due_on, Money(row.total, currency), row.paid_on) for row in rows
            ]

    def payment_methods(self, account_id: str) -> Sequence[PaymentMethod]:
        with self._read() as session:
            rows = session.scalars(
                select(PaymentMethodRow)
                .where(PaymentMethodRow.account_id == account_id)
                .order_by(PaymentMethodRow.is_default.desc(), PaymentMethodRow.id)
            )
            return [PaymentMethod(row.brand, row.last_four, row.expires, row.is_default) for row in rows]

    def delete_service(self, account_id: str, service_id: str, idempotency_key: str) -> Operation:
        now = self._clock()
        with self._write() as session:
            if effect := _repeated(session, idempotency_key):
                return _operation(effect, now)
            row = _service(session, account_id, service_id)
            if row.deleted_at and (effect := _already(session, service_id)):
                return _operation(effect, now)
            listed = {
                service.id: service for service in inventory.services(session, _account(session, account_id), now)
            }
            if reason := listed[service_id].kept_because:
                raise ProviderRefused(reason)
            if row.hold:
                raise ProviderRefused(row.hold)
            on_it = [service.name for service in listed.values() if service.stands_on == service_id]
            if on_it:
                raise ProviderRefused(f"{', '.join(on_it)} must be deleted before {row.name}.")
            row.deleted_at = now + timedelta(seconds=self._settings.deletion_seconds)
            effect = _effect(session, idempotency_key, account_id, _DELETE, row, now, row.deleted_at)
            return _operation(effect, now)

    def operation(self, account_id: str, operation_id: str) -> Operation:
        with self._read() as session:
            effect = session.scalars(
                select(EffectRow).where(EffectRow.account_id == account_id, EffectRow.idempotency_key == operation_id)
            ).one_or_none()
            if effect is None:
                raise NotFound("Unknown operation.")
            return _operation(effect, self._clock())

    def end_charges(self, account_id: str, contract_id: str, at: datetime | None, idempotency_key: str) -> None:
        now = self._clock()
        with self._write() as session:
            if _repeated(session, idempotency_key):
                return
            row = _contract(session, account_id, contract_id)
            _set_end(session, row, at, now)
            effect = f"charges end at {at:%Y-%m-%d %H:%M} UTC" if at else "charges go on"
            _effect(session, idempotency_key, account_id, effect, row, now, now)

    def close_contract(self, account_id: str, contract_id: str, idempotency_key: str) -> None:
        now = self._clock()
        with self._write() as session:
            if _repeated(session, idempotency_key):
                return
            row = _contract(session, account_id, contract_id)
            if row.closed_at:
                return
            left = [
                service.name
                for service in inventory.services(session, _account(session, account_id), now)
                if service.charging is not Charging.UNBILLED and (row.is_account or service.contract_id == contract_id)
            ]
            if left:
                raise ProviderRefused(f"Still there: {', '.join(left)}.")
            row.closed_at = now
            if row.is_account:
                _end_everything(session, account_id, now)
            _effect(session, idempotency_key, account_id, "close contract", row, now, now)

    @contextmanager
    def _read(self) -> Iterator[Session]:
        try:
            with self._db.read() as session:
                yield session
        except OperationalError as error:
            raise ProviderUnavailable("The account system does not answer.") from error

    @contextmanager
    def _write(self) -> Iterator[Session]:
        try:
            with self._db.write() as session:
                yield session
        except OperationalError as error:
            raise ProviderUnavailable("The account system does not answer.") from error


def log(session: Session) -> Sequence[EffectRow]:
    """What was done, oldest first."""
    return session.scalars(select(EffectRow).order_by(EffectRow.id)).all()


def _account(session: Session, account_id: str) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise NotFound("Unknown account.")
    return row


def _service(session: Session, account_id: str, service_id: str) -> ServiceRow:
    row = session.get(ServiceRow, service_id, with_for_update=True)
    if row is None or row.account_id != account_id:
        raise NotFound("Unknown service.")
    return row


def _contract(session: Session, account_id: str, contract_id: str) -> ContractRow:
    row = session.get(ContractRow, contract_id, with_for_update=True)
    if row is None or row.account_id != account_id:
        raise NotFound("Unknown contract.")
    return row


def _open_span(session: Session, contract: ContractRow) -> FreeSpan | None:
    """From where on the contract is not charged any more."""
    return session.scalars(
        select(FreeSpan).where(FreeSpan.contract_id == contract.id, FreeSpan.ends_at.is_(None))
    ).one_or_none()


def _set_end(session: Session, contract: ContractRow, at: datetime | None, now: datetime) -> None:
    """Charge nothing from `at` on, or go on charging from now. What was free until now stays free."""
    span = _open_span(session, contract)
    if span and span.starts_at < now and (at is None or at > span.starts_at):
        span.ends_at, span = min(at or now, now), None
    if span and at is None:
        session.delete(span)
    elif span and at:
        span.starts_at = at
    elif at:
        session.add(FreeSpan(contract_id=contract.id, starts_at=at))


def _repeated(session: Session, key: str) -> EffectRow | None:
    effect = session.scalars(select(EffectRow).where(EffectRow.idempotency_key == key).with_for_update()).one_or_none()
    if effect:
        effect.calls += 1
    return effect


def _already(session: Session, service_id: str) -> EffectRow | None:
    """The deletion of this service under another key."""
    effect = session.scalars(
        select(EffectRow).where(EffectRow.subject_id == service_id, EffectRow.effect == _DELETE)
    ).first()
    if effect:
        effect.calls += 1
    return effect


def _effect(
    session: Session,
    key: str,
    account_id: str,
    effect: str,
    subject: ServiceRow | ContractRow,
    at: datetime,
    finished_at: datetime,
) -> EffectRow:
    row = EffectRow(
        idempotency_key=key,
        account_id=account_id,
        effect=effect,
        subject_id=subject.id,
        subject=subject.name,
        at=at,
        finished_at=finished_at,
        calls=1,
    )
    session.add(row)
    return row


def _operation(effect: EffectRow, now: datetime) -> Operation:
    if effect.finished_at <= now:
        return Operation(effect.idempotency_key, OperationState.DONE, effect.finished_at)
    return Operation(effect.idempotency_key, OperationState.RUNNING)


def _end_everything(session: Session, account_id: str, now: datetime) -> None:
    """With the account go its unbilled things and its other contracts."""
    for service in session.scalars(
        select(ServiceRow).where(ServiceRow.account_id == account_id, ServiceRow.deleted_at.is_(None))
    ):
        service.deleted_at = now
    for contract in session.scalars(
        select(ContractRow).where(ContractRow.account_id == account_id, ContractRow.closed_at.is_(None))
    ):
        contract.closed_at = now
