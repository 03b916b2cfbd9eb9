"""The final invoice: what is still to come, now or at the end of the period, and what comes true of it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from tests.helpers.clock import SATURDAY, SetClock
from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from tests.web.deeds import close_address, sent
from tests.web.orders import placed, settled
from wizard.pages.build import read_library
from wizard.providers.embedded.tables import CreditRow, InvoiceLineRow, PaymentMethodRow, ServiceRow, UsageMonthRow
from wizard.providers.embedded.tables import UsageRow as Usage

END_OF_NOVEMBER = datetime(2026, 11, 30, 15, tzinfo=UTC)


def address(world: World, account: str = "fernhill", **query: str) -> str:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/account/{world.account(account)}/final-invoice/{f'?{text}' if text else ''}"


def package(world: World, domain: str) -> str:
    return next(one.id for one in world.provider.contracts(world.account("larkspur")) if domain in one.name)


def test_both_ways_stand_beside_each_other_with_dates_lines_and_sums(world: World) -> None:
    page = words(world.visit(VIEWER).get(address(world)))
    assert "If you close now: 1 invoice, $176.96, on 1 December 2026." in page
    assert "Charges end on 23 November 2026 at the latest." in page and "Charges end on 30 November 2026." in page
    assert page.index("Close now") < page.index("23 November") < page.index("Close at the end of the period")
    assert "553 hours × 0.05" in page and "$27.65" in page
    assert "721 hours × 0.05" in page and "$230.72" in page


def test_near_the_months_end_there_are_two_invoices_and_deleting_first_leaves_one(
    world: World, clock: SetClock
) -> None:
    clock.now = END_OF_NOVEMBER
    page = words(world.visit(ADMIN).get(address(world)))
    assert "If you close now: 2 invoices, $246.08 in all, the final one on 1 January 2027." in page
    said = "Delete the 6 services first and you receive one invoice of $226.24 instead of two of $246.08 together, $19.84 less."
    assert said in page and 'delete-services/">Delete services' in world.visit(ADMIN).get(address(world)).text


def test_what_the_page_says_is_what_is_invoiced(world: World, clock: SetClock) -> None:
    clock.now = END_OF_NOVEMBER
    ana, account = world.visit(ADMIN), world.account("fernhill")
    page = words(ana.get(address(world)))
    end = world.provider.contracts(account)[0]
    world.provider.end_charges(account, end.id, datetime(2026, 12, 3, 5, tzinfo=UTC), "review is due")
    told = words(ana.get(address(world)))
    assert "Still to come: 2 invoices, $246.08 in all" in told and "Charges end on 2 December 2026." in told
    assert "Close now" not in told
    clock.advance(days=60)
    issued = {one.number: one.total.minor for one in world.provider.invoices(account).items[:2]}
    assert issued == {"FERN-2026-12": 1536, "FERN-2026-11": 23072}
    assert "$230.72" in page and "$15.36" in page


def test_credit_is_used_and_what_is_left_is_refunded(world: World) -> None:
    lark = world.account("larkspur")
    with world.db.write() as session:
        session.add(CreditRow(account_id=lark, at=world.clock(), amount=9_000, why="goodwill"))
    lou = world.visit(OTHER_ADMIN)
    page = words(lou.get(address(world, "larkspur")))
    assert "If you close the whole account now: 1 invoice" in page and "$88.00 of credit used, $0.00 to pay" in page
    assert "$2.00 of credit is left, refunded to Visa ending in 4242." in page
    with world.db.write() as session:
        session.execute(delete(PaymentMethodRow).where(PaymentMethodRow.account_id == lark))
    assert "refunded by our staff, who write to you with a reference" in words(lou.get(address(world, "larkspur")))


def test_a_package_is_forecast_by_itself(world: World) -> None:
    lou, press = world.visit(OTHER_ADMIN), package(world, "larkspurpress")
    page = words(lou.get(address(world, "larkspur", scope=press)))
    assert "Mailboxes, larkspurpress.example" in page and "Mailboxes, larkspurbooks.example" not in page
    assert "It stands on the account’s invoices, among the rest." in page and "$35.00" in page
    events = words(lou.get(address(world, "larkspur", scope=package(world, "larkspurevents"))))
    assert "Nothing was charged this month, and no invoice is to come." in events
    for unknown in ("ct_unknown", world.provider.contracts(world.account("fernhill"))[0].id):
        assert lou.get(address(world, "larkspur", scope=unknown)).status_code == 404


def test_another_accounts_forecast_is_not_there(world: World) -> None:
    assert world.visit(VIEWER).get(address(world, "larkspur")).status_code == 404


def test_where_everything_is_deleted_nothing_more_is_said_about_deleting(world: World, clock: SetClock) -> None:
    account = world.account("fernhill")
    for one in sorted(world.services("fernhill"), key=lambda one: one.kind == "network"):
        if not one.kept_because:
            world.provider.delete_service(account, one.id, one.id)
    clock.advance(days=1)
    page = words(world.visit(ADMIN).get(address(world)))
    assert "Charges end on 22 November 2026." in page and "first and you receive" not in page
    clock.advance(days=30)
    page = words(world.visit(ADMIN).get(address(world)))
    assert "If you close now: nothing was charged this month, and no invoice is to come." in page


def test_a_closed_account_has_nothing_to_come(world: World, clock: SetClock) -> None:
    account, ana = world.account("fernhill"), world.visit(ADMIN)
    for one in sorted(world.services("fernhill"), key=lambda one: one.kind == "network"):
        if not one.kept_because:
            world.provider.delete_service(account, one.id, one.id)
    clock.advance(minutes=1)
    world.provider.close_contract(account, world.provider.contracts(account)[0].id, "close")
    page = words(ana.get(address(world)))
    assert "Still to come: 1 invoice" in page and "Charges ended on 21 November 2026." in page
    clock.advance(days=90)
    assert "no invoice is to come" in words(ana.get(address(world)))


def test_an_account_without_anything_has_words_for_it(world: World) -> None:
    with world.db.write() as session:
        for table in (InvoiceLineRow, Usage, UsageMonthRow):
            session.execute(delete(table))
        session.execute(delete(ServiceRow).where(ServiceRow.stands_on.is_not(None)))
        session.execute(delete(ServiceRow))
        session.execute(delete(CreditRow))
    page = words(world.visit(ADMIN).get(address(world)))
    assert "Close now" in page


def test_a_provider_without_forecasts_says_so(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, lacks=["forecast"])
    ana = world.visit(ADMIN)
    page = ana.get(address(world))
    assert page.status_code == 200 and "Final invoice is not possible here" in page.text
    check = ana.get(close_address(world))
    assert check.status_code == 200 and "Invoices still to come" not in check.text


def test_a_provider_that_is_away_is_said_to_be(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, script={"forecast": iter([Fault.BEFORE] * 9)})
    page = world.visit(ADMIN).get(address(world))
    assert page.status_code == 503 and "does not answer" in page.text


def test_the_closure_request_shows_what_is_still_to_come_before_it_counts(world: World, clock: SetClock) -> None:
    ana = world.visit(ADMIN)
    assert "Invoices still to come1 invoice, $176.96, on 1 December 2026." in words(ana.get(close_address(world)))
    clock.now = END_OF_NOVEMBER
    page = words(ana.get(close_address(world)))
    assert "on 1 January 2027: $230.72 for November 2026 and $15.36 for December 2026." in page
    sent(ana, close_address(world))


def test_a_long_invoice_is_folded_and_still_adds_up(world: World) -> None:
    add_services(world, 120)
    html = world.visit(ADMIN).get(address(world)).text
    assert "<details>" in html and "<details open>" not in html
    assert len(html) < 120_000 and re.search(r"\d+ more lines", html)


@pytest.mark.parametrize("seen", [False, True])
def test_the_step_is_done_when_it_was_seen_this_month(world: World, tmp_path: Path, seen: bool) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    text = "---\ntitle: Ending\ndate: 2026-11-01\n---\nIt ends.\n\n## Steps\n\n1. Look at [what comes](action:final-invoice).\n"
    (articles / "ending.md").write_text(text)
    config = replace(world.config, articles=articles)
    own = World(config, read_library(config), world.db, world.clock)
    ana = own.visit(ADMIN)
    step = own.library.guide("ending").steps[0].identity
    place = f"/guide/ending/{step}/?account={world.account('fernhill')}"
    if seen:
        assert ana.submit(place, "Continue").status_code == 303
    assert ("Completed" in words(ana.get(f"/guide/ending/?account={world.account('fernhill')}"))) == seen
    world.clock.now = SATURDAY + timedelta(days=20)
    assert "Not yet started" in words(ana.get(f"/guide/ending/?account={world.account('fernhill')}"))
    assert date(2026, 12, 11) == world.clock().date()


def test_an_order_that_is_under_way_is_said_to_be_in_no_sum_yet(world: World) -> None:
    lou, pages = world.visit(OTHER_ADMIN), (address(world, "larkspur"), close_address(world, "larkspur"))
    assert not any("under way" in words(lou.get(page)) for page in pages)
    first = placed(world, mailboxes=3)
    (order,) = [one for one in re.findall(r"Order (\S+) is under way", words(lou.get(pages[0])))]
    for page in pages:
        assert f"Order {order} is under way: what it changes is not in these sums yet." in words(lou.get(page))
    settled(world, first)
    assert not any("under way" in words(lou.get(page)) for page in pages)


def test_what_is_compared_is_folded_on_both_sides_or_on_neither(world: World) -> None:
    def folded(page: str) -> set[bool]:
        return {"open" not in one for one in re.findall("<details[^>]*>", page.partition('class="cases"')[2])}

    lou = world.visit(OTHER_ADMIN)
    scope = package(world, "larkspurpress.example")
    assert folded(lou.get(address(world, "larkspur", scope=scope)).text) == {False}
    assert folded(lou.get(address(world, "larkspur")).text) == {True}, "one side has ten lines, the other five"
