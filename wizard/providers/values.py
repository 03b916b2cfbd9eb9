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
    id: str
    brand: str
    last_four: str
    """Never more of a card's number."""
    expires: date
    """Last day of the month printed on it."""
    is_default: bool

    def __post_init__(self) -> None:
        if len(self.last_four) > 4:
            raise ValueError("only the last four digits of a card cross the border")


@dataclass(frozen=True, slots=True)
class Option:
    """Something of a contract of which the customer chooses how many there are: mailboxes of a domain."""

    id: str
    contract_id: str
    name: str
    quantity: int
    """The present total; 0: not had."""
    least: int
    most: int | None
    """The plan's limit; None: there is none."""
    charging: Charging
    unit_price: Money
    needs: str = ""
    """What has to be ordered first, in words; empty: nothing."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    name: str
    explanation: str
    """How the sum comes about: `1 more mailbox x 10.00 x 10 of 30 days`."""
    amount: Money
    """Negative is credit."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The priced preview of a change. The sum quoted is the sum charged."""

    id: str
    lines: Sequence[QuoteLine]
    credit_used: Money
    due_now: Money
    """The lines' total less the credit that is used; negative becomes credit."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceForecast:
    """An invoice that is still to come."""

    issued_on: date
    lines: Sequence[QuoteLine]
    total: Money
    is_final: bool


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
