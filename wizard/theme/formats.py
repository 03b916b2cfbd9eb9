"""Sums, dates and numbers as readers see them, in the locale that is present (`wizard.locales`).

Our own form, which static pages have, is written without Babel: to import it takes 30 ms.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from wizard.account.periods import last_day_before
from wizard.locales import HOUSE, present
from wizard.money import Money

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_WHOLE = re.compile(
    rf"\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH}(?: \d{{1,2}},)? \d{{4}}"
    r"|at \d{1,2}[:.]\d\d(?:\s[AaPp]\.?[Mm]\.?)? \(UTC[^)]*\)"
    r"|\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]\b"
    r"|(?<![^ \n<>])(?=[^ \n<>]*\d)[^ \n<>]++ a month"
)
"""Dates, times, references and monthly sums of every locale, none of which is broken over two lines.
The spaces inside a sum are of a kind that does not break."""
_LETTERS_BY_DIGITS = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


def money(sum_: Money) -> str:
    """`$1,234.50`, `-$3.33`, `1.234,50 US$`; the digits that the currency has."""
    from babel.numbers import format_currency, get_currency_precision  # no static page shows a sum

    precision = get_currency_precision(sum_.currency)
    text = format_currency(Decimal(sum_.minor).scaleb(-precision), sum_.currency, locale=present())
    return _LETTERS_BY_DIGITS.sub("\u00a0", text).replace("-", "\u2212")


def number(value: int) -> str:
    """`12,345`, `12.345`"""
    if present() == HOUSE or abs(value) < 1000:
        return f"{value:,}"
    from babel.numbers import format_decimal

    return format_decimal(value, locale=present())


def amount(sum_: Money) -> str:
    """`1,234.50`: a sum in words that need no currency, such as a formula."""
    from babel import Locale
    from babel.numbers import format_decimal, get_currency_precision

    precision = get_currency_precision(sum_.currency)
    whole = Locale.parse(present()).decimal_formats[None].pattern.partition(".")[0]
    digits = f"{whole}.{'0' * precision}" if precision else whole
    return format_decimal(Decimal(sum_.minor).scaleb(-precision), digits, locale=present()).replace("-", "\u2212")


def day(value: date) -> str:
    """`21 November 2026`, `November 21, 2026`"""
    if present() == HOUSE:
        return f"{value.day} {month_name(value)}"
    from babel.dates import format_date

    return format_date(value, "long", locale=present())


def month_name(value: date) -> str:
    """`November 2026`, in every locale"""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def month_short(value: date) -> str:
    """`Nov`, in every locale; the year stands beside it"""
    return _MONTHS[value.month - 1][:3]


def moment(instant: datetime, zone: str) -> str:
    """`21 November 2026 at 14:03 (UTC+1)`, `November 21, 2026 at 2:03 PM (UTC+1)`"""
    local = instant.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    sign = "+" if minutes >= 0 else "\u2212"
    hours, rest = divmod(abs(minutes), 60)
    written = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    return f"{day(local.date())} at {_hands(local)} ({written})"


def clock_time(instant: datetime, zone: str) -> str:
    """`14:03`, `2:03 PM`"""
    return _hands(instant.astimezone(ZoneInfo(zone)))


def _hands(local: datetime) -> str:
    """What a clock on the wall shows."""
    if present() == HOUSE:
        return f"{local:%H:%M}"
    from babel.dates import format_time

    return format_time(local, "short", locale=present())


def last_day(instant: datetime, zone: str) -> str:
    """The last day that has begun before an instant: an end at midnight belongs to the day before."""
    return day(last_day_before(instant, zone))


def counted(count: int, one: str, many: str = "") -> str:
    """`1 service`, `2 services`"""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(words: Sequence[str], most: int = 0) -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most`: `a, b and 998 more`"""
    if most and len(words) > most:
        words = [*words[: most - 1], f"{number(len(words) - most + 1)} more"]
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
    "amount": amount,
    "day": day,
    "month_name": month_name,
    "moment": moment,
    "clock_time": clock_time,
    "last_day": last_day,
    "counted": counted,
    "number": number,
    "listed": listed,
    "first_up": first_up,
    "combine": combine,
    "unbroken": unbroken,
}
