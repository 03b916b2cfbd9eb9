"""Front matter, dates, addresses, links and HTML: what a file becomes."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.content.reading import findings, library, policy, read
from wizard.config import Claim
from wizard.content.addresses import article_address, category_title, permalink_address, redirect_address, slug
from wizard.content.dates import parse_date
from wizard.content.marks import ROOT
from wizard.content.sanitise import sanitise

FRONT_MATTER = {
    "yaml": "---\ntitle: One\nnext: [Other article]\nsticky: true\n---\nWords.",
    "json in braces": '{{{\n"title": "One",\n"next": ["Other article"],\n"sticky": true\n}}}\nWords.',
    "toml": '+++\ntitle = "One"\nnext = ["Other article"]\nsticky = true\n+++\nWords.',
    "with a byte order mark": "\ufeff---\ntitle: One\nnext: Other article, other.md\nsticky: yes\n---\nWords.",
    "json that begins beside its braces": '{{{ "title": "One", "next": ["Other article"],\n"sticky": true }}}\nWords.',
    "json on one line": '{{{ "title": "One", "next": "Other article", "sticky": true }}}\nWords.',
    "after an empty line": "\n---\ntitle: One\nnext: [Other article]\nsticky: true\n---\nWords.",
    "with CRLF": "---\r\ntitle: One\r\nnext: [Other article]\r\nsticky: true\r\n---\r\nWords.",
}


@pytest.mark.parametrize("source", FRONT_MATTER.values(), ids=FRONT_MATTER.keys())
def test_front_matter_of_each_form_is_read(source: str) -> None:
    article = read(source, with_front_matter=True)
    assert (article.title, article.next, article.sticky) == ("One", ("/other/",), True)
    assert article.intro == "<p>Words.</p>"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019-11-20", date(2019, 11, 20)),
        ("10/21/2015", date(2015, 10, 21)),
        ("21-10-2015", date(2015, 10, 21)),
        ("5-5-2016", date(2016, 5, 5)),
        ("May 12, 2016", date(2016, 5, 12)),
        ("12 May 2016", date(2016, 5, 12)),
        ("UPDATED WITH SIGNING CERTIFICATE 9-19-2016", date(2016, 9, 19)),
        (date(2020, 1, 2), date(2020, 1, 2)),
        ("09-10-2019", None),
        ("9-1-2016", None),
        ("31-02-2016", None),
        ("soon", None),
        (3, None),
    ],
)
def test_a_date_is_read_where_it_is_clear(written: object, meant: date | None) -> None:
    assert parse_date(written) == meant


def test_an_unclear_date_is_shown_as_it_is_written() -> None:
    article = read("---\ntitle: T\ndate: 09-10-2019\n---\n", with_front_matter=True)
    assert (article.updated, article.updated_text) == (None, "09-10-2019")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("closing.md", "/closing/"),
        ("Accounts & Users/User Permissions.md", "/accounts-users/user-permissions/"),
        ("a/b/C.md", "/a/b/c/"),
        ("Größe.md", "/größe/"),
    ],
)
def test_addresses_follow_the_folders(path: str, address: str) -> None:
    assert article_address(path) == address


@pytest.mark.parametrize(
    ("permalink", "address"),
    [
        ("/x/y/", "/x/y/"),
        ("x/y.html", "/x/y/"),
        ("/x/index.html", "/x/"),
        ("/docs/:title/", "/docs/some-name/"),
        ("/:categories/:title.html", "/a-b/c/some-name/"),
        ("pretty", "/a-b/c/some-name/"),
        ("/:year/:title/", None),
        ("/", None),
        ("/../x/", None),
        ("/a b/", None),
        ("/a?b/", None),
        ("https://x.example/a/", None),
    ],
)
def test_a_permalink_wins_where_it_is_a_plain_path(permalink: str, address: str | None) -> None:
    assert permalink_address(permalink, "A & B/c/Some Name.md") == address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/a/b/", "/a/b/"),
        ("a/b", "/a/b/"),
        ("/a/b.html", "/a/b.html"),
        ("a/index.html", "/a/"),
        ("/v1.2", "/v1.2/"),
        ("/a%2Db/", "/a-b/"),
        ("/", None),
        ("/a/../b/", None),
        ("/a%2F..%2Fb", None),
        ("https://x.example/a/", None),
        ("/a b/", None),
    ],
)
def test_an_old_address_is_a_plain_path(written: str, address: str | None) -> None:
    assert redirect_address(written) == address


def test_old_addresses_come_alone_or_as_a_list_and_a_wrong_one_costs_no_other() -> None:
    files: dict[str, str | bytes] = {
        "a.md": "---\ntitle: A\nredirect_from: old/a\n---\n",
        "b.md": "---\ntitle: B\nredirect_from: [/old/b.html, /../x, old/b/]\n---\n",
    }
    read_library = library(files)
    assert read_library.articles["/a/"].redirects == ("/old/a/",)
    assert read_library.articles["/b/"].redirects == ("/old/b.html", "/old/b/")
    assert findings(files) == ["b.md:3: value-wrong"]


@pytest.mark.parametrize("key", ["tags", "stickyt", "description"])
def test_an_unknown_key_is_found_with_a_guess_where_there_is_one(key: str) -> None:
    found = library({"a.md": f"---\ntitle: A\n{key}: x\n---\n"}).findings
    guess = {"tags": "did you mean keywords?", "stickyt": "did you mean sticky?"}.get(key, "remove it")
    assert [one.mend for one in found if one.code == "key-unknown"] == [guess]


@given(st.text(min_size=1))
@example("\u0130" * 126)  # a name that a file can have, and no longer when its letters are small ones
def test_a_slug_is_always_a_safe_part_of_an_address(name: str) -> None:
    made = slug(name)
    assert made and made not in (".", "..") and not set(made) & set("/?#%& \"'<>\\") and made == slug(made)
    assert len(made.encode()) <= 240


def test_the_marks_of_a_letter_stay_in_addresses() -> None:
    name = "\u0939\u093f\u0928\u094d\u0926\u0940"  # Hindi, in Hindi
    assert article_address(f"{name}: {name}.md") == f"/{name}-{name}/"
    assert permalink_address(f"/{name}/", "a.md") == redirect_address(name) == f"/{name}/"


def test_a_category_is_named_after_its_folder() -> None:
    assert category_title("data-and-backup") == "Data and backup"
    assert category_title("Accounts & Users") == "Accounts & Users"


def test_relative_links_images_and_attachments_resolve_as_in_the_files() -> None:
    files = {
        "a/one.md": "---\ntitle: One\nattachments: [{file_name: Form, url: ../files/f.pdf}]\n---\n"
        "[two](../b/two.md#there) ![A picture](../img/p.png)",
        "b/two.md": "---\ntitle: Two\n---\n## There\n",
        "img/p.png": b"x",
        "files/f.pdf": b"x",
        "unused.png": b"x",
    }
    read_library = library(files)
    article = read_library.articles["/a/one/"]
    assert f'href="{ROOT}b/two/#there"' in article.intro and f'src="{ROOT}img/p.png"' in article.intro
    assert f'<a href="{ROOT}files/f.pdf">' in article.attachments[0].html
    assert read_library.files == {"img/p.png", "files/f.pdf"}


def test_a_claimed_link_becomes_an_action_only_where_the_claim_says() -> None:
    claims = policy(claims=(Claim("HTTPS://Portal.example/close/", "request-closure", ("closing-*",)),))
    step = "---\ntitle: T\n---\n1. [Close](https://portal.example/close)."
    read_library = library({"closing-down.md": step, "other.md": step}, claims)
    assert read_library.articles["/closing-down/"].steps[0].actions == ("request-closure",)
    assert read_library.articles["/other/"].steps[0].actions == ()
    assert list(read_library.guides) == ["closing-down"]


def test_a_mailto_link_can_be_claimed() -> None:
    claims = policy(claims=(Claim("mailto:help@x.example", "request-closure", ("t",)),))
    article = library({"t.md": "---\ntitle: T\n---\n1. Write to [us](mailto:help@x.example)."}, claims).articles["/t/"]
    assert article.steps[0].actions == ("request-closure",)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src="x.png" alt="x" onerror="alert(1)">',
        '<p style="color:red">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<div hx-get="/staff/" data-hx-post="/x" hx-on:load="x()">x</div>',
        '<iframe src="https://evil.example"></iframe>',
        "<form action='/sign-out/' method='post'><button>x</button></form>",
        '<svg onload="alert(1)"></svg>',
        '<object data="x"></object><embed src="x"><base href="//evil.example">',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    ],
)
def test_nothing_active_passes_through_an_article(attack: str) -> None:
    article = read(f"Before.\n\n{attack}\n\nAfter.")
    for evil in (
        "<script",
        "onerror",
        "style=",
        "javascript:",
        "hx-",
        "<iframe",
        "<form",
        "onload",
        "<object",
        "<base",
        "data:text",
    ):
        assert evil not in article.intro.lower()
    assert "Before." in article.intro and "After." in article.intro


@given(st.text(alphabet="<>\"'/=ab onscriptsvghrefjavascript: \n&;!-", max_size=80))
def test_whatever_is_written_is_sanitised_to_something_stable(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once and "<script" not in once


def test_headings_begin_at_two_and_leave_no_gap() -> None:
    article = read("# A\n\n### B\n\n##### C\n\n### B\n")
    assert [(one.level, one.anchor) for one in article.headings] == [(2, "a"), (3, "b"), (4, "c"), (3, "b-1")]


def test_a_heading_that_repeats_the_title_is_dropped() -> None:
    assert "<h" not in read("# Test\n\nWords.").intro


def test_table_alignment_becomes_a_class() -> None:
    article = read("| a | b |\n|---|---:|\n| 1 | 2 |\n")
    assert '<td class="right">2</td>' in article.intro and "style" not in article.intro
    assert '<div class="table"' in article.intro


def test_next_in_front_matter_adds_what_the_section_does_not_link() -> None:
    files = {
        "a.md": "---\ntitle: A\nnext: [b.md, c.md, D article]\n---\n## What Is Next?\n\n- [B](b.md)\n",
        "b.md": "---\ntitle: B\n---\n",
        "c.md": "---\ntitle: C\n---\n",
        "d.md": "---\ntitle: D article\n---\n",
    }
    article = library(files).articles["/a/"]
    assert article.next == ("/c/", "/d/") and f'href="{ROOT}b/"' in article.next_html
    assert findings(files) == []


def test_a_symlink_out_of_the_folder_is_not_followed(tmp_path) -> None:
    from wizard.content.library import load

    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A\n---\n[x](leak.txt)")
    (folder / "leak.txt").symlink_to(tmp_path / "secret.txt")
    assert [one.code for one in load(folder, policy(), date(2026, 11, 21)).findings] == ["link-broken"]


@given(st.text(max_size=300))
def test_any_text_is_an_article_or_a_finding(text: str) -> None:
    read_library = library({"a.md": text.encode("utf-8", "surrogatepass")})
    assert read_library.articles or any(one.is_error for one in read_library.findings)


@given(
    st.lists(
        st.sampled_from(
            [
                "1. a\n",
                "2. b\n",
                "7. c\n",
                "- d\n",
                "## Steps\n",
                "   e\n",
                "\n",
                "```\n",
                "<ol><li>\n",
                "</div>",
                "[x](action:usage-history)",
                "| a |\n|--|\n",
                "## What Is Next?\n",
                "> q\n",
            ]
        ),
        max_size=20,
    )
)
def test_any_order_of_blocks_keeps_steps_numbered_from_one(pieces: list[str]) -> None:
    article = read("".join(pieces))
    assert [step.number for step in article.steps] == list(range(1, len(article.steps) + 1))
    assert len({step.identity for step in article.steps}) == len(article.steps)
