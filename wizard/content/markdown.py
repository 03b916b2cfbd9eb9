"""Markdown to HTML: CommonMark with tables and strikethrough; links resolved, lines remembered."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wizard.content import rawhtml
from wizard.content.links import Resolver

_DEEPEST = 100
_PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
_PARSER.validateLink = lambda _url: True  # the resolver says what is wrong
_WITH_LINE = {"heading_open", "list_item_open"}


def to_html(text: str, first_line: int, resolver: Resolver) -> str:
    """HTML of a Markdown body, not yet sanitised.

    first_line: the line of the file on which the body begins.
    """
    tokens = _PARSER.parse(text)
    line = first_line
    if deep := next((token for token in tokens if token.level >= _DEEPEST - 1), None):
        what = f"lists or quotes are nested {_DEEPEST} deep, and what is deeper is lost"
        resolver.find(first_line + (deep.map or [0])[0], "nested-too-deep", what, "nest less")
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type in _WITH_LINE:
            token.attrSet("data-line", str(line))
        elif token.type == "html_block":
            token.content = rawhtml.resolve(token.content, line, resolver)
        elif token.type == "inline":
            _resolve_inline(token, line, resolver)
        elif style := token.attrs.pop("style", None):
            token.attrSet("class", str(style).removeprefix("text-align:"))
    return _PARSER.renderer.render(tokens, _PARSER.options, {})


def _resolve_inline(inline: Token, line: int, resolver: Resolver) -> None:
    children = inline.children or []
    dropped = False
    for place, token in enumerate(children):
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "link_open":
            href = resolver.link(str(token.attrs["href"]), line, _text_until_close(children, place))
            dropped = href is None
            token.attrs = {} if href is None else {"href": href} | _title(token)
            token.hidden = dropped
        elif token.type == "link_close":
            token.hidden, dropped = dropped, False
        elif token.type == "image":
            src = resolver.image(str(token.attrs["src"]), line, token.content)
            if src is None:
                token.type, token.tag, token.children = "text", "", None
            else:
                token.attrs["src"] = src
        elif token.type == "html_inline":
            token.content = rawhtml.resolve(token.content, line, resolver)
            line += token.content.count("\n")


def _text_until_close(children: list[Token], place: int) -> str:
    text = ""
    for token in children[place + 1 :]:
        if token.type == "link_close":
            break
        text += token.content
    return text


def _title(token: Token) -> dict[str, str | int | float]:
    return {"title": token.attrs["title"]} if "title" in token.attrs else {}
