"""Days in time zones: the local day decides, wherever clocks are changed and whatever day is left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.account.metering import Charging, Plan, charges, hours_begun
from wizard.account.periods import day_start, last_day_before, local_day, month
from wizard.account.proration import remaining_days
from wizard.money import Money, total

MOMENT = timedelta(microseconds=1)
ZONES = st.sampled_from(
    [
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Casablanca",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "America/Havana",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    ]
)
DAYS = st.dates(date(2005, 1, 1), date(2036, 12, 31))
INSTANTS = st.datetimes(datetime(2005, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))


@given(DAYS, ZONES)
@example(date(2011, 12, 30), "Pacific/Apia")
@example(date(2009, 11, 1), "America/St_Johns")
@example(date(2018, 11, 4), "America/Sao_Paulo")
@example(date(2021, 3, 28), "Asia/Beirut")
@example(date(2026, 11, 1), "America/Havana")
def test_days_follow_on_each_other_and_every_instant_is_of_one(day: date, zone: str) -> None:
    begins, ends = day_start(day, zone), day_start(day + timedelta(days=1), zone)
    if begins == ends:
        assert (zone, day) == ("Pacific/Apia", date(2011, 12, 30)), "the only day that was left out"
        return
    assert timedelta(hours=22) <= ends - begins <= timedelta(hours=26)
    minutes = [
        begins + timedelta(minutes=minute) for minute in range(0, int((ends - begins).total_seconds()) // 60, 29)
    ]
    assert {local_day(instant, zone) for instant in (*minutes, ends - MOMENT)} == {day}
    assert last_day_before(ends, zone) == day and local_day(ends, zone) > day


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 11, 1, 4, 59, 59, 999999), "America/Chicago", date(2026, 10, 31)),
        (datetime(2026, 11, 1, 5, 0), "America/Chicago", date(2026, 11, 1)),
        (datetime(2026, 3, 29, 22, 0), "Europe/Berlin", date(2026, 3, 30)),
        (datetime(2026, 3, 28, 22, 59), "Europe/Berlin", date(2026, 3, 28)),
        (datetime(2026, 11, 30, 18, 14), "Asia/Kathmandu", date(2026, 11, 30)),
        (datetime(2026, 11, 30, 18, 15), "Asia/Kathmandu", date(2026, 12, 1)),
        (datetime(2011, 12, 30, 9, 59), "Pacific/Apia", date(2011, 12, 29)),
        (datetime(2011, 12, 30, 10, 0), "Pacific/Apia", date(2011, 12, 31)),
        (datetime(2018, 11, 4, 2, 59), "America/Sao_Paulo", date(2018, 11, 3)),
        (datetime(2018, 11, 4, 3, 0), "America/Sao_Paulo", date(2018, 11, 4)),
        (datetime(2009, 11, 1, 2, 45), "America/St_Johns", date(2009, 11, 1)),
    ],
)
def test_the_local_day_decides(instant: datetime, zone: str, day: date) -> None:
    """The last: clocks were set back from 00:01 to 23:01; the hour shown once more is of the day begun."""
    assert local_day(instant.replace(tzinfo=UTC), zone) == day


def test_a_day_that_was_left_out_still_counts_in_its_month() -> None:
    december = month(date(2011, 12, 31))
    assert (
        december.days,
        remaining_days(date(2011, 12, 31), december),
        remaining_days(date(2011, 12, 29), december),
    ) == (
        31,
        1,
        3,
    )


@given(INSTANTS, st.integers(0, 3000), st.lists(st.integers(0, 3000), max_size=5), ZONES, st.sampled_from(Charging))
@example(datetime(2009, 10, 20, tzinfo=UTC), 1200, [290, 291, 292], "America/St_Johns", Charging.IN_ARREARS)
def test_metering_in_pieces_is_metering_at_once_in_every_zone(
    begins: datetime, hours: int, cuts: list[int], zone: str, charging: Charging
) -> None:
    plan = Plan(charging, Money(7, "USD"), 3, begins, begins + timedelta(hours=hours, minutes=17))
    marks = [
        begins,
        *sorted(begins + timedelta(hours=cut, minutes=cut % 60) for cut in cuts),
        begins + timedelta(days=200),
    ]
    pieces = [one for since, until in zip(marks, marks[1:], strict=False) for one in charges(plan, since, until, zone)]
    at_once = charges(plan, begins, marks[-1], zone)
    assert total((one.amount for one in pieces), "USD") == total((one.amount for one in at_once), "USD")
    for one in pieces:
        assert local_day(one.begins, zone) == one.day or one.begins == one.ends


@given(INSTANTS, st.integers(1, 5000), st.lists(st.integers(0, 5000), max_size=6))
def test_no_hour_is_charged_twice_where_charges_end_and_go_on(begins: datetime, minutes: int, cuts: list[int]) -> None:
    """Of a service's hours exactly those that begin while it is charged."""
    ends = begins + timedelta(minutes=minutes)
    marks = sorted(begins + timedelta(minutes=cut % minutes) for cut in cuts)
    spans = list(zip([begins, *marks], [*marks, ends], strict=True))[::2]
    charged = sum(
        charge.quantity
        for start, stop in spans
        for charge in charges(
            Plan(Charging.IN_ARREARS, Money(1, "USD"), 1, start, stop, hours_from=begins), begins, ends, "UTC"
        )
    )
    hours = [begins + timedelta(hours=hour) for hour in range(hours_begun(begins, ends))]
    assert charged == sum(any(start <= hour < stop for start, stop in spans) for hour in hours)
