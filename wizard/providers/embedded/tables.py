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
    place: Mapped[str] = mapped_column(default="")
    """The domain that it is for; empty for the account's own."""
    committed_until: Mapped[date | None]
    """The last day of its term; None: it has none."""
    sales_contact: Mapped[str] = mapped_column(default="")
    sales_email: Mapped[str] = mapped_column(default="")


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
    credit_used: Mapped[int] = mapped_column(default=0)
    month: Mapped[date | None]
    """First day of the month that it covers; None for an order's."""


class InvoiceLineRow(Base):
    __tablename__ = "embedded_invoice_line"

    number: Mapped[str] = mapped_column(ForeignKey("embedded_invoice.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str | None] = mapped_column(ForeignKey("embedded_service.id"), index=True)
    """None for what is no service's."""
    name: Mapped[str]
    explanation: Mapped[str]
    amount: Mapped[int]


class CreditRow(Base):
    """What was added to an account's credit or used of it; the credit is their sum."""

    __tablename__ = "embedded_credit"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    at: Mapped[datetime]
    amount: Mapped[int]
    """Negative: used."""
    why: Mapped[str]
    """The invoice's number, or words."""


class PaymentMethodRow(Base):
    __tablename__ = "embedded_payment_method"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    brand: Mapped[str]
    last_four: Mapped[str]
    expires: Mapped[date]
    is_default: Mapped[bool]
    declines: Mapped[bool] = mapped_column(default=False)
    """A test card whose payments are declined."""

    @property
    def name(self) -> str:
        return f"{self.brand} ending in {self.last_four}"


class PaymentSetupRow(Base):
    """A visit to the test processor's page."""

    __tablename__ = "embedded_payment_setup"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    return_to: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ContactRow(Base):
    __tablename__ = "embedded_contact"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    name: Mapped[str]
    email: Mapped[str]
    added_at: Mapped[datetime]


class PriceRow(Base):
    """A line of the price list: what can be had in number, and what one of it costs."""

    __tablename__ = "embedded_price"

    kind: Mapped[str] = mapped_column(primary_key=True)
    """The kind of the service that it makes."""
    currency: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    unit: Mapped[str]
    units: Mapped[str]
    is_for_account: Mapped[bool]
    """Belongs to the account's own contract; otherwise to a domain's."""
    charging: Mapped[str]
    unit_price: Mapped[int]
    most: Mapped[int | None]
    needs: Mapped[str] = mapped_column(default="")
    """The kind of which one must be had for it; empty: none."""


class QuoteRow(Base):
    __tablename__ = "embedded_quote"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("embedded_contract.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    lines: Mapped[str]
    """JSON: what it was worked out from."""
    total: Mapped[int]
    credit_used: Mapped[int]
    ordered_at: Mapped[datetime | None]


class TaskRow(Base):
    """A line of the price list of service tasks."""

    __tablename__ = "embedded_task"

    id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    about: Mapped[str]
    price: Mapped[int]


class ItemRow(Base):
    """Something charged once that is no service: a service task."""

    __tablename__ = "embedded_item"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("embedded_account.id"), index=True)
    at: Mapped[datetime]
    name: Mapped[str]
    amount: Mapped[int]


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
    result: Mapped[str] = mapped_column(default="")
    """What came of it: an invoice's number."""
