"""Steps, actions and What Is Next, as readable cases in `cases/`."""

import re
from pathlib import Path

import pytest

from tests.content.reading import read
from wizard.content.article import Article
from wizard.content.marks import ROOT

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[tuple[str, str, str]]:
    """(title, input, expected) of a file: a title, then input and expected between lines of a dot."""
    text = (CASES / name).read_text()
    found = re.findall(r"^(\S[^\n]*)\n\.\n(.*?)^\.\n(.*?)^\.$", text, re.MULTILINE | re.DOTALL)
    assert len(found) == len(re.findall(r"^\.$", text, re.MULTILINE)) // 3
    return found


def described(article: Article, expected: list[str]) -> list[str]:
    """The article in the words of the cases; of texts, those that the case asks for."""
    lines = []
    for step in article.steps:
        actions = f" [{(' or ' if step.any_of else ' and ').join(step.actions)}]" if step.actions else ""
        lines.append(f"{step.number} {step.identity}{actions} | {step.title}")
    for line in expected:
        if found := re.match(r"in (\d+): (.*)", line):
            lines += [line] if found[2] in article.steps[int(found[1]) - 1].html else [f"missing: {line}"]
        elif line.startswith("outro: "):
            lines += [line] if line.removeprefix("outro: ") in article.outro else [f"missing: {line}"]
        elif line.startswith("next: "):
            lines += [line] if ROOT + line.removeprefix("next: ") in article.next_html else [f"missing: {line}"]
    return lines


@pytest.mark.parametrize(("title", "source", "expected"), cases("steps.md"), ids=lambda value: value[:40])
def test_steps_are_found_as_the_case_says(title: str, source: str, expected: str) -> None:
    wanted = expected.splitlines()
    assert described(read(source), wanted) == wanted, title


def test_a_step_knows_the_line_it_came_from() -> None:
    article = read(
        "---\ntitle: T\n---\nWords.\n\n1. One.\n2. Two,\n   on two lines.\n3. Three.\n", with_front_matter=True
    )
    assert [step.line for step in article.steps] == [6, 7, 9]


def test_an_identity_survives_edits_around_it() -> None:
    before = read("1. See [usage](action:usage-history).\n2. [Close](action:request-closure).\n")
    after = read(
        "1. First, sit down.\n2. Now see your [usage](action:usage-history) list.\n3. [Close](action:request-closure) it.\n"
    )
    assert {step.identity for step in before.steps} <= {step.identity for step in after.steps}


def test_html_bodies_have_steps_too() -> None:
    body = "<h2>Steps</h2>\n<ol>\n<li>First, <a href='action:usage-history'>look</a>.</li>\n<li>Second.</li>\n</ol><p>End.</p>"
    article = read(f"---\ntitle: T\ncontentIsHTML: true\n---\n{body}", with_front_matter=True)
    assert [(step.identity, step.line) for step in article.steps] == [("usage-history", 7), ("second", 8)]
    assert "End." in article.outro


def test_without_a_wizard_an_action_becomes_its_portal_or_text() -> None:
    article = read("1. See [usage](action:usage-history) and [services](action:my-services).\n", live=False)
    assert 'href="https://portal.example/usage"' in article.steps[0].html
    assert "services" in article.steps[0].html and "action:" not in article.steps[0].html
    assert article.steps[0].html.count("<a ") == 1
