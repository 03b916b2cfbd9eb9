"""Tables of the embedded provider. Ids are a prefix and random."""

import secrets
from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from wizard.db import Base


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(6)}"


class AccountRow(Base):
    __tablename__ = "embedded_account"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    alias: Mapped[str]
    currency: Mapped[str]
    timezone: Mapped[str]
    holder: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    """The address on file; empty: there is none."""
    domains: Mapped[str] = mapped_column(default="")
    """Those that no service is listed under, separated by spaces."""


class ContractRow(Base):
    __tablename__ = "embedded_contract"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    name: Mapped[str]
    is_account: Mapped[bool]
    closed_at: Mapped[datetime | None]


class FreeSpan(Base):
    """A time in which nothing of a contract is charged, whatever is still there."""

    __tablename__ = "embedded_free_span"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("embedded_contract.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """None: for good."""


class ServiceRow(Base):
    __tablename__ = "embedded_service"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("embedded_contract.id"))
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    place: Mapped[str]
    quantity: Mapped[int]
    charging: Mapped[str]
    unit_price: Mapped[int]
    stands_on: Mapped[str | None] = mapped_column(ForeignKey("embedded_service.id"))
    data: Mapped[str]
    hold: Mapped[str | None]
    """Why the platform refuses to delete it at present, such as a backup that is running."""
    created_at: Mapped[datetime]
    metered_until: Mapped[datetime]
    """Usage before this instant stands in embedded_usage_record; after it, it is worked out."""
    deleted_at: Mapped[datetime | None]
    """May lie ahead: until then it is being deleted."""


class UsageRow(Base):
    """A usage record: what a service cost from an instant on. Written once, by `usage.record`.

    The key is what makes it a record: no hour of a service is charged twice.
    """

    __tablename__ = "embedded_usage_record"
    __table_args__ = {"sqlite_with_rowid": False}  # the rows lie in their key, half as large

    service_id: Mapped[str] = mapped_column(ForeignKey("embedded_service.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    is_credit: Mapped[bool] = mapped_column(primary_key=True)
    seconds: Mapped[int]
    """How long it was used; 0 for what is charged or credited at once."""
    quantity: Mapped[int]
    amount: Mapped[int]


class UsageMonthRow(Base):
    """The sums of a service's records of one month, written with them by `usage.record`.

    The usage history reads these alone. 200 services and 3 years are 5.4 million records by the hour:
    to sum up 4 months of them along their key took 0.4 s of processor time, to read these 1 ms.
    """

    __tablename__ = "embedded_usage_month"
    __table_args__ = {"sqlite_with_rowid": False}

    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """Its first day. The month in which a record starts, in the account's time zone."""
    service_id: Mapped[str] = mapped_column(ForeignKey("embedded_service.id"), primary_key=True)
    is_credit: Mapped[bool] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    amount: Mapped[int]


class InvoiceRow(Base):
    __tablename__ = "embedded_invoice"

    number: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total: Mapped[int]
    paid_on: Mapped[date | None]


class PaymentMethodRow(Base):
    __tablename__ = "embedded_payment_method"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    brand: Mapped[str]
    last_four: Mapped[str]
    expires: Mapped[date]
    is_default: Mapped[bool]


class EffectRow(Base):
    """The provider's log: one row for each thing done, however often it was asked for."""

    __tablename__ = "embedded_effect"

    id: Mapped[int] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    effect: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    """Its name."""
    at: Mapped[datetime]
    finished_at: Mapped[datetime]
    calls: Mapped[int]
