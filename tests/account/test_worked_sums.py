"""Our own articles work out sums in front of the reader; each must be what would be charged."""

import re
from collections.abc import Iterator
from datetime import datetime

from tests.helpers.shared import ROOT
from wizard.account.periods import month
from wizard.account.proration import prorate
from wizard.money import Money

WORKING = re.compile(r"(-?\d+) × (\d+\.\d\d) × (\d+) / (\d+) [|=] \*{0,2}(-?\d+\.\d\d)\b")
DATED = re.compile(r"\| (\d+ [A-Z][a-z]+ \d{4}) \| (\d+) \| " + WORKING.pattern)


def found(pattern: re.Pattern[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where it stands and what it says, for every match in our articles."""
    for file in sorted((ROOT / "articles").rglob("*.md")):
        for match in pattern.finditer(file.read_text(encoding="utf-8")):
            yield f"{file.name}: {match[0]}", match.groups()


def usd(written: str) -> Money:
    return Money(int(written.replace(".", "")), "USD")


def test_every_sum_worked_out_in_our_articles_is_right_to_the_cent() -> None:
    sums = list(found(WORKING))
    for place, (count, price, remaining, days, amount) in sums:
        assert (usd(price) * int(count)).share(int(remaining), int(days)) == usd(amount), place
    assert len(sums) >= 15


def test_every_dated_example_counts_the_days_that_its_month_has() -> None:
    examples = list(found(DATED))
    for place, (written, remaining, count, price, share, days, amount) in examples:
        day = datetime.strptime(written, "%d %B %Y").date()
        assert remaining == share and int(days) == month(day).days, place
        assert prorate(usd(price), int(count), day, month(day)) == usd(amount), place
    assert len(examples) >= 8
