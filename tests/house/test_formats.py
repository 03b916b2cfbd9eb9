"""Sums and dates as readers see them."""

from datetime import UTC, date, datetime

import pytest

from wizard.money import Money
from wizard.theme.formats import counted, day, last_day, listed, moment, money

AFTERNOON = datetime(2026, 11, 21, 13, 3, tzinfo=UTC)
"""In Berlin, by the clocks of winter."""


@pytest.mark.parametrize(
    ("sum_", "text"),
    [
        (Money(123450, "USD"), "$1,234.50"),
        (Money(-333, "USD"), "\u2212$3.33"),
        (Money(5, "EUR"), "\u20ac0.05"),
        (Money(1200, "JPY"), "\u00a51,200"),
        (Money(1234, "KWD"), "KWD\u00a01.234"),
    ],
)
def test_a_sum_has_its_currency_and_that_currencys_digits(sum_: Money, text: str) -> None:
    assert money(sum_) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/Berlin", "21 November 2026 at 14:03 (UTC+1)"),
        ("UTC", "21 November 2026 at 13:03 (UTC)"),
        ("America/St_Johns", "21 November 2026 at 09:33 (UTC\u22123:30)"),
        ("Asia/Kolkata", "21 November 2026 at 18:33 (UTC+5:30)"),
    ],
)
def test_a_moment_names_its_zone(zone: str, text: str) -> None:
    assert moment(AFTERNOON, zone) == text


def test_an_end_at_midnight_belongs_to_the_day_before() -> None:
    assert last_day(datetime(2026, 12, 1, 5, tzinfo=UTC), "America/New_York") == "30 November 2026"
    assert day(date(2026, 11, 1)) == "1 November 2026"


def test_counts_and_lists_read_as_sentences() -> None:
    assert (counted(1, "service"), counted(2, "service"), counted(1000, "service")) == (
        "1 service",
        "2 services",
        "1,000 services",
    )
    assert [listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
