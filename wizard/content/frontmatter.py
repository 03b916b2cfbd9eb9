"""Front matter: YAML between `---`, JSON between `{{{` and `}}}`, TOML between `+++`.

What an author may say is the table KEYS; everything else is a finding with a guess.
"""

import difflib
import json
import re
import reprlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from wizard.content.findings import Finding


class BracesHandler(BaseHandler):
    """JSON between `{{{` and `}}}`, the form of the old cloud knowledge bases."""

    FM_BOUNDARY = re.compile(r"\A\s*\{\{\{|\}\}\}[ \t]*$", re.MULTILINE)
    START_DELIMITER, END_DELIMITER = "{{{", "}}}"

    def load(self, fm: str) -> dict[str, Any]:
        return json.loads("{" + fm + "}", strict=False)


class PlusHandler(BaseHandler):
    """TOML between `+++`, by the standard library."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str) -> dict[str, Any]:
        return tomllib.loads(fm)


class _Loader(yaml.SafeLoader):
    """Dates stay as they are written, so that a wrong one is a finding of its own; and no aliases,
    with which a few lines can hold more than a machine."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not taken", self.peek_event().start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class DashesHandler(YAMLHandler):
    """YAML between `---`."""

    def load(self, fm: str, **_options: object) -> Any:
        return yaml.load(fm, _Loader)


HANDLERS = (DashesHandler(), BracesHandler(), PlusHandler())
_UNREADABLE = (ValueError, yaml.YAMLError, RecursionError, LookupError, AttributeError, TypeError)
"""What the three readers raise, by text that they were not made for."""
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
    "redirect_from": _texts,
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    values: dict[str, Any]
    lines: dict[str, int]
    """Key -> the line it stands on, from 1."""
    body: str
    body_line: int
    """How many lines of the file come before the body's first."""


def split(text: str, path: str, findings: list[Finding]) -> FrontMatter | None:
    """The front matter and the body of a file's text.

    Without front matter the whole text is the body. Unusable front matter adds an error to
    `findings` and returns None.
    """
    blank = len(text) - len(text.lstrip("\n"))
    handler = next((h for h in HANDLERS if h.detect(text[blank:])), None)
    if handler is None:
        return FrontMatter({}, {}, text, 0)
    try:
        head, body = handler.split(text[blank:])
    except ValueError:
        mend = f"close it with a line {handler.END_DELIMITER}"
        findings.append(Finding(path, 1, "front-matter", "the front matter has no end", mend))
        return None
    try:
        raw = handler.load(head)
        json.dumps(raw, ensure_ascii=False, default=str).encode()
    except _UNREADABLE as error:
        line, reason = blank + _error_line(error) + 1, _reason(error)
        mend = next((mend for part, mend in _MENDS.items() if part in reason), "correct it")
        findings.append(Finding(path, line, "front-matter", f"cannot be read: {reason}", mend))
        return None
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        findings.append(Finding(path, 1, "front-matter", "is not a list of keys and values", "write key: value"))
        return None
    lines = {str(key): blank + _key_line(str(key), head) for key in raw}
    values = _check({str(key): value for key, value in raw.items()}, lines, path, findings)
    return FrontMatter(values, lines, body, text[: len(text) - len(body)].count("\n"))


def _check(raw: dict[str, Any], lines: dict[str, int], path: str, findings: list[Finding]) -> dict[str, Any]:
    values = {}
    for key, value in raw.items():
        if key not in KEYS:
            guess = difflib.get_close_matches(key, KEYS, n=1)
            mend = f"did you mean {guess[0]}?" if guess else "remove it"
            findings.append(Finding(path, lines[key], "key-unknown", f"{key} is not a key", mend))
        elif value is not None and value != "":
            try:
                values[key] = KEYS[key](value)
            except ValueError as wanted:
                findings.append(Finding(path, lines[key], "value-wrong", f"{key} is {shown(value)}", f"give {wanted}"))
    return values


def shown(value: object) -> str:
    """A value for a message, cut where it is long."""
    text = reprlib.repr(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}\u2026"


def _key_line(key: str, head: str) -> int:
    found = re.search(rf"^[ \t]*['\"]?{re.escape(key)}['\"]?[ \t]*[:=]", head, re.MULTILINE)
    return head[: found.start()].count("\n") + 1 if found else 1


def _error_line(error: Exception) -> int:
    """Lines into the front matter at which reading failed."""
    if isinstance(error, json.JSONDecodeError):
        return error.lineno - 1
    mark = getattr(error, "problem_mark", None)
    return mark.line if mark else 0


def _reason(error: Exception) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "msg", None) or str(error)
    return " ".join(str(reason).split())
