"""Proration and rounding as the design states them, for any billing period, sign and currency."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.account.metering import Charging, Plan, charges
from wizard.account.periods import Period, month
from wizard.account.proration import prorate, remaining_days
from wizard.account.wording import worked_out
from wizard.money import Money, plain, total

DAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))
LENGTHS = st.sampled_from([1, 7, 28, 29, 30, 31, 90, 365, 366]) | st.integers(1, 800)
PRICES = st.integers(0, 10**7)
TOTALS = st.integers(0, 100_000)
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Calendar months, and periods of any length that begin on any day."""
    start = draw(DAYS)
    if draw(st.booleans()):
        return month(start)
    return Period(start, start + timedelta(days=draw(LENGTHS)))


@st.composite
def changes(draw: st.DrawFn, same_day: bool) -> tuple[Period, list[tuple[date, int]]]:
    """A period, and orders in it: the day, and the new total less the old one."""
    period = draw(periods())
    offsets = st.integers(0, period.days - 1)
    count = draw(st.integers(1, 8))
    days = [draw(offsets)] * count if same_day else sorted(draw(offsets) for _ in range(count))
    totals = [draw(st.integers(0, 60)) for _ in range(count + 1)]
    steps = [new - old for old, new in zip(totals, totals[1:], strict=False)]
    return period, [(period.start + timedelta(days=day), step) for day, step in zip(days, steps, strict=True)]


def exact(price: int, difference: int, day: date, period: Period) -> Fraction:
    return Fraction(price * difference * (period.end - day).days, (period.end - period.start).days)


@given(PRICES, TOTALS, TOTALS, periods(), st.data(), CURRENCIES)
def test_a_line_is_the_exact_share_rounded_once_half_away_from_zero(
    price: int, old: int, new: int, period: Period, data: st.DataObject, currency: str
) -> None:
    day = period.start + timedelta(days=data.draw(st.integers(0, period.days - 1)))
    line = prorate(Money(price, currency), new - old, day, period)
    share = exact(price, new - old, day, period)
    rounded = int(abs(share) + Fraction(1, 2)) * (1 if share >= 0 else -1)
    assert (line.minor, line.currency) == (rounded, currency)
    assert line + prorate(Money(price, currency), old - new, day, period) == Money(0, currency), "back on the same day"


@given(PRICES, st.integers(-60, 60), periods())
def test_the_first_day_charges_all_and_the_last_day_one_day(price: int, difference: int, period: Period) -> None:
    price_ = Money(price, "USD")
    assert prorate(price_, difference, period.start, period) == price_ * difference
    assert remaining_days(period.start, period) == period.days and remaining_days(period.last_day, period) == 1
    assert prorate(price_, difference, period.last_day, period) == (price_ * difference).share(1, period.days)
    for outside in (period.end, period.start - timedelta(days=1)):
        with pytest.raises(ValueError, match="not in the billing period"):
            remaining_days(outside, period)


@given(PRICES, changes(same_day=True))
@example(1, (Period(date(2026, 11, 1), date(2026, 12, 1)), [(date(2026, 11, 16), 1)] * 8))
def test_orders_of_one_day_differ_from_a_single_one_by_at_most_half_a_unit_each(
    price: int, made: tuple[Period, list[tuple[date, int]]]
) -> None:
    """The design says n/2 + 1/2. It is n/2, rounded down: n roundings and that of the single order add up
    to n/2 + 1/2 only if all n round up from a half and the single one down from a half; but what rounds
    up from a half is positive, and then so is their sum, which rounds up from a half as well."""
    period, orders = made
    apart = sum(prorate(Money(price, "USD"), step, day, period).minor for day, step in orders)
    at_once = prorate(Money(price, "USD"), sum(step for _, step in orders), orders[0][0], period).minor
    assert abs(apart - at_once) <= len(orders) // 2


def test_that_bound_is_reached() -> None:
    november = month(date(2026, 11, 16))
    halves = [prorate(Money(1, "USD"), sign, date(2026, 11, 16), november).minor for sign in (1, 1, -1, -1)]
    assert halves == [1, 1, -1, -1]
    assert sum(halves[:2]) - prorate(Money(1, "USD"), 2, date(2026, 11, 16), november).minor == 2 // 2


@given(PRICES, changes(same_day=False))
def test_orders_of_several_days_differ_from_what_each_day_costs_by_at_most_half_a_unit_each(
    price: int, made: tuple[Period, list[tuple[date, int]]]
) -> None:
    """Each day costs the total at its end x unit price / days in the period, unrounded."""
    period, orders = made
    charged = sum(prorate(Money(price, "USD"), step, day, period).minor for day, step in orders)
    by_day = Fraction(0)
    for offset in range(period.days):
        day = period.start + timedelta(days=offset)
        by_day += Fraction(price * sum(step for when, step in orders if when <= day), period.days)
    assert abs(charged - by_day) <= Fraction(len(orders), 2)


@pytest.mark.parametrize(
    ("day", "days", "remaining"),
    [
        (date(2027, 2, 28), 28, 1),
        (date(2028, 2, 28), 29, 2),
        (date(2028, 2, 29), 29, 1),
        (date(2100, 2, 28), 28, 1),
        (date(2000, 2, 28), 29, 2),
        (date(2026, 4, 30), 30, 1),
        (date(2026, 12, 31), 31, 1),
        (date(2026, 12, 1), 31, 31),
    ],
)
def test_months_have_the_days_of_the_calendar(day: date, days: int, remaining: int) -> None:
    assert (month(day).days, remaining_days(day, month(day))) == (days, remaining)
    assert prorate(Money(days * 100, "USD"), 1, day, month(day)) == Money(100 * remaining, "USD")


@given(st.integers(0, 10**6), st.integers(1, 60), DAYS, st.integers(0, 62), st.sampled_from(["UTC", "Asia/Kathmandu"]))
def test_a_service_costs_its_days_whatever_month_ends_lie_between(
    price: int, units: int, first: date, length: int, zone: str
) -> None:
    """A service that comes and goes: within half a unit a line of the sum of its days."""
    begins = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    plan = Plan(Charging.IN_ADVANCE, Money(price, "USD"), units, begins, begins + timedelta(days=length))
    lines = charges(plan, begins, begins + timedelta(days=length + 40), zone)
    days = [first + timedelta(days=one) for one in range(length)]
    cost = sum((Fraction(price * units, month(day).days) for day in days), Fraction(0))
    assert abs(total((one.amount for one in lines), "USD").minor - cost) <= Fraction(len(lines), 2)
    assert len(lines) <= length // 28 + 3


@pytest.mark.parametrize(
    ("sum_", "written"),
    [
        (Money(-123450, "USD"), "-1234.50"),
        (Money(5, "USD"), "0.05"),
        (Money(-5, "KWD"), "-0.005"),
        (Money(1500, "JPY"), "1500"),
        (Money(0, "EUR"), "0.00"),
        (Money(2**63 - 1, "USD"), "92233720368547758.07"),
    ],
)
def test_a_plain_sum_has_the_digits_of_its_currency(sum_: Money, written: str) -> None:
    assert plain(sum_) == written


@pytest.mark.parametrize(
    ("difference", "days", "of_days", "said"),
    [
        (1, 10, 30, "1 more mailbox × 10.00 × 10 of 30 days"),
        (-1, 1, 28, "1 fewer mailbox × 10.00 × 1 of 28 days"),
        (2, 31, 31, "2 more mailboxes × 10.00 × 31 of 31 days"),
        (-1200, 29, 29, "1,200 fewer mailboxes × 10.00 × 29 of 29 days"),
        (1, 0, 0, "1 more mailbox × 10.00 an hour, charged by the hour"),
        (-3, 0, 0, "3 fewer mailboxes × 10.00 an hour, charged by the hour"),
    ],
)
def test_how_a_sum_comes_about_is_said_for_each_sign_and_count(
    difference: int, days: int, of_days: int, said: str
) -> None:
    assert worked_out(difference, "mailbox", "mailboxes", "10.00", days, of_days) == said


@pytest.mark.parametrize("wrong", [1.0, True, "1", None])
def test_money_counts_nothing_but_whole_numbers(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong, "USD")  # type: ignore[arg-type]
