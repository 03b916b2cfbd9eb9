"""Each thing that can be wrong with an article, and where it is said to be."""

import pytest

from tests.content.reading import findings, library, policy
from wizard.config import Claim
from wizard.content.findings import CODES

HEAD = "---\ntitle: One\n---\n"
OTHER = {"b.md": "---\ntitle: Two\n---\n## A place\n\nWords. [One](a.md)"}

CASES = {
    "a link to an article that is not there": ({"a.md": HEAD + "\nSee [it](gone.md)."}, ["a.md:5: link-broken"]),
    "the line of a link inside a paragraph": (
        {"a.md": HEAD + "One\ntwo [x](gone.md)\nthree"},
        ["a.md:5: link-broken"],
    ),
    "a reference link": ({"a.md": HEAD + "See [it][1].\n\n[1]: gone.md"}, ["a.md:4: link-broken"]),
    "a link inside raw HTML": ({"a.md": HEAD + '<p>\n<a href="gone.md">it</a>\n</p>'}, ["a.md:5: link-broken"]),
    "a commented link is no link": ({"a.md": HEAD + '<!-- <a href="gone.md">it</a> -->'}, []),
    "two files whose names differ in case": (
        {"a.md": HEAD + "![P](P.png) ![p](p.png)", "P.png": "", "p.png": ""},
        [],
    ),
    "a place in a text of a script whose vowels are marks": (
        {"a.md": HEAD + "[p](#\u0939\u093f\u0928\u094d\u0926\u0940)\n\n## \u0939\u093f\u0928\u094d\u0926\u0940!\n"},
        [],
    ),
    "a link in the wrong case": ({"a.md": HEAD + "[b](B.md)", **OTHER}, ["a.md:4: link-case"]),
    "a place that the page does not have": ({"a.md": HEAD + "[b](b.md#no-place)", **OTHER}, ["a.md:4: link-anchor"]),
    "a place that it has": ({"a.md": HEAD + "[b](b.md#a-place)", **OTHER}, []),
    "a step is a place": ({"a.md": HEAD + "1. One.\n2. Two: [one](#step-1)."}, []),
    "a path out of the folder": ({"a.md": HEAD + "[x](../../etc/passwd)"}, ["a.md:4: link-outside"]),
    "an image that is not there": ({"a.md": HEAD + "![What](gone.png)"}, ["a.md:4: image-missing"]),
    "an image without a description": ({"a.md": HEAD + "![](x.png)", "x.png": b"x"}, ["a.md:4: image-alt"]),
    "an attachment that is not there": (
        {"a.md": "---\ntitle: One\nattachments:\n  - {file_name: F, url: gone.pdf, type: pdf}\n---\n"},
        ["a.md:3: attachment-missing"],
    ),
    "front matter without an end": ({"a.md": "---\ntitle: One\n"}, ["a.md:1: front-matter"]),
    "front matter that cannot be read": ({"a.md": "---\ntitle: One\nkeywords: [a\n---\n"}, ["a.md:4: front-matter"]),
    "JSON front matter that cannot be read": (
        {"a.md": '{{{\n"title": "One",\n"date" 3\n}}}\n'},
        ["a.md:3: front-matter"],
    ),
    "front matter that is a list": ({"a.md": "---\n- title\n---\n"}, ["a.md:1: front-matter"]),
    "not UTF-8": ({"a.md": HEAD.encode() + b"\xff"}, ["a.md:4: front-matter"]),
    "a key that means nothing": ({"a.md": "---\ntitle: One\nstickyt: true\n---\n"}, ["a.md:3: key-unknown"]),
    "a key that stands there twice": (
        {
            "a.md": "---\ntitle: One\nowner: a\nowner: b\n---\n",
            "b.md": '{{{\n"title": "Two",\n"owner": "a",\n"title": "Three" }}}\n',
            "c.md": '+++\ntitle = "One"\ntitle = "Two"\n+++\n',
        },
        ["a.md:4: key-twice", "b.md:4: key-twice", "c.md:3: front-matter"],
    ),
    "a list as deep as no reader": ({"a.md": "---\na: " + "[" * 3000 + "\n---\n"}, ["a.md:1: front-matter"]),
    "a value of the wrong kind": ({"a.md": "---\ntitle: One\nsticky: maybe\n---\n"}, ["a.md:3: value-wrong"]),
    "no title": ({"a.md": "Words."}, ["a.md:1: title-missing"]),
    "a date that can be read in two ways": (
        {"a.md": "---\ntitle: One\ndate: 09-10-2019\n---\n"},
        ["a.md:3: date-unclear"],
    ),
    "a review that is overdue": ({"a.md": "---\ntitle: One\nreview_by: 2026-11-20\n---\n"}, ["a.md:1: review-overdue"]),
    "an action that there is not": ({"a.md": HEAD + "1. [x](action:usage-histroy)"}, ["a.md:4: unknown-action"]),
    "two steps with one identity": (
        {"a.md": HEAD + "1. A. {#x}\n2. B. {#x}"},
        ["a.md:5: step-id-taken"],
    ),
    "a role that there is not": ({"a.md": "---\ntitle: One\nrequires: acount-admin\n---\n"}, ["a.md:3: role-unknown"]),
    "HTML that no article may hold": (
        {"a.md": HEAD + "\n<p>\n<object data='x'></object></p>"},
        ["a.md:6: html-removed"],
    ),
    "a port that is none": ({"a.md": HEAD + "[x](https://server:port/x)"}, ["a.md:4: link-broken"]),
    "a link of a kind that is not taken": ({"a.md": HEAD + "[x](ftp://x.example/)"}, ["a.md:4: link-scheme"]),
    "an action in capitals": ({"a.md": HEAD + "1. [x](Action:usage-history)"}, []),
    "a folder as a link": (
        {"a.md": HEAD + "[x](x/) [x](x)", "x/b.md": "---\ntitle: B\n---\n[up](..) [a](../a.md) [here](.)"},
        [],
    ),
    "a query stays": ({"a.md": HEAD + "[b](b.md?tab=2#a-place)", **OTHER}, []),
    "lists in too many lists": ({"a.md": HEAD + "> " * 120 + "x"}, ["a.md:4: nested-too-deep"]),
    "a date that is none": ({"a.md": "---\ntitle: One\ndate: 2020-02-30\n---\n"}, ["a.md:3: date-unclear"]),
    "an alias in front matter": ({"a.md": "---\ntitle: &t One\nauthor: *t\n---\n"}, ["a.md:3: front-matter"]),
    "tags that break a reader": (
        {"a.md": "---\ntitle: !!timestamp x\n---\n", "b.md": "---\ntitle: !!float\n---\n"},
        ["a.md:1: front-matter", "b.md:1: front-matter"],
    ),
    "JSON as deep as no reader": ({"a.md": '{{{ "title": ' + "[" * 100_000 + " }}}\n"}, ["a.md:1: front-matter"]),
    "half a character": ({"a.md": '{{{ "title": "\\ud800" }}}\n'}, ["a.md:1: front-matter"]),
    "a file at the place of a page": (
        {
            "a.md": HEAD + "[x](index.html) [y](b/index.html)",
            "index.html": b"x",
            "b/index.html": b"x",
            "b.md": HEAD + "[a](a.md)",
        },
        ["b/index.html:0: address-taken", "index.html:0: address-taken"],
    ),
    "a file at the place of our own": (
        {"a.md": HEAD + "[x](static/base.css)", "static/base.css": b"x"},
        ["static/base.css:0: address-taken"],
    ),
    "two files at one place": (
        {"a.md": HEAD + "![x](A%20B/x.png) ![y](a-b/x.png)", "A B/x.png": b"1", "a-b/x.png": b"2"},
        ["a-b/x.png:0: address-taken"],
    ),
    "What Is Next that names no article": (
        {"a.md": HEAD + "## What Is Next?\n\n- Nothing known"},
        ["a.md:4: next-nowhere"],
    ),
    "next: that names no article": ({"a.md": "---\ntitle: One\nnext: [gone.md]\n---\n"}, ["a.md:3: link-broken"]),
    "two articles at one address": (
        {"a.md": HEAD, "x.md": "---\ntitle: X\npermalink: /a/\n---\n"},
        ["x.md:3: address-taken"],
    ),
    "an article at a wizard's address": (
        {"guide/a.md": HEAD},
        ["guide/a.md:1: address-taken"],
    ),
    "an article at a category's address": (
        {"x/a.md": HEAD, "y.md": "---\ntitle: Y\npermalink: /x/\n---\n"},
        ["y.md:3: address-taken"],
    ),
    "two guides of one name": (
        {"x/a.md": HEAD + "1. [u](action:usage-history)", "y/a.md": HEAD + "1. [u](action:usage-history)"},
        ["y/a.md:1: address-taken"],
    ),
}


@pytest.mark.parametrize(("files", "expected"), CASES.values(), ids=CASES.keys())
def test_it_is_found_at_its_line(files: dict[str, str | bytes], expected: list[str]) -> None:
    assert findings(files) == expected


def test_an_absolute_link_to_the_site_itself_is_checked_as_a_local_one() -> None:
    own = policy(address="https://help.example/kb/")
    assert findings({"a.md": HEAD + "[b](https://help.example/kb/b/)", **OTHER}, own) == ["a.md:4: link-own-address"]
    assert findings({"a.md": HEAD + "[b](https://help.example/kb2/b/)", **OTHER}, own) == [], "another place"
    assert findings({"a.md": HEAD + "[b](https://help.example/kb/gone/)", **OTHER}, own) == [
        "a.md:4: link-broken",
        "a.md:4: link-own-address",
    ]


def test_claims_that_match_nothing_or_name_no_action_are_found() -> None:
    claims = policy(
        claims=(Claim("https://x.example/a", "usage-history"), Claim("https://x.example/b", "usage-histry"))
    )
    assert findings({"a.md": HEAD}, claims) == ["wizard.toml:0: claim-unused", "wizard.toml:0: unknown-action"]


def test_a_step_that_only_links_a_portals_home_page_is_found() -> None:
    claims = policy(claims=(Claim("https://portal.example/ledger", "usage-history"),))
    source = (
        HEAD + "1. Open [the ledger](https://portal.example/ledger).\n2. Go to [the portal](https://portal.example/)."
    )
    assert findings({"a.md": source}, claims) == ["a.md:5: portal-home"]


def test_an_article_that_none_leads_to_is_an_orphan_unless_it_is_sticky() -> None:
    found = library({"a.md": HEAD, "b.md": "---\ntitle: B\nsticky: true\n---\n"}).findings
    assert [(one.path, one.code) for one in found] == [("a.md", "orphan")]


def test_an_unusable_article_is_left_out_and_the_others_are_there() -> None:
    assert list(library({"a.md": "---\n: [\n---\n", "b.md": HEAD}).articles) == ["/b/"]


def test_a_finding_reads_like_a_compilers() -> None:
    (found,) = [one for one in library({"a.md": HEAD + "[b](B.md)", **OTHER}).findings if one.code == "link-case"]
    assert found.text("articles/") == "articles/a.md:4: link-case: B.md is written in the wrong case (the file is b.md)"


def test_every_code_can_be_found() -> None:
    tested = {code for _, expected in CASES.values() for code in (line.split()[-1] for line in expected)}
    assert tested | {
        *("link-own-address", "claim-unused", "portal-home", "orphan", "file-unreadable"),
        *("frame-linked", "image-as-code", "link-undefined", "template-tag"),  # test_markdown.py
        "action-not-step",  # test_report.py
        "accent-contrast",  # theme/test_overrides.py
    } == set(CODES)
