"""The keywords that several articles have, and the order of titles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from unicodedata import combining, normalize

from wizard.content.addresses import slug
from wizard.content.article import Entry

_NUMBER = re.compile(r"\d+")
_SIGNS_BEFORE = re.compile(r"^[\W_]+")


@dataclass(slots=True)
class Keyword:
    text: str
    """As the first article writes it."""
    address: str
    articles: list[Entry] = field(default_factory=list)
    """In a Library these are Cards."""


def keywords(articles: Iterable[Entry], start: str) -> dict[str, Keyword]:
    """Folded text -> each keyword that two articles have, or more. start: the address that theirs begin with.

    A keyword of one article leads nowhere that its reader is not already.
    """
    found: dict[str, Keyword] = {}
    for article in articles:
        for folded, text in {one.casefold(): one for one in article.keywords}.items():
            found.setdefault(folded, Keyword(text, "")).articles.append(article)
    shared = {folded: found[folded] for folded in sorted(found) if len(found[folded].articles) > 1}
    taken: set[str] = set()
    for keyword in shared.values():
        wanted, number = slug(keyword.text), 1
        while (part := wanted if number == 1 else f"{wanted}-{number}") in taken:
            number += 1  # C and C++
        taken.add(part)
        keyword.address = f"{start}{part}/"
        keyword.articles.sort(key=lambda one: (title_order(one.title), one.address))
    return shared


def title_order(title: str) -> str:
    """To be sorted by: without case, accents and what stands before the first letter; 9 comes before 10."""
    plain = title.casefold()
    if not plain.isascii():
        plain = "".join(sign for sign in normalize("NFKD", plain) if not combining(sign))
    return _NUMBER.sub(lambda number: number[0].zfill(9), _SIGNS_BEFORE.sub("", plain) or plain)
