"""What stands in the head of a page."""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.shared import ROOT
from tests.pages.building import built, write
from wizard.config import Config
from wizard.content.article import Article
from wizard.pages.about import of_article

AT = replace(Config(), address="https://help.example/kb", site_name="Help")
TEXTS = st.text() | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "a\u2028b\u2029c", '"\\'])
IN_PAGE = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def head_of(file: Path) -> str:
    return file.read_text().partition("</head>")[0]


def metas(head: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', head)
    return {name: unescape(content) for name, content in found}


def facts(head: str) -> dict[str, dict]:
    return {thing["@type"]: thing for found in IN_PAGE.findall(head) for thing in json.loads(found)["@graph"]}


def test_an_article_says_what_it_is(tmp_path: Path) -> None:
    text = '---\ntitle: A & "B"\ndate: 2026-11-01\nauthor: Ana\nkeywords: [one, two]\n---\nWhat <b>it</b> is.\n\n![Map](<m ü.png>)\n'
    write(tmp_path / "articles", {"billing/sums/a.md": text, "billing/sums/m ü.png": "png"})
    built(tmp_path / "articles", tmp_path / "out", address="https://help.example/kb", site_name="Help")
    head = head_of(tmp_path / "out/billing/sums/a/index.html")
    address = "https://help.example/kb/billing/sums/a/"
    said = metas(head)
    assert {name: value for name, value in said.items() if ":" in name} == {
        "og:title": 'A & "B"',
        "og:type": "article",
        "og:site_name": "Help",
        "og:description": "What it is.",
        "og:url": address,
        "og:image": "https://help.example/kb/billing/sums/m%20%C3%BC.png",
        "article:modified_time": "2026-11-01",
    }
    assert said["description"] == "What it is." and "robots" not in said
    assert f'<link rel="canonical" href="{address}">' in head
    assert '<link rel="alternate" type="application/atom+xml" href="../../../feed.xml" title="Help">' in head
    assert '<link rel="alternate" type="text/markdown" href="../../../billing/sums/a.md">' in head
    assert facts(head)["Article"] == {
        "@type": "Article",
        "headline": 'A & "B"',
        "description": "What it is.",
        "dateModified": "2026-11-01",
        "author": "Ana",
        "keywords": ["one", "two"],
        "mainEntityOfPage": address,
        "isPartOf": {"@type": "WebSite", "name": "Help", "url": "https://help.example/kb/"},
    }
    assert [
        (one["position"], one["name"], one["item"]) for one in facts(head)["BreadcrumbList"]["itemListElement"]
    ] == [
        (1, "Help", "https://help.example/kb/"),
        (2, "Billing", "https://help.example/kb/billing/"),
        (3, "Sums", "https://help.example/kb/billing/sums/"),
        (4, 'A & "B"', address),
    ]


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_comes_back_out_of_json_ld_and_none_gets_out_of_it(title: str, author: str, category: str) -> None:
    article = Article("a.md", "/c/a/", title, summary=title, author=author, keywords=(title,) if title else ())
    data = of_article(article, [("/c/", category)], AT).data
    assert "<" not in data
    told = {thing["@type"]: thing for thing in json.loads(data)["@graph"]}
    assert told["Article"].get("headline", "") == title and told["Article"].get("author", "") == author
    assert [one["name"] for one in told["BreadcrumbList"]["itemListElement"]] == ["Help", category, title]


def test_only_an_image_that_is_known_by_an_absolute_address_is_shown() -> None:
    from wizard.content.article import Link

    def image(target: str, address: str = "", config: Config = AT) -> str:
        article = Article("a.md", "/a/", "A", links=(Link("x.md", 1, "X"), Link(target, 2, "", address, is_image=True)))
        return of_article(article, [], config).image

    assert image("m.png", "/x/m.png") == "https://help.example/kb/x/m.png"
    assert image("//cdn.example/m.png") == image("https://cdn.example/m.png") == "https://cdn.example/m.png"
    assert image("m.png", "/x/m.png", Config()) == ""


def test_every_page_says_what_it_is_and_is_not_said_twice(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="/", address="https://help.example/")
    descriptions = set()
    shown = [file for file in (tmp_path / "out").rglob("index.html") if "noindex" not in head_of(file)]
    for file in shown:
        head = head_of(file)
        assert head.count('rel="canonical"') == head.count('name="description"') == 1, file
        place = file.relative_to(tmp_path / "out").as_posix().removesuffix("index.html")
        assert f'<link rel="canonical" href="https://help.example/{place}">' in head
        descriptions.add(metas(head)["description"])
        trail = facts(head).get("BreadcrumbList", {"itemListElement": []})["itemListElement"]
        assert [one["item"] for one in trail[-1:]] == ([f"https://help.example/{place}"] if place else [])
    assert len(descriptions) == len(shown)
    assert tmp_path / "out/search/index.html" in shown, "it stands in sitemap.xml"


def test_dates_are_days_in_iso_form() -> None:
    dated = of_article(Article("a.md", "/a/", "A", updated=date(2026, 2, 3)), [], Config())
    assert dated.modified == "2026-02-03" and '"dateModified":"2026-02-03"' in dated.data


def test_the_404_page_is_kept_out_of_search_engines_and_leads_home_from_any_depth(tmp_path: Path) -> None:
    for address, root in (("https://help.example/kb", "/kb/"), ("", "/")):
        built(ROOT / "articles", tmp_path / "out", address=address)
        page = (tmp_path / "out/404.html").read_text()
        assert metas(page)["robots"] == "noindex" and "og:" not in page and "canonical" not in page
        assert f'href="{root}">Home of' in page and not re.search(r'href="(?![/#])', page)
