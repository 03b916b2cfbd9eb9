"""What is wrong with the articles, said as a compiler says it: `path:line: code: what (what to do)`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

ERROR, WARNING = "error", "warning"

CODES = {
    "accent-contrast": WARNING,  # the accent colour cannot be read on paper; a darker one is used
    "action-not-step": WARNING,  # an action in a list or heading, and no step has one
    "address-taken": ERROR,  # two articles, or an article and a page of ours, want one address; left out
    "attachment-missing": ERROR,  # front matter names a file that is not there
    "claim-unused": WARNING,  # a claim of wizard.toml matches no link
    "date-unclear": WARNING,  # a date that can be read in two ways, or in none
    "file-unreadable": ERROR,  # a file or folder that cannot be opened; left out
    "frame-linked": WARNING,  # a frame of a host that the settings do not allow became a link
    "front-matter": ERROR,  # front matter that cannot be read; the article is left out
    "html-removed": WARNING,  # HTML that no article may hold
    "image-alt": WARNING,  # an image without a description
    "image-as-code": WARNING,  # an image that is indented so far that it is shown as code
    "image-missing": ERROR,  # an image that is not there
    "key-twice": WARNING,  # front matter gives a key twice
    "key-unknown": WARNING,  # front matter has a key that means nothing
    "link-anchor": WARNING,  # a link to a place in a page that the page does not have
    "link-broken": ERROR,  # a link to an article or file that is not there
    "link-case": WARNING,  # a link in the wrong case
    "link-outside": ERROR,  # a path that leaves the articles folder
    "link-own-address": WARNING,  # an absolute link to the site itself
    "link-scheme": WARNING,  # a link of a kind that no article may hold
    "link-undefined": WARNING,  # a reference link without its address
    "nested-too-deep": ERROR,  # lists or quotes in so many others that the rest is not read
    "next-nowhere": WARNING,  # What Is Next names something that is no article
    "orphan": WARNING,  # no article leads here
    "portal-home": WARNING,  # a step whose only live link is a portal's home page
    "review-overdue": WARNING,  # review_by has passed
    "role-unknown": ERROR,  # requires: names no role
    "step-id-taken": WARNING,  # two steps with one identity
    "template-tag": WARNING,  # a tag of another generator in the text
    "title-missing": WARNING,  # front matter without a title
    "unknown-action": ERROR,  # an action: link or a claim with a name that no action has
    "value-wrong": WARNING,  # a value of the wrong kind
}


class Finding(NamedTuple):
    path: str
    """The file, relative to the articles folder; `wizard.toml` for claims."""
    line: int
    """From 1; 0 where no line is meant."""
    code: str
    what: str
    mend: str

    @property
    def is_error(self) -> bool:
        return CODES[self.code] == ERROR

    def text(self, prefix: str = "") -> str:
        """One line. prefix: the articles folder as the caller wrote it, ending in `/`."""
        text = f"{prefix}{self.path}:{self.line}: {self.code}: {self.what} ({self.mend})"
        if text.isprintable():
            return text
        return "".join(character if character.isprintable() else "\ufffd" for character in text)


def count(findings: Sequence[Finding]) -> tuple[int, int]:
    """(warnings, errors)"""
    errors = sum(finding.is_error for finding in findings)
    return len(findings) - errors, errors


def overdue(reviews: Iterable[tuple[str, date]], today: date) -> Iterator[Finding]:
    """reviews: path of an article, and the day by which it is to be reviewed."""
    for path, by in reviews:
        if by < today:
            what = f"was to be reviewed by {by}"
            yield Finding(path, 1, "review-overdue", what, "review it and set a later review_by")
