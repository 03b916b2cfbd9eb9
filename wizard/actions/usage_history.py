"""Months, lines for each service, totals: what the account has cost."""

from itertools import groupby

from wizard.account.periods import local_day, month, months_back
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.money import Money, total
from wizard.providers.values import UsageLine, every
from wizard.theme.formats import day, money, month_name

MONTHS = 4
"""How many months are shown, the present one included."""


class UsageHistory(Action):
    name = "usage-history"

    def fact(self, context: Context) -> Fact:
        this_month = month(context.today)
        so_far = total((line.amount for line in _lines(context, 1)), context.account.currency)
        text = f"{money(so_far)} so far in {month_name(this_month.start)}."
        seen = context.seen_at(self.name)
        if seen and local_day(seen, context.account.timezone) in this_month:
            return Fact(Status.COMPLETED, f"Seen on {day(local_day(seen, context.account.timezone))}. {text}")
        return Fact(Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        months = [
            (start, list(lines), total((line.amount for line in lines), context.account.currency))
            for start, lines in ((start, list(found)) for start, found in groupby(_lines(context, MONTHS), _month_of))
        ]
        return Panel("actions/usage_history.html", {"months": months, "sum_of": _sum_of(months, context)})

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        context.mark_seen(self.name)
        return Outcome(onward=True)


def _lines(context: Context, months: int) -> list[UsageLine]:
    since = months_back(context.today, months)[-1].start
    provider, account_id = context.means.provider, context.account.id
    return every(lambda after: provider.usage(account_id, since, after))


def _month_of(line: UsageLine) -> object:
    return line.month


def _sum_of(months: list, context: Context) -> Money:
    return total((sum_ for _, _, sum_ in months), context.account.currency)


action = UsageHistory()
