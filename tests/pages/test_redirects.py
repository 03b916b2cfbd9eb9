"""Old addresses lead on, and lead nowhere else."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content.reading import findings, library
from tests.pages.building import built, snapshot, write
from tests.pages.crawl import dead_links
from wizard.content.addresses import place, redirect_address

HOSTILE = [
    "", "/", "//evil.example", "//evil.example/", "https://evil.example/", "javascript:alert(1)", "../x", "/a/../../x",
    "/a/./b", "/a b/", "/a\n/b https://evil.example 301", "/a%0a/b", "/%2e%2e/x", "/a\\b", "/a?b=c", "/a#b", "/a*",
    "/:splat", "/.git/config", "/a//b", "/a/\x00", "/\u202egnp", "/a%20b", "/index.html", "/" + "a" * 300, "/a" * 600,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_plain_path_of_the_site_is_no_old_address(text: str) -> None:
    assert redirect_address(text) is None
    assert library({"a.md": f"---\ntitle: A\nredirect_from: [{text!r}]\n---\n"}).redirects == {}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("/old/place/", "/old/place/"),
        (" /old/place ", "/old/place/"),
        ("old", "/old/"),
        ("/Old/Place.html", "/Old/Place.html"),
        ("/old/index.html", "/old/"),
        ("/my-index.html", "/my-index.html"),
        ("/%C3%BCber/", "/\u00fcber/"),
        ("/v1.2/a&b/", "/v1.2/a&b/"),
    ],
)
def test_an_old_address_is_a_page_of_a_folder_or_a_file(text: str, address: str) -> None:
    assert redirect_address(text) == address


@given(st.text() | st.text("/.a%2e?#:\\\n &-~\u00e4", max_size=12))
def test_an_old_address_is_always_a_safe_place(text: str) -> None:
    address = redirect_address(text)
    if address is None:
        return
    assert redirect_address(address) == address, "what is normal stays as it is"
    assert not re.search(r"""[\s\\?#:%<>"'{}|^`]|//|/\.""", address) and address.endswith(("/", ".html"))
    assert ".." not in Path(place(address)).parts and not Path(place(address)).is_absolute()
    assert urljoin("https://help.example/", address).startswith("https://help.example/")


def page(title: str, *old: str) -> str:
    return f"---\ntitle: {title}\nredirect_from: [{', '.join(old)}]\n---\n"


@pytest.mark.parametrize("below", ["/", "/kb/"])
def test_each_redirect_leads_to_its_article_by_page_and_by_rule(tmp_path: Path, below: str) -> None:
    files = {"x/a.md": page("A", "/one.html", "/hc/2/", "/x/ü.html"), "b \u00e4.md": page("B", "/deep/er/three/")}
    said = built(write(tmp_path / "articles", files), tmp_path / "out", address=f"https://site.example{below}")
    assert "7 pages from 2 articles" in said and "0 errors" in said
    rules = [line.split(" ") for line in (tmp_path / "out/_redirects").read_text().splitlines()]
    assert len(rules) == 4 and rules == sorted(rules, key=lambda rule: unquote(rule[0]))
    for old, new, status in rules:
        assert status == "301" and old.startswith(below) and new.startswith(below) and (old + new).isascii()
        file = tmp_path / "out" / place("/" + unquote(old).removeprefix(below))
        text = file.read_text()
        to = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', text)[1]
        assert urljoin(f"https://site.example{old}", to) == f"https://site.example{new}"
        assert f'<link rel="canonical" href="https://site.example{new}">' in text and f'<a href="{to}">' in text
        assert '<meta name="robots" content="noindex">' in text and 'href=""' not in text
        there = (tmp_path / "out" / place("/" + unquote(new).removeprefix(below))).read_text()
        assert 'http-equiv="refresh"' not in there, "no redirect leads to another"
    assert dead_links(tmp_path / "out", below) == []


def test_without_redirects_there_is_no_file_of_them(tmp_path: Path) -> None:
    built(write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"}), tmp_path / "out")
    assert not (tmp_path / "out/_redirects").exists()


@pytest.mark.parametrize(
    "old",
    ["/b/", "/x/", "/x/b/", "/x/f.html", "/guide/x/", "/static/a.html", "/404.html", "/feed.xml/", "/_redirects/", "/one.html", "/x/f.html/y/", "/b.md/"],
)  # fmt: skip
def test_an_old_address_that_something_has_is_said_and_left_out(old: str) -> None:
    files: dict[str, str | bytes] = {
        "a.md": page("A", "/one.html"),
        "b.md": page("B"),
        "x/b.md": "---\ntitle: XB\n---\n[f](f.html)",
        "x/f.html": "f",
        "z.md": page("Z", old, "/free/"),
    }
    assert findings(files) == ["z.md:1: address-taken"]
    assert library(files).redirects == {"/free/": "/z/", "/one.html": "/a/"}


def test_an_article_that_names_itself_or_one_place_twice_is_forgiven() -> None:
    files: dict[str, str | bytes] = {"a.md": page("A", "/a/", "/old/", "/old/index.html")}
    assert findings(files) == [] and library(files).redirects == {"/old/": "/a/"}


def test_a_build_that_remembers_ends_as_one_from_nothing(tmp_path: Path) -> None:
    """Each of these changes what has the place of a redirect, or of an article's Markdown."""
    file = {"a.md": page("A", "/f.html", "/free/"), "b.md": "---\ntitle: B\n---\nWords.\n\n[f](f.html)", "f.html": "f"}
    no_link = file | {"b.md": "---\ntitle: B\n---\nWords.\n\nNo link."}
    moved = no_link | {"c.md": "---\ntitle: C\npermalink: /a.md/\n---\n"}
    elsewhere = no_link | {"a.md": page("A"), "b.md": page("B", "/free/")}
    for number, files in enumerate([file, no_link, moved, elsewhere, file]):
        articles = tmp_path / "articles"
        for old in articles.glob("*"):
            old.unlink()
        write(articles, files)
        built(articles, tmp_path / "out", address="https://help.example/")
        built(articles, tmp_path / f"new-{number}" / "out", address="https://help.example/")
        assert snapshot(tmp_path / "out") == snapshot(tmp_path / f"new-{number}" / "out"), number
