"""The values that cross the border to a provider.

Each has the fields that stand here and no others: passwords, tokens and card numbers are dropped
before it crosses. Instants are UTC. Ids are the provider's own and opaque.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from wizard.account.metering import Charging
from wizard.errors import ProviderUnavailable
from wizard.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of what was asked for, in the provider's order."""

    items: Sequence[T]
    next: str = ""
    """Where the next page begins; empty: this is the last."""


def every(page: Callable[[str], Page[T]]) -> list[T]:
    """All items. page: asks for the page that begins at its argument, `""` for the first.

    Raises ProviderUnavailable where the pages run in a circle.
    """
    found: list[T] = []
    been, after = {""}, ""
    while True:
        answer = page(after)
        found += answer.items
        after = answer.next
        if not after:
            return found
        if after in been:
            raise ProviderUnavailable("its pages run in a circle")
        been.add(after)


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
    holder: str = ""
    """The person or company that the contract is with."""
    backup_days: int | None = None
    """For so many days after a deletion the provider keeps its own backups; None: it does not say."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A term that the customer has agreed to."""

    until: date
    """Its last day, in the account's time zone."""
    sales_contact: str
    """Name of who executes a terminate service order."""
    sales_email: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A scope that can end by itself: the whole account, or a set of its services."""

    id: str
    name: str
    is_account: bool
    """The contract of the whole account: every service belongs to it."""
    charges_end: datetime | None = None
    closed_at: datetime | None = None
    commitment: Commitment | None = None
    """The term that it is bound by, as long as it runs."""

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
    data_format: str = ""
    """In what form it comes out: `PST or MBOX`; empty: the provider does not say."""
    data_how: str = ""
    """How the customer gets it, in a sentence; empty: the provider does not say."""
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
    """Empty for what is no service: a service task."""
    service: str
    place: str
    quantity: int
    unit: str
    """`hours`, `units`, or `tasks`."""
    amount: Money


class OperationState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that the provider does, perhaps after it has answered."""

    id: str
    state: OperationState
    finished_at: datetime | None = None
    problem: str = ""
    """Why it failed, for the customer."""
    result: str = ""
    """What came of it: the number of an order's invoice."""
