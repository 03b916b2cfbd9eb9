"""What Markdown and HTML become, as readable cases in `cases/`."""

import struct
from dataclasses import replace

import pytest

from tests.content.reading import findings, library, policy
from tests.content.test_steps import cases
from wizard.content.marks import ROOT

DOOR = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480)
RULES = replace(policy(), video_hosts=("player.example",))
HEAD = "---\ntitle: T\n---\n"


def html(source: str) -> str:
    files = {"t.md": HEAD + source, "door.png": DOOR, "other.md": "---\ntitle: Other\n---\n"}
    article = library(files, RULES).articles["/t/"]
    whole = article.intro + "".join(step.html for step in article.steps) + article.outro + article.next_html
    return whole.replace(ROOT, "ROOT")


@pytest.mark.parametrize(("title", "source", "expected"), cases("markdown.md"), ids=lambda value: value[:40])
def test_it_becomes_what_the_case_says(title: str, source: str, expected: str) -> None:
    made = html(source)
    for line in expected.splitlines():
        if line.startswith("not: "):
            assert line.removeprefix("not: ") not in made, title
        else:
            assert line in made, title


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>\n<iframe src='https://x.example/v'></iframe></p>", ["t.md:5: frame-linked"]),
        ("<iframe src='https://player.example/v'></iframe>", []),
        ("<iframe src='javascript:x()'></iframe>", ["t.md:4: html-removed"]),
        ("<video src='gone.mp4'></video>", ["t.md:4: link-broken"]),
        ("[a text][gone]", ["t.md:4: link-undefined"]),
        ("`[a text][gone]` and list[index][1] and [i][j] \\[a text][gone]", ["t.md:4: link-undefined"]),
        (
            "{% include a.html %}\n\n{% include b.html %} {{ site.title }}",
            ["t.md:4: template-tag", "t.md:6: template-tag"],
        ),
        ("Write {{NAME}} and `{% raw %}` or `{{ page.x }}`.", []),
        ("<div>\n{{< youtube 123 >}}\n</div>", ["t.md:5: template-tag"]),
        (":::tabs\nx\n:::", ["t.md:4: template-tag"]),
        ("```{figure}\nx\n```", ["t.md:4: template-tag"]),
        ("1.   One.\n\n    ![x](door.png)", ["t.md:6: image-as-code"]),
        ("```{r}\nx\n```", []),
        ("<script>document.write('<a href=\"gone.md\">x</a>')</script>", ["t.md:4: html-removed"]),
    ],
)
def test_what_is_not_as_the_author_meant_it_is_found(source: str, expected: list[str]) -> None:
    assert findings({"t.md": HEAD + source}, RULES) == expected


def test_footnotes_end_the_last_section() -> None:
    files = {"t.md": HEAD + "One[^1].\n\n## What Is Next?\n\n- [Other](other.md)\n\n[^1]: Words.", "other.md": "x"}
    article = library(files).articles["/t/"]
    assert "footnotes" in article.outro and "footnotes" not in article.next_html
    assert article.summary == "One."
