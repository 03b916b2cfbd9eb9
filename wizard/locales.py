"""In whose form dates, times, sums and numbers are written. The words are English in every form.

A locale is a name of CLDR: `en_GB` is English as it is written in Great Britain, `en_DE` in Germany,
`en_150` in Europe, `en_001` in the world. HOUSE is our own form and of no region.

The form holds for a thread while it is inside `written_in`; outside, it is HOUSE.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

HOUSE = "en"
"""`21 November 2026`, `14:03`, `$1,234.50`."""

_LONGEST = 1000
"""Characters. Browsers send a tenth of that; what is longer comes from none."""
_RANGE = re.compile(
    r"([a-z]{2,3})(?:-[a-z]{3}){0,3}(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?(?:-[a-z0-9]{1,8})*(?:;q=([01](?:\.[0-9]{0,3})?))?",
    re.ASCII | re.IGNORECASE,
)
"""Language, script, region and weight of an entry: `zh-Hant-TW;q=0.8`. What follows the region changes nothing."""
_EUROPE = frozenset(
    "AD AL AX BA BG BY EE EU EZ FO GR HR IS LI LT LU LV MC MD ME MK RS RU SJ SM UA VA XK 039 151 154 155".split()
)
"""Regions of Europe of whose English CLDR has no form."""

_present: ContextVar[str] = ContextVar("locale", default=HOUSE)


def present() -> str:
    return _present.get()


@contextmanager
def written_in(locale: str) -> Iterator[None]:
    before = _present.set(locale)
    try:
        yield
    finally:
        _present.reset(before)


def known() -> list[str]:
    """All that a site may set."""
    from babel.localedata import locale_identifiers  # only where a locale is not HOUSE: 15 ms

    return sorted(name for name in locale_identifiers() if re.fullmatch("en(_[A-Z]{2}|_[0-9]{3})?", name))


def of_reader(accepted: str, own: str) -> str:
    """The locale of the region that a reader's browser names first, or whose language it names first.

    accepted: an Accept-Language header, whatever it holds. own: the site's locale; it is the reader's
    too where the header tells nothing better, and `en` without a region tells nothing.
    """
    return _read(accepted, own) if len(accepted) <= _LONGEST else own


@lru_cache(maxsize=256)
def _read(accepted: str, own: str) -> str:
    entries = []
    for place, entry in enumerate(re.sub(r"[ \t]", "", accepted).split(",")):
        found = _RANGE.fullmatch(re.sub(r"^\*", "en", entry))
        if found and (weight := float(found[4] or 1)):
            entries.append((-weight, place, found))
    for *_, found in sorted(entries, key=lambda one: one[:2]):
        if region := _region(found[1].lower(), (found[2] or "").title(), (found[3] or "").upper()):
            return _in_english(region)
        if found[1].lower() == "en":
            break
    return own


def _region(language: str, script: str, named: str) -> str:
    """The region where a language is mostly read; empty for English, which is read everywhere, and for what is no language."""
    from babel.core import get_global

    if named:
        return get_global("territory_aliases").get(named, [named])[0]  # UK is GB
    if language == "en":
        return ""
    likely = get_global("likely_subtags")
    return likely.get(f"{language}_{script}", likely.get(language, "")).rpartition("_")[2]


def _in_english(region: str) -> str:
    from babel.localedata import exists

    if exists(f"en_{region}"):
        return f"en_{region}"
    return "en_150" if region in _EUROPE else "en_001"
