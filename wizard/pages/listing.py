"""Lists of articles: by letter, by title, by date, and some of each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from unicodedata import combining, name, normalize

from wizard.content.article import Card

_DIGITS, _SIGNS = "0\u20139", "Other"
_NUMBER = re.compile(r"\d+")
_SIGNS_BEFORE = re.compile(r"^[\W_]+")
_MANY = {"CJK": "\u6f22\u5b57", "HANGUL": "\ud55c\uae00", "HIRAGANA": "\u3042", "KATAKANA": "\u3042"}
"""Scripts of so many letters that they stand together: first word of a letter's name -> their heading."""


@dataclass(slots=True)
class Letter:
    text: str
    anchor: str
    articles: list[Card] = field(default_factory=list)


def by_letter(articles: Iterable[Card]) -> list[Letter]:
    """Latin letters first, without their accents, then those of other scripts, then digits, then signs."""
    letters: dict[str, Letter] = {}
    for article in sorted_by_title(articles):
        text = letter_of(article.title)
        if text not in letters:
            letters[text] = Letter(text, f"letter-{text[0].lower() if text != _SIGNS else 'other'}")
        letters[text].articles.append(article)
    rank = {_DIGITS: 2, _SIGNS: 3}
    return sorted(letters.values(), key=lambda one: (rank.get(one.text, one.text > "Z"), one.text))


def sorted_by_title(articles: Iterable[Card]) -> list[Card]:
    return sorted(articles, key=lambda one: (_folded(one.title), one.address))


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


def in_turn(lists: Iterable[list[Card]], most: int) -> list[Card]:
    """The first of each list, then the second of each: so that one list does not fill all places."""
    rounds = zip_longest(*lists)
    return [article for one in rounds for article in one if article][:most]


def lately(articles: Iterable[Card], most: int) -> list[Card]:
    """Those of the latest dates, the latest first."""
    dated = (article for article in articles if article.updated)
    return sorted(dated, key=lambda one: (one.updated, one.address), reverse=True)[:most]


def _folded(title: str) -> str:
    """To be sorted by: without case, accents and what stands before the first letter; 9 comes before 10."""
    plain = "".join(sign for sign in normalize("NFKD", title.casefold()) if not combining(sign))
    return _NUMBER.sub(lambda number: number[0].zfill(9), _SIGNS_BEFORE.sub("", plain) or plain)
