"""Sums, dates, times and numbers in the form of every locale: nothing is lost in any of them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_skeleton
from babel.numbers import get_currency_precision, get_decimal_symbol, get_group_symbol, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from tests.house.test_formats import AFTERNOON
from wizard.locales import HOUSE, known, written_in
from wizard.money import Money
from wizard.theme.formats import clock_time, counted, day, listed, moment, money, month_name, number, unbroken

MONTHS = "January February March April May June July August September October November December".split()
LOCALES = st.sampled_from(known())
SOME = {HOUSE, "en_US", "en_IN", "en_CH", "en_ZA"}
EACH = [pytest.param(one, marks=[] if one in SOME else pytest.mark.full) for one in known()]
DAYS = st.dates(date(1970, 1, 1), date(2999, 12, 31))
ZONES = st.sampled_from(["UTC", "America/St_Johns", "Asia/Kolkata", "Pacific/Kiritimati", "America/New_York"])


def digits(text: str, locale: str) -> str:
    """The number in a text, without its groups, with a full stop and our minus."""
    text = "".join(re.findall(rf"[-\d{re.escape(get_group_symbol(locale) + get_decimal_symbol(locale))}]", text))
    return text.replace(get_group_symbol(locale), "").replace(get_decimal_symbol(locale), ".")


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "EUR", "JPY", "KWD", "CHF", "INR"]), LOCALES)
def test_a_sum_read_by_the_separators_of_its_locale_is_the_sum(minor: int, currency: str, locale: str) -> None:
    with written_in(locale):
        text = money(Money(minor, currency))
    assert text.count("\u2212") == (minor < 0) and "-" not in text
    whole, _, rest = digits(text, locale).partition(".")
    assert len(rest) == get_currency_precision(currency) and int(whole + rest) == abs(minor)
    assert re.search("[A-Za-z\u20ac$\u00a5\u20b9]", text), "it names its currency"


@pytest.mark.parametrize("locale", EACH)
def test_a_sum_is_of_one_piece_in_every_currency(locale: str) -> None:
    with written_in(locale):
        for currency in list_currencies():
            text = money(Money(-1234567, currency))
            assert not re.search(r"[ \n<>&-]|[A-Za-z]\d|\d[A-Za-z]", text), text
            assert unbroken(f"It is {text} a month.") == f'It is <span class="nowrap">{text} a month</span>.'


@given(st.integers(-(10**12), 10**12), LOCALES)
def test_a_number_is_the_same_by_the_separators_of_its_locale(value: int, locale: str) -> None:
    with written_in(locale):
        assert int(digits(number(value), locale)) == value
        assert counted(value, "service") == f"{number(value)} service{'' if value == 1 else 's'}"


@given(DAYS, LOCALES)
def test_a_day_has_its_number_its_month_in_letters_and_its_year(value: date, locale: str) -> None:
    with written_in(locale):
        text, month = day(value), month_name(value)
    words = sorted(word.removeprefix("0") for word in re.findall(r"\w+", text))
    assert words == sorted([str(value.day), MONTHS[value.month - 1], str(value.year)])
    assert unbroken(text) == f'<span class="nowrap">{text}</span>'
    assert unbroken(f"In {month}.") == f'In <span class="nowrap">{month}</span>.'
    assert month == format_skeleton("yMMMM", value, locale=locale), "that needs no locale"


@given(DAYS, st.integers(0, 1439), ZONES, LOCALES)
def test_a_moment_is_its_day_and_its_time_each_of_one_piece(value: date, minute: int, zone: str, locale: str) -> None:
    instant = datetime(value.year, value.month, value.day, tzinfo=UTC) + timedelta(minutes=minute)
    with written_in(locale):
        text, time = moment(instant, zone), clock_time(instant, zone)
    hour, rest = re.findall(r"\d+", time)
    afternoon = 12 if re.search(r"p\.?m", time, re.I) else 0
    read = (int(hour) % 12 + afternoon if re.search(r"[ap]\.?m", time, re.I) else int(hour), int(rest))
    offset = re.search(r"\(UTC(?:([+\u2212]\d+)(?::(\d\d))?)?\)$", text)
    assert offset
    hours, minutes = int((offset[1] or "0").replace("\u2212", "-")), int(offset[2] or 0)
    shift = timedelta(hours=hours, minutes=-minutes if hours < 0 else minutes)
    local = instant + shift
    assert read == (local.hour, local.minute) and f" at {time} (" in text
    with written_in(locale):
        assert text.startswith(day(local.date()))
    assert re.sub(r'<span class="nowrap">(.*?)</span>', "", unbroken(f"On {text}.")) == "On  ."


@pytest.mark.parametrize("locale", EACH)
def test_the_usual_texts_with_a_date_are_broken_nowhere_inside_it(locale: str) -> None:
    with written_in(locale):
        for instant in (AFTERNOON, AFTERNOON + timedelta(hours=12)):
            text = unbroken(f"Received on {moment(instant, 'America/St_Johns')}.")
            assert re.sub('<span class="nowrap">.*?</span>', "", text) == "Received on  .", text


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        (HOUSE, "21 November 2026 at 14:03 (UTC+1), 14:03, $1,234.50, \u2212\u20ac3.33, a and 1,000 more"),
        (
            "en_US",
            "November 21, 2026 at 2:03\u202fPM (UTC+1), 2:03\u202fPM, $1,234.50, \u2212\u20ac3.33, a and 1,000 more",
        ),
        ("en_GB", "21 November 2026 at 14:03 (UTC+1), 14:03, US$1,234.50, \u2212\u20ac3.33, a and 1,000 more"),
        ("en_DE", "21 November 2026 at 14:03 (UTC+1), 14:03, 1.234,50\xa0US$, \u22123,33\xa0\u20ac, a and 1.000 more"),
        (
            "en_CH",
            "21 November 2026 at 14:03 (UTC+1), 14:03, US$\xa01\u2019234.50, \u20ac\u22123.33, a and 1\u2019000 more",
        ),
        (
            "en_FI",
            "21 November 2026 at 14.03 (UTC+1), 14.03, 1\xa0234,50\xa0US$, \u22123,33\xa0\u20ac, a and 1\xa0000 more",
        ),
    ],
)
def test_what_readers_of_some_regions_see(locale: str, written: str) -> None:
    with written_in(locale):
        parts = (
            moment(AFTERNOON, "Europe/Berlin"),
            clock_time(AFTERNOON, "Europe/Berlin"),
            money(Money(123450, "USD")),
            money(Money(-333, "EUR")),
            listed(["a"] * 1001, 2),
        )
    assert ", ".join(parts) == written


def test_long_words_are_read_through_once() -> None:
    """What customers type may stand beside a date."""
    for text in ("1" * 50_000, "1 a mont" * 20_000, "\u00a01" * 50_000, "at 1:00" * 20_000):
        assert unbroken(text) == text
