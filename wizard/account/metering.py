"""What a service costs over a span of time: the lines of the usage history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wizard.account.periods import Period, day_start, local_day, month
from wizard.account.proration import prorate, remaining_days
from wizard.money import Money

HOUR = timedelta(hours=1)


class Charging(StrEnum):
    IN_ADVANCE = "in_advance"
    """Recurring: the whole billing period is charged when it begins, unused days are credited."""
    IN_ARREARS = "in_arrears"
    """By use: each hour begun is charged once, for the most that there was in it, in the month in which it begins."""
    UNBILLED = "unbilled"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one service is charged, and since when. Instants are UTC."""

    charging: Charging
    unit_price: Money
    """Per unit and month in advance; per unit and hour in arrears."""
    quantity: int
    begins: datetime
    ends: datetime | None = None
    hours_from: datetime | None = None
    """Where the service's first hour began, if it was charged before `begins` as well: an hour in which
    charges end and go on again is one hour."""


@dataclass(frozen=True, slots=True)
class Charge:
    day: date
    """The day on which it arose; for use, the first day of the span within its month."""
    begins: datetime
    ends: datetime
    """The span of use, within one month; what is charged or credited at once arises where both are the same."""
    quantity: int
    """Units in advance, hours in arrears; negative for a credit."""
    amount: Money
    is_credit: bool = False


Span = tuple[datetime, datetime | None]
"""From an instant (UTC) to another, half open; None: for good."""


def charged_spans(begins: datetime, ends: datetime | None, free: Iterable[Span]) -> Iterator[Span]:
    """What is left of a service's time when the free spans are taken out; they may overlap."""
    at = begins
    for start, stop in sorted(free, key=lambda span: span[0]):
        if ends and start >= ends:
            break
        if start > at:
            yield at, start
        if stop is None:
            return
        at = max(at, stop)
    if ends is None or at < ends:
        yield at, ends


def charges(plan: Plan, since: datetime, until: datetime, zone: str) -> list[Charge]:
    """What arises from `since` to `until` (UTC, half open), split by calendar month of `zone`."""
    if plan.charging is Charging.IN_ARREARS:
        return list(_by_the_hour(plan, since, until, zone))
    if plan.charging is Charging.IN_ADVANCE:
        return list(_by_the_month(plan, since, until, zone))
    return []


def per_month(plan: Plan, period: Period, zone: str) -> Money:
    """What the plan costs over the whole of `period` if it stays as it is. A month in which `zone`
    changes its clocks has an hour more or less."""
    if plan.charging is Charging.IN_ARREARS:
        hours = (day_start(period.end, zone) - day_start(period.start, zone)) // HOUR
        return plan.unit_price * (plan.quantity * hours)
    if plan.charging is Charging.IN_ADVANCE:
        return plan.unit_price * plan.quantity
    return plan.unit_price * 0


def credit_if_removed(plan: Plan, day: date) -> Money:
    """What removal on `day` gives back of a month already charged; zero in arrears."""
    if plan.charging is not Charging.IN_ADVANCE:
        return plan.unit_price * 0
    return -prorate(plan.unit_price, -plan.quantity, day, month(day))


def hours_begun(since: datetime, until: datetime) -> int:
    """Hours of a service that have begun before `until`: counted from its own beginning, so that
    metering in pieces and metering at once agree."""
    return -((since - until) // HOUR)


def hour_of(since: datetime, instant: datetime) -> datetime:
    """When the hour began in which `instant` lies, of a service that is there since `since`."""
    return since + (instant - since) // HOUR * HOUR


def _by_the_hour(plan: Plan, since: datetime, until: datetime, zone: str) -> Iterator[Charge]:
    since = max(since, plan.begins)
    until = min(until, plan.ends) if plan.ends else until
    first = plan.hours_from or plan.begins
    while since < until:
        day = local_day(since, zone)
        stop = min(until, day_start(month(day).end, zone))
        hours = (hours_begun(first, stop) - hours_begun(first, since)) * plan.quantity
        if hours:
            yield Charge(day, since, stop, hours, plan.unit_price * hours)
        since = stop


def _by_the_month(plan: Plan, since: datetime, until: datetime, zone: str) -> Iterator[Charge]:
    begin_day = local_day(plan.begins, zone)
    end_day = local_day(plan.ends, zone) if plan.ends else None
    day = local_day(since, zone)
    while day_start(day, zone) < until:
        period = month(day)
        charged = max(period.start, begin_day)
        gone_before = plan.ends is not None and plan.ends <= max(day_start(period.start, zone), plan.begins)
        if charged in period and not gone_before:
            arises = max(day_start(charged, zone), plan.begins)
            if since <= arises < until:
                full = plan.unit_price * plan.quantity
                share = full.share(remaining_days(charged, period), period.days)
                yield Charge(charged, arises, arises, plan.quantity, share)
            if end_day and end_day in period and plan.ends and since <= plan.ends < until:
                credit = prorate(plan.unit_price, -plan.quantity, end_day, period)
                yield Charge(end_day, plan.ends, plan.ends, -plan.quantity, credit, is_credit=True)
        day = period.end
