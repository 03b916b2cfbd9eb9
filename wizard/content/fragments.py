"""Pieces of sanitised HTML: the elements at their top, their text, and how they are shown.

Sanitised means: well-formed, comments gone, `<` and `>` escaped in text and in attributes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_ELEMENT = re.compile(r"<(/?)(?!(?:area|br|col|hr|img|wbr)\b)([a-z][a-z0-9]*)([^>]*)>")
_TABLE = re.compile(r"<(/?)table\b[^>]*>")
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_LINE = re.compile(r' data-line="(\d+)"')
_LISTS = ("ol", "ul")


@dataclass(slots=True)
class Block:
    """An element that stands at the top of a piece of HTML. Offsets into that HTML."""

    tag: str
    attributes: str
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    children: Sequence["Block"] = ()
    """Of a list: what stands in it, items and whatever else was written there."""

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
    found: list[Block] = []
    children: list[Block] = []
    depth, position, in_list = 0, start, False
    while tag := _ELEMENT.search(html, position, end):
        closing, name, attributes = tag.groups()
        position = tag.end()
        if closing:
            depth -= 1
            if depth == 0:
                found[-1].inner_end, found[-1].end = tag.start(), position
            elif depth == 1 and in_list:
                children[-1].inner_end, children[-1].end = tag.start(), position
            continue
        is_list = name in _LISTS
        block = None
        if depth == 0:
            block = Block(name, attributes, tag.start(), position)
            found.append(block)
            if in_list := is_list:
                block.children = children = []
        elif depth == 1 and in_list:
            block = Block(name, attributes, tag.start(), position)
            children.append(block)
        # Most elements hold none of their own name: such a one ends where its name is closed first.
        close = html.find(f"</{name}>", position, end)
        if is_list or html.find(f"<{name}", position, close) >= 0:
            depth += 1
            continue
        position = close + len(name) + 3
        if block:
            block.inner_end, block.end = close, position
    return found


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
