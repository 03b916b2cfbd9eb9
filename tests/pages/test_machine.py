"""What the site holds for machines: feed, sitemap, robots.txt, llms.txt, and the articles' Markdown."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.helpers.shared import ROOT
from tests.pages.building import built, snapshot, write
from wizard.config import Config
from wizard.content.article import Article
from wizard.pages.about import clean
from wizard.pages.feeds import feed, sitemaps

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ADDRESS = "https://help.example/kb/"
AT = replace(Config(), address=ADDRESS, site_name="Help & <more>")
TEXTS = st.text() | st.sampled_from(
    ["A & B", "]]>", "<b>", '"quoted"', "\x00\x1f\x0b", "\ufffe", "\U0001f600", "a\u2028b"]
)


def article(number: int = 1, **values: object) -> Article:
    known = {"title": f"Article {number}", "updated": date(2026, 1, 1) + timedelta(number)}
    return Article(path=f"a/{number}.md", address=f"/a/{number}/", **{**known, **values})


def test_a_feed_keeps_the_rules_of_atom() -> None:
    articles = [article(1, author="Ana"), article(3, summary="Of <b> & more"), article(2), article(4, updated=None)]
    root = ElementTree.fromstring(feed(articles, AT))
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, (part, name)
    ids = [one.text for one in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) and all(str(one).startswith(ADDRESS) for one in ids)
    assert all(link.get("href", "").startswith(ADDRESS) for link in root.iter(f"{ATOM}link"))
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == f"{ADDRESS}feed.xml"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Help & <more>"
    changed = [one.text for one in root.iter(f"{ATOM}updated")]
    assert changed == [f"2026-01-0{day}T00:00:00Z" for day in (4, 4, 3, 2)]
    assert root.findtext(f"{ATOM}entry/{ATOM}summary") == "Of <b> & more"


def test_the_feed_holds_the_twenty_lately_updated() -> None:
    root = ElementTree.fromstring(feed(map(article, range(30)), AT))
    titles = [one.text for one in root.findall(f"{ATOM}entry/{ATOM}title")]
    assert titles == [f"Article {number}" for number in range(29, 9, -1)]


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_well_formed_in_the_feed(title: str, author: str, summary: str) -> None:
    entry = ElementTree.fromstring(feed([article(title=title, author=author, summary=summary)], AT)).find(
        f"{ATOM}entry"
    )
    assert (entry.findtext(f"{ATOM}title") or "") == clean(title)
    assert (entry.findtext(f"{ATOM}summary") or "") == clean(summary)
    assert (entry.findtext(f"{ATOM}author/{ATOM}name") or "") == clean(author)


@given(
    st.lists(st.from_regex(r"/([\w.~&-]+/){1,3}", fullmatch=True), min_size=1),
    st.sampled_from([ADDRESS, "https://x.example/a&b"]),
)
def test_a_sitemap_names_each_page_escaped_and_below_the_address(pages: list[str], address: str) -> None:
    config = replace(Config(), address=address)
    root = ElementTree.fromstring(sitemaps([(page, None) for page in pages], config)["sitemap.xml"])
    found = [one.text or "" for one in root.findall(f"{SITEMAP}url/{SITEMAP}loc")]
    assert all(one.isascii() and one.startswith(address) for one in found)
    assert [unquote(one.removeprefix(address.rstrip("/"))) for one in found] == pages


@pytest.mark.full
def test_a_sitemap_that_would_be_too_long_is_parted() -> None:
    files = sitemaps([(f"/a/{number}/", date(2026, 1, 1)) for number in range(100_001)], AT)
    index = ElementTree.fromstring(files["sitemap.xml"])
    parts = [one.text.removeprefix(ADDRESS) for one in index.iter(f"{SITEMAP}loc")]
    assert index.tag == f"{SITEMAP}sitemapindex" and parts == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    counts = [len(ElementTree.fromstring(files[part]).findall(f"{SITEMAP}url")) for part in parts]
    assert counts == [50_000, 50_000, 1] and len(files) == 4


def test_the_sitemap_of_a_built_site_names_all_its_pages_and_no_other(tmp_path: Path) -> None:
    articles = {
        "x/a.md": "---\ntitle: A\ndate: 2026-11-01\nredirect_from: [/old/]\n---\n",
        "x/\u00e4 & b.md": "---\ntitle: B\n---\n",
    }
    built(write(tmp_path / "articles", articles), tmp_path / "out", address=ADDRESS)
    root = ElementTree.parse(tmp_path / "out/sitemap.xml").getroot()
    named = {unquote(one.findtext(f"{SITEMAP}loc").removeprefix(ADDRESS)): one for one in root}
    pages = {
        file.relative_to(tmp_path / "out").as_posix().removesuffix("index.html")
        for file in (tmp_path / "out").rglob("*.html")
    }
    assert named.keys() == pages - {"404.html", "old/"}
    assert named["x/a/"].findtext(f"{SITEMAP}lastmod") == "2026-11-01"
    assert f"Sitemap: {ADDRESS}sitemap.xml\n" in (tmp_path / "out/robots.txt").read_text()


def test_without_an_address_nothing_claims_one(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out")
    assert not (tmp_path / "out/feed.xml").exists() and not (tmp_path / "out/sitemap.xml").exists()
    assert (tmp_path / "out/robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    page = (tmp_path / "out/accounts/closing-your-account/index.html").read_text()
    assert "canonical" not in page and "og:url" not in page and "BreadcrumbList" not in page and "atom" not in page


def links_of(llms: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(llms)
    return [child.attrs["href"] for token in tokens for child in token.children or () if child.type == "link_open"]


def test_every_link_of_llms_txt_leads_to_the_markdown_of_an_article(tmp_path: Path) -> None:
    names = ["A [b] \\ c.md", "Open (draft)/x: y.md", "Open (draft)/deep/z.md", "ü.markdown"]
    articles = write(
        tmp_path / "articles", {name: f"---\ntitle: 'One [of] \\ {number}'\n---\n" for number, name in enumerate(names)}
    )
    for address in ("", ADDRESS):
        built(articles, tmp_path / "out", address=address)
        text = (tmp_path / "out/llms.txt").read_text()
        links = links_of(text)
        places = [unquote(urlsplit(urljoin(ADDRESS, link)).path).removeprefix("/kb/") for link in links]
        assert len(links) == 4 and all(urljoin(ADDRESS, link).startswith(ADDRESS) for link in links)
        assert {(tmp_path / "out" / place).read_text() for place in places} == {
            one.read_text() for one in articles.rglob("*.m*")
        }
    assert text.startswith("# Knowledge base\n\n> 4 articles: Open (draft).\n\n## Articles\n")
    assert "## Open (draft) / Deep\n" in text and "[One \\[of\\] \\\\ 0](" in text


def test_llms_txt_says_which_articles_are_guides(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="/", address=ADDRESS)
    text = (tmp_path / "out/llms.txt").read_text()
    assert "Guide: https://help.example/guide/closing-your-account/\n" in text
    offered = [page for page in (tmp_path / "out").rglob("index.html") if "Guide me" in page.read_text()]
    assert text.count("Guide: ") == len(offered) > 5
    built(ROOT / "articles", tmp_path / "out")
    assert "uide" not in (tmp_path / "out/llms.txt").read_text().partition("##")[0]


def test_the_markdown_of_an_article_never_takes_a_place_of_ours(tmp_path: Path) -> None:
    head = "---\ntitle: {}\npermalink: /billing/{}/\n---\n"
    articles = write(tmp_path / "articles", {"static/base.md": head.format("A", "a"), "x.md": head.format("B", "x.md")})
    write(articles, {"x.md.md": "---\ntitle: C\n---\n[a](billing/a/)"})
    built(articles, tmp_path / "out")
    assert not (tmp_path / "out/static/base.md").exists() and (tmp_path / "out/x.md/index.html").is_file()
    assert "text/markdown" not in (tmp_path / "out/billing/a/index.html").read_text()


def test_what_machines_read_is_equal_at_each_build(tmp_path: Path) -> None:
    articles = {
        f"c{n % 3}/a{n}.md": f"---\ntitle: A{n}\ndate: 2026-01-1{n}\nredirect_from: [/o{n}/]\n---\n" for n in range(9)
    }
    for out in ("one", "two"):
        built(write(tmp_path / "articles", articles), tmp_path / out, address=ADDRESS)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")
