"""Markdown to HTML: CommonMark with tables, strikethrough, callouts, tasks, captions and footnotes;
links resolved, lines remembered."""

import re
from html import escape

from markdown_it.token import Token

from wizard.content import callouts, rawhtml, templates
from wizard.content.links import Resolver
from wizard.content.parser import DEEPEST, parser_for

_WITH_LINE = {"heading_open", "list_item_open"}
_TASKS = {"[ ] ": "\u2610 ", "[x] ": "\u2611 ", "[X] ": "\u2611 "}
_IMAGE = re.compile(r"\s*!\[[^\]\n]*\]\([^)\n]*\)")
_REFERENCE = re.compile(r"(?<![\w\])])\[([^\[\]\n]*[^\W\d_]{2}[^\[\]\n]*)\]\[([^\[\]\n]*)\]")


def to_html(text: str, first_line: int, resolver: Resolver) -> str:
    """HTML of a Markdown body, not yet sanitised.

    first_line: the line of the file on which the body begins.
    """
    parser = parser_for(text)
    watch = templates.Watch(resolver) if "{" in text or ":::" in text else None
    env: dict[str, object] = {}
    tokens = parser.parse(text, env)
    line = first_line
    if deep := next((token for token in tokens if token.level >= DEEPEST - 1), None):
        what = f"lists or quotes are nested {DEEPEST} deep, and what is deeper is lost"
        resolver.find(first_line + (deep.map or [0])[0], "nested-too-deep", what, "nest less")
    for place, token in enumerate(tokens):
        if token.nesting < 0:
            continue
        if token.map:
            line = first_line + token.map[0]
        if token.type in _WITH_LINE:
            token.attrSet("data-line", str(line))
        elif token.type == "html_block":
            if watch:
                watch.text(token.content, line)
            token.content = rawhtml.resolve(token.content, line, resolver)
        elif token.type == "inline":
            _resolve_inline(token, line, resolver, watch, tokens[place - 1])
            _dress(tokens, place)
            if watch:
                templates.hide_empty(tokens, place)
        elif token.type == "code_block":
            if found := _IMAGE.match(token.content):
                mend = "indent it as far as the words of its list item, or not at all"
                resolver.find(line, "image-as-code", f"{found[0]} is indented, and so shown as code", mend)
        elif token.type == "fence":
            if watch:
                watch.fence(token.info, line)
        elif token.attrs and (style := token.attrs.pop("style", None)):
            token.attrSet("class", str(style).removeprefix("text-align:"))
    return parser.renderer.render(tokens, parser.options, env)


def _dress(tokens: list[Token], place: int) -> None:
    """What the first words of a paragraph make of it: a callout, a task; an image alone: a figure."""
    inline = tokens[place]
    if inline.content.startswith("["):
        if inline.content.startswith("[!"):
            callouts.from_quote(tokens, place)
        elif inline.content[:4] in _TASKS and tokens[place - 2].type == "list_item_open":
            first = inline.children[0]
            if first.content.startswith(inline.content[:4]):
                first.content = _TASKS[inline.content[:4]] + first.content[4:]
                tokens[place - 2].attrSet("class", "task")
    elif inline.content.startswith("![") and len(inline.children) == 1 and "title" in inline.children[0].attrs:
        image, paragraph, close = inline.children[0], tokens[place - 1], tokens[place + 1]
        if paragraph.type == "paragraph_open":
            caption = Token("html_inline", "", 0)
            caption.content = f"<figcaption>{escape(str(image.attrs.pop('title')))}</figcaption>"
            inline.children.append(caption)
            for token in (paragraph, close):
                token.tag, token.hidden = "figure", False


def _resolve_inline(inline: Token, line: int, resolver: Resolver, watch: templates.Watch | None, parent: Token) -> None:
    children = inline.children or []
    dropped = False
    for place, token in enumerate(children):
        if token.type == "text":
            if watch:
                token.content = watch.text(token.content, line, parent.type == "heading_open")
            if "][" in token.content:
                _find_references(token.content, line, resolver)
        elif token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "link_open":
            href = resolver.link(str(token.attrs["href"]), line, _text_until_close(children, place))
            dropped = href is None
            token.attrs = {} if href is None else {"href": href} | _title(token)
            token.hidden = dropped
        elif token.type == "link_close":
            token.hidden, dropped = dropped, False
        elif token.type == "image":
            made = resolver.image(str(token.attrs["src"]), line, token.content)
            if made is None:
                token.type, token.tag, token.children, token.attrs = "text", "", None, {}
            else:
                token.attrs.update(made)
        elif token.type == "html_inline":
            token.content = rawhtml.resolve(token.content, line, resolver)
            line += token.content.count("\n")


def _find_references(text: str, line: int, resolver: Resolver) -> None:
    for found in _REFERENCE.finditer(text):
        name = found[2] or found[1]
        resolver.find(line, "link-undefined", f"{found[0]} refers to nothing", f"add a line [{name}]: with the address")


def _text_until_close(children: list[Token], place: int) -> str:
    text = ""
    while (token := children[place := place + 1]).type != "link_close":
        text += token.content
    return text


def _title(token: Token) -> dict[str, str | int | float]:
    return {"title": token.attrs["title"]} if "title" in token.attrs else {}
