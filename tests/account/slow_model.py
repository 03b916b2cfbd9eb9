"""What a service costs, worked out slowly: quarter of an hour by quarter of an hour, day by day.

It shares nothing with the rules that it checks, and is as plain as the articles that explain them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
"""All instants lie on quarters of an hour of UTC; the midnights of every zone do."""


@dataclass(frozen=True)
class Subject:
    by_the_hour: bool
    price: int
    quantity: int
    begins: datetime
    ends: datetime | None
    free: Sequence[tuple[datetime, datetime | None]]
    change: tuple[datetime, int] | None
    """At this instant its quantity became this."""

    def is_charged(self, at: datetime) -> bool:
        if at < self.begins or (self.ends is not None and at >= self.ends):
            return False
        return not any(start <= at and (stop is None or at < stop) for start, stop in self.free)

    def quantity_at(self, at: datetime) -> int:
        return self.change[1] if self.change and at >= self.change[0] else self.quantity

    def quantity_when_it_arises(self, at: datetime) -> int:
        """What is charged for a month at the very instant of a change is charged before it."""
        return self.change[1] if self.change and at > self.change[0] else self.quantity


@dataclass(frozen=True)
class Event:
    at: datetime
    day: date
    quantity: int
    amount: int
    is_credit: bool = False

    @property
    def month(self) -> date:
        return self.day.replace(day=1)


def events(one: Subject, until: datetime, zone: str) -> Iterator[Event]:
    """All that is charged and credited before `until`."""
    at, since = one.begins, None
    while at <= until:
        here = at.astimezone(ZoneInfo(zone)).date()
        before = (at - QUARTER).astimezone(ZoneInfo(zone)).date()
        there = one.is_charged(at)
        charged = there and at < until
        if charged and since is None:
            since = at
            if not one.by_the_hour:
                yield _in_advance(one, at, here)
        elif charged and not one.by_the_hour and (here.year, here.month) != (before.year, before.month):
            yield _in_advance(one, at, here)
        if charged and one.by_the_hour and (at - since) % timedelta(hours=1) == timedelta():
            quantity = one.quantity_at(at)
            yield Event(at, here, quantity, one.price * quantity)
        if there and since is not None and one.change and one.change[0] == at and not one.by_the_hour:
            more = one.change[1] - one.quantity
            yield Event(at, here, more, rounded(one.price * more, here), more < 0)
        if not charged and since is not None:
            is_new_month = (here.year, here.month) != (before.year, before.month)
            if not one.by_the_hour and not is_new_month:
                yield _given_back(one, at, here)
            since = None
        at += QUARTER


def _in_advance(one: Subject, at: datetime, day: date) -> Event:
    quantity = one.quantity_when_it_arises(at)
    return Event(at, day, quantity, rounded(one.price * quantity, day))


def _given_back(one: Subject, at: datetime, day: date) -> Event:
    quantity = one.quantity_at(at)
    return Event(at, day, -quantity, rounded(-one.price * quantity, day), True)


def rounded(sum_: int, day: date) -> int:
    """The share of the days that the month still has, `day` among them."""
    in_month = [
        one for one in (day.replace(day=1) + timedelta(days=count) for count in range(31)) if one.month == day.month
    ]
    left = [one for one in in_month if one >= day]
    exact = Fraction(sum_ * len(left), len(in_month))
    return int((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1), ROUND_HALF_UP))
