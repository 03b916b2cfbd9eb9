"""The search page in a real browser: what is found first, by keyboard, with and without its index."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import open_page
from tests.browser.searching import Host, build_site, hosted
from tests.browser.test_journey import check_page
from tests.helpers.world import World

pytestmark = pytest.mark.browser

FIRST = {
    "close account": "Closing your account",
    "how do I close my account?": "Closing your account",
    "delete account": "Closing your account",
    "terminate": "Closing your account",
    "acount": "Closing your account",
    "clsoe acount": "Closing your account",
    "cancel subscription": "Cancelling services",
    "cancel a service": "Cancelling services",
    "cancle": "Cancelling services",
    "payment method": "Updating card details",
    "change credit card": "Updating card details",
    "delete server": "Deleting a server",
    "remove server": "Deleting a server",
    "server memory": "Resizing a server",
    "remove mailbox": "Deleting a mailbox",
    "new mailbox": "Adding a mailbox",
    "mailbx": "Adding a mailbox",
    "forgot password": "Changing your password",
    "last bill": "Your final invoice",
    "spam": "Less spam",
    "thirty days": "Deleting a mailbox",
    '"data center"': "Ordering a server",
    "Exporting USAGE": "Exporting usage",
    "hyperscale invoice units": "Reading an invoice",
}
"""What is typed -> the article that must come first."""

BYTES = 59 * 1024


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("search"))


@pytest.fixture
def host(site_folder: Path) -> Iterator[Host]:
    with hosted(site_folder) as host:
        yield host


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def page(host: Host, chromium: Browser, faults: list[str]) -> Iterator[Page]:
    """The search page, with nothing typed."""
    page = open_page(chromium, faults)
    page.goto(f"{host.address}search/")
    yield page
    page.context.close()


def search(page: Page, query: str) -> list[str]:
    """Type it; the titles of the results, once nothing more is to come."""
    page.get_by_role("searchbox").fill(query)
    return results(page)


def results(page: Page) -> list[str]:
    page.locator("#results[aria-busy=false]").wait_for(state="attached")
    return page.locator("a.hit").all_inner_texts()


def test_what_readers_type_finds_the_right_article_first(page: Page, faults: list[str]) -> None:
    found = {query: search(page, query)[:1] for query in FIRST}
    assert found == {query: [title] for query, title in FIRST.items()} and faults == []


def test_arrows_move_through_the_results_and_escape_leads_back(page: Page) -> None:
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    search(page, "mailbox")
    links = page.locator("a.hit")
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(links.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("mailbox")


def test_enter_opens_the_first_result_or_the_one_with_the_focus(page: Page, host: Host) -> None:
    page.keyboard.type("close account")
    page.keyboard.press("Enter")  # at once: the result is opened when it is there
    page.wait_for_url(f"{host.address}accounts/closing-your-account/")
    page.go_back()
    assert results(page)[0] == "Closing your account"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host.address}billing/final-invoice/")


@pytest.mark.full
def test_the_address_keeps_what_is_typed_and_chosen(page: Page, host: Host) -> None:
    search(page, "e-mail & mailbox")
    expect(page).to_have_url(f"{host.address}search/?q=e-mail+%26+mailbox")
    page.goto(f"{host.address}search/?q=mailbox&category=Mail")
    assert results(page) == ["Adding a mailbox", "Deleting a mailbox", "Less spam"]
    expect(page.get_by_role("searchbox")).to_have_value("mailbox")
    search(page, "")
    expect(page.get_by_text("Type what you want to do")).to_be_visible()


@pytest.mark.full
def test_a_category_can_be_chosen_and_says_how_many_it_has(page: Page) -> None:
    assert len(search(page, "server")) == 5
    expect(page.get_by_role("status")).to_have_text("5 results for \u201cserver\u201d.")
    button = page.get_by_role("button", name="Servers 3")
    button.click()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_have_text("3 results for \u201cserver\u201d in Servers.")
    expect(page.locator("a.hit")).to_have_count(3)
    page.get_by_role("button", name="Accounts 1").click()
    expect(page.locator("a.hit")).to_have_count(4)


@pytest.mark.full
def test_a_result_shows_its_category_its_date_and_the_words_in_its_text(page: Page, host: Host) -> None:
    search(page, "invoice price")
    first = page.locator("#results > li").first
    expect(first.locator(".about")).to_have_text("BillingUpdated 1 November 2026")
    assert first.locator("mark").all_inner_texts() == ["price", "invoice"]
    expect(first.locator(".excerpt")).to_contain_text("line names a service, its units & its price.")
    search(page, "columns")
    expect(page.locator(".excerpt")).to_contain_text("with <month> columns.")
    search(page, "request closure")
    link = page.locator("#results > li").first.locator(".inside a")
    expect(link).to_have_attribute("href", "/kb/accounts/closing-your-account/#steps")


@pytest.mark.full
def test_more_results_come_by_a_button_and_the_focus_goes_to_them(page: Page) -> None:
    assert len(search(page, "maintenance")) == 10
    more = page.get_by_role("button", name="More results")
    more.click()
    expect(page.locator("a.hit")).to_have_count(12)
    expect(page.locator("a.hit").nth(10)).to_be_focused()
    expect(more).to_be_hidden()


@pytest.mark.full
def test_words_that_nothing_has_are_put_right_and_said(page: Page) -> None:
    search(page, "acount")
    said = page.get_by_role("status")
    expect(said).to_have_text("Nothing was found for \u201cacount\u201d. 6 results for \u201caccount\u201d.")
    search(page, "server spam")
    expect(said).to_contain_text("No article has all of these words.")


@pytest.mark.full
def test_where_nothing_is_found_titles_like_it_and_a_to_z_are_offered(page: Page) -> None:
    assert search(page, "mantainanse") == []
    expect(page.get_by_role("status")).to_have_text("Nothing was found for \u201cmantainanse\u201d.")
    expect(page.locator("#near-titles a").first).to_have_text("Maintenance note 1")
    expect(page.get_by_role("link", name="all articles from A to Z")).to_have_attribute("href", "../a-z/")
    expect(page.get_by_role("link", name="ask us")).to_have_attribute("href", "https://ask.example/")
    assert search(page, "qqqq") == [] and page.get_by_text("Did you mean").is_hidden()


@pytest.mark.full
def test_what_the_search_says_stands_close_below_its_field(page: Page) -> None:
    search(page, "qqqq")
    field, said = page.get_by_role("searchbox").bounding_box(), page.get_by_role("status").bounding_box()
    help = page.get_by_text("Try other words").bounding_box()
    assert field and said and help
    assert said["y"] - field["y"] - field["height"] <= 24 and help["y"] - said["y"] - said["height"] <= 24
    assert field["width"] == 576, "as wide as the results"


def test_what_is_typed_is_never_markup(page: Page, faults: list[str]) -> None:
    search(page, "<img src=x onerror=alert(1)> server")
    assert page.locator("main img").count() == 0
    assert faults == []


@pytest.mark.full
def test_without_its_index_the_search_knows_titles_and_says_so(page: Page, host: Host) -> None:
    host.missing = {"pagefind"}
    assert search(page, "close account") == ["Closing your account"]
    expect(page.get_by_role("status")).to_contain_text("The full text cannot be searched at the moment.")
    assert search(page, "thirty days") == []
    expect(page.get_by_role("status")).to_contain_text("The search does not answer")
    expect(page.get_by_role("link", name="all articles from A to Z")).to_be_visible()
    host.missing = set()
    page.reload()
    assert results(page) == ["Deleting a mailbox"]


@pytest.mark.full
def test_a_slow_search_says_that_it_goes_on(page: Page) -> None:
    page.route("**/pagefind.js", lambda route: (page.wait_for_timeout(800), route.continue_()))
    page.get_by_role("searchbox").fill("thirty days")
    expect(page.get_by_role("status")).to_have_text("Searching for \u201cthirty days\u201d")
    assert results(page) == ["Deleting a mailbox"]


@pytest.mark.full
def test_enter_never_opens_a_result_of_what_was_typed_before(page: Page, host: Host) -> None:
    search(page, "spam")
    page.get_by_role("searchbox").fill("csv")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host.address}billing/usage/")


def test_without_javascript_the_search_leads_to_a_to_z(host: Host, chromium: Browser) -> None:
    page = open_page(chromium, [], javascript=False)
    with page.expect_request(f"{host.address}a-z/"):
        page.goto(f"{host.address}search/?q=close+account")
    page.context.close()


def test_only_the_sites_own_files_are_asked_for(page: Page, host: Host, faults: list[str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    search(page, "close account")
    assert len(asked) > 8 and all(url.startswith(host.address) for url in asked) and faults == []


@pytest.mark.full
def test_no_other_page_loads_the_search(page: Page, host: Host) -> None:
    page.wait_for_load_state("networkidle")
    host.sent.clear()
    page.goto(f"{host.address}accounts/closing-your-account/")
    assert not [path for path, _ in host.sent if "search" in path or "pagefind" in path]


@pytest.mark.parametrize(
    "query", ["close account", *(pytest.param(query, marks=pytest.mark.full) for query in ("acount", "terminate"))]
)
def test_a_first_result_costs_less_than_59_kb(page: Page, query: str) -> None:
    page.evaluate(
        """() => { window.weight = new Promise(resolve => new MutationObserver(() => {
            if (!document.querySelector("a.hit")) return;
            const files = performance.getEntriesByType("resource").filter(({ name }) => !/base.css|icon/.test(name));
            resolve(files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0));
        }).observe(document.body, { subtree: true, childList: true })); }"""
    )
    search(page, query)
    weight = page.evaluate("weight")
    assert 4 * 1024 < weight < BYTES


@pytest.mark.parametrize(
    "query",
    [
        "account",
        *(pytest.param(query, marks=pytest.mark.full) for query in ("", "acount", "server spam", "mantainanse")),
    ],
    ids=lambda query: query or "nothing typed",
)
def test_every_state_is_accessible(page: Page, query: str) -> None:
    search(page, query or "x")
    search(page, query) if query else page.get_by_role("searchbox").fill("")
    page.wait_for_timeout(200)
    page.keyboard.press("ArrowDown")
    assert check_page(page, query) == []


def test_the_search_works_where_the_wizard_serves_the_site(
    world: World, chromium: Browser, site_folder: Path, faults: list[str]
) -> None:
    world.config = replace(world.config, out=site_folder / "kb")
    with world.served() as address:
        page = open_page(chromium, faults)
        page.goto(f"{address}/search/?q=thirty+days")
        assert results(page) == ["Deleting a mailbox"] and faults == []
        page.context.close()
