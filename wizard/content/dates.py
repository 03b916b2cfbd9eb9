"""Dates as authors write them. What is clear is read; what is not is left as it stands."""

import re
from datetime import date, datetime

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3,9})\.?,? (\d{4})\b")


def parse_date(value: object) -> date | None:
    """The date in `value`, words around it allowed; None where it cannot be told.

    `09-10-2019` may be September or October: None. `10-21-2015` and `05-05-2016` are clear.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value)
    if found := _ISO.search(text):
        return _date(found[1], found[2], found[3])
    if found := _NUMBERS.search(text):
        first, second = int(found[1]), int(found[3])
        if is_ambiguous(text) and first != second:
            return None
        month, day = (first, second) if first <= 12 else (second, first)
        return _date(found[4], month, day)
    if found := _MONTH_FIRST.search(text):
        return _date(found[3], _month(found[1]), found[2])
    if found := _DAY_FIRST.search(text):
        return _date(found[3], _month(found[2]), found[1])
    return None


def is_ambiguous(value: object) -> bool:
    """Two numbers that may each be the month."""
    found = _NUMBERS.search(str(value))
    return found is not None and int(found[1]) <= 12 and int(found[3]) <= 12


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _date(year: str, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
