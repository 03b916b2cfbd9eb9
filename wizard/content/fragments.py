"""Pieces of sanitised HTML: the elements at their top, their text, and how they are shown.

Sanitised means: well-formed, comments gone, `<` and `>` escaped in text and in attributes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape, unescape

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_ELEMENT = re.compile(r"<(?!(?:area|br|col|hr|img|wbr)\b)([a-z][a-z0-9]*)([^>]*)>")
_TABLE = re.compile(r"<(/?)table\b[^>]*>")
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_LINE = re.compile(r' data-line="(\d+)"')


@dataclass(slots=True)
class Block:
    """An element that stands at the top of a piece of HTML. Offsets into that HTML."""

    tag: str
    attributes: str
    start: int
    inner: int
    inner_end: int
    end: int
    children: Sequence["Block"] = ()
    """Of an ordered list: what stands in it, items and whatever else was written there."""

    @property
    def line(self) -> int:
        return line_of(self.attributes)

    @property
    def items(self) -> int:
        return sum(child.tag == "li" for child in self.children)


def line_of(attributes: str) -> int:
    """The line of the file, as `data-line` remembers it; 0 where nothing does."""
    found = _LINE.search(attributes)
    return int(found[1]) if found else 0


def blocks(html: str, start: int, end: int) -> list[Block]:
    """The elements at the top of html[start:end], in order."""
    found = _elements(html, start, end)
    for block in found:
        if block.tag == "ol":
            block.children = _elements(html, block.inner, block.inner_end)
    return found


def _elements(html: str, position: int, end: int) -> list[Block]:
    found: list[Block] = []
    while tag := _ELEMENT.search(html, position, end):
        name, attributes = tag.groups()
        inner_end = _end(html, name, tag.end())
        position = inner_end + len(name) + 3
        found.append(Block(name, attributes, tag.start(), tag.end(), inner_end, position))
    return found


def _end(html: str, name: str, inner: int) -> int:
    """Where the element ends whose content begins at `inner`."""
    close = html.find(f"</{name}>", inner)
    if html.find(f"<{name}", inner, close) < 0:  # most elements hold none of their own name
        return close
    depth = 1
    for tag in _tags(name).finditer(html, inner):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start()
    raise ValueError(f"<{name}> at {inner} is not closed, so this is no sanitised HTML")


@cache
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}\b")


def plain(html: str) -> str:
    """The text of a piece of HTML, on one line."""
    if "<" in html:
        html = _TAG.sub("", html)
    return " ".join((unescape(html) if "&" in html else html).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters: whole sentences where they fill a third of it, else cut between words."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, 0, limit) for mark in (". ", "? ", "! "))
    if end >= limit // 3:
        return text[: end + 1]
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "\u2026"


def ready(html: str) -> str:
    """As it is shown: lines forgotten, code and tables reached by the keyboard."""
    if "data-line" in html:
        html = _LINE.sub("", html)
    if "<pre" in html:
        html = html.replace("<pre>", '<pre tabindex="0">')
    return (_with_scrollers(html) if "<table" in html else html).strip()


def _with_scrollers(html: str) -> str:
    """Each table in a scroller that the keyboard reaches, named by the table's heads; not those in a table."""
    pieces: list[str] = []
    depth = begun = done = 0
    for tag in _TABLE.finditer(html):
        depth += -1 if tag[1] else 1
        if depth == 1 and not tag[1]:
            begun = tag.start()
        elif depth == 0:
            table = html[begun : tag.end()]
            heads = [plain(head) for head in _HEAD.findall(table)]
            name = escape(shorten("Table: " + ", ".join(filter(None, heads)), 80)) if heads else "Table"
            scroller = f'<div class="table" role="group" aria-label="{name}" tabindex="0">{table}</div>'
            pieces += [html[done:begun], scroller]
            done = tag.end()
    return "".join([*pieces, html[done:]])
