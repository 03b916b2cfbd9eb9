"""The site in a real browser, as plain files: every kind of page, for everybody, on every screen."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.journey import open_page
from tests.helpers.browser import check_page
from tests.pages.building import built, write
from tests.pages.samples import everything, many, png

pytestmark = pytest.mark.browser


_WORD = "Donaudampfschifffahrtsgesellschaftskapitaenspatent" * 2
LONG = {
    f"{_WORD}/{_WORD}/a.md": f"---\ntitle: {_WORD}\ndate: 2026-11-02\nauthor: {_WORD}\nkeywords: {_WORD}\nsticky: true\n---\n"
    + "".join(f"## {_WORD}{number}\n\n{_WORD}\n\n" for number in range(3))
    + f"1. {_WORD}\n",
    **{
        f"{_WORD}/{_WORD}/{number}.md": f"---\ntitle: {number}{_WORD}\ndate: 2026-11-02\nkeywords: {_WORD}\n---\n{_WORD}\n"
        for number in range(8)
    },
}
"""Words that no screen is wide enough for."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Sites: `all/` with something of everything in its own colours, `many/`, `long/` words, and `none/`."""
    folder = tmp_path_factory.mktemp("sites")
    logo = folder / "logo.png"
    logo.write_bytes(png(90, 60))
    settings = {
        "accent": "#7a3b8f",
        "logo": logo,
        "footer": "[Invoices](billing/invoices/final.md)\n\n- [Status](https://status.example/)\n- Northpier Ltd",
        "contact": "https://help.example/",
        "repo_url": "https://forge.example/edit/",
    }
    built(everything(folder / "articles"), folder / "out/all", **settings)
    built(many(folder / "more", 60, 1), folder / "out/many")
    built(write(folder / "wide", LONG), folder / "out/long", site_name="Donau" * 12, footer="Fracht" * 12)
    (folder / "nothing").mkdir()
    built(folder / "nothing", folder / "out/none")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder / "out")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


PAGES = ["all/", "all/billing/closing/", "all/a-z/"]
MORE_PAGES = [
    "all/billing/",
    "all/billing/zones/",
    "all/keywords/close-account/",
    "many/",
    "many/category-0/",
    "none/",
    "long/",
    f"long/{_WORD.lower()}/",
    f"long/{_WORD.lower()}/{_WORD.lower()}/",
    f"long/{_WORD.lower()}/{_WORD.lower()}/a/",
    f"long/{_WORD.lower()}/{_WORD.lower()}/4/",
    f"long/keywords/{_WORD.lower()}/",
    "long/a-z/",
]


@pytest.mark.parametrize(
    "path",
    [*PAGES, *(pytest.param(path, marks=pytest.mark.full) for path in MORE_PAGES)],
    ids=lambda path: path.replace(_WORD.lower(), "word"),
)
def test_every_kind_of_page_is_accessible_in_every_view(host: str, chromium: Browser, path: str) -> None:
    faults: list[str] = []
    page = open_page(chromium, faults)
    page.goto(f"{host}/{path}")
    assert check_page(page, path) + faults == []


def test_the_page_for_what_is_not_there_is_accessible(tmp_path: Path, host: str, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{host}/many/")
    page.evaluate(
        "fetch('404.html').then(r => r.text()).then(t => { document.documentElement.innerHTML = t.replaceAll('\"/', '\"./') })"
    )
    expect(page.get_by_role("heading", level=1, name="Page not found")).to_be_visible()
    assert check_page(page, "404") == []


def test_contents_open_on_a_telephone_and_stand_beside_the_text_on_a_wide_screen(host: str, chromium: Browser) -> None:
    page = open_page(chromium, [], javascript=False)
    page.goto(f"{host}/all/billing/closing/")
    contents = page.get_by_role("navigation", name="On this page")
    link = contents.get_by_role("link", name="When charges end")
    expect(link).to_be_visible()
    beside, text = contents.bounding_box(), page.locator("article p").first.bounding_box()
    assert beside and text and beside["x"] > text["x"] + text["width"]
    page.set_viewport_size({"width": 375, "height": 800})
    expect(link).to_be_hidden()
    contents.get_by_text("On this page").click()
    link.click()
    expect(page).to_have_url(re.compile("#when-charges-end$"))


def test_a_heading_and_a_step_are_links_by_keyboard_and_are_read_once(host: str, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{host}/all/billing/closing/")
    heading = page.get_by_role("heading", name="When charges end", exact=True)
    expect(heading.get_by_role("link", name="When charges end", exact=True)).to_be_visible()
    step = page.get_by_role("link", name="Step 3", exact=True)
    step.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#step-3$"))
    box = step.bounding_box()
    assert box and box["width"] == 32
    reached = "([x, y]) => document.elementFromPoint(x, y).matches('#step-3 > a')"
    assert page.evaluate(reached, [box["x"] - 5, box["y"] + 16]), "44 px are enough for a thumb"


def test_a_table_of_many_columns_keeps_its_words_whole_on_a_telephone_and_scrolls_by_itself(
    host: str, chromium: Browser
) -> None:
    page = open_page(chromium, [])
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{host}/all/billing/zones/")
    table = page.get_by_role("table")
    box, date = table.bounding_box(), table.get_by_role("cell", name="21 November 2026").bounding_box()
    assert box and date and box["width"] >= 560 and date["height"] < 48
    assert page.evaluate("document.documentElement.scrollWidth") == 375


@pytest.mark.full
def test_nothing_moves_while_a_page_loads(host: str, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(one => moved += one.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for path in ("all/", "all/billing/", "all/a-z/"):
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{host}/{path}")
            page.wait_for_timeout(200)
            assert page.evaluate("moved") == 0, path


def test_a_form_without_javascript_leads_to_all_articles(host: str, chromium: Browser) -> None:
    page = open_page(chromium, [], javascript=False)
    page.goto(f"{host}/all/")
    page.get_by_label("Search the articles").fill("invoice")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Your final invoice")).to_be_visible()


def test_an_article_prints_without_what_is_for_screens(host: str, chromium: Browser) -> None:
    page = open_page(chromium, [])
    page.goto(f"{host}/all/billing/closing/")
    page.emulate_media(media="print")
    for gone in (page.locator("header"), page.locator("footer"), _contents(page), page.get_by_text("Edit this page")):
        expect(gone).to_be_hidden()
    expect(page.get_by_role("heading", name="What Is Next?")).to_be_visible()


def _contents(page: Page) -> object:
    return page.get_by_role("navigation", name="On this page")
