"""HTML that would cost its reader more than its length is made harmless first.

A parser of HTML carries every open element along: thousands in one another, or thousands of `<b id=..>`
that nobody closes, cost the square of their number.
"""

import re
from collections import Counter

import nh3

DEEPEST = 200
_MANY = 200
"""Elements; no article with fewer can cost much."""
_FORMATS = frozenset("b big code em font i nobr s small strike strong tt u".split())
_FORMATTED = re.compile(rf"<({'|'.join(sorted(_FORMATS))})(?=[\s/])[^>]*", re.IGNORECASE)
_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)[^>]*>?", re.IGNORECASE)
_ENDS_ITSELF = frozenset(
    "area br caption col colgroup dd dt hr img input li option p source td tfoot th thead tbody tr wbr".split()
)
"""Elements that hold nothing, or that end where the next of their kind begins."""
_WORDS_ONLY = frozenset("iframe noembed noframes noscript plaintext script style template textarea title xmp".split())
"""Elements in which no tag is one."""
_PHRASES = frozenset(
    "abbr acronym bdi bdo cite data del dfn ins kbd map mark q rp rt rtc ruby samp span sub sup time var".split()
)


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
    opened: list[str] = []
    cut = False

    def replace(tag: re.Match[str]) -> str:
        nonlocal cut
        name = tag[2].lower()
        if name in _ENDS_ITSELF or name in _WORDS_ONLY:
            return tag[0]
        if name not in nh3.ALLOWED_TAGS and name not in _FORMATS:
            return ""  # as the sanitiser does; but those of a drawing end in ways of their own
        if tag[1]:
            _close(name, opened)
        elif len(opened) >= DEEPEST:
            cut = True
            return ""
        else:
            opened.append(name)
        return tag[0]

    return _TAG.sub(replace, html), cut


def _close(name: str, opened: list[str]) -> None:
    """What an end tag ends, as browsers take it, whatever stands open between."""
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == name:
            if name in _FORMATS or name == "a":
                del opened[place]  # what was begun in it stays open
            else:  # bold and the like go on in what comes next
                opened[place:] = [one for one in opened[place:] if one in _FORMATS]
            return
        if name in _PHRASES and opened[place] not in _PHRASES | _FORMATS:
            return
        if opened[place] == "table":
            return
