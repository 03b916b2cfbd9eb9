"""Front matter: YAML between `---`, JSON between `{{{` and `}}}`, TOML between `+++`.

What an author may say is the table KEYS; everything else is a finding with a guess.
"""

import difflib
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from wizard.content.findings import Finding


class BracesHandler(BaseHandler):
    """JSON between `{{{` and `}}}`, the form of the old cloud knowledge bases."""

    FM_BOUNDARY = re.compile(r"^\s*(?:\{\{\{|\}\}\})\s*$", re.MULTILINE)
    START_DELIMITER, END_DELIMITER = "{{{", "}}}"

    def load(self, fm: str) -> dict[str, Any]:
        return json.loads("{" + fm + "}", strict=False)


class PlusHandler(BaseHandler):
    """TOML between `+++`, by the standard library."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str) -> dict[str, Any]:
        return tomllib.loads(fm)


HANDLERS = (YAMLHandler(), BracesHandler(), PlusHandler())


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
    handler = next((h for h in HANDLERS if h.detect(text)), None)
    if handler is None:
        return FrontMatter({}, {}, text, 0)
    try:
        head, body = handler.split(text)
    except ValueError:
        mend = f"close it with a line {handler.END_DELIMITER}"
        findings.append(Finding(path, 1, "front-matter", "the front matter has no end", mend))
        return None
    try:
        raw = handler.load(head)
    except (ValueError, yaml.YAMLError) as error:
        line = _error_line(error) + 1
        findings.append(Finding(path, line, "front-matter", f"cannot be read: {_reason(error)}", "correct it"))
        return None
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        findings.append(Finding(path, 1, "front-matter", "is not a list of keys and values", "write key: value"))
        return None
    lines = {str(key): _key_line(str(key), head) for key in raw}
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
                findings.append(Finding(path, lines[key], "value-wrong", f"{key} is {value!r}", f"give {wanted}"))
    return values


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
