"""Callouts: a note, a tip, a warning that stands apart.

Two forms become one: a quote that begins with `[!NOTE]`, and a block between `:::note` and `:::`.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

KINDS = ("note", "tip", "important", "warning", "caution")
_ALSO = {"info": "note", "hint": "tip", "attention": "warning", "danger": "caution"}
_KIND = "|".join((*KINDS, *_ALSO))
_MARK = re.compile(rf"\[!({'|'.join(KINDS)})\][ \t]*(?:\n|$)", re.IGNORECASE)
_OPEN = re.compile(rf"(:{{3,}})[ \t]*(?:\{{({_KIND})\}}|({_KIND})\b)[ \t]*(?:\[([^\]\n]*)\]|([^\n]*))$", re.IGNORECASE)


def from_quote(tokens: Sequence[Token], place: int) -> None:
    """Make a callout of the quote whose first paragraph's text is tokens[place], if it is marked as one."""
    paragraph, inline = tokens[place - 1 : place + 1]
    found = _MARK.match(inline.content)
    children = inline.children or []
    if not found or place < 2 or not children or not children[0].content.startswith("[!"):
        return
    quote = tokens[place - 2]
    if quote.type != "blockquote_open":
        return
    close = next(token for token in tokens[place:] if token.type == "blockquote_close" and token.level == quote.level)
    _open(quote, found[1], "")
    close.tag = "div"
    del children[:2]
    if not children:
        paragraph.hidden = tokens[place + 1].hidden = True


def colons(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The block rule for `:::note`; one that is not closed reaches to the end of what it stands in."""
    if not state.src.startswith(":::", _begin(state, start)) or state.is_code_block(start):
        return False
    found = _OPEN.match(state.src[_begin(state, start) : state.eMarks[start]].rstrip())
    if not found or silent:
        return bool(found)
    last = start + 1
    while last < end and not _closes(state, last, len(found[1])):
        last += 1
    parent, limit = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    token = state.push("callout_open", "div", 1)
    token.block, token.map = True, [start, last]
    _open(token, found[2] or found[3], found[4] or found[5] or "")
    state.md.block.tokenize(state, start + 1, last)
    state.push("callout_close", "div", -1).block = True
    state.parentType, state.lineMax = parent, limit
    state.line = min(last + 1, end)
    return True


def _begin(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _closes(state: StateBlock, line: int, colons: int) -> bool:
    text = state.src[_begin(state, line) : state.eMarks[line]].rstrip()
    return len(text) >= colons and not text.strip(":")


def _open(token: Token, kind: str, title: str) -> None:
    kind = _ALSO.get(kind.lower(), kind.lower())
    token.type, token.tag = "callout_open", "div"
    token.meta = {"kind": kind, "title": title.strip() or kind.capitalize()}


def render(_renderer: object, tokens: Sequence[Token], place: int, *_others: Any) -> str:
    kind, title = tokens[place].meta["kind"], tokens[place].meta["title"]
    return f'<div class="callout {kind}" role="note">\n<p class="callout-title">{escape(title)}</p>\n'
