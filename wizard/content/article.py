"""What an article is, once read. HTML still carries the marks of `marks.py` in its links."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class Link:
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


@dataclass(frozen=True, slots=True)
class Article:
    path: str
    """Relative to the articles folder, with `/`."""
    address: str
    title: str
    content_hash: str
    """sha256 of the file, hex."""
    summary: str = ""
    """First paragraph as text, at most 160 characters."""
    updated: date | None = None
    updated_text: str = ""
    """The date as written, where it is not clear."""
    author: str = ""
    owner: str = ""
    keywords: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    """Old addresses, `/a/b/` or `/a/b.html`, that lead here."""
    sticky: bool = False
    review_by: date | None = None
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
    next: tuple[str, ...] = ()
    """Addresses of the articles of `next:` in front matter that next_html does not link."""
    headings: tuple[Heading, ...] = ()
    anchors: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()

    @property
    def slug(self) -> str:
        return PurePosixPath(self.address).name

    @property
    def is_guide(self) -> bool:
        return any(step.actions for step in self.steps)

    def step(self, identity: str) -> Step | None:
        return next((step for step in self.steps if step.identity == identity), None)

    def live_steps(self) -> Iterator[Step]:
        """The steps that count: those with an action."""
        return (step for step in self.steps if step.actions)
