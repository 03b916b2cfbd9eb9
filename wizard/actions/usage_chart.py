"""The months shown as bars, with what the chart says to those who do not see it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wizard.actions.usage_outlook import Outlook
from wizard.money import Money, digits
from wizard.theme.bars import BarChart, Column, bar_chart
from wizard.theme.formats import day, listed, money, month_name, month_short


@dataclass(frozen=True, slots=True)
class MonthsChart:
    bars: BarChart
    name: str
    about: str
    """All figures in a sentence."""
    caption: str


def chart_of(months: Sequence[date], sums: Mapping[date, Money], outlook: Outlook | None) -> MonthsChart | None:
    """months: first days, oldest first. sums: of those in which something was charged. outlook: where the
    present month is one of them. None where there is nothing but zeros to show."""
    columns = [_column(one, sums.get(one), outlook) for one in months]
    if not any(column.value or column.outlook for column in columns):
        return None
    currency = next(iter(sums.values())).currency if sums else outlook.so_far.currency if outlook else ""
    return MonthsChart(
        bars=bar_chart(columns, lambda minor: _round(Money(minor, currency))),
        name=f"Bar chart of {month_name(months[0])} to {month_name(months[-1])}",
        about=f"{listed([column.says for column in columns])}.",
        caption=_caption(outlook),
    )


def _column(month: date, its_sum: Money | None, outlook: Outlook | None) -> Column:
    name, label = month_name(month), month_short(month)
    if outlook is None or month != outlook.month.start:
        says = f"{name} {money(its_sum)}" if its_sum else f"{name} nothing"
        return Column(label, its_sum.minor if its_sum else 0, note=f"{month:%Y}", says=says)
    says = f"{name} {money(outlook.so_far)} so far"
    if outlook.in_the_end is not None:
        says += f" and {outlook.about}{money(outlook.in_the_end)} by its end"
    ahead = outlook.in_the_end.minor if outlook.in_the_end else None
    return Column(label, outlook.so_far.minor, ahead, "so far", says)


def _caption(outlook: Outlook | None) -> str:
    if outlook and outlook.to_come is None:
        return "Sums by month. The account system does not answer what is still to come."
    if outlook is None or outlook.to_come is None or not outlook.to_come.minor:
        return "Sums by month."
    by_then = f"by {day(outlook.month.last_day)}"
    if outlook.to_come.minor > 0:
        hatched = (
            f"Hatched: {outlook.about}{money(outlook.to_come)} that the present services will still cost {by_then}."
        )
    else:
        hatched = f"Hatched: {outlook.about}{money(-outlook.to_come)} that will be credited {by_then}."
    bound = "" if outlook.every_hour_known else " It can be less by one hour of each service."
    gone = " Services being deleted are counted as gone." if outlook.deleting else ""
    return f"Sums by month. {hatched}{bound}{gone}"


def _round(its_sum: Money) -> str:
    """Without minor units where there are none: `$1,200`."""
    text, places = money(its_sum), digits(its_sum.currency)
    if not places or its_sum.minor % 10**places:
        return text
    return re.sub(rf"[.,]0{{{places}}}(?=\D*$)", "", text)
