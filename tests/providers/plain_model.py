"""What usage must come to, told once more and in another way: event after event, and hour after hour."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass
class Free:
    """When nothing of a contract is charged."""

    over: list[tuple[datetime, datetime]] = field(default_factory=list)
    since: datetime | None = None

    def end(self, at: datetime | None, now: datetime) -> None:
        if self.since and self.since < now and (at is None or at > self.since):
            self.over.append((self.since, min(at or now, now)))
        self.since = at

    def holds(self, instant: datetime) -> bool:
        is_open = self.since is not None and self.since <= instant
        return is_open or any(start <= instant < stop for start, stop in self.over)

    def marks(self) -> list[datetime]:
        return [mark for span in self.over for mark in span] + ([self.since] if self.since else [])


@dataclass
class Life:
    """A service from its coming to its going, and every total that it had."""

    price: int
    by_the_hour: bool
    free: list[Free]
    totals: list[tuple[datetime, int]]
    """From when on, how many; 0: gone."""

    @property
    def quantity(self) -> int:
        return self.totals[-1][1]

    def charged(self, instant: datetime) -> int:
        """The total in force at this instant, as far as it is charged."""
        had = [total for since, total in self.totals if since <= instant]
        return 0 if not had or self.is_free(instant) else had[-1]

    def is_free(self, instant: datetime) -> bool:
        return any(one.holds(instant) for one in self.free)

    def months(self, zone: str, now: datetime) -> Counter:
        """First day of the month -> minor units that arose before `now`."""
        return self._hours(zone, now) if self.by_the_hour else self._events(zone, now)

    def _events(self, zone: str, now: datetime) -> Counter:
        sums: Counter = Counter()
        starts = set(month_starts(self.totals[0][0], now, zone))
        marks = {since for since, _ in self.totals} | {mark for one in self.free for mark in one.marks()} | starts
        before = 0
        for mark in sorted(one for one in marks if one < now):
            day = mark.astimezone(ZoneInfo(zone)).date()
            first, days = day.replace(day=1), month_days(day)
            if mark in starts:
                sums[first] += before * self.price
            for total in [total for since, total in self.totals if since == mark] or [None]:
                after = total if total is not None else self.charged(mark)
                after = 0 if self.is_free(mark) else after
                sums[first] += rounded(Fraction((after - before) * self.price * (days - day.day + 1), days))
                before = after
        return sums

    def _hours(self, zone: str, now: datetime) -> Counter:
        sums: Counter = Counter()
        hour = self.totals[0][0]
        while hour < now:
            had = self.charged(hour)
            sums[first_of(hour, zone)] += had * self.price
            for since, total in self.totals:
                if had and hour < since < min(hour + HOUR, now) and not self.is_free(since) and total > had:
                    sums[first_of(since, zone)] += (total - had) * self.price
                    had = total
            hour += HOUR
        return sums


def rounded(exact: Fraction) -> int:
    return int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)


def month_days(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - day.replace(day=1)).days


def first_of(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date().replace(day=1)


def month_starts(since: datetime, until: datetime, zone: str) -> Iterator[datetime]:
    """Of the months that begin after `since`."""
    first = first_of(since, zone)
    while True:
        first = first + timedelta(days=month_days(first))
        start = datetime(first.year, first.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if start >= until:
            return
        if start > since:
            yield start
