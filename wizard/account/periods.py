"""Days and billing periods. Instants are UTC; a day is a day in the account's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period [start, end): `end` is the first day that no longer belongs to it."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def month(day: date) -> Period:
    """The calendar month that `day` lies in."""
    start = day.replace(day=1)
    return Period(start, _month_later(start))


def months_back(day: date, count: int) -> list[Period]:
    """The month of `day` and the `count` - 1 months before it, newest first."""
    periods = [month(day)]
    while len(periods) < count:
        periods.append(month(periods[-1].start - timedelta(days=1)))
    return periods


def local_day(instant: datetime, zone: str) -> date:
    """The day on which `instant` falls in the time zone named `zone`: from its first midnight to the next day's.

    Where the clocks are set back from just past midnight, the hour that is shown once more belongs to
    the day that had begun, so that days follow on each other without overlap.
    """
    day = instant.astimezone(ZoneInfo(zone)).date()
    next_day = day + timedelta(days=1)
    return next_day if day_start(next_day, zone) <= instant else day


@lru_cache(maxsize=4096)  # asked for each of an account's services, about the same few days
def day_start(day: date, zone: str) -> datetime:
    """The instant (UTC) at which `day` begins in `zone`."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def last_day_before(instant: datetime, zone: str) -> date:
    """The last day that has begun before `instant`: for an end at midnight, the day before it."""
    return local_day(instant - timedelta(microseconds=1), zone)


def _month_later(start: date) -> date:
    return start.replace(year=start.year + 1, month=1) if start.month == 12 else start.replace(month=start.month + 1)
