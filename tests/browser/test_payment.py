"""In a real browser: to the processor's page and back, and to one on another host in spite of `form-action`."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.journey import open_page, sign_in
from tests.helpers.browser import check_page
from tests.helpers.world import ADMIN, World
from tests.web.paying import EXPIRED, VISA, address, on_file, put

pytestmark = pytest.mark.browser


@pytest.mark.full
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_card_is_added_chosen_and_looked_for_elsewhere(
    site: str, world: World, chromium: Browser, monkeypatch: pytest.MonkeyPatch, javascript: bool
) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults, javascript)
    put(world, EXPIRED, VISA)

    def check(stop: str) -> None:
        if javascript:
            faults.extend(check_page(page, stop))

    page.goto(f"{site}/sign-in/?next={address(world)}")
    sign_in(page, ADMIN)
    expect(page.get_by_text("so it cannot be charged")).to_be_visible()
    check("payment methods")
    page.get_by_role("button", name="Add a card").click()
    expect(page.get_by_text("Test processor. No real card, nothing is charged.")).to_be_visible()
    check("test processor")
    page.get_by_label("Mastercard ending in 4444").check()
    page.get_by_role("button", name="Add the test card").click()
    expect(page.get_by_text("Mastercard ending in 4444 was added and is used from now on.")).to_be_visible()
    check("added")
    page.get_by_role("button", name="Use this one (Visa ending in 4242)").click()
    expect(page.get_by_text("To undo this, choose Mastercard ending in 4444 again.")).to_be_visible()
    check("chosen")
    assert on_file(world) == ["0001", "4242*", "4444"]

    monkeypatch.setattr(world.provider, "payment_page", lambda account, back, key: "https://pay.example/session/1")
    page.route("https://pay.example/**", lambda route: route.fulfill(body="<h1>Pay Example</h1>"))
    page.get_by_role("button", name="Add a card").click()
    page.wait_for_url("https://pay.example/session/1")
    assert not faults
