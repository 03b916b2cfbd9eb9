"""What other generators understand in a body and we do not: Jekyll's and Hugo's tags, kramdown's attributes.

In a link, those that only stand before an address are read; lines of attributes are dropped; every
other tag stays as it is written, and is found once.
"""

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from markdown_it import helpers
from markdown_it.token import Token

from wizard.content.links import Resolver

_SITE = re.compile(r"\{\{-?\s*site\.(?:baseurl|url|github\.url)\s*-?\}\}")
_FILTERED = re.compile(r"\{\{-?\s*[\"']([^\"'\n]{0,300})[\"']\s*\|\s*(?:relative|absolute)_url\s*-?\}\}")
_LINK = re.compile(r"\{%-?\s*link\s+([^\s%]{1,300})\s*-?%\}")
_REF = re.compile(r"\{\{[<%]\s*(?:rel)?ref\s+[\"']?([^\s\"'>%]{1,300})[\"']?\s*[>%]\}\}")
_IN_LINKS = ((_SITE, ""), (_FILTERED, r"\1"), (_LINK, r"/\1"), (_REF, r"\1"))

_CONTENTS = "{:toc"
_SPACED = re.compile(
    r"(?:\.{0,2}/[^()<>\"'\n]{1,300}?|[^\s()<>\"'][^()<>\"'\n]{0,300}?\.\w{1,5}(?:#[^\s()<>\"']{0,100})?)(?= *\)| +[\"'])"
)
"""A path with spaces, as many write it: `../Accounts & Users/roles.md`. It begins like a path or ends like a file."""
_ATTRIBUTES = re.compile(r"(?:(?<![ \t])[ \t]+)?\{:\s?(?:toc\b|[.#][A-Za-z_]|[A-Za-z][\w-]*=)[^}\n]{0,300}\}")
_ID = re.compile(r"\{:[^#}\n]{0,300}#([A-Za-z][\w-]{0,100})[^}\n]{0,300}\}")
_TAG = re.compile(
    r"\{%-?\s*([a-z]\w*)|\{\{[<%]\s*/?\s*([\w./-]+)|\{\{-?\s*((?:site|page|content|include|layout)\b|[a-z]\w*\.[a-z])"
    r"|^:::+\s*\{?([a-z][\w-]*)"
)
_DIRECTIVE = re.compile(r"\{(?!r\b|python\b|code)([a-z][a-z:-]*)\}")


def address(written: str) -> str:
    """A link's address without the tags that stand for the site's root or name a file."""
    if "{" not in written:
        return written
    for tag, plain in _IN_LINKS:
        written = tag.sub(plain, written)
    return written


def _parse_destination(text: str, start: int, end: int) -> Any:
    """As the parser's own, but a tag may begin the address, and a file's path may have spaces in it."""
    begun, before = start, ""
    while text.startswith("{", start):
        found, plain = next(((f, plain) for tag, plain in _IN_LINKS if (f := tag.match(text, start, end))), (None, ""))
        if found is None:
            break
        start, before = found.end(), before + found.expand(plain)
    result = helpers.parseLinkDestination(text, start, end)
    is_spaced = result.ok and text[result.pos : result.pos + 1] == " " and text[begun - 1 : begun] == "("
    if is_spaced and (found := _SPACED.match(text, start, end)):
        result.str, result.pos = found[0], found.end()
    if start > begun:
        result.str = before + result.str or "/"
        if not result.ok:
            result.ok, result.pos = True, start
    return result


HELPERS = SimpleNamespace(
    parseLinkDestination=_parse_destination,
    parseLinkLabel=helpers.parseLinkLabel,
    parseLinkTitle=helpers.parseLinkTitle,
)


def hide_empty(tokens: Sequence[Token], place: int) -> None:
    """What is left of a paragraph that was attributes alone, and of a list that asked for a table of
    contents, which stands elsewhere."""
    first = last = place
    level = tokens[place].level
    if _CONTENTS in tokens[place].content and level >= 3:
        while tokens[first].level > level - 3:
            first -= 1
        while tokens[last].level > level - 3:
            last += 1
    elif any(child.content.strip() or child.type not in ("text", "softbreak") for child in tokens[place].children):
        return
    elif tokens[place - 1].type == "paragraph_open":
        first, last = place - 1, place + 1
    for token in tokens[first : last + 1]:
        token.hidden, token.children = True, []


class Watch:
    """The tags of one body, each kind found once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._seen: set[str] = set()

    def text(self, text: str, line: int, in_heading: bool = False) -> str:
        """A text without the attributes that kramdown reads; a heading keeps its id, in our form."""
        if "{:" in text:
            own = _ID.search(text) if in_heading else None
            text = _ATTRIBUTES.sub("", text) + (f" {{#{own[1]}}}" if own else "")
        for found in _TAG.finditer(text):
            kind = next(filter(None, found.groups()))
            if kind not in self._seen:
                self._find(found[0], kind, line + text.count("\n", 0, found.start()))
        return text

    def fence(self, info: str, line: int) -> None:
        if (found := _DIRECTIVE.match(info)) and found[1] not in self._seen:
            self._find(found[0], found[1], line)

    def _find(self, shown: str, kind: str, line: int) -> None:
        self._seen.add(kind)
        what = f"{shown} is a tag of another generator, and stands as it is written"
        self._resolver.find(line, "template-tag", what, "write what it stands for, or mark it as code")
