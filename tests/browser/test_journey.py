"""In a real browser: the whole way, with and without JavaScript, by keyboard, and for everybody."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import open_page, settle, sign_in, walk
from tests.helpers.browser import VIEWS, check_page
from tests.helpers.clock import ShiftedClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World
from tests.house.test_components import COMPONENTS, environment
from wizard.theme.components import render

pytestmark = pytest.mark.browser


@pytest.fixture
def world(world: World) -> World:
    """Its time runs, and a deletion takes long enough to be seen."""
    world.clock = ShiftedClock()
    world.deletion_seconds = 0.6
    return world


@pytest.mark.full
def test_from_article_to_closed_account_with_every_page_accessible(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page, other = open_page(chromium, faults), open_page(chromium, faults)
    stops = []
    for stop in walk(site, page, other, javascript=True):
        stops.append(stop)
        if stop != "deleting":  # it does not stand still; the page of its kind is checked when done
            faults += check_page(other if stop == "review" else page, stop, VIEWS)
    assert faults == [] and len(stops) == 20
    assert world.provider.account(world.account("fernhill")).closed_at
    assert {calls for _, _, calls in world.effects()} == {1}


def test_from_article_to_closed_account_without_javascript(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page, other = open_page(chromium, faults, False), open_page(chromium, faults, False)
    assert len(list(walk(site, page, other, javascript=False))) == 20 and faults == []
    assert world.provider.account(world.account("fernhill")).closed_at


def test_deleting_by_keyboard_alone(site: str, world: World, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{site}/sign-in/?next=/account/{world.account('fernhill')}/delete-services/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(ADMIN)
    page.keyboard.press("Tab")
    page.keyboard.type("try-the-wizard")
    page.keyboard.press("Enter")
    page.wait_for_url("**/delete-services/")
    box = page.get_by_label("fern-archive")
    _tab_to(page, box)
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_role("button", name="Check what will be deleted"))
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("button", name="Delete 1 service"))
    page.keyboard.press("Enter")
    settle(page, "1 service deleted", True)
    assert [subject for _, subject, _ in world.effects()] == ["fern-archive"]


def _tab_to(page: Page, target: object) -> None:
    expect(target).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", "the focus is not to be seen"
            return
    raise AssertionError(f"{target} cannot be reached by Tab")


def test_an_error_takes_the_focus_and_leads_to_its_field(site: str, world: World, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{site}/sign-in/?next=/account/{world.account('fernhill')}/delete-services/")
    sign_in(page, ADMIN)
    page.get_by_role("button", name="Check what will be deleted").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Choose at least one service.").click()
    expect(page.get_by_role("checkbox").first).to_be_focused()


def test_the_focus_goes_to_the_panel_that_takes_the_place_of_a_form(site: str, world: World, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{site}/sign-in/?next=/account/{world.account('fernhill')}/delete-services/")
    sign_in(page, ADMIN)
    page.get_by_label("fern-archive").check()
    page.get_by_role("button", name="Check what will be deleted").click()
    expect(page.get_by_role("heading", name="Check before you delete 1 service of Fernhill Robotics")).to_be_focused()
    expect(page).to_have_title(
        "Check before you delete 1 service of Fernhill Robotics - Fernhill Robotics - Northpier Help"
    )


def test_a_double_click_on_what_leads_to_a_deletion_does_not_delete(site: str, world: World, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{site}/sign-in/?next=/account/{world.account('fernhill')}/delete-services/")
    sign_in(page, ADMIN)
    page.get_by_label("fern-archive").check()
    page.get_by_role("button", name="Check what will be deleted").click()
    danger = page.get_by_role("button", name="Delete 1 service")
    danger.wait_for()
    box = danger.bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + 5)  # at once, as the second half of a double click
    page.wait_for_timeout(1000)
    assert world.effects() == [] and danger.is_visible()
    danger.click()
    settle(page, "1 service deleted", True)


@pytest.mark.full
def test_the_back_button_leads_back_through_the_panels(site: str, world: World, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{site}/sign-in/?next=/account/{world.account('fernhill')}/delete-services/")
    sign_in(page, ADMIN)
    page.get_by_label("fern-archive").check()
    page.get_by_role("button", name="Check what will be deleted").click()
    settle(page, "This cannot be undone.", True)
    expect(page).to_have_url(re.compile("view=check"))
    page.go_back()
    expect(page.get_by_role("button", name="Check what will be deleted")).to_be_visible()
    expect(page).not_to_have_url(re.compile("view=check"))


@pytest.mark.full
def test_the_articles_steps_fill_with_their_live_states(site: str, world: World, chromium: Browser) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    page.goto(f"{site}/accounts/closing-your-account/")
    page.wait_for_timeout(300)
    assert page.locator("#live-delete-services").inner_text() == ""
    page.goto(f"{site}/sign-in/?next=/accounts/closing-your-account/")
    sign_in(page, OTHER_ADMIN)
    expect(page.locator("#live-delete-services")).to_have_text(
        "Not yet started: 5 services are still billed, $88.00 a month."
    )
    assert check_page(page, "article, live", [(1280, "light")]) + faults == []


@pytest.fixture
def plain_host(world: World, tmp_path: Path) -> Iterator[tuple[ThreadingHTTPServer, Path]]:
    """A plain file server for a site below /kb/, as any static host."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "host"))
    handler.log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server, tmp_path / "host"
    server.shutdown()
    server.server_close()


@pytest.mark.full
def test_the_site_on_another_port_asks_the_wizard_for_states(
    world: World, plain_host: tuple[ThreadingHTTPServer, Path], site: str, chromium: Browser
) -> None:
    from tests.helpers.shared import ROOT
    from tests.pages.building import built

    server, folder = plain_host
    address = f"http://127.0.0.1:{server.server_port}/kb/"
    folder.mkdir()
    built(ROOT / "articles", folder / "kb", wizard_url=f"{site}/", address=address)
    home = world.app.extensions["wizard"]
    world.app.extensions["wizard"] = replace(home, config=replace(home.config, address=address))
    faults: list[str] = []
    page = open_page(chromium, faults)
    page.goto(f"{address}accounts/closing-your-account/")
    page.wait_for_timeout(300)
    assert page.locator("#live-delete-services").inner_text() == ""
    page.goto(f"{site}/sign-in/?next=/requests/")
    sign_in(page, OTHER_ADMIN)
    page.goto(f"{address}accounts/closing-your-account/")
    expect(page.locator("#live-delete-services")).to_contain_text("5 services are still billed")
    page.get_by_role("link", name="Guide me").click()
    expect(page.get_by_text("completed 0 of 5 steps")).to_be_visible()
    assert faults == []


def test_every_example_of_every_component_is_accessible(chromium: Browser, site: str) -> None:
    env = environment()
    parts = [
        f"<h2>{component.name}</h2>" + "".join(render(env, component, one) for one in component.examples)
        for component in COMPONENTS
    ]
    page = open_page(chromium, [])
    page.goto(f"{site}/sign-in/")
    page.evaluate(
        "html => { document.querySelector('main').innerHTML = html }",
        "<div class='wide'><h1>All</h1>" + "".join(parts) + "</div>",
    )
    assert not [
        one for one in check_page(page, "components") if "duplicate-id" not in one and "heading-order" not in one
    ]


OTHER_PAGES = [
    (None, "/nowhere/"),
    (None, "/billing/"),
    (None, "/billing/your-final-invoice/"),
    (None, "/servers/server-naming/"),
    (ADMIN, "/account/{fernhill}/"),
    (ADMIN, "/account/{fernhill}/my-services/"),
    (ADMIN, "/account/{fernhill}/submit-request/"),
    (ADMIN, "/account/{larkspur}/request-closure/?view=check"),
    (ADMIN, "/account/{larkspur}/final-invoice/"),
    (ADMIN, "/account/{larkspur}/usage-history/"),
    (ADMIN, "/guide/cancelling-services/?account={larkspur}"),
    (ADMIN, "/guide/cancelling-services/sign-in/?account={larkspur}"),
    (ADMIN, "/guide/nonsense/"),
    (ADMIN, "/receipts/AAAA-AAAA-A/"),
    (ADMIN, "/requests/"),
    (VIEWER, "/guide/closing-your-account/?account={fernhill}"),
    (VIEWER, "/account/{fernhill}/delete-services/"),
    (VIEWER, "/account/{fernhill}/delete-services/?view=check"),
    (VIEWER, "/account/{fernhill}/request-closure/"),
    (REVIEWER, "/staff/"),
    (REVIEWER, "/account/"),
]


@pytest.mark.full
@pytest.mark.parametrize(("email", "path"), OTHER_PAGES)
def test_every_other_page_is_accessible_in_every_view(
    site: str, world: World, chromium: Browser, email: str | None, path: str
) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    path = path.format(fernhill=world.account("fernhill"), larkspur=world.account("larkspur"))
    if email:
        page.goto(f"{site}/sign-in/")
        sign_in(page, email)
        page.wait_for_url("**/account/**")
    page.goto(site + path)
    assert check_page(page, path) + faults == []
