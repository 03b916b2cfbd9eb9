"""What an article is, once read: what others know of it before (Entry) and after (Card), and all of it.

HTML still carries the marks of `marks.py` in its links.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple


class Link(NamedTuple):
    target: str
    """As the author wrote it."""
    line: int
    text: str
    address: str = ""
    """Address of the article or file in this library; empty for places outside."""
    anchor: str = ""
    """The place in that page, without `#`."""
    action: str = ""
    """The action that it opens."""
    is_image: bool = False
    file: str = ""
    """Path of the file beside the articles that it leads to."""


@dataclass(frozen=True, slots=True)
class Step:
    number: int
    title: str
    html: str
    words: str
    """HTML for the step's own page, where the title is the heading and need not be said again."""
    line: int
    identity: str
    """Survives edits: an explicit {#id}, else the first action it names, else the slug of its title."""
    actions: tuple[str, ...] = ()
    """Those that the wizard can do here, in the order of the text."""
    any_of: bool = False
    """Its actions are joined by "or": one is enough."""

    @property
    def anchor(self) -> str:
        return f"step-{self.number}"


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    """As rendered, from 2."""
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    html: str
    """A link to the file, marked like the links of the article."""


@dataclass(slots=True)
class Entry:
    """What an article's head says: known of all articles before any body is read."""

    path: str
    """Relative to the articles folder, with `/`."""
    address: str
    title: str
    content_hash: str = ""
    """sha256 of the file, hex."""
    sticky: bool = False
    keywords: tuple[str, ...] = ()
    address_line: int = 1
    """The line that gives the address, where one does."""

    @property
    def slug(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]

    def plain(self) -> tuple[Any, ...]:
        """The values alone, in order."""
        return _ENTRY(self)


_ENTRY = attrgetter(*(each.name for each in fields(Entry)))


@dataclass(slots=True)
class Card(Entry):
    """What lists, feeds and cross-checks know of an article: all but its text."""

    summary: str = ""
    """First paragraph as text, at most 160 characters."""
    updated: date | None = None
    updated_text: str = ""
    """The date as written, where it is not clear."""
    author: str = ""
    owner: str = ""
    review_by: date | None = None
    redirects: tuple[str, ...] = ()
    """Old addresses, `/a/b/` or `/a/b.html`, that lead here."""
    is_guide: bool = False
    next: tuple[str, ...] = ()
    """Addresses of the articles of `next:` in front matter that What Is Next does not link."""
    products: tuple[str, ...] = ()
    """What it is about, as `related-products` has it: kinds of services."""
    links: tuple[Link, ...] = ()
    """On a Card those to places in the library and to actions only."""
    anchors: frozenset[str] = frozenset()

    def card(self) -> "Card":
        """The card of an article, without its text and its links to places outside."""
        values = _CARD(self)
        inside = tuple(link for link in self.links if link.address or link.action)
        return Card(*values[:-2], inside, self.anchors)

    def plain(self) -> tuple[Any, ...]:
        """The values alone, in order; of links too, for those are many."""
        *values, links, anchors = _CARD(self)
        return *values, tuple(map(tuple, links)), anchors

    @classmethod
    def of(cls, plain: tuple[Any, ...]) -> "Card":
        """From its plain values."""
        *values, links, anchors = plain
        return cls(*values, tuple(map(Link._make, links)), anchors)


_CARD = attrgetter(*(each.name for each in fields(Card)))


@dataclass(slots=True)
class Article(Card):
    requires: str = ""
    """Role that the guide asks for."""
    attachments: tuple[Attachment, ...] = ()
    intro: str = ""
    """HTML before the steps, or the whole body."""
    steps: tuple[Step, ...] = ()
    outro: str = ""
    """HTML after the steps, without What Is Next."""
    next_html: str = ""
    """What the author wrote under What Is Next."""
    headings: tuple[Heading, ...] = ()

    def step(self, identity: str) -> Step | None:
        return next((step for step in self.steps if step.identity == identity), None)

    def live_steps(self) -> Iterator[Step]:
        """The steps that count: those with an action."""
        return (step for step in self.steps if step.actions)
