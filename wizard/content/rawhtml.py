"""HTML as authors write it: its links resolved and its lines remembered, before it is sanitised."""

import re
from html import escape, unescape

from wizard.content.links import Resolver

_REMOVED = "audio|button|canvas|embed|form|frame|iframe|input|math|object|script|select|style|svg|textarea|video"
_TAG = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(a|img|li|h[1-6]|{_REMOVED})(?=[\s>/])((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
"""Name and value, one after another, so that no name is found inside a value."""


def resolve(html: str, first_line: int, resolver: Resolver) -> str:
    """`html` with links resolved and `data-line` on headings and list items; comments are gone.

    first_line: the line of the file on which `html` begins.
    """

    def replace(found: re.Match[str]) -> str:
        line = first_line + html.count("\n", 0, found.start())
        if found[1] is None:
            return "\n" * found[0].count("\n")
        tag, attributes = found[1].lower(), found[2]
        if tag == "a":
            return f"<a{_ATTRIBUTE.sub(lambda a: _href(a, line), attributes)}>"
        if tag == "img":
            return _image(attributes, line)
        if tag in _REMOVED.split("|"):
            resolver.find(line, "html-removed", f"<{tag}> is taken out", "say it in words, or link to it")
            return found[0]
        return f'<{tag}{attributes.rstrip("/")} data-line="{line}">'

    def _href(found: re.Match[str], line: int) -> str:
        if found[1].lower() != "href":
            return found[0]
        href = resolver.link(_value(found), line, "")
        return "" if href is None else f'href="{escape(href)}"'

    def _image(attributes: str, line: int) -> str:
        values: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(attributes):
            values.setdefault(found[1].lower(), _value(found))
        alt = values.get("alt", "")
        src = resolver.image(values.get("src", ""), line, alt)
        if src is None:
            return escape(alt)
        kept = _ATTRIBUTE.sub(lambda a: "" if a[1].lower() in ("src", "alt") else a[0], attributes).rstrip("/")
        return f'<img src="{escape(src)}" alt="{escape(alt)}"{kept}>'

    return _TAG.sub(replace, html)


def _value(found: re.Match[str]) -> str:
    return unescape(next(group for group in found.groups()[1:] if group is not None)).strip()
