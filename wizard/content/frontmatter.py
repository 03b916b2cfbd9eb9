"""Front matter: what an author says of an article, before its text.

What an author may say is the table KEYS; everything else is a finding with a guess.
"""

import difflib
import json
import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wizard.content.addresses import redirect_address
from wizard.content.findings import Finding
from wizard.content.forms import HANDLERS, UNREADABLE, Repeated, error_line, key_lines, reason_of

_MENDS = {
    "mapping values are not allowed": "put the value in quotes",
    "cannot start any token": "use spaces instead of tabs, and put the value in quotes",
    "unexpected end of stream": "close the quotes",
}


def _text(value: Any) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise ValueError("a text")


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false", "yes", "no"):
        return str(value).lower() in ("true", "yes")
    raise ValueError("true or false")


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list):
        return tuple(_text(item) for item in value)
    raise ValueError("a list of texts")


class _Partly(ValueError):
    """Some of a list is wrong. kept: the others."""

    def __init__(self, wanted: str, kept: tuple[str, ...]) -> None:
        super().__init__(wanted)
        self.kept = kept


def _addresses(value: Any) -> tuple[str, ...]:
    made = [redirect_address(text) for text in _texts(value)]
    right = tuple(dict.fromkeys(one for one in made if one))
    if None in made:
        raise _Partly("old addresses such as /a/b/ or /a/b.html", right)
    return right


def _attachments(value: Any) -> tuple[dict[str, str], ...]:
    if isinstance(value, list) and all(isinstance(item, dict) and item.get("url") for item in value):
        return tuple({key: str(item.get(key, "")) for key in ("file_name", "url", "type")} for item in value)
    raise ValueError("a list of attachments, each with file_name, url and type")


def _anything(value: Any) -> Any:
    return value


def _comments(value: Any) -> str:
    if value in ("open", "closed"):
        return str(value)
    raise ValueError("open or closed")


def _votes(value: Any) -> dict[str, int]:
    """How many readers found the article helpful, and how many not: {up: 12, down: 3}."""
    if isinstance(value, dict) and value.keys() <= {"up", "down"}:
        votes = {key: value.get(key, 0) for key in ("up", "down")}
        if all(type(count) is int and count >= 0 for count in votes.values()):
            return votes
    raise ValueError("up and down, each a whole number")


KEYS: dict[str, Callable[[Any], Any]] = {
    "title": _text,
    "date": _anything,
    "author": _text,
    "keywords": _texts,
    "sticky": _flag,
    "attachments": _attachments,
    "contentIsHTML": _flag,
    "related-products": _texts,
    "next": _texts,
    "requires": _text,
    "owner": _text,
    "review_by": _anything,
    "comments": _comments,
    "votes": _votes,
    "permalink": _text,
    "redirect_from": _addresses,
}
_ELSEWHERE = {
    "tags": "keywords",
    "aliases": "redirect_from",
    "slug": "permalink",
    "url": "permalink",
    "authors": "author",
    "updated": "date",
    "lastmod": "date",
    "last_modified_at": "date",
}
"""What other generators call our keys."""


class Lines:
    """The line a key stands on, from 1; looked for when the first is asked for, as few are."""

    def __init__(self, head: str = "", before: int = 0) -> None:
        """before: lines of the file before the front matter's first."""
        self._head, self._before = head, before

    def __getitem__(self, key: str) -> int:
        return self._before + self._places.get(key, [1])[0]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        return key_lines(self._head)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    values: dict[str, Any]
    lines: Lines
    body_start: int
    """Characters of the text that come before the body."""
    body_line: int
    """How many lines of the file come before the body's first."""


def split(text: str, path: str, findings: list[Finding]) -> FrontMatter | None:
    """The front matter of a file's text, and where its body begins.

    Without front matter the whole text is the body. Unusable front matter adds an error to
    `findings` and returns None.
    """
    blank = len(text) - len(text.lstrip("\n"))
    handler = next((h for h in HANDLERS if h.detect(text[blank:])), None)
    if handler is None:
        return FrontMatter({}, Lines(), 0, 0)
    try:
        head, body = handler.split(text[blank:])
    except ValueError:
        mend = f"close it with a line {handler.END_DELIMITER}"
        findings.append(Finding(path, 1, "front-matter", "the front matter has no end", mend))
        return None
    try:
        repeated: Repeated = []
        raw = handler.load(head, repeated)
        json.dumps(raw, ensure_ascii=False, default=str).encode()
    except UNREADABLE as error:
        line, reason = blank + error_line(error) + 1, reason_of(error)
        mend = next((mend for part, mend in _MENDS.items() if part in reason), "correct it")
        findings.append(Finding(path, line, "front-matter", f"cannot be read: {reason}", mend))
        return None
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        findings.append(Finding(path, 1, "front-matter", "is not a list of keys and values", "write key: value"))
        return None
    for key, line in repeated:
        what = f"{shown(key)} is given twice, and the last counts"
        findings.append(Finding(path, blank + line, "key-twice", what, "remove one"))
    lines = Lines(head, blank)
    values = _check({str(key): value for key, value in raw.items()}, lines, path, findings)
    body_start = len(text) - len(body)
    return FrontMatter(values, lines, body_start, text.count("\n", 0, body_start))


def _check(raw: dict[str, Any], lines: Lines, path: str, findings: list[Finding]) -> dict[str, Any]:
    values = {}
    for key, value in raw.items():
        if key not in KEYS:
            guess = [_ELSEWHERE[key]] if key in _ELSEWHERE else difflib.get_close_matches(key, KEYS, n=1)
            mend = f"did you mean {guess[0]}?" if guess else "remove it"
            findings.append(Finding(path, lines[key], "key-unknown", f"{key} is not a key", mend))
        elif value is not None and value != "":
            try:
                values[key] = KEYS[key](value)
            except ValueError as wanted:
                findings.append(Finding(path, lines[key], "value-wrong", f"{key} is {shown(value)}", f"give {wanted}"))
                if kept := getattr(wanted, "kept", None):
                    values[key] = kept
    return values


def shown(value: object) -> str:
    """A value for a message, cut where it is long."""
    text = reprlib.repr(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}\u2026"
