"""What stands on each kind of page."""

import re
from html import unescape
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.pages.building import built, write
from tests.pages.crawl import dead_links, read
from tests.pages.samples import everything, many
from wizard.config import Config
from wizard.content.article import Card
from wizard.pages.listing import by_letter
from wizard.theme import load_theme

SETTINGS = {"contact": "mailto:help@example.com", "repo_url": "https://forge.example/edit/main/docs"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Something of everything, with no wizard."""
    folder = tmp_path_factory.mktemp("everything")
    built(everything(folder / "articles"), folder / "out", **SETTINGS)
    return folder / "out"


def page(site: Path, address: str) -> str:
    return (site / address.strip("/") / "index.html").read_text()


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def links(html: str) -> list[tuple[str, str]]:
    return [
        (href, words(text)) for href, text in re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    ]


def part(html: str, start: str, end: str) -> str:
    assert start in html, start
    return html.partition(start)[2].partition(end)[0]


def test_all_links_lead_somewhere(site: Path) -> None:
    assert dead_links(site) == []


def test_every_page_has_one_first_heading_a_language_landmarks_and_a_way_past_the_head(site: Path) -> None:
    for file in site.rglob("*.html"):
        html = file.read_text()
        assert html.count("<h1") == 1 and html.count("<main") == html.count("<header") == html.count("<footer") == 1
        assert '<html lang="en">' in html and '<a class="skip" href="#main">' in html, file
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), file


def test_home_has_a_search_sticky_articles_categories_with_counts_and_what_is_new(site: Path) -> None:
    home = page(site, "/")
    assert re.search(r'<form class="search" role="search" action="[^"]+">\s*<label for="q">', home)
    assert ("./billing/closing/", "Closing a contract") in links(part(home, 'id="start-here"', "</section>"))
    categories = part(home, 'id="categories"', "</section>")
    assert words(categories).startswith("Categories") or "Billing 4 articles" in words(categories)
    assert ("./billing/invoices/", "Invoices") in links(categories) and "Data 3 articles" in words(categories)
    lately = words(part(home, 'id="lately"', "</aside>"))
    assert lately.index("16 November 2026") < lately.index("2 November 2026") < lately.index("1 October 2026")
    assert "All 7 articles, A to Z" in words(home)


SHAPES = {
    "no article": (0, 0, ["There are no articles yet"], ["Categories", "A to Z", "<form"]),
    "one article": (1, 0, ["1 article, A to Z", "Articles", "What adding number 0"], ["Categories", "Lately"]),
    "no category, many": (45, 0, ["And 5 more articles, from A to Z"], ["Categories", "Lately"]),
    "one category": (3, 1, ["Category 0", "What adding number 0"], ["Categories"]),
    "many categories": (30, 30, ["Categories", "Category 29"], ["Adding number 0"]),
}


@pytest.mark.parametrize(("number", "categories", "there", "not_there"), SHAPES.values(), ids=SHAPES)
def test_home_fits_the_library(
    tmp_path: Path, number: int, categories: int, there: list[str], not_there: list[str]
) -> None:
    (tmp_path / "articles").mkdir()
    built(many(tmp_path / "articles", number, categories), tmp_path / "out")
    home = page(tmp_path / "out", "/").partition("<body>")[2]
    assert all(one in home for one in there) and not [one for one in not_there if one in home]
    assert dead_links(tmp_path / "out") == []


def test_sticky_articles_of_home_are_of_all_categories(tmp_path: Path) -> None:
    files = {f"c{n % 2}/a{n}.md": f"---\ntitle: A{n}\nsticky: true\n---\n" for n in range(20)}
    built(write(tmp_path / "articles", files | {"z/z.md": "---\ntitle: Z\nsticky: true\n---\n"}), tmp_path / "out")
    shown = links(part(page(tmp_path / "out", "/"), 'id="start-here"', "</section>"))
    assert [text for _, text in shown] == ["A0", "A1", "Z", "A10", "A11", "A12"]


def test_a_category_names_those_inside_it_with_counts_and_its_articles_with_their_first_words(site: Path) -> None:
    html = page(site, "/billing/")
    assert "Invoices 1 article" in words(html) and ("../billing/invoices/", "Invoices") in links(html)
    assert "What you need before a contract can end." in words(html)
    inner = page(site, "/billing/invoices/")
    assert ("../../billing/", "Billing") in links(part(inner, 'aria-label="Breadcrumb"', "</nav>"))


def test_a_category_of_300_articles_goes_by_letter(tmp_path: Path) -> None:
    built(many(tmp_path / "articles", 300, 1), tmp_path / "out")
    html = page(tmp_path / "out", "/category-0/")
    jumps = links(part(html, 'aria-label="Letters"', "</nav>"))
    assert [text for _, text in jumps] == list("ABCDEFGHIJ") and html.count("<li><a") >= 300
    assert dead_links(tmp_path / "out") == []


def test_a_to_z_names_all_articles_with_their_categories_and_takes_no_script(site: Path) -> None:
    html = page(site, "/a-z/")
    assert [text for _, text in links(part(html, 'aria-label="Letters"', "</nav>"))] == [
        "A", "C", "E", "Y", "Z", "\u041f", "0\u20139",
    ]  # fmt: skip
    assert "Your final invoice Invoices" in words(html) and "<script" not in html


def test_seven_thousand_articles_are_one_light_page() -> None:
    found = [Card(f"c/a{n}.md", f"/c/a{n}/", f"{chr(65 + n % 26)} title of usual length {n}") for n in range(7000)]
    env = Environment(autoescape=True)
    load_theme(Config()).furnish(env)
    component = env.get_template("components/letters.html").module.letters
    html = component(by_letter(found), "../", {one.address: "Category" for one in found})
    assert html.count("<li>") >= 7000 and len(html) < 7000 * 130


def test_a_page_of_ours_makes_way_for_an_authors(tmp_path: Path) -> None:
    files = {
        "a-z.md": "---\ntitle: Own\nkeywords: k\n---\n",
        "keywords/x.md": "---\ntitle: X\nkeywords: K\n---\n[a](../a-z.md)",
    }
    built(write(tmp_path / "articles", files), tmp_path / "out")
    out = tmp_path / "out"
    assert ">Own</h1>" in page(out, "/a-z/") and "<h1>All articles, A to Z</h1>" in page(out, "/a-z-2/")
    assert "2 articles with this keyword" in words(page(out, "/keywords-2/k/"))
    assert ("./a-z-2/", "A to Z") in links(page(out, "/")) and dead_links(out) == []


def test_a_keyword_of_several_articles_has_a_page_and_another_is_text(site: Path) -> None:
    closing = part(page(site, "/billing/closing/"), "Keywords:", "</p>")
    assert links(closing) == [
        ("../../keywords/close-account/", "Close account"),
        ("../../keywords/final-invoice/", "final invoice"),
    ]
    assert "only here" in closing and not (site / "keywords/only-here").exists()
    html = page(site, "/keywords/final-invoice/")
    assert "<h1>Final invoice</h1>" in html and ("../../billing/invoices/final/", "Your final invoice") in links(html)


def test_keywords_that_read_alike_in_an_address_have_pages_of_their_own(tmp_path: Path) -> None:
    files = {f"{n}.md": f"---\ntitle: T{n}\nkeywords: [C, 'C++', {n}]\n---\n" for n in range(2)}
    built(write(tmp_path / "articles", files), tmp_path / "out")
    assert "<h1>C</h1>" in page(tmp_path / "out", "/keywords/c/")
    assert "<h1>C++</h1>" in page(tmp_path / "out", "/keywords/c-2/")


def test_an_article_says_whose_it_is_and_where_it_stands(site: Path) -> None:
    html = page(site, "/billing/closing/")
    meta = words(part(html, '<ul class="meta" data-pagefind-ignore>', "</ul>"))
    assert meta == (
        "Updated 16 November 2026 By Northpier Accounts Owner: Billing team To be reviewed by 15 November 2027"
    )
    assert links(part(html, 'aria-label="Breadcrumb"', "</nav>")) == [("../../", "Home"), ("../../billing/", "Billing")]
    assert '<ul class="meta"' not in page(site, "/billing/zones/")


def test_a_long_article_has_contents_and_a_short_one_has_none(site: Path) -> None:
    shown = links(part(page(site, "/billing/closing/"), 'aria-label="On this page"', "</nav>"))
    assert [href for href, _ in shown] == [
        "#before-you-begin", "#steps", "#when-charges-end", "#what-cannot-be-undone",
    ]  # fmt: skip
    assert "On this page" not in page(site, "/billing/adding/")


@pytest.mark.parametrize(("count", "has"), [(700, False), (1300, True)])
def test_a_long_text_with_few_headings_has_contents_too(tmp_path: Path, count: int, has: bool) -> None:
    body = "## One\n\n### Inner\n\n" + "word " * count
    built(write(tmp_path / "articles", {"a.md": f"---\ntitle: A\n---\n{body}\n"}), tmp_path / "out")
    html = page(tmp_path / "out", "/a/")
    assert ("On this page" in html) == has
    assert not has or links(part(html, 'aria-label="On this page"', "</nav>")) == [("#one", "One"), ("#inner", "Inner")]


def test_headings_and_steps_link_to_themselves(site: Path) -> None:
    html = page(site, "/billing/closing/")
    assert '<h2 id="before-you-begin"><a class="self" href="#before-you-begin">Before you begin</a></h2>' in html
    assert '<h3 id="terms"><a class="self" href="#terms">Terms</a></h3>' in html
    assert '<a class="mark" href="#step-3" aria-label="Step 3">3</a>' in html
    assert {"step-1", "step-2", "step-3"} <= read(site / "billing/closing/index.html").ids


def test_a_heading_that_holds_a_link_stays_as_it_is(tmp_path: Path) -> None:
    body = "## See [us](https://x.example/)\n\n## <abbr>API</abbr>\n\n##\n"
    built(write(tmp_path / "articles", {"a.md": f"---\ntitle: A\n---\n{body}"}), tmp_path / "out")
    html = page(tmp_path / "out", "/a/")
    assert ">See <a " in html and '<a class="self" href="#api"><abbr>API</abbr></a>' in html
    assert '"></a>' not in html


def test_what_is_next_ends_the_article_and_the_way_on_follows_it(site: Path) -> None:
    html = page(site, "/billing/closing/")
    order = [html.index(one) for one in ('id="attachments"', 'id="what-is-next"', "Have more questions?", "Keywords:")]
    assert order == sorted(order)
    assert ("../../billing/form.pdf", "Closure form") in links(html) and "Closure form PDF" in words(html)
    after = links(part(html, '<div class="after">', "</div>"))
    assert ("mailto:help@example.com", "Write to help@example.com") in after
    assert ("https://forge.example/edit/main/docs/billing/closing.md", "Edit this page") in after


def test_previous_and_next_follow_the_order_of_the_category(site: Path) -> None:
    def beside(address: str) -> list[tuple[str, str]]:
        html = page(site, address)
        return links(part(html, 'aria-label="In this category"', "</nav>")) if "In this category" in html else []

    assert beside("/billing/closing/") == [("../../billing/adding/", "Next Adding a service")]
    assert beside("/billing/adding/") == [
        ("../../billing/closing/", "Previous Closing a contract"),
        ("../../billing/zones/", "Next Zones of prices"),
    ]
    assert beside("/billing/invoices/final/") == []


@pytest.mark.parametrize(
    ("settings", "href", "text"),
    [
        ({"contact": "https://help.example/"}, "https://help.example/", "Contact us"),
        ({"wizard_url": "/"}, "/account/?action=submit-request", "Ask the support team"),
        ({"wizard_url": "/", "contact": "https://c.example"}, "https://c.example", "Contact us"),
        ({}, "", ""),
    ],
)
def test_who_has_more_questions_is_led_on(tmp_path: Path, settings: dict[str, str], href: str, text: str) -> None:
    built(everything(tmp_path / "articles"), tmp_path / "out", **settings)
    html = page(tmp_path / "out", "/billing/closing/")
    assert ((href, text) in links(html)) == bool(href) == ("Have more questions?" in html)
    assert "Edit this page" not in html
