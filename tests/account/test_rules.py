"""The rules of money, days and closure, as properties and as examples from the articles."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.clock import SATURDAY
from wizard.account.closure import NEXT, OPEN, State, Timing, charges_end, review_due
from wizard.account.deletion import deletion_order, left_behind
from wizard.account.metering import Charging, Plan, Span, charged_spans, charges, credit_if_removed, per_month
from wizard.account.naming import default_things, is_default_vpn
from wizard.account.periods import Period, day_start, last_day_before, local_day, month, months_back
from wizard.account.proration import prorate
from wizard.account.reference import ALPHABET, new_reference, read_reference
from wizard.account.roles import Role
from wizard.money import Money, total

ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland"])
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
PRICES = st.integers(0, 10_000_00)
USD = "USD"


def usd(minor: int) -> Money:
    return Money(minor, USD)


def test_the_mailbox_of_the_article_costs_3_33() -> None:
    assert prorate(usd(1000), 1, date(2026, 11, 21), month(date(2026, 11, 21))) == usd(333)


@given(st.integers(-(10**9), 10**9), st.integers(1, 31))
def test_rounding_is_half_away_from_zero_on_both_sides(minor: int, days: int) -> None:
    shared = usd(minor).share(1, days)
    assert usd(-minor).share(1, days) == -shared
    assert abs(shared.minor * days - minor) * 2 <= days


def test_halves_are_rounded_away_from_zero() -> None:
    assert (usd(1).share(1, 2), usd(-1).share(1, 2)) == (usd(1), usd(-1))


def test_hours_belong_to_the_month_in_which_they_begin() -> None:
    begins = datetime(2026, 10, 31, 20, tzinfo=UTC)
    plan = Plan(Charging.IN_ARREARS, usd(5), 2, begins, ends=datetime(2026, 12, 1, 3, tzinfo=UTC))
    found = charges(plan, begins, datetime(2027, 1, 1, tzinfo=UTC), "UTC")
    assert [(one.day, one.quantity) for one in found] == [
        (date(2026, 10, 31), 2 * 4),
        (date(2026, 11, 1), 2 * 720),
        (date(2026, 12, 1), 2 * 3),
    ]
    until_the_first = charges(
        replace(plan, ends=datetime(2026, 12, 1, tzinfo=UTC)), begins, begins.replace(year=2027), "UTC"
    )
    assert [one.quantity for one in until_the_first] == [8, 1440]


def test_money_is_whole_and_of_one_currency() -> None:
    with pytest.raises(TypeError):
        Money(1.5, USD)
    with pytest.raises(ValueError, match="cannot be added"):
        usd(1) + Money(1, "EUR")


@given(DAYS)
def test_months_follow_on_each_other_without_gap(day: date) -> None:
    for later, earlier in pairwise(months_back(day, 14)):
        assert earlier.end == later.start and 28 <= earlier.days <= 31
    assert day in month(day)


@given(DAYS, ZONES)
def test_a_day_begins_at_its_own_midnight(day: date, zone: str) -> None:
    start = day_start(day, zone)
    assert local_day(start, zone) == day and local_day(start - timedelta(seconds=1), zone) == day - timedelta(days=1)


@given(INSTANTS, st.integers(1, 4000), ZONES, st.lists(st.integers(0, 4000), max_size=4))
def test_hours_metered_in_pieces_are_the_hours_metered_at_once(
    begins: datetime, hours: int, zone: str, cuts: list[int]
) -> None:
    plan = Plan(Charging.IN_ARREARS, usd(5), 1, begins, begins + timedelta(hours=hours))
    until = begins + timedelta(hours=5000)
    marks = [begins, *sorted(begins + timedelta(hours=cut) for cut in cuts), until]
    pieces = [charge for start, stop in pairwise(marks) for charge in charges(plan, start, stop, zone)]
    at_once = charges(plan, begins, until, zone)
    assert total((one.amount for one in pieces), USD) == total((one.amount for one in at_once), USD)
    assert sum(one.quantity for one in pieces) == sum(one.quantity for one in at_once) == hours


@given(INSTANTS, st.integers(0, 400), ZONES, st.lists(st.integers(0, 500), max_size=4))
def test_months_metered_in_pieces_are_the_months_metered_at_once(
    begins: datetime, days: int, zone: str, cuts: list[int]
) -> None:
    plan = Plan(Charging.IN_ADVANCE, usd(1000), 3, begins, begins + timedelta(days=days, hours=1))
    until = begins + timedelta(days=600)
    marks = [begins, *sorted(begins + timedelta(days=cut) for cut in cuts), until]
    pieces = [charge for start, stop in pairwise(marks) for charge in charges(plan, start, stop, zone)]
    assert pieces == charges(plan, begins, until, zone)


@given(INSTANTS, ZONES, PRICES)
def test_a_service_added_and_removed_on_one_day_costs_nothing(begins: datetime, zone: str, price: int) -> None:
    plan = Plan(Charging.IN_ADVANCE, usd(price), 2, begins, begins + timedelta(seconds=1))
    if local_day(begins, zone) == local_day(begins + timedelta(seconds=1), zone):
        assert total((one.amount for one in charges(plan, begins, begins + timedelta(days=40), zone)), USD) == usd(0)


def test_what_removal_gives_back_is_what_the_usage_history_then_says() -> None:
    plan = Plan(Charging.IN_ADVANCE, usd(1500), 1, datetime(2026, 8, 1, tzinfo=UTC), SATURDAY)
    credit = [one for one in charges(plan, plan.begins, SATURDAY + timedelta(days=1), "UTC") if one.is_credit]
    assert [one.amount for one in credit] == [-credit_if_removed(plan, SATURDAY.date())] == [usd(-500)]


SPANS = st.tuples(INSTANTS, st.none() | INSTANTS).filter(lambda span: span[1] is None or span[0] < span[1])


@given(st.lists(SPANS, max_size=5), SPANS, INSTANTS)
def test_what_is_charged_and_what_is_free_are_the_whole_time(free: list[Span], life: Span, moment: datetime) -> None:
    begins, ends = life
    spans = list(charged_spans(begins, ends, free))
    assert all(stop is not None for _, stop in spans[:-1]), "only the last may be for good"
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    lives = begins <= moment and (ends is None or moment < ends)
    is_free = any(start <= moment and (stop is None or moment < stop) for start, stop in free)
    is_charged = any(start <= moment and (stop is None or moment < stop) for start, stop in spans)
    assert is_charged == (lives and not is_free)


def test_a_month_of_hours_and_of_units() -> None:
    november = month(SATURDAY.date())
    assert per_month(Plan(Charging.IN_ARREARS, usd(5), 1, SATURDAY), november, "UTC") == usd(3600)
    assert per_month(Plan(Charging.IN_ARREARS, usd(5), 1, SATURDAY), november, "America/New_York") == usd(3605)
    assert per_month(Plan(Charging.IN_ADVANCE, usd(1000), 3, SATURDAY), november, "UTC") == usd(3000)
    assert per_month(Plan(Charging.UNBILLED, usd(0), 1, SATURDAY), november, "UTC") == usd(0)


@given(INSTANTS, ZONES, st.integers(0, 30), st.integers(0, 9))
def test_charges_never_outlast_the_review(now: datetime, zone: str, review_days: int, billed: int) -> None:
    end = charges_end(Timing.IMMEDIATE, now, zone, review_days, billed)
    assert now <= end.at <= review_due(now, zone, review_days)
    assert end.at_the_latest == (billed > 0)
    assert last_day_before(review_due(now, zone, review_days), zone) == local_day(now, zone) + timedelta(
        days=review_days
    )


@given(INSTANTS, ZONES, st.integers(0, 30), st.integers(0, 9))
def test_at_the_end_of_the_period_charges_end_with_the_months_last_day(
    now: datetime, zone: str, review_days: int, billed: int
) -> None:
    end = charges_end(Timing.END_OF_PERIOD, now, zone, review_days, billed)
    assert last_day_before(end.at, zone) == month(local_day(now, zone)).last_day and end.at > now


def test_the_dates_of_the_article() -> None:
    zone = "America/New_York"
    immediate = charges_end(Timing.IMMEDIATE, SATURDAY, zone, 2, 3)
    assert (last_day_before(immediate.at, zone), immediate.at_the_latest) == (date(2026, 11, 23), True)
    later = charges_end(Timing.END_OF_PERIOD, SATURDAY, zone, 2, 3)
    assert (last_day_before(later.at, zone), later.at_the_latest) == (date(2026, 11, 30), False)


def test_a_closure_always_has_a_way_to_its_end() -> None:
    for state in OPEN:
        reached, todo = set(), {state}
        while todo:
            one = todo.pop()
            reached.add(one)
            todo |= NEXT[one] - reached
        assert State.CLOSED in reached
    assert {State.CLOSED, State.DECLINED} == set(State) - OPEN


@pytest.mark.parametrize(
    ("name", "is_default"),
    [
        ("VA1ABCDVPN01", True),
        ("VA1ABCDWEB01", False),
        ("VA1OTHRVPN01", False),
        ("VA1ABCDVPN1", False),
        ("xVA1ABCDVPN01", False),
    ],
)
def test_the_default_vpn_server_is_known_by_its_name(name: str, is_default: bool) -> None:
    assert is_default_vpn(name, "ABCD") is is_default


def test_its_network_is_a_default_thing_too() -> None:
    things = [("1", "net-a", None), ("2", "VA1ABCDVPN01", "1"), ("3", "net-b", None), ("4", "VA1ABCDWEB01", "3")]
    assert default_things(things, "ABCD") == {"1", "2"}


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh") | st.none()),
    st.sets(st.sampled_from("abcdefgh")),
)
def test_what_stands_on_a_service_is_deleted_before_it(stands_on: dict[str, str | None], chosen: set[str]) -> None:
    acyclic = {one: base for one, base in stands_on.items() if base is None or base > one}
    order = deletion_order(sorted(chosen), acyclic)
    assert sorted(order) == sorted(chosen)
    for one, base in acyclic.items():
        if one in chosen and base in chosen:
            assert order.index(one) < order.index(base)
    behind = left_behind(chosen, acyclic)
    assert all(base in chosen and not set(left) & chosen for base, left in behind.items())


def test_a_ring_of_services_is_put_in_some_order() -> None:
    assert sorted(deletion_order(["a", "b"], {"a": "b", "b": "a"})) == ["a", "b"]


def test_each_role_includes_the_one_before_it() -> None:
    assert Role.ACCOUNT_ADMINISTRATOR.includes(Role.BILLING_MANAGER) and Role.BILLING_MANAGER.includes(Role.VIEWER)
    assert not Role.VIEWER.includes(Role.BILLING_MANAGER)


def test_a_reference_is_read_however_it_is_typed() -> None:
    reference = new_reference()
    assert read_reference(f" {reference.lower().replace('-', ' ')} ") == reference


@given(st.text(ALPHABET, min_size=8, max_size=8), st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_in_a_reference_is_noticed(body: str, place: int, wrong: str) -> None:
    from wizard.account.reference import check_character, written

    right = body + check_character(body)
    assert read_reference(written(right)) == written(right)
    if right[place] != wrong:
        assert read_reference(right[:place] + wrong + right[place + 1 :]) is None


def test_two_neighbours_that_changed_places_are_noticed() -> None:
    for reference in (new_reference() for _ in range(200)):
        plain = reference.replace("-", "")
        for place in range(len(plain) - 1):
            left, right = plain[place], plain[place + 1]
            if left != right and {left, right} != {ALPHABET[0], ALPHABET[-1]}:  # what Luhn cannot tell apart
                assert read_reference(plain[:place] + right + left + plain[place + 2 :]) is None


@given(st.text(max_size=20))
def test_any_other_text_is_no_reference(text: str) -> None:
    found = read_reference(text)
    assert found is None or set(found) <= set(ALPHABET + "-")


def test_a_period_knows_its_days() -> None:
    february = month(date(2028, 2, 3))
    assert (february, february.days, february.last_day) == (
        Period(date(2028, 2, 1), date(2028, 3, 1)),
        29,
        date(2028, 2, 29),
    )
