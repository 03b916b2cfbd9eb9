"""In a real browser: a forgotten password, credentials, and the page of one's own login."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.journey import open_page, sign_in
from tests.helpers.browser import check_page
from tests.helpers.world import ADMIN, OTHER_ADMIN, World
from tests.web.mailbox import link_in, mails

pytestmark = pytest.mark.browser

NEW = "seven quiet otters"
GONE = "status of 410"


@pytest.mark.parametrize(
    "javascript",
    [pytest.param(True, marks=pytest.mark.full), False],
    ids=["with-javascript", "without-javascript"],
)
def test_from_a_forgotten_password_to_a_new_one(site: str, world: World, chromium: Browser, javascript: bool) -> None:
    faults: list[str] = []
    page, other = open_page(chromium, faults, javascript), open_page(chromium, faults, javascript)

    def check(stop: str) -> None:
        if javascript:
            faults.extend(check_page(page, stop))

    other.goto(f"{site}/sign-in/?next=/login/")
    sign_in(other, ADMIN)
    page.goto(f"{site}/sign-in/")
    check("sign-in")
    page.get_by_role("link", name="Forgot your password").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    check("forgot")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your e-mail address")
    check("forgot, wrong")
    page.get_by_label("E-mail address").fill(ADMIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Look into your mailbox")).to_be_visible()
    check("forgot, sent")

    link = f"{site}{link_in(world, mails(world)[0][2])}"
    page.goto(link)
    check("new password")
    page.get_by_label("New password").fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
    check("new password, wrong")
    page.get_by_label("New password").fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your new password is set.")).to_be_visible()
    check("your login")
    other.reload()
    expect(other.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    other.goto(link)
    expect(other.get_by_role("heading", level=1, name="This link is not good any more")).to_be_visible()
    if javascript:
        faults.extend(check_page(other, "link gone"))
    assert [fault for fault in faults if GONE not in fault] == []


@pytest.mark.full
def test_credentials_are_asked_for_with_three_answers(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    page.goto(f"{site}/sign-in/")
    page.get_by_role("link", name="Ask for your credentials").click()
    expect(page.get_by_label("Name of the account holder")).to_be_visible()
    faults += check_page(page, "credentials")
    page.get_by_label("Name of the account holder").fill("Larkspur Books")
    page.get_by_label("Domain name").fill("larkspurbooks.example")
    page.get_by_label("Last four digits").fill("4242 4242 4242 4242")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Never send one")
    expect(page.get_by_label("Last four digits")).to_have_value("")
    faults += check_page(page, "credentials, wrong")
    page.get_by_label("Last four digits").fill("4242")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Look into the mailbox on file")).to_be_visible()
    faults += check_page(page, "credentials, sent")
    assert faults == [] and [to for to, _, _ in mails(world)] == [OTHER_ADMIN]


@pytest.mark.full
def test_sessions_are_ended_by_keyboard(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page, other = open_page(chromium, faults), open_page(chromium, faults)
    for one in (other, page):
        one.goto(f"{site}/sign-in/?next=/account/?choose=1")
        sign_in(one, ADMIN)
    page.get_by_role("link", name="My login").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("This session")).to_have_count(1)
    faults += check_page(page, "your login, two sessions")
    page.get_by_role("button", name="End the session of Chrome on Linux").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The session has ended.")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    assert faults == []
