"""The protocol that every provider speaks, and the values that cross the border.

Calls may be slow, may fail (ProviderUnavailable), may be refused with a reason for the customer
(ProviderRefused), may not exist there (ActionNotSupported). Every call that changes something
carries an idempotency key: the same key again does nothing again and answers the same. Instants
are UTC. Ids are the provider's own and opaque. Secrets are dropped before a value crosses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from wizard.account.metering import Charging
from wizard.money import Money


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    alias: str
    """Short form that service names carry: `ABCD`."""
    currency: str
    timezone: str
    closed_at: datetime | None = None
    email: str = ""
    """The address on file; empty: there is none."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A scope that can end by itself: the whole account, or a set of its services."""

    id: str
    name: str
    is_account: bool
    """The contract of the whole account: every service belongs to it."""
    charges_end: datetime | None = None
    closed_at: datetime | None = None

    def billed(self, services: Iterable["Service"]) -> list["Service"]:
        """Those of its scope that are billed."""
        return [one for one in services if one.is_billed and (self.is_account or one.contract_id == self.id)]


class ServiceState(StrEnum):
    ACTIVE = "active"
    DELETING = "deleting"


@dataclass(frozen=True, slots=True)
class Service:
    id: str
    name: str
    kind: str
    """What it is, in a word or two: server, network, mailboxes, hosting package."""
    place: str
    """The domain or data center that it is listed under."""
    contract_id: str | None
    """The contract that it belongs to besides the account's, if any."""
    quantity: int
    charging: Charging
    unit_price: Money
    """Per unit and month in advance, per unit and hour in arrears."""
    per_month: Money
    """What it costs in the present month if it stays as it is."""
    credit_today: Money
    """What its deletion today gives back of a month already charged."""
    state: ServiceState = ServiceState.ACTIVE
    stands_on: str | None = None
    """Id of the service that must not go before it: a server's network, a mailbox's package."""
    data: str = ""
    """The data that it holds and how much, in words; empty: none."""
    kept_because: str = ""
    """Why it cannot be deleted by itself; empty: it can."""

    @property
    def is_billed(self) -> bool:
        return self.charging is not Charging.UNBILLED


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One service's charges, or credits, in one calendar month."""

    month: date
    """Its first day."""
    service_id: str
    service: str
    place: str
    quantity: int
    unit: str
    """`hours` or `units`."""
    amount: Money


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    issued_on: date
    due_on: date
    total: Money
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    brand: str
    last_four: str
    expires: date
    """Last day of the month printed on it."""
    is_default: bool


class OperationState(StrEnum):
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that the provider does after it has answered."""

    id: str
    state: OperationState
    finished_at: datetime | None = None


class Provider(Protocol):
    def account(self, account_id: str) -> Account:
        """Raises NotFound for an id that it does not know."""
        ...

    def matching_accounts(self, holder: str, domain: str, last_four: str) -> Sequence[str]:
        """Ids of the accounts of this holder, with this domain, and with a card that ends in these digits.

        All three fit, whatever the case and the spaces. What has ended counts as well.
        """
        ...

    def contracts(self, account_id: str) -> Sequence[Contract]:
        """The contracts that exist, the account's own first; closed ones included."""
        ...

    def services(self, account_id: str) -> Sequence[Service]:
        """All services that are there, also those being deleted; deleted ones are gone."""
        ...

    def usage(self, account_id: str, since: date) -> Sequence[UsageLine]:
        """Lines of the months from the one of `since` until now, newest month first."""
        ...

    def invoices(self, account_id: str) -> Sequence[Invoice]:
        """Newest first."""
        ...

    def payment_methods(self, account_id: str) -> Sequence[PaymentMethod]:
        """The default first."""
        ...

    def delete_service(self, account_id: str, service_id: str, idempotency_key: str) -> Operation:
        """Begin to delete. Raises ProviderRefused, saying why."""
        ...

    def operation(self, account_id: str, operation_id: str) -> Operation:
        """How far it is."""
        ...

    def end_charges(self, account_id: str, contract_id: str, at: datetime | None, idempotency_key: str) -> None:
        """Charge nothing of this contract from `at` on, whatever is still there.

        None takes it back: charges go on from now. What an earlier `at` has kept free stays free.
        """
        ...

    def close_contract(self, account_id: str, contract_id: str, idempotency_key: str) -> None:
        """End it; one that has ended stays as it is. Raises ProviderRefused while a billed service of it is there."""
        ...
