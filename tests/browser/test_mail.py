"""A mail as a mail program shows it, and the staff's list of mail that could not be sent."""

import pytest
from playwright.sync_api import Browser

from tests.browser.journey import open_page, sign_in
from tests.helpers.browser import check_page
from tests.helpers.world import REVIEWER, World
from tests.theme.test_mail import written
from tests.web.test_mail import give_up

pytestmark = pytest.mark.browser

_LONG = "Donaudampfschifffahrtsgesellschaftskapitaenspatent" * 2


def test_a_mail_is_accessible_in_every_view(chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.set_content(written("closure-receipt", _LONG).html)
    assert check_page(page, "mail") == []


@pytest.mark.full
def test_mail_that_could_not_be_sent_is_shown_in_every_view(site: str, world: World, chromium: Browser) -> None:
    give_up(world, f"ana@{_LONG}.example", f"localhost:25 refused the recipient: 550 {_LONG}.")
    faults: list[str] = []
    page = open_page(chromium, faults)
    page.goto(f"{site}/sign-in/")
    sign_in(page, REVIEWER)
    page.wait_for_url("**/account/**")
    page.goto(f"{site}/staff/")
    assert "Mail that could not be sent" in page.locator("main").inner_text()
    assert check_page(page, "staff") + faults == []
