"""What an order comes to in the usage history: at month ends, in arrears, before and after ends, and when all is gone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.helpers.clock import SATURDAY
from tests.providers.customers import Desk
from wizard.db import Database
from wizard.money import Money
from wizard.providers.embedded.tables import new_id

MIDNIGHT = datetime(2026, 12, 1, 6, tzinfo=UTC)
"""In Chicago, of the first day of December."""
MOMENT = timedelta(microseconds=1)
BASE = 1500
"""A month of the package."""


def change(desk: Desk, totals: dict[str, int]) -> int:
    """Minor units that were charged or credited for it."""
    contract = desk.customer.whole if "load-balancers" in totals else ""
    quote = desk.quote(totals, contract)
    desk.order(quote)
    return quote.total.minor


def month(desk: Desk, first: date, kind: str = "") -> int:
    """What has arisen of a month, up to now and including it. kind: of these services alone."""
    at, desk.clock.now = desk.clock.now, desk.clock.now + MOMENT
    lines = desk.provider.usage(desk.customer.account, first, until=first).items
    desk.clock.now = at
    return sum(one.amount.minor for one in lines if ("oad balancers" in one.service) == (kind == "hours"))


def tell(desk: Desk, at: datetime | None) -> None:
    desk.provider.end_charges(desk.customer.account, desk.customer.whole, at, new_id("key"))


NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


@pytest.mark.parametrize("wanted", [0, 1, 3, 7])
@pytest.mark.parametrize("offset", [-MOMENT, timedelta(0), MOMENT])
def test_at_the_first_midnight_of_a_month_nothing_is_lost_and_nothing_twice(
    orders_db: Database, wanted: int, offset: timedelta
) -> None:
    desk = Desk(orders_db, now=MIDNIGHT + offset)
    november = month(desk, NOVEMBER)
    charged = change(desk, {"mailboxes": wanted})
    last_day = offset < timedelta(0)
    share = Money((wanted - 2) * 1000, "USD").share(1, 30).minor
    assert charged == (share if last_day else (wanted - 2) * 1000)
    assert month(desk, NOVEMBER) - november == (charged if last_day else 0)
    desk.clock.advance(hours=1)
    assert month(desk, DECEMBER) == BASE + wanted * 1000
    desk.clock.advance(days=31)
    assert (month(desk, DECEMBER), month(desk, JANUARY)) == (BASE + wanted * 1000,) * 2, "and the next month in full"


def test_orders_at_one_instant_are_all_charged(orders_db: Database) -> None:
    for now in (MIDNIGHT - MOMENT, MIDNIGHT, SATURDAY):
        desk = Desk(orders_db, now=now)
        first = DECEMBER if now == MIDNIGHT else NOVEMBER
        before = 0 if now == MIDNIGHT else month(desk, first)
        steps = [change(desk, {"mailboxes": wanted}) for wanted in (3, 4, 2, 0, 5)]
        assert month(desk, first) - before == sum(steps) + (BASE + 2000 if now == MIDNIGHT else 0)
        desk.clock.now = MIDNIGHT + timedelta(days=1)
        assert month(desk, DECEMBER) == BASE + 5000


def test_removed_to_none_and_back_on_one_day_costs_nothing_and_is_a_service_of_its_own(orders_db: Database) -> None:
    desk = Desk(orders_db)
    before = month(desk, NOVEMBER)
    steps = []
    for wanted in (0, 2, 0, 2):
        steps.append(change(desk, {"mailboxes": wanted}))
        desk.clock.advance(minutes=1)
    assert steps == [-667, 667, -667, 667] and month(desk, NOVEMBER) == before
    (there,) = [one for one in desk.provider.services(desk.customer.account).items if one.kind == "mailboxes"]
    assert there.id != desk.customer.services["mailboxes"] and there.quantity == 2
    desk.clock.advance(days=20)
    assert month(desk, DECEMBER) == BASE + 2000


def test_deletion_after_the_total_changed_credits_what_there_was_once(orders_db: Database) -> None:
    desk = Desk(orders_db)
    before = month(desk, NOVEMBER)
    assert change(desk, {"mailboxes": 5}) == 1000
    desk.clock.advance(days=5)
    service = desk.provider.service(desk.customer.account, desk.customer.services["mailboxes"])
    assert (service.quantity, service.credit_today) == (5, Money(833, "USD"))
    for _ in "ab":
        desk.provider.delete_service(desk.customer.account, service.id, "delete")
        desk.clock.advance(minutes=1)
    assert month(desk, NOVEMBER) - before == 1000 - 833
    desk.clock.advance(days=30)
    assert (month(desk, NOVEMBER) - before, month(desk, DECEMBER)) == (1000 - 833, BASE)


def test_a_deletion_at_the_very_instant_of_an_order_is_credited(orders_db: Database) -> None:
    desk = Desk(orders_db)
    desk.provider._settings = type(desk.provider._settings)(deletion_seconds=0)
    before = month(desk, NOVEMBER)
    change(desk, {"mailboxes": 5})
    desk.provider.delete_service(desk.customer.account, desk.customer.services["mailboxes"], new_id("key"))
    desk.clock.advance(minutes=1)
    assert month(desk, NOVEMBER) - before == 1000 - 1667


@pytest.mark.parametrize("lies", [timedelta(0), timedelta(days=5), timedelta(days=20)])
def test_an_end_after_orders_credits_the_new_totals(orders_db: Database, lies: timedelta) -> None:
    """Declared, then ordered until then, and told once more when it has come."""
    desk = Desk(orders_db)
    end = SATURDAY + timedelta(days=1) + lies
    tell(desk, end)
    before = month(desk, NOVEMBER)
    charged = change(desk, {"mailboxes": 5})
    desk.clock.now = end + timedelta(hours=1)
    tell(desk, end)
    in_november = end.month == 11
    remaining = 30 - (SATURDAY.day + 1 + lies.days) + 1
    credit = sum(Money(-sum_, "USD").share(remaining, 30).minor for sum_ in (1500, 5000)) if in_november else 0
    assert month(desk, NOVEMBER) - before == charged + credit
    desk.clock.advance(days=70)
    assert month(desk, JANUARY) == 0


@pytest.mark.parametrize("since", [timedelta(0), timedelta(hours=-30), timedelta(days=-60)])
@pytest.mark.parametrize("kind", ["days", "hours"])
def test_an_end_told_late_takes_back_what_orders_wrote_down_since(
    orders_db: Database, since: timedelta, kind: str
) -> None:
    """As if it had been told in time; -60 days: before all began."""
    desk, in_time = Desk(orders_db), Desk(orders_db)
    in_time.clock.now = desk.clock.now + since
    tell(in_time, SATURDAY + since)
    for totals in ({"mailboxes": 5}, {"load-balancers": 7}, {"mailboxes": 1}, {"mailboxes": 4, "sharepoint-space": 1}):
        change(desk, totals)
        desk.clock.advance(minutes=50)
    for later in (timedelta(0), timedelta(days=1), timedelta(days=20)):
        desk.clock.now = in_time.clock.now = SATURDAY + timedelta(hours=6) + later
        tell(desk, SATURDAY + since)
        for first in (date(2026, 10, 1), NOVEMBER, DECEMBER):
            assert month(desk, first, kind) == month(in_time, first, kind), first
    tell(desk, None)
    desk.clock.advance(minutes=1)
    assert month(desk, DECEMBER) == sum(Money(sum_, "USD").share(21, 31).minor for sum_ in (1500, 4000, 800))


@pytest.mark.parametrize("told", [[-90, -60], [-60, -90], [-90, -60, -120, -30], [-30, 60, -90, 0]])
def test_an_end_told_late_more_than_once_is_taken_back_once(orders_db: Database, told: list[int]) -> None:
    """Charges ended at the earliest of them."""
    desk, in_time = Desk(orders_db), Desk(orders_db)
    in_time.clock.now = SATURDAY + timedelta(minutes=min(told))
    tell(in_time, in_time.clock.now)
    for totals in ({"mailboxes": 5}, {"load-balancers": 7}):
        change(desk, totals)
        desk.clock.advance(minutes=1)
    for minutes in told:
        tell(desk, SATURDAY + timedelta(minutes=minutes))
        desk.clock.advance(minutes=1)
    in_time.clock.now = desk.clock.now
    for kind in ("days", "hours"):
        assert month(desk, NOVEMBER, kind) == month(in_time, NOVEMBER, kind), kind


def test_an_end_told_late_over_a_month_end_takes_back_both_months(orders_db: Database) -> None:
    desk = Desk(orders_db, now=MIDNIGHT - timedelta(days=2))
    before = month(desk, NOVEMBER)
    desk.clock.now = MIDNIGHT + timedelta(days=2)
    change(desk, {"mailboxes": 5})
    tell(desk, MIDNIGHT - timedelta(hours=30))
    assert month(desk, DECEMBER) == 0
    assert month(desk, NOVEMBER) - before == -100 - 133, "2 of 30 days of the package and of 2 mailboxes"
    tell(desk, None)
    desk.clock.advance(minutes=1)
    assert month(desk, DECEMBER) == sum(Money(sum_, "USD").share(29, 31).minor for sum_ in (1500, 5000))


def test_an_end_and_its_recall_at_the_instant_of_an_order_cost_nothing(orders_db: Database) -> None:
    desk = Desk(orders_db)
    before = month(desk, NOVEMBER)
    charged = change(desk, {"mailboxes": 5})
    tell(desk, SATURDAY)
    tell(desk, None)
    desk.clock.advance(minutes=1)
    assert abs(month(desk, NOVEMBER) - before - charged) <= 1, "a rounding more, of a credit and a charge"
    desk.clock.advance(days=20)
    assert month(desk, DECEMBER) == BASE + 5000


@pytest.mark.parametrize(
    ("steps", "hours"),
    [
        ([], 4),
        ([(90, 3)], 1 + 3 + 3 + 3),
        ([(60, 3)], 1 + 3 + 3 + 3),
        ([(119, 3), (119, 1)], 1 + 3 + 1 + 1),
        ([(70, 3), (80, 1), (90, 3), (100, 2)], 1 + 3 + 2 + 2),
        ([(70, 3), (80, 5), (90, 2), (100, 4)], 1 + 5 + 4 + 4),
        ([(61, 2), (121, 1)], 1 + 2 + 2 + 1),
        ([(90, 0)], 1 + 1),
        ([(90, 0), (100, 1)], 1 + 1 + 3),
    ],
)
def test_each_hour_is_charged_for_the_most_that_there_was_in_it(
    orders_db: Database, steps: list[tuple[int, int]], hours: int
) -> None:
    """steps: at a minute after an hour begins, a total. Read at 230 minutes: 4 hours have begun."""
    desk = Desk(orders_db)
    began = desk.clock.now = SATURDAY - timedelta(minutes=17) + timedelta(hours=1)
    before = month(desk, NOVEMBER, "hours") - 3  # the hour that begins at this very instant
    for minute, wanted in steps:
        desk.clock.now = began + timedelta(minutes=minute)
        change(desk, {"load-balancers": wanted})
    desk.clock.now = began + timedelta(minutes=230)
    assert month(desk, NOVEMBER, "hours") - before == 3 * hours


@pytest.mark.parametrize("gap", [1, 59, 61, 180])
def test_an_end_that_is_taken_back_never_charges_an_hour_twice(orders_db: Database, gap: int) -> None:
    desk, other = Desk(orders_db), Desk(orders_db)
    tell(desk, SATURDAY)
    desk.clock.advance(minutes=gap)
    tell(desk, None)
    desk.clock.now = other.clock.now = SATURDAY + timedelta(hours=10)
    free = month(other, NOVEMBER, "hours") - month(desk, NOVEMBER, "hours")
    assert 0 <= free <= 3 * (gap // 60 + 1)


def test_invoice_numbers_go_on_within_a_month_and_the_newest_stands_first(orders_db: Database) -> None:
    desk = Desk(orders_db)
    for wanted in (3, 4, 5):
        change(desk, {"mailboxes": wanted})
    desk.clock.now = MIDNIGHT
    change(desk, {"mailboxes": 6})
    numbers = [one.number for one in desk.provider.invoices(desk.customer.account).items]
    assert [number[-10:] for number in numbers] == ["2026-12-01", "2026-11-03", "2026-11-02", "2026-11-01"]
