"""What the present month has come to so far, and what it will come to if nothing changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wizard.account.estimate import Running, total_to_come
from wizard.account.periods import Period, month
from wizard.actions.context import Context
from wizard.errors import ProviderError
from wizard.money import Money, total
from wizard.providers.values import Service, ServiceState, UsageLine
from wizard.theme.formats import day, money, month_name


@dataclass(frozen=True, slots=True)
class Outlook:
    month: Period
    so_far: Money
    to_come: Money | None
    """Negative: it will be credited. None: the account system does not answer."""
    every_hour_known: bool
    """Otherwise the month may come to less, by at most one hour of each service."""
    deleting: int
    """Services being deleted, which are counted as if they were gone: it may come to more, by what they
    cost until they are."""

    @property
    def is_exact(self) -> bool:
        return self.every_hour_known and not self.deleting

    @property
    def in_the_end(self) -> Money | None:
        return self.to_come and self.so_far + self.to_come

    @property
    def about(self) -> str:
        return "" if self.is_exact else "about "

    @property
    def text(self) -> str:
        so_far = f"{money(self.so_far)} so far in {month_name(self.month.start)}"
        if self.to_come is None or self.in_the_end is None:
            return f"{so_far}. The account system does not answer what it will come to."
        by_then = f"by {day(self.month.last_day)} if nothing changes."
        if not self.to_come.minor:
            return f"{so_far}, and {self.about}the same {by_then}"
        return f"{so_far}; {self.about}{money(self.in_the_end)} {by_then}"


def look_ahead(context: Context, lines: Sequence[UsageLine]) -> Outlook:
    """lines: at least those of the present month and of the one before."""
    this_month, currency = month(context.today), context.account.currency
    of_month = [line for line in lines if line.month == this_month.start]
    so_far = total((line.amount for line in of_month), currency)
    try:
        deleting = [one for one in context.billed if one.state is ServiceState.DELETING]
        active = [one for one in context.billed if one.state is ServiceState.ACTIVE]
        hours = _hours(lines, this_month.start)
        running = [
            Running(one.charging, one.unit_price, one.quantity, _ends(context, one), hours.get(one.id))
            for one in active
        ]
    except ProviderError:
        return Outlook(this_month, so_far, None, every_hour_known=False, deleting=0)
    ahead = total_to_come(running, context.now, context.account.timezone, currency)
    credits = total((one.credit_today for one in deleting), currency)
    return Outlook(this_month, so_far, ahead.amount - credits, ahead.is_exact, len(deleting))


def _hours(lines: Sequence[UsageLine], this_month: date) -> dict[str, int]:
    """Service -> units x hours charged this month, where it was charged in the month before as well."""
    before = {line.service_id for line in lines if line.month < this_month}
    hours: dict[str, int] = {}
    for line in lines:
        if line.month == this_month and line.service_id in before:
            hours[line.service_id] = hours.get(line.service_id, 0) + line.quantity
    return hours


def _ends(context: Context, service: Service) -> datetime | None:
    """When the charges of the service end, by its own contract or by the whole account's."""
    ends = [
        one.charges_end
        for one in context.contracts
        if one.charges_end and (one.is_account or one.id == service.contract_id)
    ]
    return min(ends, default=None)
