"""The invoices that are still to come if charges end at an instant: the same sums that are invoiced then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wizard.account.invoicing import Bill, Entry, Line, Priced, bill, service_lines
from wizard.account.metering import Plan, Span, charged_spans, charges
from wizard.account.periods import day_start, local_day, month
from wizard.money import Money

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Running:
    """A service, and from when on its charges are still to be worked out."""

    service: Priced
    plan: Plan
    """Its whole life, as far as that is known."""
    free: Sequence[Span]
    """When nothing is charged for it, because an end was declared."""
    since: datetime
    """What arose before is told by entries."""


def arising(running: Running, until: datetime, zone: str) -> Iterator[Entry]:
    """What arises of a service from `running.since` until an instant."""
    plan = running.plan
    for begins, ends in charged_spans(plan.begins, plan.ends, running.free):
        for charge in charges(replace(plan, begins=begins, ends=ends), running.since, until, zone):
            yield Entry(running.service.id, charge.day, charge.quantity, charge.amount, charge.is_credit)


def to_come(
    running: Sequence[Running],
    entries: Iterable[Entry],
    others: Sequence[Line],
    credit: Money,
    zone: str,
    now: datetime,
    ends_at: datetime,
) -> list[Bill]:
    """The invoices still to come if all of these services end at `ends_at`, oldest first, the last one final.

    entries: what is written down of the present month, also of other services. others: its lines that are no service's, such as
    what was invoiced with orders. credit: what there is now; each invoice uses what those before it left.
    One for each month from the present one on in which something arises; if nothing does, one of the
    present month, with nothing on it.
    """
    present, ids = month(local_day(now, zone)), {one.service.id for one in running}
    begun = day_start(present.start, zone)
    found = [entry for entry in entries if entry.service in ids]
    found += [entry for one in running for entry in _from_until(one, begun, ends_at, zone)]
    begins = {month(entry.day).start for entry in found if entry.day >= present.start}
    if others or not begins:
        begins.add(present.start)
    bills = []
    for period in map(month, sorted(begins)):
        lines = service_lines((one.service for one in running), found, period)
        bills.append(bill(period, [*lines, *(others if period == present else [])], credit))
        credit = bills[-1].credit_left(credit)
    return bills


def _from_until(running: Running, begun: datetime, ends_at: datetime, zone: str) -> Iterator[Entry]:
    """What is written down, or was invoiced, stays: the end cannot lie before it."""
    since, gone = max(running.since, begun), running.plan.ends
    end = max(ends_at, since)
    cut = replace(running.plan, ends=min(end, gone) if gone else end)
    return arising(replace(running, plan=cut, since=since), end + _MOMENT, zone)
