"""No text of a body may be lost, whatever tags stand around it, and Markdown is the rule."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.content.sanitise import sanitise
from wizard.importing.export import Entry
from wizard.importing.same import read_alike, read_text, visible_text
from wizard.importing.zendesk import article_text


def taken_over(html: str) -> tuple[str, bool]:
    """The file's text, and whether the body stayed HTML."""
    url = "https://help.example/hc/en-us/articles/1-T"
    return article_text(Entry("x", 1, "T", html, "en-us", url, None, None, (), False, None, "", 0, 0), "t.md", str, str)


def markdown(html: str) -> str:
    text, is_html = taken_over(html)
    assert not is_html, text
    return text.removeprefix("---\ntitle: T\nredirect_from:\n- /hc/en-us/articles/1-T\n---\n").strip("\n")


def words(text: str) -> str:
    article = read_text("t.md", text)
    return visible_text("<hr>".join([article.intro, *(step.html for step in article.steps), article.outro]))


WORDS = st.text(st.sampled_from("ab1 ..-*_`[]<>&|#:!~\\é😀\n\u00a0()=+"), max_size=8) | st.sampled_from(
    [
        "Note:",
        " the end. ",
        "1. one",
        "- x",
        "a_b",
        "http://x.example/a_b",
        "&amp;",
        "**",
        "# x",
        "---",
        "===",
        "&copy;",
    ]
)
INLINE = "b strong em i code span u sub del kbd".split() + ['a href="https://x.example/a b"']
BOXES = ["blockquote", "div", 'div class="note"', "figure", "details", "section"]


def element(tags: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, html: f"<{tag}>{html}</{tag.split()[0]}>", st.sampled_from(tags), inner)


def joined(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(parts, max_size=most).map("".join)


def table(cells: list[list[str]]) -> str:
    rows = ["".join(f"<{'td' if number else 'th'}>{cell}" for cell in row) for number, row in enumerate(cells)]
    return f"<table><tr>{'<tr>'.join(rows)}</table>"


text = WORDS.map(escape)
line = joined(
    st.recursive(
        text | st.just("<br>") | st.just('<img src="https://x.example/x.png" alt="A [pic]">'),
        lambda inner: element(INLINE, joined(inner, 3)),
        max_leaves=5,
    ),
    4,
)
plain_block = (
    element(["p", "h2", "h3", 'h2 id="x1"', "div"], line)
    | element(["pre"], text)
    | st.lists(st.lists(line, min_size=2, max_size=2), min_size=1, max_size=3).map(table)
    | line
    | st.just("<hr>")
)
block = st.recursive(
    plain_block,
    lambda inner: (
        element(["ul", "ol", 'ol start="3"'], joined(element(["li"], joined(inner, 2)), 3))
        | element(BOXES, joined(inner, 2))
    ),
    max_leaves=5,
)


@given(joined(block, 4))
def test_no_text_of_any_body_is_lost(html: str) -> None:
    assert words(taken_over(html)[0]) == visible_text(sanitise(html))


MARKDOWN = {
    "marks beside letters": ("<p>a<b>b</b>c <b>Note:</b>x <i>(y)</i>.</p>", "a**b**c <strong>Note:</strong>x *(y)*."),
    "spaces inside marks": ("<p>a<b> b </b>c<i> </i>d</p>", "a **b** c d"),
    "a break at the end of marks": ("<p><b>Title<br></b>text</p>", "**Title**\\\ntext"),
    "marks one after another": ("<p><b>a</b><b>b</b><code>x</code><code>y</code></p>", "**ab**`xy`"),
    "a line like a list": ("<p>1. a<br>- b<br># c<br>&gt; d<br>=</p>", "1\\. a\\\n\\- b\\\n\\# c\\\n\\> d\\\n\\="),
    "signs that mean nothing": ("<p>a_b 5 - 3 = 2 + x! C# a|b (c)</p>", "a_b 5 - 3 = 2 + x! C# a|b (c)"),
    "a sign before a link": ('<p>Look!<a href="x">here</a></p>', "Look\\![here](x)"),
    "an address with spaces": ('<p><a href="a b(c).pdf">x</a></p>', "[x](a%20b%28c%29.pdf)"),
    "a title": ('<p><a href="x" title="say &quot;so&quot;">x</a></p>', '[x](x "say \\"so\\"")'),
    "entities as text": ("<p>&amp;copy; &amp; &copy;</p>", "\\&copy; & ©"),
    "lists one after another": ("<ol><li>a</ol><ol><li>b</ol>", "1. a\n\n<!-- -->\n\n1. b"),
    "a list beside the item it belongs to": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "text after an inner list": ("<ul><li>a<ul><li>b</li></ul>c</li></ul>", "- a\n  - b\n\n  c"),
    "a list that goes on": ("<ol><li>a</ol><p>x</p><ol start=2><li>b</ol>", "1. a\n\nx\n\n2. b"),
    "boxes around it all": ("<div><div><h2>A</h2><ol><li>b</ol></div></div>", "## A\n\n1. b"),
    "callouts": ('<div class="callout-warning">Hot</div><p class="note">x</p>', "> Hot\n\n> x"),
    "a table without heads": (
        "<table><tr><td>a</td></tr></table>",
        "<table>\n<tbody>\n<tr><td>a</td></tr></tbody>\n</table>",
    ),
    "an anchor of a paragraph": ('<p id="here">a</p>', '<a id="here"></a>a'),
    "an empty heading with an id": ('<h2 id="here"></h2><p>a</p>', '<a id="here"></a>\n\na'),
    "code in a language": ('<pre class="lang-py"><code>a\n\n  b</code></pre>', "```py\na\n\n  b\n```"),
    "breaks in code": ("<pre>a<br>b</pre>", "```\na\nb\n```"),
    "a picture of a size": ('<img src="a.png" alt="A" width="20">', '<img alt="A" src="a.png" width="20"/>'),
    "a picture": ('<img src="a.png" alt="A *b*" width="100%">', "![A \\*b\\*](a.png)"),
    "a video": ('<video src="a.mp4" controls></video>', '<video controls="" src="a.mp4"></video>'),
}


@pytest.mark.parametrize(("html", "wanted"), MARKDOWN.values(), ids=MARKDOWN.keys())
def test_html_becomes_the_markdown_that_an_author_would_write(html: str, wanted: str) -> None:
    assert markdown(html) == wanted


@pytest.mark.parametrize(
    "html",
    ["<p>Look", "http://x.example", "a.txt", "<b><p>x</b>y</p>", "<td>x</td>", "<li>x", "<![CDATA[x]]>", "<a href=x>y"],
)
def test_html_that_is_none_is_read_as_a_browser_reads_it(html: str) -> None:
    assert words(taken_over(html)[0]) == visible_text(sanitise(html))


def test_every_place_that_a_link_can_lead_to_stays() -> None:
    html = '<h2 id="1st">A</h2><h3 id="b_c">B</h3><table id="t"><tr id="r"><td id="d">x</table><a name="n">y</a><ul id="u"><li id="l">z</ul>'
    assert read_text("t.md", taken_over(html)[0]).anchors >= {"1st", "b_c", "t", "r", "d", "n", "u", "l"}


def test_steps_are_steps_after_the_import() -> None:
    text, _ = taken_over("<div><h2>Steps</h2><ol><li>Open it.<ul><li>x</li></ul></li><li>Close it.</li></ol></div>")
    assert [step.title for step in read_text("t.md", text).steps] == ["Open it", "Close it"]


def test_scripts_and_handlers_do_not_come_along() -> None:
    text, _ = taken_over('<p onclick="x()">a<script>b</script><a href="javascript:x()">c</a></p><style>d</style>')
    assert text.endswith("---\n\nac\n")


def test_a_body_that_stays_html_keeps_its_steps() -> None:
    odd = '<a href="https://x.example/"><h3>A heading</h3><p>in a link</p></a>'
    text, is_html = taken_over(f"<div><h2>Steps</h2><ol><li>Open it.</li></ol>{odd}</div>")
    assert is_html and [step.title for step in read_text("t.md", text).steps] == ["Open it"]


ALIKE = {
    "the same": ("One *two*.", "<p>One <b>two</b>.</p>", True),
    "more spaces": ("One\n\ntwo", "<p>One</p>\n<p>two </p>", True),
    "a word less": ("One", "<p>One two</p>", False),
    "another order": ("two One", "<p>One two</p>", False),
    "a description less": (
        "One ![](https://x.example/p.png)",
        '<p>One <img src="https://x.example/p.png" alt="two"></p>',
        False,
    ),
    "an anchor less": ("One", '<p id="one">One</p>', False),
    "an anchor more": ('<a id="one"></a>One', "<p>One</p>", True),
    "a step less": ("1\\. One", "<ol><li>1. One</li></ol>", False),
}


@pytest.mark.parametrize(("one", "other", "alike"), ALIKE.values(), ids=ALIKE.keys())
def test_two_forms_are_alike_where_nothing_is_lost(one: str, other: str, alike: bool) -> None:
    html = f"---\ntitle: T\ncontentIsHTML: true\n---\n{other}"
    assert read_alike("t.md", f"---\ntitle: T\n---\n{one}", html, set()) is alike
