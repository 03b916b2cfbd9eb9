"""The way from an article to a closed account, step by step, as a generator of stops.

The same for a browser with JavaScript and for one without.
"""

from collections.abc import Iterator

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.helpers.world import ADMIN, REVIEWER
from wizard.demo import PASSWORD

NO_NEWS = ("status of 403", "status of 404", "status of 409", "status of 422")
"""Chromium tells of each answer of this kind; they are the pages that a test asks for."""


def open_page(browser: Browser, faults: list[str], javascript: bool = True) -> Page:
    """A fresh browser window. What the console complains of is added to `faults`."""
    context: BrowserContext = browser.new_context(
        viewport={"width": 1280, "height": 900},
        java_script_enabled=javascript,
        reduced_motion="reduce",
        locale="en-US",  # the form of sums and dates is the browser's
    )
    context.set_default_timeout(30_000)
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in NO_NEWS):
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()


def settle(page: Page, text: str, javascript: bool) -> None:
    """Wait until the page says it; without JavaScript by loading it again."""
    for _ in range(60):
        if text in page.locator("body").inner_text():
            return
        page.wait_for_timeout(250)
        if not javascript:
            page.reload()
    raise AssertionError(f"{text!r} did not appear:\n{page.locator('body').inner_text()}")


def begin(page: Page, title: str, email: str) -> Iterator[str]:
    """From the article that the page shows to the guide's sign-in, and in."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    yield "article"
    page.get_by_role("link", name="Guide me").click()
    expect(page.get_by_label("Password")).to_be_visible()
    yield "sign in"
    sign_in(page, email)


def declare(page: Page, javascript: bool) -> Iterator[str]:
    """From the answers of a closure request to its receipt."""
    page.get_by_role("button", name="Check your request").click()
    settle(page, "What cannot be undone", javascript)
    yield "check closure"
    page.get_by_role("button", name="Send closure request").click()
    page.wait_for_url("**/receipts/**")
    settle(page, "We received your closure request", javascript)
    yield "receipt"


def walk(site: str, page: Page, other: Page, javascript: bool) -> Iterator[str]:
    """Walk it; yields the name of each stop while the customer's page shows it.

    other: the reviewer's window.
    """
    page.goto(f"{site}/")
    yield "home"
    page.get_by_role("link", name="Closing your account").first.click()
    yield from begin(page, "Closing your account", ADMIN)
    expect(page.get_by_role("link", name="Fernhill Robotics")).to_be_visible()
    yield "accounts"
    page.get_by_role("link", name="Fernhill Robotics").click()
    expect(page.get_by_text("completed 0 of 5 steps")).to_be_visible()
    yield "task list"
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    yield "usage history"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1, name="Retrieve your data")).to_be_visible()
    yield "retrieve data"
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Save what I have").click()
    settle(page, "You have the data of 5 of 5 services.", javascript)
    page.get_by_role("link", name="Next step").click()
    expect(page.get_by_role("heading", level=1, name="Delete the services")).to_be_visible()
    yield "choose services"
    page.get_by_role("button", name="Check what will be deleted").click()
    settle(page, "Choose at least one service.", javascript)
    yield "choose services, with a mistake"
    page.get_by_label("VA1FERNWEB01").check()
    page.get_by_label("VA1FERNWEB02").check()
    page.get_by_role("button", name="Check what will be deleted").click()
    settle(page, "This cannot be undone.", javascript)
    yield "check deletion"
    page.get_by_role("button", name="Delete 2 services").click()
    settle(page, "of 2 done", javascript)
    yield "deleting"
    settle(page, "2 services deleted", javascript)
    yield "deleted"
    page.get_by_role("link", name="Next step").click()
    expect(page.get_by_role("heading", level=1, name="Compare your final invoices")).to_be_visible()
    yield "final invoice"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1, name="Request closure")).to_be_visible()
    yield "choose closure"
    page.get_by_label("Immediately").check()
    yield from declare(page, javascript)
    reference = page.url.partition("#")[0].split("/")[-2]
    other.goto(f"{site}/staff/")
    sign_in(other, REVIEWER)
    settle(other, reference, javascript)
    other.get_by_role("link", name=reference).click()
    expect(other.get_by_role("button", name="Approve")).to_be_visible()
    page, customer = other, page
    yield "review"
    other.get_by_role("button", name="Approve").click()
    page = customer
    page.reload()
    settle(page, "What happened", javascript)
    yield "receipt, closed"
    page.get_by_role("link", name="My requests").first.click()
    expect(page.get_by_text(reference)).to_be_visible()
    yield "requests"
    page.get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Fernhill Robotics").click()
    expect(page.get_by_role("heading", level=1, name="Fernhill Robotics")).to_be_visible()
    yield "account, closed"
