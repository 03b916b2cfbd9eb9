"""Findings as people, programs and forges read them, and the page that explains each code."""

import json
import re

import pytest

from tests.content.reading import findings
from tests.helpers.shared import ROOT
from wizard.content.findings import CODES, Finding
from wizard.content.report import lines, require_codes, told
from wizard.errors import SetupError

FOUND = [
    Finding("a, b.md", 3, "link-broken", "x:y leads nowhere", "50% sure\nof it"),
    Finding("wizard.toml", 0, "claim-unused", "no link", "remove it"),
]


def test_every_code_is_explained_and_nothing_else() -> None:
    page = (ROOT / "docs" / "findings.md").read_text()
    parts = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    assert list(parts) == sorted(CODES)
    for code, part in parts.items():
        level, example = re.search(r"\A\n(\w+)\. ", part), re.search(r"^    \S+:\d+: ([\w-]+): .+$", part, re.MULTILINE)
        assert level and level[1].lower() == CODES[code], code
        assert example and example[1] == code, code


def test_text_is_a_line_each() -> None:
    assert lines(FOUND, "articles/")[1] == "wizard.toml:0: claim-unused: no link (remove it)"
    assert lines(FOUND, "articles/")[0].startswith("articles/a, b.md:3: link-broken: ")


def test_json_is_one_list() -> None:
    first, second = json.loads("\n".join(lines(FOUND, "articles/", "json")))
    assert first == {
        "path": "articles/a, b.md",
        "line": 3,
        "level": "error",
        "code": "link-broken",
        "what": "x:y leads nowhere",
        "mend": "50% sure\nof it",
    }
    assert second["path"] == "wizard.toml" and json.loads("\n".join(lines([], "", "json"))) == []


def test_annotations_name_file_and_line_and_hold_no_line_end() -> None:
    assert lines(FOUND, "articles/", "github") == [
        "::error file=articles/a%2C b.md,line=3,title=link-broken::x:y leads nowhere (50%25 sure%0Aof it)",
        "::warning file=wizard.toml,line=1,title=claim-unused::no link (remove it)",
    ]


def test_a_code_is_ignored_for_the_paths_that_the_settings_name() -> None:
    assert told(FOUND, {"link-broken": ("a*",)}) == FOUND[1:]
    assert told(FOUND, {"link-broken": ("b*",), "orphan": ("*",)}) == FOUND


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    with pytest.raises(SetupError, match="ignore.link-borken is no code of a finding; did you mean link-broken?"):
        require_codes(["link-borken"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## 1. [Usage](action:usage-history)\n\nWords.", ["t.md:4: action-not-step"]),
        ("- See [usage](action:usage-history).", ["t.md:4: action-not-step"]),
        ("1. One.\n\n## Later\n\n4. See [usage](action:usage-history).", ["t.md:8: action-not-step"]),
        ("See [usage](action:usage-history).", []),
        ("1. See [usage](action:usage-history).\n\n## Later\n\n- And [services](action:my-services).", []),
    ],
)
def test_an_action_that_was_meant_for_a_step_is_found(body: str, expected: list[str]) -> None:
    assert findings({"t.md": f"---\ntitle: T\n---\n{body}"}) == expected
