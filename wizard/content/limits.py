"""HTML that would cost its reader more than its length is made harmless first.

A parser of HTML carries every open element along: thousands in one another, or thousands of `<b id=..>`
that nobody closes, cost the square of their number.
"""

import re
from collections import Counter

DEEPEST = 200
_MANY = 200
"""Elements; no article with fewer can cost much."""
_FORMATS = "b big code em font i nobr s small strike strong tt u".split()
_FORMATTED = re.compile(rf"<({'|'.join(_FORMATS)})(?=[\s/])[^>]*", re.IGNORECASE)
_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)[^>]*>?", re.IGNORECASE)
_ENDS_ITSELF = "area br col dd dt hr img input li option p source td tfoot th thead tbody tr wbr".split()
"""Elements that hold nothing, or that end where the next of their kind begins."""


def limit(html: str) -> tuple[str, bool]:
    """`html` with no more than so much in one another, and whether something was taken out for it."""
    if html.count("<") - html.count("</") < _MANY:
        return html, False
    names = Counter(map(str.lower, _NAME.findall(html)))
    if sum(names[name] for name in _FORMATS) > _MANY and len(_FORMATTED.findall(html)) > _MANY:
        html = _FORMATTED.sub(r"<\1", html)
    if names.total() - sum(names[name] for name in _ENDS_ITSELF) < DEEPEST:
        return html, False
    return _flattened(html)


def _flattened(html: str) -> tuple[str, bool]:
    depth = 0
    cut = False

    def replace(tag: re.Match[str]) -> str:
        nonlocal depth, cut
        if tag[2].lower() in _ENDS_ITSELF:
            return tag[0]
        if tag[1]:
            depth = max(0, depth - 1)
        elif depth >= DEEPEST:
            cut = True
            return ""
        else:
            depth += 1
        return tag[0]

    return _TAG.sub(replace, html), cut
