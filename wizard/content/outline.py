"""The shape of an article's HTML: headings, the steps, What Is Next, and what stands around them.

Works on sanitised HTML only.
"""

import re
from bisect import bisect
from dataclasses import dataclass, field

from wizard.content.article import Heading
from wizard.content.fragments import Block, blocks, plain, ready, shorten
from wizard.content.headings import EXPLICIT, NEXT, name_headings, without_id

_NAMED = re.compile(r'<[a-z][a-z0-9]* [^>]*?\b(?:id|name)="([^"]*)"')
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_NOTE = re.compile(r'<sup><a href="#fn-[^<]*</a></sup>')
_START = re.compile(r'\bstart="(\d{1,9})"')
_STEPS = re.compile(r"\bsteps\b", re.IGNORECASE)
_LEAD = re.compile(r"\s*(?:<p>)?\s*<(strong|b)>(.*?)</\1>", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s")
_INLINE_END = re.compile(r"<(?:p|ul|ol|pre|table|blockquote|div|dl|figure|h[1-6]|img|br)\b")


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
    if ' id="' in html or ' name="' in html:
        result.anchors.update(_NAMED.findall(html))
    html, result.headings = name_headings(html, title)
    result.anchors.update(heading.anchor for heading in result.headings)
    found = blocks(html, 0, len(html))
    html_next, next_end = len(html), len(html)
    for place in _places_of(NEXT, result.headings, found)[:1]:
        block = found[place]
        after = next((b for b in found[place + 1 :] if _ends(b, block)), None)
        html_next, next_end = block.start, after.start if after else len(html)
        result.next_html = ready(html[block.end : next_end])
        result.next_line = block.line
        found = [b for b in found if not html_next <= b.start < next_end]
    runs = _step_lists(found, result.headings)
    start, end = _collect_items(html, runs, result) if runs else (html_next, html_next)
    pieces = [html[:start], html[end:]]
    if html_next >= end:
        pieces[1] = html[end:html_next] + html[next_end:]
    else:
        pieces[0] = html[:html_next] + html[next_end:start]
    result.intro, result.outro = (ready(piece) for piece in pieces)
    texts = (plain(_NOTE.sub("", html[b.inner : b.inner_end])) for b in found if b.tag == "p")
    result.summary = shorten(next(filter(None, texts), ""), 160)
    return result


def _level(block: Block) -> int:
    return _LEVELS.get(block.tag, 0)


def _places_of(words: re.Pattern[str], headings: list[Heading], found: list[Block]) -> list[int]:
    """The places in `found` of the headings whose text has these words."""
    ids = {heading.anchor for heading in headings if words.search(heading.text)}
    if not ids:
        return []
    return [place for place, block in enumerate(found) if _level(block) and _id(block) in ids]


def _id(block: Block) -> str:
    return block.attributes.partition(' id="')[2].partition('"')[0]


def _ends(block: Block, heading: Block) -> bool:
    """It begins something that is not of this heading's section: footnotes belong to the article."""
    return 0 < _level(block) <= _level(heading) or 'class="footnotes"' in block.attributes


def _step_lists(found: list[Block], headings: list[Heading]) -> list[Block]:
    """The ordered lists that are the steps: the first under a heading with "steps" in it, or else
    the first; then those of the same section whose numbering goes on."""
    lists = [place for place, block in enumerate(found) if block.tag == "ol" and block.items]
    if not lists:
        return []
    first = lists[0]
    for place in _places_of(_STEPS, headings, found):
        level = _level(found[place])
        end = next((p for p in range(place + 1, len(found)) if 0 < _level(found[p]) <= level), len(found))
        under = bisect(lists, place)
        if under < len(lists) and lists[under] < end:
            first = lists[under]
            break
    chosen = [found[first]]
    expected = _start(found[first]) + found[first].items
    for block in found[first + 1 :]:
        if _level(block):
            break
        if block.tag == "ol":
            if _start(block) != expected:
                break
            chosen.append(block)
            expected += block.items
    return chosen


def _start(block: Block) -> int:
    found = _START.search(block.attributes)
    return int(found[1]) if found else 1


def _collect_items(html: str, runs: list[Block], result: Outline) -> tuple[int, int]:
    """Fill result.items; returns where the steps begin and end in `html`."""
    pieces: list[list[str]] = []
    for run, block in enumerate(runs):
        before: list[str] = []
        for part in block.children:
            if part.tag == "li":
                pieces.append([*before, html[part.inner : part.inner_end]])
                result.items.append(Item(len(pieces), "", part.line))
                before = []
            else:  # no HTML allows it, and authors write it: it belongs to the step before
                (pieces[-1] if pieces else before).append(html[part.start : part.end])
        if run + 1 < len(runs):
            pieces[-1].append(html[block.end : runs[run + 1].start])
    for item, parts in zip(result.items, pieces, strict=True):
        item.html = "".join(parts)
        _finish(item)
    return runs[0].start, runs[-1].end


def _finish(item: Item) -> None:
    head, rest = _first_text(item.html)
    if explicit := EXPLICIT.search(head):
        item.explicit_id = explicit[1]
        head = without_id(head)
    item.html = ready(head + rest)
    text = plain(head)
    lead = _LEAD.match(head)
    sentence = _SENTENCE.split(plain(lead[2]) if lead else text, maxsplit=1)[0]
    item.title = shorten(sentence, 72).rstrip(".:") or f"Step {item.number}"
    is_whole = head.count("<") == 2 * head.count("</")  # a line may break inside of bold words
    item.words = ready(rest) if is_whole and text.rstrip(".:") == item.title else item.html


def _first_text(html: str) -> tuple[str, str]:
    """The first paragraph or run of text of an item, and all that follows it."""
    stripped = len(html) - len(html.lstrip())
    if html.startswith("<p>", stripped):
        end = html.find("</p>", stripped) + len("</p>")
        return html[:end], html[end:]
    if found := _INLINE_END.search(html):
        return html[: found.start()], html[found.start() :]
    return html, ""
