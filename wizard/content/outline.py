"""The shape of an article's HTML: headings, the steps, What Is Next, and what stands around them.

Works on sanitised HTML only: well-formed, comments gone, `<` escaped in text.
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from wizard.content.addresses import slug
from wizard.content.article import Heading

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
_HEADING = re.compile(r'<h([1-6])((?:[^>"]|"[^"]*")*)>(.*?)</h\1>', re.DOTALL)
_TABLE = re.compile(r"<table\b[^>]*>(?:(?!<table\b).)*?</table>", re.DOTALL)
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_LINE = re.compile(r' data-line="(\d+)"')
_EXPLICIT = re.compile(r"\s*\{#([A-Za-z][\w-]*)\}")
_ID = re.compile(r'\bid="([^"]*)"')
_NAMED = re.compile(r'<(?:[a-z][a-z0-9]*) [^>]*?\b(?:id|name)="([^"]*)"')
_NEXT = re.compile(r"what(\s+is|['\u2019]?s)\s+next\s*\??", re.IGNORECASE)
_VOID = frozenset("area br col hr img wbr".split())
_INLINE_END = re.compile(r"<(?:p|ul|ol|pre|table|blockquote|div|dl|h[1-6]|img|br)\b")


@dataclass(slots=True)
class Block:
    """An element that stands at the top of a piece of HTML. Offsets into that HTML."""

    tag: str
    attributes: str
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0

    @property
    def line(self) -> int:
        found = _LINE.search(self.attributes)
        return int(found[1]) if found else 0


@dataclass(slots=True)
class Item:
    """A step as it stands: its HTML and where it came from."""

    number: int
    html: str
    line: int
    title: str = ""
    explicit_id: str = ""
    words: str = ""
    """The HTML without its first sentence, where that is the title."""


@dataclass(slots=True)
class Outline:
    intro: str = ""
    items: list[Item] = field(default_factory=list)
    outro: str = ""
    next_html: str = ""
    next_line: int = 0
    headings: list[Heading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    summary: str = ""


def outline(html: str, title: str) -> Outline:
    """Take sanitised HTML apart. title: the article's; a first heading that repeats it is dropped."""
    result = Outline()
    html = _name_headings(html, title, result)
    result.anchors.update(_NAMED.findall(html))
    found = blocks(html, 0, len(html))
    html_next, next_end = len(html), len(html)
    for place, block in enumerate(found):
        if _level(block) and _NEXT.fullmatch(plain(html[block.inner : block.inner_end])):
            after = next((b for b in found[place + 1 :] if _level(b) and _level(b) <= _level(block)), None)
            html_next, next_end = block.start, after.start if after else len(html)
            result.next_html = _clean(html[block.end : next_end])
            result.next_line = block.line
            break
    found = [b for b in found if not html_next <= b.start < next_end]
    runs = _step_lists(html, found)
    start, end = _collect_items(html, found, runs, result) if runs else (html_next, html_next)
    pieces = [html[:start], html[end:]]
    if html_next >= end:
        pieces[1] = html[end:html_next] + html[next_end:]
    else:
        pieces[0] = html[:html_next] + html[next_end:start]
    result.intro, result.outro = (_clean(piece) for piece in pieces)
    first = next((b for b in found if b.tag == "p"), None)
    result.summary = shorten(plain(html[first.inner : first.inner_end]), 160) if first else ""
    return result


def blocks(html: str, start: int, end: int) -> list[Block]:
    """The elements at the top of html[start:end], in order."""
    found: list[Block] = []
    depth = 0
    for tag in _TAG.finditer(html, start, end):
        if tag[2] in _VOID:
            continue
        if tag[1]:
            depth -= 1
            if depth == 0 and found:
                found[-1].inner_end, found[-1].end = tag.start(), tag.end()
        else:
            if depth == 0:
                found.append(Block(tag[2], tag[3], tag.start(), tag.end()))
            depth += 1
    return found


def plain(html: str) -> str:
    """The text of a piece of HTML, on one line."""
    return " ".join(unescape(_TAG.sub("", html)).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters: whole sentences where they fill a third of it, else cut between words."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, 0, limit) for mark in (". ", "? ", "! "))
    if end >= limit // 3:
        return text[: end + 1]
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "\u2026"


def _level(block: Block) -> int:
    return int(block.tag[1]) if re.fullmatch("h[1-6]", block.tag) else 0


def _name_headings(html: str, title: str, result: Outline) -> str:
    """Give headings ids, and levels from 2 without gaps."""
    taken: dict[str, int] = {}
    stack: list[int] = []

    def replace(found: re.Match[str]) -> str:
        inner = found[3]
        text = plain(inner)
        if not taken and found.start() == len(html) - len(html.lstrip()) and text == title:
            return ""
        level = int(found[1])
        while stack and stack[-1] >= level:
            stack.pop()
        stack.append(level)
        rendered = min(len(stack) + 1, 6)
        own = _ID.search(found[2])
        explicit = _EXPLICIT.search(text)
        if explicit:
            inner, text = _EXPLICIT.sub("", inner), _EXPLICIT.sub("", text)
        anchor = explicit[1] if explicit else own[1] if own else slug(text)
        taken[anchor] = taken.get(anchor, 0) + 1
        if taken[anchor] > 1:
            anchor = f"{anchor}-{taken[anchor]}"
        result.headings.append(Heading(rendered, text, anchor))
        line = _LINE.search(found[2])
        return f'<h{rendered} id="{anchor}"{line[0] if line else ""}>{inner}</h{rendered}>'

    return _HEADING.sub(replace, html)


def _step_lists(html: str, found: list[Block]) -> list[int]:
    """Places in `found` of the ordered lists that are the steps: the first under a heading with
    "steps" in it, or else the first; then those of the same section whose numbering goes on."""
    lists = [place for place, block in enumerate(found) if block.tag == "ol" and _count(html, block)]
    if not lists:
        return []
    first = lists[0]
    for place, block in enumerate(found):
        if _level(block) and re.search(r"\bsteps\b", plain(html[block.inner : block.inner_end]), re.IGNORECASE):
            end = next((p for p in range(place + 1, len(found)) if 0 < _level(found[p]) <= _level(block)), len(found))
            under = [p for p in lists if place < p < end]
            if under:
                first = under[0]
                break
    chosen = [first]
    expected = _start(found[first]) + _count(html, found[first])
    for place in range(first + 1, len(found)):
        if _level(found[place]):
            break
        if found[place].tag == "ol":
            if _start(found[place]) != expected:
                break
            chosen.append(place)
            expected += _count(html, found[place])
    return chosen


def _start(block: Block) -> int:
    found = re.search(r'\bstart="(\d+)"', block.attributes)
    return int(found[1]) if found else 1


def _count(html: str, block: Block) -> int:
    return sum(b.tag == "li" for b in blocks(html, block.inner, block.inner_end))


def _collect_items(html: str, found: list[Block], runs: list[int], result: Outline) -> tuple[int, int]:
    """Fill result.items; returns where the steps begin and end in `html`."""
    number = 0
    for run, place in enumerate(runs):
        block = found[place]
        before = ""
        for part in blocks(html, block.inner, block.inner_end):
            if part.tag == "li":
                number += 1
                result.items.append(Item(number, before + html[part.inner : part.inner_end], part.line))
                before = ""
            elif number:  # no HTML allows it, and authors write it: it belongs to the step before
                result.items[-1].html += html[part.start : part.end]
            else:
                before += html[part.start : part.end]
        if run + 1 < len(runs) and result.items:
            result.items[-1].html += html[block.end : found[runs[run + 1]].start]
    for item in result.items:
        _finish(item)
    return found[runs[0]].start, found[runs[-1]].end


def _finish(item: Item) -> None:
    head, rest = _first_text(item.html)
    if explicit := _EXPLICIT.search(head):
        item.explicit_id = explicit[1]
        head = _EXPLICIT.sub("", head)
    item.html = _clean(head + rest)
    lead = re.match(r"\s*(?:<p>)?\s*<(strong|b)>(.*?)</\1>", head, re.DOTALL)
    text = plain(lead[2]) if lead else plain(head)
    sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    item.title = shorten(sentence, 72).rstrip(".:") or f"Step {item.number}"
    item.words = _clean(rest) if plain(head).rstrip(".:") == item.title else item.html


def _first_text(html: str) -> tuple[str, str]:
    """The first paragraph or run of text of an item, and all that follows it."""
    stripped = len(html) - len(html.lstrip())
    if html.startswith("<p>", stripped):
        end = html.find("</p>", stripped) + len("</p>")
        return html[:end], html[end:]
    if found := _INLINE_END.search(html):
        return html[: found.start()], html[found.start() :]
    return html, ""


def _clean(html: str) -> str:
    """Ready to be shown: lines forgotten, tables in a scroller of their own."""
    html = _LINE.sub("", html).replace("<pre>", '<pre tabindex="0">')
    return _TABLE.sub(_scroller, html).strip()


def _scroller(table: re.Match[str]) -> str:
    """A table in a scroller that the keyboard reaches, named by the table's heads."""
    heads = [plain(head) for head in _HEAD.findall(table[0])]
    name = escape(shorten("Table: " + ", ".join(filter(None, heads)), 80)) if heads else "Table"
    return f'<div class="table" role="group" aria-label="{name}" tabindex="0">{table[0]}</div>'
