"""Findings as people, programs and forges read them, without those that the settings ignore."""

import json
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from wizard.content.findings import CODES, Finding
from wizard.errors import SetupError
from wizard.tables import nearest

FORMATS = ("text", "json", "github")


def require_codes(names: Iterable[str]) -> None:
    """Raises SetupError for a name that is no finding's code."""
    for code in names:
        if code not in CODES:
            raise SetupError(f"wizard.toml: ignore.{code} is no code of a finding{nearest(code, CODES)}")


def told(findings: Iterable[Finding], ignore: Mapping[str, Sequence[str]]) -> list[Finding]:
    """The findings without those of a code at a path that `ignore` names: code -> patterns."""
    return [one for one in findings if not any(fnmatchcase(one.path, pattern) for pattern in ignore.get(one.code, ()))]


def lines(findings: Sequence[Finding], prefix: str, form: str = "text") -> list[str]:
    """What to print. prefix: the articles folder as the caller wrote it, ending in `/`; form: one of FORMATS."""
    if form == "json":
        return [json.dumps([_fields(one, prefix) for one in findings], indent=1, ensure_ascii=False)]
    write = _command if form == "github" else _text
    return [write(one, prefix) for one in findings]


def _place(finding: Finding, prefix: str) -> str:
    return finding.path if finding.path == "wizard.toml" else prefix + finding.path


def _text(finding: Finding, prefix: str) -> str:
    return finding.text("" if finding.path == "wizard.toml" else prefix)


def _fields(finding: Finding, prefix: str) -> dict[str, str | int]:
    return {
        "path": _place(finding, prefix),
        "line": finding.line,
        "level": CODES[finding.code],
        "code": finding.code,
        "what": finding.what,
        "mend": finding.mend,
    }


def _command(finding: Finding, prefix: str) -> str:
    """A line that the forge's runner shows beside the line of the file."""
    fields = {"file": _place(finding, prefix), "line": finding.line or 1, "title": finding.code}
    told = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in fields.items())
    return f"::{CODES[finding.code]} {told}::{_escaped(f'{finding.what} ({finding.mend})')}"


def _escaped(text: str, others: str = "") -> str:
    for character in "%\r\n" + others:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
