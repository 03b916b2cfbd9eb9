"""However tags are written, what comes out is nested no deeper than a parser of HTML can bear."""

from html.parser import HTMLParser

import pytest

from wizard.content.limits import DEEPEST, limit
from wizard.content.sanitise import sanitise

_OPEN_AT_ONCE = 3 * 14 + 2
"""Bold and the like go on in what comes next: as browsers do it, at most three of each kind."""


class _Depth(HTMLParser):
    deepest = depth = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.depth += tag not in ("br", "img", "hr", "col", "wbr", "area")
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, _tag: str) -> None:
        self.depth -= 1


def deepest(html: str) -> int:
    reader = _Depth()
    reader.feed(sanitise(limit(html)[0]))
    return reader.deepest


@pytest.mark.parametrize(
    "piece",
    "<b><ol></b>|<a><div></a>|<svg><b></svg>|<ruby><div></ruby>|<q><tt></q>|<ol></i>|</caption><caption><q>".split("|"),
)
def test_an_end_tag_ends_only_what_a_browser_ends_by_it(piece: str) -> None:
    assert deepest(piece * 2000) <= DEEPEST + _OPEN_AT_ONCE


def test_a_long_text_that_is_not_nested_stays_as_it_is() -> None:
    html = '<div><p>One <b>two</b> <code>three</code></p><ul><li><a href="#a">four</a></li></ul></div>' * 300
    assert limit(html) == (html, False)
