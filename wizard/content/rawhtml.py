"""HTML as authors write it: its links resolved and its lines remembered, before it is sanitised."""

import re
from html import escape, unescape

from wizard.content import frames, templates
from wizard.content.links import Resolver

_REMOVED = frozenset("button canvas embed form frame input math object script select style svg textarea".split())
_VALUE = r"(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"'][^\s>]*+))?+"
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style)(?=[\s>/]).*?(?:</\1\s*>|\Z)"
    r"|</(?:iframe|audio|video)\s*>"
    rf"|<(a|img|li|h[1-6]|audio|iframe|source|video|{'|'.join(sorted(_REMOVED))})(?=[\s>/])"
    rf"((?:[\s/]++|[^\s/>][^\s/>=]*+{_VALUE})*+)(>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
"""No part of it is read twice: whatever is not closed reaches to the end."""
_ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*+)))?+", re.DOTALL)


def resolve(html: str, first_line: int, resolver: Resolver) -> str:
    """`html` with links resolved and `data-line` on headings and list items; comments are gone.

    first_line: the line of the file on which `html` begins.
    """
    line, counted = first_line, 0

    def replace(found: re.Match[str]) -> str:
        nonlocal line, counted
        line += html.count("\n", counted, found.start())
        counted = found.start()
        tag = (found[1] or found[2] or "").lower()
        if tag in _REMOVED:
            resolver.find(line, "html-removed", f"<{tag}> is taken out", "say it in words, or link to it")
        if found[2] is None or not found[4]:
            return "\n" * found[0].count("\n")
        if tag in _REMOVED:
            return found[0]
        if tag not in _REBUILT:  # ours first: of two attributes of one name the first is taken
            return f'<{tag} data-line="{line}"{found[3].rstrip("/")}>'
        values: dict[str, str] = {}
        for name, *written in _ATTRIBUTE.findall(found[3]):
            values.setdefault(name.lower(), unescape("".join(written)).strip() if "".join(written) else "")
        return _REBUILT[tag](values, line, resolver)

    return _TAG.sub(replace, html) if "<" in html else html


def _link(values: dict[str, str], line: int, resolver: Resolver) -> str:
    if "href" in values:
        href = resolver.link(templates.address(values.pop("href")), line, "")
        if href is not None:
            values["href"] = href
    return f"<a{_written(values)}>"


def _image(values: dict[str, str], line: int, resolver: Resolver) -> str:
    alt = values.pop("alt", "")
    made = resolver.image(templates.address(values.pop("src", "")), line, alt)
    if made is None:
        return escape(alt)
    if "width" in values or "height" in values:
        made = {name: value for name, value in made.items() if name not in ("width", "height")}
    return f"<img{_written({**values, **made, 'alt': alt})}>"


def _written(values: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in values.items())


_REBUILT = {
    "a": _link,
    "img": _image,
    "iframe": frames.frame,
    "audio": frames.media,
    "video": frames.media,
    "source": frames.media,
}
