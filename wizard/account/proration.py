"""Pro-rated sums: what changing a total within a billing period costs or gives back."""

from datetime import date

from wizard.account.periods import Period
from wizard.money import Money


def remaining_days(day: date, period: Period) -> int:
    """Days of `period` that a change on `day` counts for, `day` included.

    A day counts for the configuration in force at its end: the day of adding is charged, the day
    of removal is not. Raises ValueError if the day is outside the period.
    """
    if day not in period:
        raise ValueError(f"{day} is not in the billing period {period.start} to {period.last_day}")
    return (period.end - day).days


def prorate(unit_price: Money, difference: int, day: date, period: Period) -> Money:
    """(new - old) x unit price x remaining / days in the period, rounded half away from zero, once.

    difference: new total less old total. unit_price: for a whole period. Negative is credit.
    """
    return (unit_price * difference).share(remaining_days(day, period), period.days)
