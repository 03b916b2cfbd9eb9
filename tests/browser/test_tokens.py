"""The pages of API tokens in a real browser: accessible in every state, and by keyboard."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.journey import open_page, sign_in
from tests.helpers.browser import VIEWS, check_page
from tests.helpers.world import ADMIN

pytestmark = pytest.mark.browser


@pytest.mark.full
def test_a_token_is_made_and_ended_and_every_page_is_accessible(
    site: str, chromium: Browser, pytestconfig: pytest.Config
) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    views = VIEWS if pytestconfig.getoption("--full") else [VIEWS[0], VIEWS[-1]]
    page.goto(f"{site}/sign-in/?next=/login/tokens/")
    sign_in(page, ADMIN)
    expect(page.get_by_text("You have no token.")).to_be_visible()
    faults += check_page(page, "no token", views)
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a name")
    faults += check_page(page, "a mistake", views)
    page.get_by_label("Name").fill("Monthly cost report")
    page.get_by_label("Name").press("Tab")
    page.keyboard.press("Space")  # the first account
    page.get_by_label("Reads, and deletes services").check()
    page.get_by_role("button", name="Make the token").press("Enter")
    expect(page.get_by_role("heading", level=1, name="Your token")).to_be_visible()
    faults += check_page(page, "just made", views)
    page.get_by_role("link", name="Go to your tokens").click()
    expect(page.get_by_role("link", name="Monthly cost report")).to_be_visible()
    faults += check_page(page, "list", views)
    page.get_by_role("link", name="Monthly cost report").click()
    expect(page.get_by_role("button", name="End this token")).to_be_visible()
    faults += check_page(page, "one", views)
    page.get_by_role("button", name="End this token").click()
    expect(page.get_by_text("You have no token.")).to_be_visible()
    page.get_by_role("link", name="What the API can do").click()
    expect(page).not_to_have_url(re.compile("/tokens/$"))
    faults += check_page(page, "guide", views)
    assert faults == []
