"""The invoice of a calendar month: its lines, each with how it comes about, and what credit covers of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wizard.account.metering import Charging
from wizard.account.periods import Period
from wizard.account.proration import remaining_days
from wizard.money import Money, plain, total

_PARTS = 4
"""So many parts of a line are worked out one by one."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A service, as the lines of an invoice need it."""

    id: str
    name: str
    charging: Charging
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was charged or credited; in arrears any span of use within a month."""

    service: str
    """Its id."""
    day: date
    quantity: int
    """Units in advance, hours in arrears; negative for a credit."""
    amount: Money
    is_credit: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    explanation: str
    amount: Money
    service: str = ""
    """Its id; empty for what is no service's."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What an invoice says. It is issued when its month is over."""

    period: Period
    lines: Sequence[Line]
    total: Money
    """Negative: it becomes credit."""
    credit_used: Money

    @property
    def is_settled(self) -> bool:
        """Nothing is left to pay."""
        return self.total.minor <= self.credit_used.minor

    def credit_left(self, credit: Money) -> Money:
        """Of the credit that was there before it."""
        return credit - (self.total if self.total.minor < 0 else self.credit_used)


def bill(period: Period, lines: Sequence[Line], credit: Money) -> Bill:
    """credit: what there is; it is used before anything else."""
    sum_ = total((line.amount for line in lines), credit.currency)
    return Bill(period, lines, sum_, Money(min(credit.minor, max(sum_.minor, 0)), credit.currency))


def service_lines(services: Iterable[Priced], entries: Iterable[Entry], period: Period) -> list[Line]:
    """The lines of a month's entries: for each service what was charged, and apart from it what was credited."""
    found: dict[tuple[str, bool], list[Entry]] = {}
    for entry in entries:
        if entry.day in period:
            found.setdefault((entry.service, entry.is_credit), []).append(entry)
    return [
        _line(service, is_credit, found[service.id, is_credit], period)
        for service in services
        for is_credit in (False, True)
        if (service.id, is_credit) in found
    ]


def _line(service: Priced, is_credit: bool, entries: Sequence[Entry], period: Period) -> Line:
    return Line(
        f"{service.name}, credit for unused days" if is_credit else service.name,
        _worked_out(service, entries, period),
        total((entry.amount for entry in entries), service.unit_price.currency),
        service.id,
    )


def _worked_out(service: Priced, entries: Sequence[Entry], period: Period) -> str:
    """`720 hours × 0.05`; `3 × 10.00, 1 × 10.00 × 10 of 30 days`"""
    price = plain(service.unit_price)
    if service.charging is Charging.IN_ARREARS:
        hours = sum(entry.quantity for entry in entries)
        return f"{hours:,} {'hour' if hours == 1 else 'hours'} × {price}"
    if len(entries) > _PARTS:
        return f"{len(entries)} changes, each by the days that were left"
    return ", ".join(
        f"{abs(entry.quantity):,} × {price}{_share(remaining_days(entry.day, period), period)}"
        for entry in sorted(entries, key=lambda entry: entry.day)
    )


def _share(days: int, period: Period) -> str:
    return "" if days == period.days else f" × {days} of {period.days} days"
