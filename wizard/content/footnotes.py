"""Footnotes: `[^1]` in the text, `[^1]: words` anywhere; they stand at the end, linked both ways."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

_REFERENCE = re.compile(r"\[\^([^\s\]]{1,100})\]")


def enable(parser: MarkdownIt) -> None:
    footnote_plugin(parser, inline=False)
    parser.inline.ruler.at("footnote_ref", _reference)
    parser.add_render_rule("footnote_ref", _ref)
    parser.add_render_rule("footnote_block_open", lambda *_: '<div class="footnotes">\n<ol>\n')
    parser.add_render_rule("footnote_block_close", lambda *_: "</ol>\n</div>\n")
    parser.add_render_rule("footnote_open", _open)
    parser.add_render_rule("footnote_anchor", _anchor)


def _reference(state: StateInline, silent: bool) -> bool:
    """The plugin's own rule reads to the end of the text for each `[^` that is not closed."""
    notes = state.env.get("footnotes", {}).get("refs", {})
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found or f":{found[1]}" not in notes:
        return False
    if not silent:
        listed = state.env["footnotes"].setdefault("list", {})
        number = notes[f":{found[1]}"]
        if number < 0:
            number = notes[f":{found[1]}"] = len(listed)
            listed[number] = {"label": found[1], "count": 0}
        token = state.push("footnote_ref", "", 0)
        token.meta = {"id": number, "subId": listed[number]["count"]}
        listed[number]["count"] += 1
    state.pos = found.end()
    return True


def _name(token: Token) -> str:
    again = token.meta.get("subId", 0)
    return f"{token.meta['id'] + 1}" + (f"-{again + 1}" if again else "")


def _ref(_renderer: object, tokens: Sequence[Token], place: int, *_others: Any) -> str:
    number = tokens[place].meta["id"] + 1
    return f'<sup><a href="#fn-{number}" id="fnref-{_name(tokens[place])}">{number}</a></sup>'


def _open(_renderer: object, tokens: Sequence[Token], place: int, *_others: Any) -> str:
    return f'<li id="fn-{tokens[place].meta["id"] + 1}">'


def _anchor(_renderer: object, tokens: Sequence[Token], place: int, *_others: Any) -> str:
    return f' <a href="#fnref-{_name(tokens[place])}" aria-label="Back to the text">\u21a9</a>'
