"""Lists of articles: by letter, by keyword, by date, and what comes before and after each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from unicodedata import combining, name, normalize

from wizard.content.addresses import slug
from wizard.content.article import Article
from wizard.content.library import Category, Library

_DIGITS, _SIGNS = "0\u20139", "Other"
_NUMBER = re.compile(r"\d+")
_SIGNS_BEFORE = re.compile(r"^[\W_]+")
_MANY = {"CJK": "\u6f22\u5b57", "HANGUL": "\ud55c\uae00", "HIRAGANA": "\u3042", "KATAKANA": "\u3042"}
"""Scripts of so many letters that they stand together: first word of a letter's name -> their heading."""


@dataclass(slots=True)
class Letter:
    text: str
    anchor: str
    articles: list[Article] = field(default_factory=list)


@dataclass(slots=True)
class Keyword:
    text: str
    """As the first article writes it."""
    address: str
    articles: list[Article] = field(default_factory=list)


def by_letter(articles: Iterable[Article]) -> list[Letter]:
    """Latin letters first, without their accents, then those of other scripts, then digits, then signs."""
    letters: dict[str, Letter] = {}
    for article in sorted(articles, key=lambda one: (_folded(one.title), one.address)):
        text = letter_of(article.title)
        if text not in letters:
            letters[text] = Letter(text, f"letter-{text[0].lower() if text != _SIGNS else 'other'}")
        letters[text].articles.append(article)
    rank = {_DIGITS: 2, _SIGNS: 3}
    return sorted(letters.values(), key=lambda one: (rank.get(one.text, one.text > "Z"), one.text))


def letter_of(title: str) -> str:
    """The heading that a title stands under. Quotes and the like before it do not count."""
    first = next((sign for sign in normalize("NFKC", title) if sign.isalnum()), "")
    if not first:
        return _SIGNS
    if not first.isalpha():
        return _DIGITS if first.isdigit() else _SIGNS
    words = name(first, "OTHER").split(" LETTER ")
    script = words[0].split()[0]
    if script == "LATIN" and len(words) > 1:
        return words[1][0]  # LATIN SMALL LETTER O WITH STROKE
    base = normalize("NFD", first)[0] if script == "GREEK" else first
    return _MANY.get(script.partition("-")[0], base.upper()[0])


def keywords(library: Library, start: str) -> dict[str, Keyword]:
    """Folded text -> each keyword that two articles have, or more. start: the address that theirs begin with.

    A keyword of one article leads nowhere that its reader is not already.
    """
    found: dict[str, Keyword] = {}
    for article in library.articles.values():
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
        keyword.articles.sort(key=lambda one: (_folded(one.title), one.address))
    return shared


def in_turn(lists: Iterable[list[Article]], most: int) -> list[Article]:
    """The first of each list, then the second of each: so that one list does not fill all places."""
    rounds = zip_longest(*lists)
    return [article for one in rounds for article in one if article][:most]


def lately(articles: Iterable[Article], most: int) -> list[Article]:
    """Those of the latest dates, the latest first."""
    dated = (article for article in articles if article.updated)
    return sorted(dated, key=lambda one: (one.updated, one.address), reverse=True)[:most]


def neighbours(categories: Iterable[Category]) -> dict[str, tuple[Article | None, Article | None]]:
    """Address of each article -> the ones before and after it in its category."""
    beside: dict[str, tuple[Article | None, Article | None]] = {}
    for category in categories:
        row = [None, *category.articles, None]
        for (before, here), (_, after) in pairwise(pairwise(row)):
            beside[here.address] = (before, after)
    return beside


def _folded(title: str) -> str:
    """To be sorted by: without case, accents and what stands before the first letter; 9 comes before 10."""
    plain = "".join(sign for sign in normalize("NFKD", title.casefold()) if not combining(sign))
    return _NUMBER.sub(lambda number: number[0].zfill(9), _SIGNS_BEFORE.sub("", plain) or plain)
