"""The usage history: what the month has come to, what it will come to, and its chart."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import repeat

import pytest
from sqlalchemy import delete, select

from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, World
from wizard.account.metering import Charge, Charging
from wizard.actions.context import Context
from wizard.actions.usage_chart import chart_of
from wizard.actions.usage_outlook import Outlook, look_ahead
from wizard.locales import known, written_in
from wizard.money import Money, total
from wizard.providers.embedded.tables import AccountRow, ServiceRow, UsageMonthRow, UsageRow
from wizard.providers.embedded.usage import record
from wizard.providers.values import every


def page(world: World, account: str = "fernhill", query: str = "") -> str:
    answer = world.visit(ADMIN).get(f"/account/{world.account(account)}/usage-history/{query}")
    assert answer.status_code == 200
    return answer.text


def plain(text: str) -> str:
    """Without its markup."""
    return re.sub(r"<[^>]+>", "", text)


def outlook(world: World, account: str = "fernhill") -> Outlook:
    found = world.provider.account(world.account(account))
    context = Context(world.means, None, None, found, None, None)
    since = (context.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return look_ahead(context, every(lambda after: world.provider.usage(found.id, since, after)))


def november(world: World, account: str = "fernhill") -> Money:
    """What its November has come to by now."""
    first, last = datetime(2026, 11, 1).date(), datetime(2026, 11, 30).date()
    return total((one.amount for one in world.provider.usage(world.account(account), first, "", last).items), "USD")


def in_december(world: World) -> None:
    world.clock.now = datetime(2026, 12, 1, 12, tzinfo=UTC)


def only(world: World, months: dict[int, int], currency: str = "USD", charging: str = Charging.UNBILLED) -> None:
    """Fernhill has been charged these sums (months of 2026), and all its services are charged so from now on."""
    with world.db.write() as session:
        account = session.get_one(AccountRow, world.account("fernhill"))
        account.currency = currency
        services = session.scalars(select(ServiceRow).where(ServiceRow.account_id == account.id)).all()
        session.execute(delete(UsageRow).where(UsageRow.service_id.in_([one.id for one in services])))
        session.execute(delete(UsageMonthRow).where(UsageMonthRow.account_id == account.id))
        for one in services:
            one.charging, one.unit_price = charging, 5
            one.created_at = one.metered_until = world.clock() - timedelta(minutes=100)
        for month, minor in months.items():
            begins = datetime(2026, month, 3, tzinfo=UTC)
            charge = Charge(begins.date(), begins, begins, 1, Money(minor, currency), minor < 0)
            record(session, account, services[0].id, [charge])


@pytest.mark.parametrize("account", ["fernhill", "larkspur"])
@pytest.mark.parametrize("minutes", [0, 1, 57, 60 * 24 * 3 + 13, 60 * 24 * 9 + 11 * 60 + 55])
def test_what_was_foretold_is_what_is_charged(world: World, account: str, minutes: int) -> None:
    world.clock.advance(minutes=minutes)
    found = outlook(world, account)
    assert found.is_exact and found.so_far == november(world, account)
    in_december(world)
    assert found.in_the_end == november(world, account)


@pytest.mark.parametrize("account", ["fernhill", "larkspur"])
@pytest.mark.parametrize("end", [(11, 21, 17), (11, 26, 6), (11, 25, 13), (12, 20, 6)])
def test_charges_that_end_before_the_month_does_cost_no_more_from_then_on(
    world: World, account: str, end: tuple[int, int, int]
) -> None:
    provider, account_id = world.provider, world.account(account)
    provider.end_charges(account_id, provider.contracts(account_id)[0].id, datetime(2026, *end, tzinfo=UTC), "end")
    found = outlook(world, account)
    assert found.is_exact
    in_december(world)
    assert found.in_the_end == november(world, account)


def test_the_end_of_one_package_leaves_the_others(world: World) -> None:
    contracts = {one.name: one.id for one in world.provider.contracts(world.account("larkspur"))}
    end = datetime(2026, 11, 26, 6, tzinfo=UTC)
    package = contracts["The package of larkspurpress.example"]
    world.provider.end_charges(world.account("larkspur"), package, end, "end")
    found = outlook(world, "larkspur")
    assert (found.to_come, found.is_exact) == (Money(-250 - 333, "USD"), True)
    assert "Hatched: $5.83 that will be credited by 30 November 2026." in re.sub(
        r"<[^>]+>", "", page(world, "larkspur")
    )
    in_december(world)
    assert found.in_the_end == november(world, "larkspur")


def test_services_being_deleted_are_counted_as_gone(world: World) -> None:
    world.deletion_seconds = 60
    for account, name in (("fernhill", "VA1FERNWEB01"), ("larkspur", "SharePoint, larkspurbooks.example")):
        world.provider.delete_service(world.account(account), world.service(name), f"delete {name}")
    found, credited = outlook(world), outlook(world, "larkspur")
    assert (found.deleting, found.is_exact, found.about) == (1, False, "about ")
    assert credited.to_come == Money(-267, "USD")
    text = page(world)
    assert "Services being deleted are counted as gone." in text and "by one hour" not in text
    in_december(world)
    assert november(world).minor in (found.in_the_end.minor, found.in_the_end.minor + 5)
    assert credited.in_the_end == november(world, "larkspur")


def test_of_new_services_an_hour_at_most_is_counted_too_much_and_the_page_says_about(world: World) -> None:
    only(world, {}, charging=Charging.IN_ARREARS)
    text, found = plain(page(world)), outlook(world)
    assert "$0.80 so far in November 2026; about $92.00 by" in text
    assert "It can be less by one hour of each service." in text
    in_december(world)
    assert found.in_the_end.minor - november(world).minor in range(0, 5 * 8 + 1)


def test_a_service_of_the_second_hour_of_the_month_is_not_taken_for_an_old_one(world: World) -> None:
    with world.db.write() as session:
        row = session.get_one(ServiceRow, world.service("VA1FERNWEB01"))
        session.execute(delete(UsageRow).where(UsageRow.service_id == row.id))
        session.execute(delete(UsageMonthRow).where(UsageMonthRow.service_id == row.id))
        row.created_at = row.metered_until = datetime(2026, 11, 1, 5, 2, tzinfo=UTC)  # the month begins at 4:00
    found = outlook(world)
    assert not found.is_exact
    in_december(world)
    assert found.in_the_end.minor - november(world).minor in (0, 5)


def test_a_price_that_changes_within_the_month_holds_for_what_is_to_come(world: World) -> None:
    with world.db.write() as session:
        session.get_one(ServiceRow, world.service("VA1FERNWEB01")).unit_price = 9
    found = outlook(world)
    assert found.is_exact
    in_december(world)
    assert found.in_the_end == november(world)


def test_the_fact_says_what_the_month_will_come_to(world: World) -> None:
    assert "$158.08 so far in November 2026; $230.72 by 30 November 2026" in plain(page(world))
    assert "$88.00 so far in November 2026, and the same by 30" in plain(page(world, "larkspur"))


@pytest.mark.parametrize("call", ["services", "contracts"])
def test_a_sum_so_far_is_told_where_the_rest_is_not_known(world: World, call: str) -> None:
    world.means.provider = FaultyProvider(world.provider, script={call: repeat(Fault.BEFORE)})
    text = page(world)
    assert "$158.08 so far in November 2026. The account system does not answer what it will come to." in plain(text)
    assert "The account system does not answer what is still to come." in text and 'class="rest"' not in text


def bars(text: str, kind: str = "bar") -> list[float]:
    return [float(one) for one in re.findall(rf'<rect class="{kind}"[^>]* height="([\d.]+)%"', text)]


def axis(text: str) -> list[str]:
    return re.findall(r">([^<]+)</text>", text.partition('class="axis"')[2].partition('class="plot"')[0])


def about(text: str) -> str:
    return re.search(r"-about\" hidden>([^<]+)<", text)[1]


def test_the_chart_shows_the_months_oldest_first_and_says_so_to_who_does_not_see_it(world: World) -> None:
    text = page(world)
    assert bars(text) == [79.36, 76.8, 79.36, 52.693] and bars(text, "rest") == [24.213]
    assert axis(text) == ["$0", "$100", "$200", "$300"]
    assert 'role="img" aria-label="Bar chart of August 2026 to November 2026"' in text
    assert about(text) == (
        "August 2026 $238.08, September 2026 $230.40, October 2026 $238.08 "
        "and November 2026 $158.08 so far and $230.72 by its end."
    )
    assert "Hatched: $72.64 that the present services will still cost by" in text


def test_the_chart_is_drawn_without_inline_style_or_script(world: World) -> None:
    chart = re.search(r"<figure class=\"chart\">.*?</figure>", page(world), re.DOTALL)[0]
    assert not re.search(r"style=|<script|<style|\son[a-z]+=", chart)


@pytest.mark.parametrize(
    ("months", "currency", "steps", "heights"),
    [
        ({11: 123456}, "USD", ["$0", "$500", "$1,000", "$1,500"], [0, 0, 0, 82.304]),
        ({9: -300, 10: -9900}, "USD", ["−$100", "−$50", "$0"], [0, 3, 99, 0]),
        ({8: 4000, 9: -1000}, "USD", ["−$20", "$0", "$20", "$40"], [66.667, 16.667, 0, 0]),
        ({10: 7}, "USD", ["$0", "$0.02", "$0.04", "$0.06", "$0.08"], [0, 0, 87.5, 0]),
        ({10: 1234567, 11: 900000}, "JPY", ["¥0", "¥500,000", "¥1,000,000", "¥1,500,000"], [0, 0, 82.304, 60]),
        ({10: 1000000, 11: 500000}, "KWD", ["KWD\xa00", "KWD\xa0500", "KWD\xa01,000"], [0, 0, 100, 50]),
    ],
)
def test_one_month_credits_and_other_currencies(
    world: World, months: dict[int, int], currency: str, steps: list[str], heights: Iterable[float]
) -> None:
    only(world, months, currency)
    text = page(world)
    assert axis(text) == steps and bars(text) == heights


def test_whole_sums_on_the_axis_have_no_minor_units_in_any_region() -> None:
    for locale in known():
        with written_in(locale):
            chart = chart_of([date(2026, 10, 1)], {date(2026, 10, 1): Money(123456, "USD")}, None)
            assert [re.sub(r"\D", "", tick.text) for tick in chart.bars.ticks] == ["0", "500", "1000", "1500"], locale


def test_where_nothing_was_charged_there_is_no_chart_and_no_file(world: World) -> None:
    only(world, {})
    text = page(world)
    assert "Nothing has been charged in the last months." in text
    assert "<figure" not in text and "Download" not in text
    only(world, {10: 0})
    assert "<figure" not in page(world), "zeros are no picture"


def test_months_that_are_over_have_no_outlook(world: World) -> None:
    text = page(world, query="?until=2026-10")
    assert 'class="rest"' not in text and "Sums by month." in text and about(text).startswith("July 2026 nothing, ")
