"""Lists of articles: by letter, in turn, by date."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from unicodedata import name, normalize

from wizard.content.article import Card
from wizard.content.keywords import title_order

_DIGITS, _SIGNS = "0\u20139", "Other"
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
    for article in sorted(articles, key=lambda one: (title_order(one.title), one.address)):
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


def in_turn(lists: Iterable[list[Card]], most: int) -> list[Card]:
    """The first of each list, then the second of each: so that one list does not fill all places."""
    rounds = zip_longest(*lists)
    return [article for one in rounds for article in one if article][:most]


def lately(articles: Iterable[Card], most: int) -> list[Card]:
    """Those of the latest dates, the latest first."""
    dated = (article for article in articles if article.updated)
    return sorted(dated, key=lambda one: (one.updated, one.address), reverse=True)[:most]
