"""Sums, dates and numbers as readers see them."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from wizard.account.periods import last_day_before
from wizard.money import Money

LOCALE = "en_US"
_MONTHS = "January February March April May June July August September October November December".split()
_WHOLE = re.compile(
    rf"\d{{1,2}} (?:{'|'.join(_MONTHS)})(?: \d{{4}})?|at \d\d:\d\d \(UTC[^)]*\)"
    r"|\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]\b|\S+\d a month"
)
"""Dates, times, references and monthly sums, none of which is broken over two lines."""


def money(sum_: Money) -> str:
    """`$1,234.50`, `-$3.33`; the digits that the currency has."""
    from babel.numbers import format_currency, get_currency_precision  # only where sums are shown: 30 ms

    precision = get_currency_precision(sum_.currency)
    text = format_currency(Decimal(abs(sum_.minor)).scaleb(-precision), sum_.currency, locale=LOCALE)
    return f"\u2212{text}" if sum_.minor < 0 else text


def day(value: date) -> str:
    """`21 November 2026`"""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def month_name(value: date) -> str:
    """`November 2026`"""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def moment(instant: datetime, zone: str) -> str:
    """`21 November 2026 at 14:03 (UTC+1)`"""
    local = instant.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    sign = "+" if minutes >= 0 else "\u2212"
    hours, rest = divmod(abs(minutes), 60)
    written = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    return f"{day(local.date())} at {local:%H:%M} ({written})"


def clock_time(instant: datetime, zone: str) -> str:
    """`14:03`"""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def last_day(instant: datetime, zone: str) -> str:
    """The last day that has begun before an instant: an end at midnight belongs to the day before."""
    return day(last_day_before(instant, zone))


def counted(number: int, one: str, many: str = "") -> str:
    """`1 service`, `2 services`"""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str], most: int = 0) -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most`: `a, b and 998 more`"""
    if most and len(words) > most:
        words = [*words[: most - 1], f"{len(words) - most + 1:,} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def unbroken(text: str) -> Markup:
    """The text as markup in which no date, time, reference or monthly sum is broken over two lines."""
    return Markup(_WHOLE.sub(r'<span class="nowrap">\g<0></span>', str(escape(text))))


def first_up(text: str) -> str:
    """The first letter large, the others as they are: `SharePoint space` stays."""
    return text[:1].upper() + text[1:]


def combine(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    return {**first, **second}


FILTERS: dict[str, Callable] = {
    "money": money,
    "day": day,
    "month_name": month_name,
    "moment": moment,
    "clock_time": clock_time,
    "last_day": last_day,
    "counted": counted,
    "listed": listed,
    "first_up": first_up,
    "combine": combine,
    "unbroken": unbroken,
}
