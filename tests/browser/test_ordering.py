"""The journey of "Add or remove hosted services": from the article through its five steps, with and without
JavaScript."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import begin, open_page, settle, sign_in
from tests.helpers.browser import VIEWS, check_page
from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import OTHER_ADMIN, World
from tests.web.orders import add_method, address, charged, quantity
from wizard.providers.billing import Quote

pytestmark = pytest.mark.browser


def walk(site: str, page: Page, javascript: bool) -> Iterator[str]:
    """Yields the name of each stop while the page shows it."""
    page.goto(f"{site}/billing/adding-or-removing-services/")
    yield from begin(page, "Adding or removing services", OTHER_ADMIN)
    expect(page.get_by_text("completed 2 of 5 steps")).to_be_visible()
    yield "task list"
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("Mailboxes, larkspurpress.example")).to_be_visible()
    yield "my services"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Add a card")).to_be_visible()
    yield "payment method"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="For which of these?")).to_be_visible()
    yield "contracts"
    page.get_by_role("link", name="larkspurpress.example").click()
    expect(page.get_by_text("New Configuration").first).to_be_visible()
    yield "totals"
    total = page.get_by_label("New Configuration, new total of mailboxes")
    total.fill("51")
    page.get_by_role("button", name="Work out the price").click()
    settle(page, "There is a problem", javascript)
    yield "totals, with a mistake"
    total.fill("")
    total.press_sequentially("3")
    if javascript:
        settle(page, "1 more mailbox × 10.00 × 10 of 30 days", javascript)
        expect(total).to_be_focused()
        expect(total).to_have_value("3")
        expect(page.get_by_text("There is a problem")).to_be_hidden()
        yield "totals, with a price"
    page.get_by_role("button", name="Check and pay").click()
    settle(page, "Price holds until", javascript)
    expect(page.get_by_label("Visa ending in 4242")).to_be_checked()
    yield "check and pay"
    page.get_by_role("button", name="Pay $3.33 and order").click()
    settle(page, "See the receipt", javascript)
    yield "ordered"
    page.get_by_role("link", name="See the receipt").click()
    expect(page.get_by_role("heading", name="Ordered: 1 more mailbox")).to_be_visible()
    yield "receipt"
    page.get_by_role("link", name="LARK-2026-11-01").click()
    expect(page.get_by_role("heading", name="Invoice")).to_be_visible()
    yield "invoice"
    page.get_by_role("link", name="Invoices").click()
    expect(page.get_by_role("heading", name="Invoices")).to_be_visible()
    yield "invoices"
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", level=1, name="Larkspur Books")).to_be_visible()
    yield "account"
    page.get_by_role("link", name="My requests").click()
    page.get_by_role("link", name="1 more mailbox").click()
    page.get_by_role("link", name="All steps of Adding or removing services").click()
    expect(page.get_by_text("completed 4 of 5 steps")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("November 2026 so far")).to_be_visible()
    yield "usage history"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("All 5 steps are done.")).to_be_visible()
    yield "task list, done"
    page.get_by_role("link", name="My requests").first.click()
    expect(page.get_by_role("link", name="1 more mailbox")).to_be_visible()
    yield "requests"


@pytest.mark.full
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_journey_from_the_article_to_all_steps_done(
    site: str, world: World, chromium: Browser, javascript: bool
) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults, javascript)
    for stop in walk(site, page, javascript):
        if javascript:
            faults += check_page(page, stop, VIEWS)
    assert faults == []
    assert charged(world) == [("LARK-2026-11-01", 333, 0)] and quantity(world) == 3


@pytest.mark.full
def test_a_declined_card_leads_to_another_that_pays(site: str, world: World, chromium: Browser) -> None:
    add_method(world, declines=True)
    faults: list[str] = []
    page = open_page(chromium, faults)
    page.goto(f"{site}/sign-in/?next=/account/{world.account('larkspur')}/")
    sign_in(page, OTHER_ADMIN)
    page.goto(site + address(world, mailboxes=3))
    page.get_by_label("Mastercard ending in 5100").check()
    page.get_by_role("button", name="Pay $3.33 and order").dblclick()
    settle(page, "The bank declined", True)
    faults += check_page(page, "refused")
    page.get_by_role("link", name="See the price and order again").click()
    settle(page, "Your order before was refused", True)
    faults += check_page(page, "again")
    page.get_by_role("button", name="Pay $3.33 and order").click()
    settle(page, "See the receipt", True)
    assert charged(world) == [("LARK-2026-11-01", 333, 0)] and faults == []


def test_who_types_and_goes_on_at_once_is_not_held_back_by_the_live_price(
    site: str, world: World, chromium: Browser
) -> None:
    real, faults = world.provider, []
    world.means.provider = slow = FaultyProvider(real)

    def quote(*args: object) -> Quote:
        time.sleep(1)  # longer than until the field asks by itself
        return real.quote(*args)

    slow.__dict__["quote"] = quote
    page = open_page(chromium, faults)
    page.goto(f"{site}/sign-in/?next=/account/{world.account('larkspur')}/")
    sign_in(page, OTHER_ADMIN)
    page.goto(site + address(world, ""))
    page.get_by_label("New Configuration, new total of mailboxes").fill("3")
    page.get_by_role("button", name="Check and pay").click()
    expect(page.get_by_role("button", name="Pay $3.33 and order")).to_be_visible()
    page.wait_for_timeout(1500)
    expect(page.get_by_role("button", name="Pay $3.33 and order")).to_be_visible()
    assert faults == []
