"""Months, lines for each service, totals, a chart, files: what the account has cost, and will in this month."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wizard.account.periods import local_day, month, months_back
from wizard.actions.action import Action, Answers, Fact, File, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.actions.paging import Paged, paged
from wizard.actions.usage_chart import chart_of
from wizard.actions.usage_files import csv_file, json_file
from wizard.actions.usage_outlook import look_ahead
from wizard.errors import NotFound
from wizard.money import Money, total
from wizard.providers.values import UsageLine, every
from wizard.theme.formats import day

MONTHS = 4
"""How many months are shown at once."""
LONG = 40
"""A month of more lines shows its total, until it is asked for."""
EVER = date(1970, 1, 1)
"""Nothing was charged before."""
FILES = {"usage.csv": csv_file, "usage.json": json_file}


@dataclass(frozen=True, slots=True)
class Month:
    start: date
    total: Money
    count: int
    """How many lines it has."""
    lines: Paged[UsageLine] | None
    """None where it has many and was not asked for."""
    is_open: bool


class UsageHistory(Action):
    name = "usage-history"

    def fact(self, context: Context) -> Fact:
        this_month, before = months_back(context.today, 2)
        text = look_ahead(context, _lines(context, before.start, this_month.start)).text
        seen = context.seen_at(self.name)
        if seen and local_day(seen, context.account.timezone) in this_month:
            return Fact(Status.COMPLETED, f"Seen on {day(local_day(seen, context.account.timezone))}. {text}")
        return Fact(Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        present = month(context.today).start
        until = _month_asked(query.one("until"), present) or present
        wanted = _month_asked(query.one("month"), present)
        before, *shown = (period.start for period in reversed(months_back(until, MONTHS + 1)))
        first = shown[0]
        lines = _lines(context, before, until)
        months = _months(context, [line for line in lines if line.month >= first], wanted, query.one("page"))
        outlook = look_ahead(context, lines) if until == present else None
        later = until
        for _ in range(MONTHS):
            later = month(later).end
        values = {
            "months": months,
            "chart": chart_of(shown, {one.start: one.total for one in months}, outlook),
            "sum_of": total((one.total for one in months), context.account.currency),
            "first": first,
            "until": until,
            "present": present,
            "at": {"until": _written(until)} if until < present else {},
            "earlier": _written(before) if _is_anything_before(context, first, lines) else "",
            "later": {"until": _written(later)} if later < present else {},
        }
        return Panel("actions/usage_history.html", values)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        context.mark_seen(self.name)
        return Outcome(onward=True)

    def file(self, context: Context, name: str, query: Answers) -> File:
        """`usage.csv` or `usage.json`: the months from `since` to `until`; without them, all up to now."""
        if name not in FILES:
            return super().file(context, name, query)
        present = month(context.today).start
        until = _month_asked(query.one("until"), present) or present
        since = _month_asked(query.one("since"), until)
        lines = _lines(context, since or EVER, until)
        return FILES[name](context, lines, since or (lines[-1].month if lines else until), until)


def _lines(context: Context, since: date, until: date) -> list[UsageLine]:
    provider, account_id = context.means.provider, context.account.id
    return every(lambda after: provider.usage(account_id, since, after, until))


def _is_anything_before(context: Context, first: date, lines: Sequence[UsageLine]) -> bool:
    """The month before tells it almost always. Where nothing was charged in it, all that came before is asked for."""
    return any(line.month < first for line in lines) or bool(_lines(context, EVER, first - timedelta(days=1)))


def _months(context: Context, lines: Sequence[UsageLine], wanted: date | None, page: str) -> list[Month]:
    by_month: dict[date, list[UsageLine]] = {}
    for line in lines:
        by_month.setdefault(line.month, []).append(line)
    newest = next(iter(by_month), None)
    months = []
    for start, its in by_month.items():
        is_short, is_wanted = len(its) <= LONG, start == wanted
        months.append(
            Month(
                start,
                total((line.amount for line in its), context.account.currency),
                len(its),
                paged(its, page if is_wanted else "") if is_short or is_wanted else None,
                is_open=is_wanted or (wanted is None and start == newest),
            )
        )
    return months


def _month_asked(text: str, present: date) -> date | None:
    """`2026-08`. Raises NotFound for what is no month up to the present one."""
    if not text:
        return None
    if (
        re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", text)
        and EVER <= (asked := date.fromisoformat(f"{text}-01")) <= present
    ):
        return asked
    raise NotFound("There is no such month.", "Open the usage history again and go back from the present month.")


def _written(start: date) -> str:
    return f"{start:%Y-%m}"


action = UsageHistory()
