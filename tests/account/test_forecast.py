"""The forecast of invoices: the same sums as a slow and plain model, in every zone and at every boundary."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.account.slow_model import QUARTER, Subject, events
from wizard.account.forecast import Running, to_come
from wizard.account.invoicing import Entry, Line, Priced
from wizard.account.metering import Charging, Plan
from wizard.money import Money

ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "UTC"]
MONTHS = [(2024, 2), (2026, 2), (2026, 3), (2026, 10), (2026, 11), (2026, 12), (2028, 2), (2027, 4)]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def instants(first: datetime, last: datetime, *also: datetime) -> st.SearchStrategy[datetime]:
    """Quarters of an hour from `first` to `last`; often one of `also`."""
    anywhere = st.integers(0, (last - first) // QUARTER).map(lambda count: first + count * QUARTER)
    near = [one for one in also if first <= one <= last]
    return anywhere | st.sampled_from(near) if near else anywhere


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, datetime, datetime, list[Subject]]:
    """A zone, now, when everything ends, and services."""
    zone = draw(st.sampled_from(ZONES))
    first = date(*draw(st.sampled_from(MONTHS)), 1)
    second = (first + timedelta(days=31)).replace(day=1)
    third = (second + timedelta(days=31)).replace(day=1)
    begin, over, later = (midnight(day, zone) for day in (first, second, third))
    now = draw(instants(begin, over - QUARTER, begin, over - QUARTER))
    ends_at = draw(instants(now, later + timedelta(days=3), now, over, over - QUARTER, over + QUARTER, later))
    subjects = []
    for _ in range(draw(st.integers(0, 3))):
        begins = draw(instants(begin - timedelta(days=20), now, begin, now))
        ends = draw(st.none() | instants(begins, now, begin, now))
        free = draw(st.lists(st.tuples(instants(begins, later, now, over), st.integers(1, 2000)), max_size=2))
        spans = [(start, start + count * QUARTER if count < 1500 else None) for start, count in free]
        first_change = max(begins, begin) + QUARTER
        change = None
        if first_change <= now and draw(st.booleans()):
            change = draw(instants(first_change, now, now)), draw(st.integers(1, 5))
        subject = Subject(
            draw(st.booleans()), draw(st.integers(0, 5000)), draw(st.integers(1, 5)), begins, ends, spans, change
        )
        if change and not subject.is_charged(change[0]):
            subject = replace(subject, change=None)
        subjects.append(subject)
    return zone, now, ends_at, subjects


def running_of(number: int, one: Subject) -> Running:
    charging = Charging.IN_ARREARS if one.by_the_hour else Charging.IN_ADVANCE
    since = one.change[0] if one.change else one.begins
    if one.change and not one.by_the_hour:
        since += timedelta(microseconds=1)
    plan = Plan(charging, usd(one.price), one.quantity_at(datetime.max.replace(tzinfo=UTC)), one.begins, one.ends)
    return Running(Priced(str(number), f"Service {number}", charging, usd(one.price)), plan, one.free, since)


def written(number: int, one: Subject, zone: str) -> list[Entry]:
    """What a change of its quantity has had written down, before anybody thought of an end."""
    if not one.change:
        return []
    at = one.change[0]
    return [
        Entry(str(number), event.day, event.quantity, usd(event.amount), event.is_credit)
        for event in events(one, at + QUARTER, zone)
        if (event.at < at if one.by_the_hour else event.at <= at)
    ]


@settings(max_examples=settings.default.max_examples // 2)
@given(cases(), st.integers(0, 20_000), st.integers(-5000, 5000))
def test_the_forecast_is_what_the_slow_model_says(
    case: tuple[str, datetime, datetime, list[Subject]], credit: int, settled: int
) -> None:
    zone, now, ends_at, subjects = case
    present = now.astimezone(ZoneInfo(zone)).date().replace(day=1)
    sums: dict[date, int] = defaultdict(int)
    entries: list[Entry] = []
    for number, one in enumerate(subjects):
        for event in events(one, ends_at, zone):
            if event.month >= present:
                sums[event.month] += event.amount
        entries += written(number, one, zone)
    others = [Line("Invoiced with orders", "", usd(settled))] if settled else []
    if settled or not sums:
        sums[present] += settled
    running = [running_of(number, one) for number, one in enumerate(subjects)]
    found = to_come(running, entries, others, usd(credit), zone, now, ends_at)
    assert {one.period.start: one.total.minor for one in found} == dict(sums)
    assert [one.period.start for one in found] == sorted(sums)
    left = credit
    for one in found:
        used = max(0, min(left, sums[one.period.start]))
        assert one.credit_used == usd(used)
        assert one.total == usd(sum(line.amount.minor for line in one.lines))
        left += -used if sums[one.period.start] >= 0 else -sums[one.period.start]
        assert left >= 0


def server(begins: datetime, free: tuple = ()) -> Running:
    priced = Priced("sv", "Server", Charging.IN_ARREARS, usd(5))
    return Running(priced, Plan(Charging.IN_ARREARS, usd(5), 1, begins), free, begins)


NOON = datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_the_articles_server_is_invoiced_twice_when_it_is_left_running() -> None:
    begins = datetime(2026, 11, 1, tzinfo=UTC)
    found = to_come([server(begins)], [], [], usd(0), "UTC", NOON, datetime(2026, 12, 2, 10, tzinfo=UTC))
    assert [(one.total, one.lines[0].explanation) for one in found] == [
        (usd(3600), "720 hours × 0.05"),
        (usd(170), "34 hours × 0.05"),
    ]
    assert [one.period.end for one in found] == [date(2026, 12, 1), date(2027, 1, 1)]


def test_an_end_at_midnight_of_the_first_leaves_one_invoice() -> None:
    begins = datetime(2026, 11, 1, tzinfo=UTC)
    (found,) = to_come([server(begins)], [], [], usd(0), "UTC", NOON, datetime(2026, 12, 1, tzinfo=UTC))
    assert found.total == usd(3600)


def test_where_nothing_arises_there_is_still_one_of_the_present_month() -> None:
    (found,) = to_come([], [], [], usd(700), "UTC", NOON, datetime(2027, 3, 1, tzinfo=UTC))
    assert (found.period.start, found.lines, found.total, found.is_settled) == (date(2026, 11, 1), [], usd(0), True)
    assert found.credit_left(usd(700)) == usd(700)


def test_what_a_declared_end_keeps_free_is_not_on_it() -> None:
    begins = datetime(2026, 11, 1, tzinfo=UTC)
    free = ((datetime(2026, 11, 11, tzinfo=UTC), None),)
    (found,) = to_come([server(begins, free)], [], [], usd(0), "UTC", NOON, datetime(2027, 3, 1, tzinfo=UTC))
    assert found.total == usd(240 * 5)


def test_unused_days_of_what_was_charged_in_advance_come_back_on_a_line_of_their_own() -> None:
    priced = Priced("sv", "Mailboxes", Charging.IN_ADVANCE, usd(1000))
    begins = datetime(2026, 10, 1, tzinfo=UTC)
    one = Running(priced, Plan(Charging.IN_ADVANCE, usd(1000), 3, begins), (), begins)
    (found,) = to_come([one], [], [], usd(0), "UTC", NOON.replace(day=3), NOON.replace(day=21))
    assert [(line.name, line.explanation, line.amount) for line in found.lines] == [
        ("Mailboxes", "3 × 10.00", usd(3000)),
        ("Mailboxes, credit for unused days", "3 × 10.00 × 10 of 30 days", usd(-1000)),
    ]


def test_each_change_within_a_month_is_worked_out_on_the_line() -> None:
    priced = Priced("sv", "Mailboxes", Charging.IN_ADVANCE, usd(1000))
    begins, since = datetime(2026, 10, 1, tzinfo=UTC), NOON.replace(day=21)
    one = Running(priced, Plan(Charging.IN_ADVANCE, usd(1000), 3, begins), (), since)
    written = [Entry("sv", date(2026, 11, 21), 1, usd(333)), Entry("sv", date(2026, 11, 1), 2, usd(2000))]
    end = datetime(2026, 12, 1, tzinfo=UTC)
    (found,) = to_come([one], written, [Line("Invoiced with orders", "A-1", usd(-333))], usd(500), "UTC", since, end)
    assert found.lines[0].explanation == "2 × 10.00, 1 × 10.00 × 10 of 30 days"
    assert (found.total, found.credit_used) == (usd(2000), usd(500))
