"""What a month will come to is what metering charges at its end, if nothing changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.account.estimate import Running, still_to_come, total_to_come
from wizard.account.metering import Charging, Plan, charges
from wizard.account.periods import day_start, local_day, month
from wizard.money import Money, total

ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"]
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
HOURS = st.timedeltas(timedelta(0), timedelta(days=70))
CHARGINGS = st.sampled_from(Charging)
PRICES, QUANTITIES = st.integers(0, 10_000_00), st.integers(0, 9)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def charged(plan: Plan, since: datetime, until: datetime, zone: str) -> Money:
    return total((one.amount for one in charges(plan, since, until, zone)), "USD")


def running(plan: Plan, now: datetime, zone: str) -> Running:
    """What an account system tells of a service of this plan."""
    begin = day_start(month(local_day(now, zone)).start, zone)
    hours = sum(one.quantity for one in charges(plan, begin, now, zone))
    return Running(plan.charging, plan.unit_price, plan.quantity, plan.ends, hours if plan.begins < begin else None)


@given(CHARGINGS, PRICES, QUANTITIES, INSTANTS, HOURS, st.none() | HOURS, ZONES)
def test_what_is_to_come_is_what_metering_charges_until_the_month_is_over(
    charging: Charging, price: int, quantity: int, now: datetime, age: timedelta, ends: timedelta | None, zone: str
) -> None:
    plan = Plan(charging, usd(price), quantity, now - age, None if ends is None else now + ends)
    over = day_start(month(local_day(now, zone)).end, zone)
    estimated = still_to_come(running(plan, now, zone), now, zone)
    too_much = (estimated.amount - charged(plan, now, over, zone)).minor
    if estimated.is_exact:
        assert too_much == 0
    else:
        assert too_much in (0, price * quantity), "an hour of the service"
        assert charging is Charging.IN_ARREARS


@given(PRICES, QUANTITIES, INSTANTS, st.timedeltas(timedelta(days=32), timedelta(days=400)))
def test_a_service_that_was_there_before_the_month_is_estimated_to_the_cent_whatever_the_minute(
    price: int, quantity: int, now: datetime, age: timedelta
) -> None:
    plan = Plan(Charging.IN_ARREARS, usd(price), quantity, now - age)
    assert still_to_come(running(plan, now, "UTC"), now, "UTC").is_exact


@given(QUANTITIES, st.none() | st.integers(-2000, 8000), INSTANTS, ZONES)
def test_whatever_hours_are_told_no_more_is_to_come_than_the_month_has_hours(
    quantity: int, told: int | None, now: datetime, zone: str
) -> None:
    found = still_to_come(Running(Charging.IN_ARREARS, usd(5), quantity, None, told), now, zone)
    left = day_start(month(local_day(now, zone)).end, zone) - now
    assert 0 <= found.amount.minor <= 5 * quantity * (left // timedelta(hours=1) + 2)


NOW = datetime(2026, 11, 21, 17, 3, tzinfo=UTC)
"""Noon in New York, whose November of 2026 has 721 hours; 493 have gone by, and the next has begun."""
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("service", "minor", "is_exact"),
    [
        (Running(Charging.IN_ARREARS, usd(5), 1, None, 493 + 1), 5 * (721 - 494), True),
        (Running(Charging.IN_ARREARS, usd(5), 3, None, 3 * 494), 5 * 3 * (721 - 494), True),
        (Running(Charging.IN_ARREARS, usd(5), 1, None, 493), 5 * (721 - 493), True),
        (Running(Charging.IN_ARREARS, usd(5), 1, None, 300), 5 * 228, False),
        (Running(Charging.IN_ARREARS, usd(5), 1, None, None), 5 * 228, False),
        (Running(Charging.IN_ARREARS, usd(5), 1, NOW, 494), 0, True),
        (Running(Charging.IN_ARREARS, usd(5), 1, NOW + timedelta(hours=2), None), 10, True),
        (Running(Charging.IN_ADVANCE, usd(1000), 3), 0, True),
        (Running(Charging.IN_ADVANCE, usd(1000), 3, datetime(2026, 11, 26, 5, tzinfo=UTC)), -500, True),
        (Running(Charging.IN_ADVANCE, usd(1000), 3, datetime(2026, 12, 1, 5, tzinfo=UTC)), 0, True),
        (Running(Charging.UNBILLED, usd(0), 1), 0, True),
    ],
)
def test_services_of_all_kinds(service: Running, minor: int, is_exact: bool) -> None:
    found = still_to_come(service, NOW, NEW_YORK)
    assert (found.amount, found.is_exact) == (usd(minor), is_exact)


def test_a_sum_is_exact_where_all_of_it_is() -> None:
    old, new = (Running(Charging.IN_ARREARS, usd(5), 1, None, hours) for hours in (494, None))
    assert total_to_come([old, old], NOW, NEW_YORK, "USD").is_exact
    both = total_to_come([old, new], NOW, NEW_YORK, "USD")
    assert (both.amount, both.is_exact) == (usd(5 * 227 + 5 * 228), False)
    assert total_to_come([], NOW, NEW_YORK, "USD").amount == usd(0)


def test_the_month_is_the_accounts_own() -> None:
    last_hour = datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
    assert local_day(last_hour, NEW_YORK) == date(2026, 11, 30)
    service = Running(Charging.IN_ARREARS, usd(5), 1)
    assert still_to_come(service, last_hour, NEW_YORK).amount == usd(5)
    assert still_to_come(service, last_hour, "UTC").amount == usd(5 * 740)
