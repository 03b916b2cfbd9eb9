"""Large accounts: many services in pages with search, and years of usage by month."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, Visitor, World, wait_until, words
from wizard.account.metering import Charge
from wizard.actions.find_services import matching
from wizard.actions.paging import paged
from wizard.money import Money, total
from wizard.providers.embedded.tables import AccountRow
from wizard.providers.embedded.usage import record
from wizard.theme.formats import money


@pytest.fixture
def large(world: World) -> Callable[..., str]:
    """Give Fernhill so many more services. Returns the address of one of its actions."""

    def make(count: int, action: str = "my-services") -> str:
        add_services(world, count)
        return f"/account/{world.account('fernhill')}/{action}/"

    return make


def names(page: str) -> list[str]:
    return re.findall(r'<tr><th scope="row">([^<]+)<br>', page)


@pytest.mark.parametrize(
    ("count", "asked", "number", "pages", "first"),
    [
        (0, "", 1, 1, None),
        (50, "2", 1, 1, 0),
        (51, "2", 2, 2, 50),
        (100, "2", 2, 2, 50),
        (101, "99999", 3, 3, 100),
        (101, "0", 1, 3, 0),
        (101, "-1", 1, 3, 0),
        (101, "two", 1, 3, 0),
        (101, "²", 1, 3, 0),
        (101, "9" * 5000, 1, 3, 0),
    ],
)
def test_a_page_that_is_asked_for_is_one_that_there_is(
    count: int, asked: str, number: int, pages: int, first: int | None
) -> None:
    page = paged(range(count), asked)
    assert (page.number, page.pages, page.total) == (number, pages, count)
    assert (page.items[0] if page.items else None) == first and len(page.items) <= 50


def test_every_service_stands_on_exactly_one_page(world: World, large: Callable[..., str]) -> None:
    path, ana = large(120), world.visit(ADMIN)
    shown = [names(ana.get(f"{path}?page={number}").text) for number in (1, 2, 3)]
    assert [len(page) for page in shown] == [50, 50, 28]
    assert len(set(sum(shown, []))) == 128
    page = ana.get(f"{path}?page=2")
    assert "Page 2 of 3" in words(page) and "117 services are still billed" not in words(page)
    assert 'aria-current="page"' in page.text and 'rel="prev"' in page.text and 'rel="next"' in page.text
    assert "EU0, 60 services" in words(page), "a place that goes on says how many it has"


def test_the_fact_counts_all_services_on_every_page_and_in_every_search(
    world: World, large: Callable[..., str]
) -> None:
    path, ana = large(120), world.visit(ADMIN)
    facts = {re.search(r"\d+ services are still billed, \S+ a month", words(ana.get(path + query)))[0]
             for query in ("", "?page=3", "?q=web", "?q=nothing-like-it", "?billed=1")}  # fmt: skip
    assert len(facts) == 1 and facts.pop().startswith("114 services")


def test_services_are_found_by_name_kind_or_place_in_large_or_small_letters(
    world: World, large: Callable[..., str]
) -> None:
    path, ana = large(120), world.visit(ADMIN)
    assert "2 services match “fernweb”." in words(found := ana.get(f"{path}?q=fernweb"))
    assert names(found.text) == ["VA1FERNWEB01", "VA1FERNWEB02"]
    assert names(ana.get(f"{path}?q=eu1+0007+SERVER").text) == ["EU1FERNAPP0007"]
    assert "40 services match “STRASSE”." in words(ana.get(f"{path}?q=STRASSE"))
    assert "1 service matches “archive”." in words(ana.get(f"{path}?q=archive"))
    more = ana.get(f"{path}?q=server&page=2").text
    assert 'value="server"' in more and "q=server&amp;page=1" in more, "the search goes along from page to page"


def test_a_search_without_a_hit_says_so_and_leads_back(world: World, large: Callable[..., str]) -> None:
    path = large(60)
    page = world.visit(ADMIN).get(f"{path}?q=%3Cb%3Enope")
    assert page.status_code == 200 and "No service matches “<b>nope”." in words(page) and "<b>nope" not in page.text
    assert f'href="{path}#my-services"' in page.text and "Show all services" in words(page)


def test_what_is_billed_can_be_seen_alone_and_the_rest_again(world: World, large: Callable[..., str]) -> None:
    path, ana = large(120), world.visit(ADMIN)
    assert "Show the 114 billed only" in words(ana.get(path))
    page = ana.get(f"{path}?billed=1&q=eu1")
    assert "48 billed services match “eu1”." in words(page) and "Not billed" not in page.text
    assert "Show those not billed as well" in words(page) and 'name="billed" value="1"' in page.text


def test_a_small_account_has_neither_search_nor_pages(world: World) -> None:
    page = world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/my-services/").text
    assert "Find services" not in page and 'class="paging"' not in page


@pytest.fixture
def years(world: World) -> str:
    """Usage of WEB01 in every month of 2024 but May to October; the address of the usage history."""
    with world.db.write() as session:
        account = session.get_one(AccountRow, world.account("fernhill"))
        for month in (1, 2, 3, 4, 11, 12):
            begins = datetime(2024, month, 10, tzinfo=UTC)
            line = Charge(begins.date(), begins, begins + timedelta(hours=1), 1, Money(month * 100, "USD"))
            record(session, account, world.service("VA1FERNWEB01"), [line])
    return f"/account/{world.account('fernhill')}/usage-history/"


def test_earlier_months_and_back_again(world: World, years: str) -> None:
    ana = world.visit(ADMIN)
    page = ana.get(years)
    assert "Together, August 2026 to November 2026" in words(page) and "Later months" not in page.text
    href = re.search(r'href="([^"#]+)#usage-history"[^>]*>Earlier months', page.text)[1]
    assert href == f"{years}?until=2026-07"
    gap = ana.get(href)
    assert "Nothing was charged from April 2026 to July 2026." in words(gap), "and still it leads on"
    assert "Earlier months" in gap.text and f'href="{years}#usage-history"' in gap.text
    page = ana.get(f"{years}?until=2024-12")
    assert "Together, November 2024 to December 2024 $23.00" in words(page)
    assert f"{years}?until=2024-08" in page.text and f"{years}?until=2025-04" in page.text
    first = ana.get(f"{years}?until=2024-04")
    assert "Together, January 2024 to April 2024 $10.00" in words(first) and "Earlier months" not in first.text


@pytest.mark.parametrize("month", ["2026-12", "1969-12", "0000-01", "2026-13", "2026-1", "yes", "٢٠٢٦-01", "2026-011"])
@pytest.mark.parametrize("name", ["until", "month"])
def test_a_month_that_there_is_not_is_not_found(world: World, years: str, name: str, month: str) -> None:
    page = world.visit(ADMIN).get(f"{years}?{name}={month}")
    assert page.status_code == 404 and "There is no such month" in page.text


def test_a_month_of_many_lines_is_its_total_until_it_is_opened(world: World, large: Callable[..., str]) -> None:
    path, ana = large(120, "usage-history"), world.visit(ADMIN)
    world.clock.advance(hours=3)
    page = ana.get(path)
    assert "<details" in page.text, "the months before have few lines, and are there at once"
    assert "114 lines" in words(page) and "EU0FERNAPP0000" not in page.text
    opened = ana.get(f"{path}?month=2026-11")
    assert len(names(opened.text)) == 50 + 3 * 6 and "Total of 114 lines" in words(opened)
    last = ana.get(f"{path}?month=2026-11&page=3").text
    assert "Page 3 of 3" in last and "month=2026-11&amp;page=2" in last


def test_a_guides_step_keeps_its_place_through_pages(world: World, large: Callable[..., str]) -> None:
    large(120)
    path = f"/guide/understanding-usage-history/?account={world.account('fernhill')}"
    step = next(one for one in world.library.guide("understanding-usage-history").steps if "my-services" in one.actions)
    path = f"/guide/understanding-usage-history/{step.identity}/?account={world.account('fernhill')}&action=my-services"
    page = world.visit(ADMIN).get(f"{path}&page=2")
    assert "Page 2 of 3" in words(page)
    assert f"account={world.account('fernhill')}&amp;action=my-services&amp;page=3#my-services" in page.text


class Form:
    """The one form of a page that asks for what is ticked, with all its fields."""

    def __init__(self, ana: Visitor, page: str) -> None:
        (self._form,) = [
            one for one in re.findall(r"<form method=\"post\".*?</form>", page, re.DOTALL) if "/sign-out" not in one
        ]
        self._ana = ana

    def press(self, to: str, *ticked: str, q: str = "") -> str:
        hidden = re.findall(r'type="hidden" name="service" value="([^"]+)"', self._form)
        checked = re.findall(r'type="checkbox"[^>]* value="([^"]+)" checked', self._form)
        action = unescape(re.findall(r'action="([^"#]+)', self._form)[0])
        form = {"service": [*hidden, *checked, *ticked], "to": to, "q": q}
        key = re.search(r'name="key" value="([^"]+)"', self._form)
        form |= {"key": key[1]} if key and not to else {}
        answer = self._ana.send(action, form)
        self.address, self.status = answer.location, answer.status_code
        return answer.text


def test_what_is_ticked_survives_paging_and_search_and_is_deleted(world: World, large: Callable[..., str]) -> None:
    path, ana = large(120, "delete-services"), world.visit(ADMIN)
    page = ana.get(path).text
    web, extra = world.service("VA1FERNWEB01"), world.service("VA1FERNWEB02")
    page = Form(ana, page).press("page-2", web)
    assert "1 service that is not on this page is ticked as well" in words_of(page) and "page 2 of 3" in page
    page = Form(ana, page).press("choose", q="fernweb02")
    assert "VA1FERNWEB02" in page and "VA1FERNAPP01" not in page
    page = Form(ana, page).press("check", extra, q="fernweb02")
    assert "Delete 2 services" in page and "VA1FERNWEB01" in page and "VA1FERNWEB02" in page
    assert "No billed service matches" in Form(ana, ana.get(path).text).press("choose", q="nothing like it")


@pytest.mark.parametrize("count", [60, pytest.param(1100, marks=pytest.mark.full)])
def test_many_are_checked_by_place_with_their_sum_and_deleted_with_progress(
    world: World, large: Callable[..., str], count: int
) -> None:
    path, ana = large(count, "delete-services"), world.visit(ADMIN)
    page = Form(ana, ana.get(path).text).press("all")
    services = [one for one in world.services("fernhill") if one.is_billed and not one.kept_because]
    cost = total((one.per_month for one in services), "USD")
    assert f"Delete {len(services):,} services" in page and money(cost) in page
    form = Form(ana, page)
    assert "Check what will be deleted" in form.press("choose"), "back, with everything still ticked"
    form.press("")
    assert form.status == 303 and len(form.address) < 300
    again = Form(ana, page)
    again.press("")
    assert again.address == form.address, "the same form twice is one deletion"
    where = form.address.partition("#")[0]
    with world.worker():
        wait_until(lambda: f">{len(services):,} services deleted" in ana.get(where).text, seconds=180)
    shown = ana.get(where).text
    assert f"{money(cost)} a month" in shown and "services are shown" in words_of(shown)
    assert len(shown) < 30_000 and len(world.effects()) == len(services)
    receipt = re.search(r"/receipts/[^/]+/", shown)
    assert receipt and ana.get(receipt[0]).text.count("<li><strong>") == len(services)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def test_a_search_of_one_word_many_times_takes_no_longer_than_once(world: World) -> None:
    services = world.services("fernhill") * 200
    begun = time.monotonic()
    assert matching(services, "e " * 5_000) == matching(services, "e")
    assert time.monotonic() - begun < 1
