"""Mails of templates: one template makes both parts, and what customers wrote is words only."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import TemplateError
from markupsafe import Markup

from tests.helpers.shared import ROOT
from tests.pages.building import write
from wizard.config import Config, load
from wizard.errors import SetupError
from wizard.theme import load_theme
from wizard.theme.mail import Letter, MailTemplates, plain
from wizard.theme.templates import OURS

VALUES = {
    "password-link": ["name"],
    "credentials": ["account", "logins"],
    "password-changed": ["name", "when"],
    "closure-receipt": ["reference", "account", "contract", "charges_end", "received_at"],
    "ticket-answered": ["reference", "subject", "answer"],
    "invitation": ["name", "account", "role", "by", "by_email"],
    "contact-invitation": ["name", "account", "by", "by_email"],
    "contact-ended": ["name", "account"],
    "membership-changed": ["name", "account", "role", "before", "by", "when"],
    "membership-ended": ["name", "account", "by", "when"],
}
LINK = {
    "link": Markup("https://help.example/sign-in/password/pl_1.abc/"),
    "good_for": "1 hour",
    "until": "28 November 2026",
}
NASTY = [
    "[Pay now](https://evil.example)",
    "<a href='https://evil.example'>Pay</a>",
    "![x](https://evil.example/x.png)",
    "<https://evil.example>",
    "[x]\n\n[x]: https://evil.example",
    "https://www.evil.example/pay",
    "# Ana\r\nBcc: all@evil.example\r\n\r\nText",
    "``` \u2028* * *\u2029&lt;b&gt; \\[x](y) &#60;",
    "{{ link }} {% include 'x' %}",
    "\u202emoc.elpmaxe\u202c \x00\x1b[31m",
    "ht\x00tps://evil\x00.example",
    "    code\n\n1. one\n===\n---",
]

SEVERAL_LINES = ("answer", "logins")

templates = MailTemplates(load_theme(load(ROOT / "wizard.toml", {})), "https://help.example/")


class Parts(HTMLParser):
    """The tags of a page, its links and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attributes if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


def written(name: str, value: str, *values: str) -> Letter:
    """With this value for all, or for these `values`; the others are harmless."""
    filled = values or VALUES[name]
    return templates.write(name, {**LINK, **dict.fromkeys(VALUES[name], "harmless"), **dict.fromkeys(filled, value)})


def test_every_template_of_ours_is_tested_here() -> None:
    assert {file.stem for file in (OURS / "mail").glob("*.md")} == {*VALUES, "foot"}


@pytest.mark.parametrize("name", VALUES)
@given(value=st.text() | st.sampled_from(NASTY) | st.lists(st.sampled_from(NASTY)).map(" ".join))
def test_no_value_makes_a_link_or_markup_or_a_line_in_either_part(name: str, value: str) -> None:
    usual = written(name, "harmless")
    letter = written(name, value, *(one for one in VALUES[name] if one not in SEVERAL_LINES))
    page, usual_page = Parts(letter.html), Parts(usual.html)
    assert page.tags == usual_page.tags and len(page.links) == len(usual_page.links)
    assert all(link.startswith("https://help.example/") for link in page.links)
    assert len(letter.subject.splitlines()) == 1 and "\u202e" not in letter.text
    assert len(letter.text.splitlines()) == len(usual.text.splitlines())
    assert not re.search(r"https?://|www\.\w", re.sub(r"<https://help\.example/[^>\s]*>", "", letter.text))
    assert plain(value) in letter.text and plain(value) in page.words, "and all of its words are there"


@given(value=st.text() | st.sampled_from(NASTY) | st.lists(st.sampled_from(NASTY)).map("\n".join))
@example("a\n\n\nb\\\n# c\n    d\n- e\n> f\n***")
@pytest.mark.parametrize("name", ["credentials", "ticket-answered"])
def test_a_text_of_several_lines_keeps_them_and_makes_no_markup(name: str, value: str) -> None:
    several = "answer" if name == "ticket-answered" else "logins"
    page = Parts(written(name, value, several).html)
    usual = Parts(written(name, "harmless").html)
    assert set(page.tags) - {"br"} <= set(usual.tags) and page.links == usual.links
    assert [tag for tag in page.tags if tag not in ("br", "p")] == [tag for tag in usual.tags if tag not in ("br", "p")]


def test_words_of_staff_keep_their_lines_and_an_address_to_copy() -> None:
    values = dict.fromkeys(VALUES["ticket-answered"], "x") | {
        "answer": "It is done.\r\nSee https://help.example/a_b/\r\n\r\n*Rae*"
    }
    letter = templates.write("ticket-answered", values)
    assert "It is done.\nSee https://help.example/a_b/\n\n*Rae*\n" in letter.text
    assert "<p>It is done.<br />\nSee https://help.example/a_b/</p>\n<p>*Rae*</p>" in letter.html


def test_sign_in_names_stay_as_they_are_typed() -> None:
    values = {"account": "Fernhill", "logins": "ana_r@demo.example\nlou@demo.example"}
    letter = templates.write("credentials", values)
    assert "\nana_r@demo.example\nlou@demo.example\n" in letter.text and "This link" not in letter.text
    assert "ana_r@demo.example<br />\nlou@demo.example" in letter.html


def test_a_value_that_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(TemplateError, match="'name' is undefined"):
        templates.write("password-changed", {"when": "today"})


def test_a_template_of_ones_own_takes_the_place_of_ours_and_is_checked_before(tmp_path) -> None:
    own = {"templates/mail/foot.md": "---\n\nNorthpier, 1 Quay Street"}
    config = Config(theme=write(tmp_path / "theme", own))
    letter = MailTemplates(load_theme(config), "https://help.example/").write(
        "password-changed", {"name": "Ana", "when": "today"}
    )
    assert letter.text.endswith("\nNorthpier, 1 Quay Street\n") and "<p>Northpier, 1 Quay Street</p>" in letter.html
    for name, text, said in (
        ("mail/pasword-changed.md", "x", "did you mean mail/password-changed.md?"),
        ("mail/foot.md", "{% if %}", "mail/foot.md:1: "),
    ):
        with pytest.raises(SetupError, match=re.escape(said)):
            load_theme(Config(theme=write(tmp_path / name.replace("/", "-"), {f"templates/{name}": text})))


def test_who_is_told_of_a_new_password_is_told_what_it_does_not_end() -> None:
    letter = written("password-changed", "Ana", "name")
    for part in (letter.text, letter.html):
        assert "does not end API tokens" in part and "https://help.example/login/tokens/" in part
