"""The values of money that cross the border to a provider: invoices, payment, prices, quotes, forecasts.

As in `values.py`: these fields and no others, ids opaque, instants UTC. A card's number never crosses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wizard.account.metering import Charging
from wizard.money import Money


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    name: str
    explanation: str
    """How the sum comes about: `1 more mailbox x 10.00 x 10 of 30 days`."""
    amount: Money
    """Negative is credit."""


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    issued_on: date
    due_on: date
    total: Money
    """Negative: it has become credit."""
    paid_on: date | None
    lines: Sequence[InvoiceLine] = ()
    credit_used: Money | None = None
    """How much of the total was covered by credit; None: the provider does not say."""
    month: date | None = None
    """First day of the month that it covers; None for an order's."""

    @property
    def due(self) -> Money:
        """What credit leaves to pay; of a negative total nothing."""
        left = self.total.minor - (self.credit_used.minor if self.credit_used else 0)
        return Money(max(left, 0), self.total.currency)


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    id: str
    brand: str
    last_four: str
    """Never more of a card's number."""
    expires: date
    """Last day of the month printed on it."""
    is_default: bool

    @property
    def name(self) -> str:
        """`Visa ending in 4242`"""
        return f"{self.brand} ending in {self.last_four}"

    def is_valid_on(self, day: date) -> bool:
        return day <= self.expires

    def __post_init__(self) -> None:
        if len(self.last_four) > 4:
            raise ValueError("only the last four digits of a card cross the border")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who gets invoices and payment notices."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Option:
    """Something of a contract of which the customer chooses how many there are: mailboxes of a domain."""

    id: str
    contract_id: str
    name: str
    unit: str
    """One of it: `mailbox`."""
    units: str
    """Several: `mailboxes`."""
    quantity: int
    """The present total; 0: not had."""
    least: int
    most: int | None
    """The plan's limit; None: there is none."""
    charging: Charging
    unit_price: Money
    """Per unit and month in advance, per unit and hour in arrears."""
    needs: str = ""
    """Id of the option of which one must be had for this; empty: none."""
    why_least: str = ""
    """Why there cannot be fewer, in a sentence; empty: there can be none."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """The change of one option."""

    option_id: str
    name: str
    unit: str
    units: str
    old: int
    new: int
    charging: Charging
    unit_price: Money
    days: int
    """Days of the billing period that it counts for, of `of_days`; 0 in arrears, where nothing is due now."""
    of_days: int
    amount: Money
    """Negative is credit."""
    explanation: str = ""
    """The provider's own words for how the sum comes about; empty: by the numbers that stand here."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The priced preview of a change. The sum quoted is the sum charged."""

    id: str
    contract_id: str
    lines: Sequence[QuoteLine]
    total: Money
    """The lines' sum. Negative: it becomes credit."""
    credit_used: Money
    """How much of the total is covered by credit."""
    expires_at: datetime

    @property
    def due_now(self) -> Money:
        """What the payment method is charged; never negative."""
        return self.total - self.credit_used if self.total.minor > 0 else self.total * 0

    @property
    def becomes_credit(self) -> Money:
        return -self.total if self.total.minor < 0 else self.total * 0


@dataclass(frozen=True, slots=True)
class InvoiceForecast:
    """An invoice that is still to come."""

    month: date
    """First day of the month that it covers."""
    issued_on: date
    lines: Sequence[InvoiceLine]
    total: Money
    """Negative: it becomes credit."""
    credit_used: Money
    is_final: bool

    @property
    def due(self) -> Money:
        """What is left to pay; never negative."""
        return self.total - self.credit_used if self.total.minor > 0 else self.total * 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The invoices to come if a contract ends at an instant."""

    invoices: Sequence[InvoiceForecast]
    """Oldest first, the final one last; there is always a final one."""
    credit_left: Money
    """What is refunded after the final invoice."""


@dataclass(frozen=True, slots=True)
class Task:
    """Work that the provider does for a fixed price: copying a server's data."""

    id: str
    name: str
    about: str
    price: Money
