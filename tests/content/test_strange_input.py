"""What no author should write, and some do: nothing is lost, nothing hangs, nothing active passes."""

import pytest

from tests.content.harmless import wrong
from tests.content.reading import findings, library, read
from wizard.content.marks import ROOT


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("<ol><li>One</li><ul><li>Under one</li></ul><p>After one</p><li>Two</li></ol>", ["Under one", "After one"]),
        ("<ol><p>Before</p><li>One</li></ol>", ["Before"]),
        ("<ol><ol><li>Inner</li></ol></ol>", ["Inner"]),
    ],
)
def test_what_stands_in_a_list_beside_its_items_is_kept(body: str, kept: list[str]) -> None:
    article = read(f"---\ntitle: T\ncontentIsHTML: true\n---\n{body}", with_front_matter=True)
    shown = article.intro + "".join(step.html for step in article.steps) + article.outro
    assert all(text in shown for text in kept)


def test_lists_in_lists_are_read_down_to_the_hundredth_and_then_it_is_said() -> None:
    fine = "\n".join(f"{'  ' * depth}- level {depth}" for depth in range(30))
    assert "level 29" in read(fine).intro
    deep = {"a.md": "---\ntitle: A\n---\n" + "> " * 120 + "deepest"}
    assert findings(deep) == ["a.md:4: nested-too-deep"]


@pytest.mark.parametrize(
    "text",
    [
        "1. word word\n" * 5000,
        "1. See [it](action:usage-history).\n" * 3000,
        "[" * 20_000,
        "*" * 20_000,
        "> " * 3000 + "x",
        "a: &a [x, x]\n" * 500,
    ],
    ids=["one title", "one action", "brackets", "stars", "quotes", "colons"],
)
def test_a_strange_text_is_read_in_time(text: str) -> None:
    """It would take minutes if anything grew with the square."""
    assert read(text).title == "Test"


@pytest.mark.parametrize(
    "link", ["kb-root:x", "kb-off:foo:javascript:alert(1)", "javascript:alert(1)", "ftp://x/", "data:x"]
)
@pytest.mark.parametrize("form", ["[x]({})", '<a href="{}">x</a>', "<a href='{}'>x</a>"])
def test_a_link_of_another_kind_becomes_its_text(form: str, link: str) -> None:
    source = form.format(link)
    article = read(source)
    assert "href" not in article.intro and "x" in article.intro
    assert findings({"a.md": f"---\ntitle: A\n---\n{source}"}) == ["a.md:4: link-scheme"]


def test_attributes_are_read_one_after_another() -> None:
    article = read(
        "<a title=\"href='evil'\" data-href=zz href='other.md'>x</a> <img title='src=y' alt=a src='https://x/y'>\n"
    )
    assert f'href="{ROOT}other/"' in article.intro and "title=\"href='evil'\"" in article.intro
    assert 'src="https://x/y"' in article.intro and 'title="src=y"' in article.intro


def test_next_names_articles_whatever_their_names() -> None:
    files: dict[str, str | bytes] = {
        "a.md": "---\ntitle: A\nnext: [\u00fc.md, P, 'b c.md?x=1']\n---\n## What Is Next?\n\n- [Q](p/q.md)\n- R article\n",
        "\u00fc.md": "---\ntitle: U\n---\n",
        "p/q.md": "---\ntitle: Q\n---\n",
        "r.md": "---\ntitle: R article\n---\n[A](a.md)",
        "b c.md": "---\ntitle: B\n---\n",
        "x.md": "---\ntitle: P\npermalink: /pp/\n---\n",
    }
    found = library(files)
    assert found.articles["/a/"].next == ("/\u00fc/", "/pp/", "/b-c/")
    assert findings(files) == [] and [one.path for one in found.findings] == [], "none is an orphan"


def test_a_text_in_quotes_is_no_link() -> None:
    article = read('1. Write `href="action:delete-services"` and "kb-action:delete-services".\n')
    assert article.steps[0].actions == ()


def test_a_heading_in_a_table_in_a_heading_breaks_nothing() -> None:
    html = read("<h2>What<table><tr><td><h2>Is</h2></td></tr></table></h2>\n\n## Next").intro
    assert wrong(html) == [] and '<h2 id="next"' in html


def test_a_step_whose_bold_words_go_over_two_lines_stays_whole() -> None:
    (step,) = read("<ol><li><b>Open it<br>now</b> or later.</li></ol>").steps
    assert wrong(step.words) == [] and step.html == step.words == "<b>Open it<br>now</b> or later."
