"""In a real browser: a large account, its pages and its search."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import open_page, sign_in
from tests.helpers.browser import VIEWS, check_page
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, World

pytestmark = pytest.mark.browser

STOPS = [
    "my-services/",
    "my-services/?q=app+eu1&page=2",
    "my-services/?q=nothing-like-it",
    "usage-history/",
    "usage-history/?month=2026-10&page=2",
    "usage-history/?until=2026-05",
]


@pytest.fixture
def world(world: World) -> World:
    add_services(world, 400, began=datetime(2025, 1, 1, tzinfo=UTC))
    return world


def enter(page: Page, site: str, world: World, path: str) -> None:
    page.goto(f"{site}/sign-in/?next=/account/{world.account('fernhill')}/{path}")
    sign_in(page, ADMIN)
    page.wait_for_url("**/account/**")


@pytest.mark.full
def test_every_page_of_a_large_account_is_accessible_in_every_view(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    enter(page, site, world, STOPS[0])
    for stop in STOPS:
        page.goto(f"{site}/account/{world.account('fernhill')}/{stop}")
        faults += check_page(page, stop, VIEWS)
    assert faults == []


def test_the_way_through_pages_and_months_swaps_the_panel_alone(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    enter(page, site, world, "my-services/")
    page.evaluate("document.documentElement.dataset.same = 'page'")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of 9")).to_be_visible()
    expect(page).to_have_url(re.compile("page=2$"))
    page.get_by_label("Find services").fill("eu1 0007")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 service matches “eu1 0007”.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="EU1FERNAPP0007")).to_be_visible()
    faults += check_page(page, "hits", [VIEWS[0]])
    page.get_by_role("link", name="Show all services").click()
    expect(page.get_by_text("Page 1 of 9")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.same") == "page" and faults == []


@pytest.mark.full
def test_a_month_opens_and_earlier_months_lead_back(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    enter(page, site, world, "usage-history/")
    page.get_by_role("link", name="October 2026").click()
    expect(page.get_by_text("Page 1 of 8")).to_be_visible()
    faults += check_page(page, "an open month", [VIEWS[1]])
    page.get_by_role("link", name="Earlier months").click()
    expect(page.get_by_text("Together, April 2026 to July 2026")).to_be_visible()
    faults += check_page(page, "earlier months", [VIEWS[0]])
    page.go_back()
    expect(page.get_by_text("Page 1 of 8")).to_be_visible()
    assert faults == []
