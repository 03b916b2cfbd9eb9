"""A help center's export becomes articles: which files, with what in their heads, and what is said."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.content.reading import policy
from tests.importing.helpcenter import CATEGORIES, HOST, LONG, SECTIONS, article, imported, page
from tests.pages.building import TODAY, built, snapshot
from wizard.content.frontmatter import split
from wizard.content.library import Library, load
from wizard.importing.export import Entry
from wizard.importing.same import visible_text
from wizard.importing.zendesk import article_text


def library(folder: Path) -> Library:
    return load(folder / "articles", policy(), TODAY)


def head(file: Path) -> dict[str, object]:
    return split(file.read_text(), "a.md", []).values


def test_front_matter_holds_what_the_help_center_knew(tmp_path: Path) -> None:
    one = article(
        1001,
        'Paying: "all" you need 🎉',
        promoted=True,
        comments_disabled=True,
        vote_sum=5,
        vote_count=9,
        label_names=["billing", "a: b", " "],
    )
    assert imported(tmp_path, page(one)) == (True, "1 article written, 0 unchanged, 0 drafts left out, 0 errors\n")
    file = tmp_path / "articles/Billing/Invoices & payments/paying-all-you-need.md"
    assert file.read_text().startswith("---\ntitle: 'Paying: \"all\" you need 🎉'\ndate: 2024-05-30\n")
    assert head(file) == {
        "title": 'Paying: "all" you need 🎉',
        "date": "2024-05-30",
        "author": "Mira Okonjo",
        "keywords": ("billing", "a: b"),
        "sticky": True,
        "comments": "closed",
        "votes": {"up": 7, "down": 2},
        "redirect_from": ("/hc/en-us/articles/1001-Paying-all-you-need/",),
    }
    assert library(tmp_path).findings == []


def test_categories_are_folders_as_the_sections_stand(tmp_path: Path) -> None:
    export = [
        page(article(1, "Top"), article(2, "Below", section_id=72)),
        page(
            article(3, "Elsewhere", section_id=81),
            article(4, "Unknown", section_id=99),
            article(5, "None", section_id=None),
        ),
    ]
    assert imported(tmp_path, export)[0]
    found = library(tmp_path)
    assert [one.path for one in found.articles.values()] == [
        "99/unknown.md",
        "Account articles/Getting started/elsewhere.md",  # /account/ is the wizard's own
        "Billing/Invoices & payments/Refunds/below.md",
        "Billing/Invoices & payments/top.md",
        "none.md",
    ]
    assert not [one for one in found.findings if one.code != "orphan"]


def test_other_locales_have_a_folder_and_links_stay_in_their_locale(tmp_path: Path) -> None:
    def german(number: int, title: str, body: str) -> dict[str, object]:
        return article(number, title, body, locale="de", html_url=f"{HOST}/hc/de/articles/{number}-{title}")

    export = page(
        article(1, "One", '<p><a href="/hc/en-us/articles/2">two</a></p>'),
        article(2, "Two"),
        article(3, "Three", '<p><a href="/hc/de/articles/1-Eins">auf Deutsch</a></p>'),
        german(1, "Eins", '<p><a href="/hc/en-us/articles/3">drei</a> <a href="/hc/articles/2">zwei</a></p>'),
        german(2, "Zwei", "<p>Größe</p>"),
    )
    done, said = imported(tmp_path, export)
    assert done and f"2 articles in de: in the folder {tmp_path}/articles/de\n" in said
    found = library(tmp_path)
    leads = {one.path: [link.address for link in one.links] for one in found.articles.values()}
    assert leads["de/Billing/Invoices & payments/eins.md"] == [
        "/billing/invoices-payments/three/",
        "/de/billing/invoices-payments/zwei/",
    ]
    assert leads["Billing/Invoices & payments/three.md"] == ["/de/billing/invoices-payments/eins/"]


def test_links_between_articles_lead_to_files_and_others_stay_whole(tmp_path: Path) -> None:
    roles = '<h2 id="roles">Roles</h2><p><a href="/hc/en-us/articles/1001-Old-title?x=1#h_01HQ2">up</a></p>'
    export = page(
        article(1001, "Paying", LONG),
        article(1002, "Who may pay", roles),
        article(
            1003,
            "Refunds",
            '<p><a href="/hc/en-us/requests/new">ask</a> <a href="https://other.example/hc/en-us/articles/1001">x</a></p>',
            section_id=72,
        ),
    )
    assert imported(tmp_path, export)[0]
    paying = (tmp_path / "articles/Billing/Invoices & payments/paying.md").read_text()
    assert "[who may pay](who-may-pay.md#roles)" in paying and "[refunds](Refunds/refunds.md)" in paying
    assert "[below](#h_01HQ3)" in paying and "## Steps {#h_01HQ3}" in paying and '<a id="old-place"></a>' in paying
    found = library(tmp_path)
    assert not [one for one in found.findings if one.code not in ("orphan", "frame-linked")], found.findings
    assert [link.target for link in found.articles["/billing/invoices-payments/refunds/refunds/"].links] == [
        f"{HOST}/hc/en-us/requests/new",
        "https://other.example/hc/en-us/articles/1001",
    ]


def test_a_body_of_everything_becomes_markdown_that_reads_well(tmp_path: Path) -> None:
    imported(tmp_path, page(article(1001, "Paying", LONG), article(1002, "Who"), article(1003, "Back")))
    text = (tmp_path / "articles/Billing/Invoices & payments/paying.md").read_text()
    for part in (
        "<strong>Note:</strong>you need the *owner*'s role.",
        "5 < 6 & 7 > 6 🎉 a_file_name \\*not emphasis\\* \\[not a link\\]",
        "> Good to know\n>\n> Paid invoices stay for **ten** years.",
        "1. Open **Billing** and choose an invoice.\n   - Open ones stand first.\n     - Oldest of all\n2. Press `Download`.",
        f'<img alt="The button [Download]" height="360" src="{HOST}/hc/article_attachments/9001/shot%20one.png" width="640"/>',
        "   ````sql\n   select sum(amount)\n\n   from lines;  -- ``` and | stay\n   ````",
        "| open | to be paid<br>within 14 days |\n| a \\| b | `x\\|y` |",
        '<td rowspan="2">Both</td>',
        '<iframe allowfullscreen="" height="315" src="https://www.youtube.com/embed/abc" width="560"></iframe>',
        "H<sub>2</sub>O, 10<sup>3</sup>, and a line\\\nbroken in two.",
        "1\\. Not a list, and # not a heading",
    ):
        assert part in text, part
    assert "contentIsHTML" not in text and "alert" not in text and "color" not in text


def test_a_round_trip_through_build_loses_no_text(tmp_path: Path) -> None:
    imported(tmp_path, page(article(1001, "Paying", LONG), article(1002, "Who may pay"), article(1003, "Refunds")))
    built(tmp_path / "articles", tmp_path / "out")
    page_text = visible_text((tmp_path / "out/billing/invoices-payments/paying/index.html").read_text())
    cut = LONG[: LONG.index("<script>")].replace("<summary>", "<p>").replace("</summary>", "</p>")
    missing = [word for word in visible_text(cut).split() if word not in page_text]
    assert not missing
    assert "Note:you need the owner's role. It is not the one called “admin” — see who may pay, refunds" in page_text
    assert "select sum(amount) from lines; -- ``` and | stay" in page_text and "kept apart" in page_text


def test_what_markdown_cannot_say_stays_html(tmp_path: Path) -> None:
    linked = '<a href="https://x.example/"><h3>A heading</h3><p>in a link</p></a>'
    done, said = imported(tmp_path, page(article(1, "Odd", linked)))
    assert done and "1 kept as HTML" in said
    text = (tmp_path / "articles/Billing/Invoices & payments/odd.md").read_text()
    assert "contentIsHTML: true\n---\n" in text and "<h3>A heading</h3>" in text
    assert "A heading in a link" in visible_text(library(tmp_path).articles["/billing/invoices-payments/odd/"].intro)


@pytest.mark.parametrize("body", [None, "", " \n ", "<p>&nbsp;</p>", "<div><br></div>"])
def test_an_empty_body_is_an_article_without_words(tmp_path: Path, body: str | None) -> None:
    assert imported(tmp_path, page(article(1, "Empty", body)))[0]
    (found,) = library(tmp_path).articles.values()
    assert visible_text(found.intro) == ""


def test_a_body_nested_beyond_reason_is_still_taken(tmp_path: Path) -> None:
    assert imported(tmp_path, page(article(1, "Deep", "<div>" * 1200 + "words" + "</div>" * 1200)))[0]
    (found,) = library(tmp_path).articles.values()
    assert visible_text(found.intro) == "words"


def test_drafts_are_left_out_and_counted(tmp_path: Path) -> None:
    done, said = imported(
        tmp_path, page(article(1, "One"), article(2, "Two", draft=True), article(3, "Three", draft=True))
    )
    assert done and said == "1 article written, 0 unchanged, 2 drafts left out, 0 errors\n"


def test_what_only_some_readers_may_see_does_not_become_public(tmp_path: Path) -> None:
    done, said = imported(tmp_path, page(article(1, "Inside", "<p>secret</p>", user_segment_id=44)))
    assert not done and 'articles[1] (id 1): "Inside": only readers of the user segment 44 may see it' in said
    assert not (tmp_path / "articles").exists()


def test_articles_of_one_title_are_told_apart_by_their_id(tmp_path: Path) -> None:
    export = page(
        article(30, "Setup"), article(12, "Set up!"), article(14, "set-up"), article(9, "Set up 14"), article(5, "🎉")
    )
    assert imported(tmp_path, export)[0]
    names = sorted(file.name for file in (tmp_path / "articles").rglob("*.md"))
    assert names == ["5.md", "set-up-14-14.md", "set-up-14.md", "set-up.md", "setup.md"]
    assert not [one for one in library(tmp_path).findings if one.code != "orphan"]


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    export = page(article(1001, "Paying", LONG), article(1002, "Who may pay"), article(1003, "Refunds"))
    imported(tmp_path, export)
    before = snapshot(tmp_path / "articles")
    shuffled = page(*reversed(export["articles"]))
    assert imported(tmp_path, shuffled) == (True, "0 articles written, 3 unchanged, 0 drafts left out, 0 errors\n")
    assert snapshot(tmp_path / "articles") == before


def test_a_file_with_other_content_is_never_overwritten(tmp_path: Path) -> None:
    export = page(article(1, "One"), article(2, "Two"))
    imported(tmp_path, export)
    edited = tmp_path / "articles/Billing/Invoices & payments/one.md"
    edited.write_text("years of work")
    done, said = imported(tmp_path, export)
    assert not done and f"{edited}: is there already, with other content" in said and said.endswith("1 error\n")
    assert edited.read_text() == "years of work"


def test_a_folder_that_leads_elsewhere_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "articles/Billing").symlink_to(tmp_path / "elsewhere")
    assert not imported(tmp_path, page(article(1, "One")))[0]
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("name", ["../../etc", "..", "/", "C:\\x", "a\x00b", "." * 300, "é" * 300, "con/../.."])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    sections = [SECTIONS[0] | {"name": name}]
    categories = [CATEGORIES[0] | {"name": name}]
    one = article(1, name, "<p>x</p>", locale=name or "x")
    done, said = imported(tmp_path, page(one, sections=sections, categories=categories))
    assert done, said
    assert {path.name for path in tmp_path.iterdir()} == {"articles", "export.json"}
    assert len(library(tmp_path).articles) == 1


def test_an_article_that_two_pages_hold_is_written_once(tmp_path: Path) -> None:
    one = article(1, "One")
    assert imported(tmp_path, [page(one), page(one)])[1].startswith("1 article written")
    done, said = imported(tmp_path / "b", [page(one), page(article(1, "Other"))])
    assert not done and "page 2: articles[1] (id 1): the article stands in the export before" in said


@given(st.text(min_size=1).filter(str.strip), st.lists(st.text()), st.dates())
def test_front_matter_reads_back_as_it_was_written(title: str, labels: list[str], day: date) -> None:
    from wizard.importing.export import _line

    title, labels = _line(title), [one for one in map(_line, labels) if one]
    if not title:
        return
    url = f"{HOST}/hc/en-us/articles/1-x"
    entry = Entry("x", 1, title, "<p>---</p>", "en", url, None, day, tuple(labels), False, True, "", 1, 0)
    text, _ = article_text(entry, "x.md", str, str)
    findings: list[object] = []
    values = split(text, "x.md", findings).values
    assert not findings and values["title"] == title and values.get("keywords", ()) == tuple(labels)
    assert values["date"] == day.isoformat() and values["votes"] == {"up": 1, "down": 0}


def test_votes_that_are_none_are_a_finding() -> None:
    for wrong in ("3", "{up: -1}", "{up: 1, left: 2}", "{up: x}"):
        findings: list[object] = []
        split(f"---\ntitle: T\nvotes: {wrong}\n---\n", "a.md", findings)
        assert [one.code for one in findings] == ["value-wrong"], wrong
    assert yaml.safe_load("votes: {up: 1}")["votes"] == {"up": 1}
