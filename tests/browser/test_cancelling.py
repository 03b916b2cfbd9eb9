"""The journey of "Cancelling services": from the article to the request for one domain's package, with
and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.journey import begin, declare, open_page, settle
from tests.helpers.browser import VIEWS, check_page
from tests.helpers.world import OTHER_ADMIN, World, wait_until
from wizard.account.closure import Timing
from wizard.records.closures import ClosureRequest

pytestmark = pytest.mark.browser

PACKAGE = "The package of larkspurpress.example"


def walk(site: str, page: Page, javascript: bool) -> Iterator[str]:
    """Yields the name of each stop while the page shows it."""
    page.goto(f"{site}/billing/cancelling-services/")
    yield from begin(page, "Cancelling services", OTHER_ADMIN)
    expect(page.get_by_text("completed 1 of 5 steps")).to_be_visible()
    yield "task list"
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("Mailboxes, larkspurpress.example")).to_be_visible()
    yield "my services"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Save what I have")).to_be_visible()
    yield "secure your data"
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Save what I have").click()
    settle(page, "You have the data of", javascript)
    yield "data secured"
    page.get_by_role("link", name="Next step").click()
    expect(page.get_by_role("navigation", name="What is to end")).to_be_visible()
    yield "compare invoices"
    page.get_by_role("link", name=PACKAGE).click()
    settle(page, "Only what belongs to the package of larkspurpress.example is shown", javascript)
    yield "compare invoices of the package"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1, name="Request closure")).to_be_visible()
    yield "choose closure"
    page.get_by_label(PACKAGE).check()
    page.get_by_label("At the end of the billing period").check()
    yield from declare(page, javascript)
    reference = page.url.partition("#")[0].split("/")[-2]
    page.get_by_role("link", name="My requests").first.click()
    expect(page.get_by_text(reference)).to_be_visible()
    yield "requests"
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", level=1, name="Larkspur Books")).to_be_visible()
    yield "account"
    page.get_by_role("link", name="Cancelling services").click()
    expect(page.get_by_text("All 5 steps are done.")).to_be_visible()
    yield "task list, done"


@pytest.mark.full
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_journey_from_the_article_to_the_request(
    site: str, world: World, chromium: Browser, javascript: bool
) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults, javascript)
    stops = []
    for stop in walk(site, page, javascript):
        stops.append(stop)
        if javascript:
            faults += check_page(page, stop, VIEWS)
    assert faults == [] and len(stops) == 14
    with world.db.read() as session:
        request = session.scalars(select(ClosureRequest)).one()
    assert (request.contract_name, request.timing) == (PACKAGE, Timing.END_OF_PERIOD)
    told = ("charges end at 2026-12-01 06:00 UTC", PACKAGE, 1)
    wait_until(lambda: world.effects() == [told])  # and nothing is deleted
