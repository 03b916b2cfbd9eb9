"""What the present month will come to if nothing changes: what its services will still be charged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.account.metering import Charging
from wizard.account.periods import day_start, local_day, month
from wizard.account.proration import prorate
from wizard.money import Money

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Running:
    """A service that is there and is charged, as an account system tells of it."""

    charging: Charging
    unit_price: Money
    """Per unit and month in advance; per unit and hour in arrears."""
    quantity: int
    ends: datetime | None = None
    """From when on nothing is charged, whatever is still there; None: not before the month is over."""
    charged: int | None = None
    """Units x hours charged in this month so far; None where it was not charged in the month before."""


@dataclass(frozen=True, slots=True)
class ToCome:
    amount: Money
    """Negative where unused days will be credited."""
    is_exact: bool
    """Otherwise what is charged in the end is at most one hour of the service less, and never more."""


def still_to_come(service: Running, now: datetime, zone: str) -> ToCome:
    """What arises from `now` (UTC) until the month of `zone` is over.

    In advance nothing more, but the credit for unused days where charges end before. In arrears each
    hour that begins. When in an hour a service's own hours begin is not told: a service that has been
    charged since before the month began gets as many as the month has, and those charged so far
    tell how many are left. Of another it is not known whether one more begins, and one more is counted.
    (A break of less than two hours does not show in the hours so far.)
    """
    this_month = month(local_day(now, zone))
    begin, over = (day_start(day, zone) for day in (this_month.start, this_month.end))
    stop = min(over, service.ends or over)
    nothing = ToCome(service.unit_price * 0, is_exact=True)
    if stop <= now or service.charging is Charging.UNBILLED or not service.unit_price.minor * service.quantity:
        return nothing
    if service.charging is Charging.IN_ADVANCE:
        if stop == over:
            return nothing
        return ToCome(prorate(service.unit_price, -service.quantity, local_day(stop, zone), this_month), is_exact=True)
    hours = _hours_without_a_break(service, now - begin)
    left, odd = divmod(stop - now if hours is None else stop - begin, HOUR)
    left += bool(odd)
    return ToCome(service.unit_price * (service.quantity * (left - (hours or 0))), is_exact=not odd)


def total_to_come(services: Iterable[Running], now: datetime, zone: str, currency: str) -> ToCome:
    """Of all together; not exact means at most one hour of each service less."""
    amount, is_exact = Money(0, currency), True
    for one in services:
        found = still_to_come(one, now, zone)
        amount, is_exact = amount + found.amount, is_exact and found.is_exact
    return ToCome(amount, is_exact)


def _hours_without_a_break(service: Running, elapsed: timedelta) -> int | None:
    """Hours charged so far; None where they are not those of a service of this quantity that has been
    charged all month."""
    if service.charged is None or service.charged % service.quantity:
        return None
    hours = service.charged // service.quantity
    return hours if hours in (elapsed // HOUR, -(-elapsed // HOUR)) else None
