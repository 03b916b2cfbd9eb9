"""What will still be invoiced: if the contract is closed now, and at the end of the period, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wizard.account.closure import Timing
from wizard.account.periods import local_day, month
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.closing import commitment_of, declared_end, end_of, is_bound, open_contracts, written_end
from wizard.actions.context import Context
from wizard.actions.forecasts import Ahead, ahead
from wizard.actions.paging import PAGE
from wizard.actions.standing import chargeable, orders_under_way
from wizard.errors import NotFound
from wizard.money import total
from wizard.providers.values import Contract
from wizard.theme.formats import first_down, last_day, money, number

LONG, FEW = 8, 2
"""Where one invoice has more lines, or one case more invoices, all are folded: side by side, they are compared."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to end it, and what is invoiced then."""

    title: str
    ends: str
    """When charges end, in a sentence."""
    ahead: Ahead

    @property
    def is_short(self) -> bool:
        invoices = self.ahead.invoices
        return len(invoices) <= FEW and all(len(one.lines) <= LONG for one in invoices)


class FinalInvoice(Action):
    name = "final-invoice"

    def fact(self, context: Context) -> Fact:
        contracts = _contracts(context)
        whole = _chosen(contracts, "")
        ended = _ended(context, whole)
        end = ended or end_of(context, whole, Timing.IMMEDIATE).at
        close = f"If you close {f'{first_down(whole.name)} ' if len(contracts) > 1 else ''}now"
        text = f"{'Still to come' if ended else close}: {first_down(ahead(context, whole, end).text)}"
        seen = context.seen_at(self.name)
        is_seen = seen is not None and local_day(seen, context.account.timezone) in month(context.today)
        return Fact(Status.COMPLETED if is_seen else Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        contracts = _contracts(context)
        contract = _chosen(contracts, query.one("scope"))
        ended, term = _ended(context, contract), commitment_of(contract, context.contracts)
        cases = [_ended_case(context, contract, ended)] if ended else _cases(context, contract)
        values = {
            "contract": contract,
            "contracts": contracts,
            "cases": cases,
            "term": None if ended else term,
            "is_bound": not ended and is_bound(end_of(context, contract, Timing.IMMEDIATE), term, context),
            "deleted_first": "" if ended or term else _deleted_first(context, contract, cases[0].ahead),
            "refund": _refund(context),
            "under_way": orders_under_way(context),
            "sum_of": lambda lines: total((line.amount for line in lines), context.account.currency),
            "is_open": all(case.is_short for case in cases),
            "PAGE": PAGE,
        }
        title = "" if contract.is_account else contract.name  # the fact is the account's
        return Panel("actions/final_invoice.html", values, title)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        context.mark_seen(self.name)
        return Outcome(onward=True)


def _contracts(context: Context) -> Sequence[Contract]:
    """Those that can end; of a closed account its own."""
    return open_contracts(context) or context.contracts[:1]


def _chosen(contracts: Sequence[Contract], wanted: str) -> Contract:
    """The one asked for; the account's own stands first. Raises NotFound."""
    found = next((one for one in contracts if wanted in ("", one.id)), None)
    if found is None:
        raise NotFound("There is no such package.", "Open the final invoice again and choose what is to end.")
    return found


def _ended(context: Context, contract: Contract) -> datetime | None:
    """When charges end or have ended; None: no end was declared."""
    return declared_end(contract, context.contracts) or contract.closed_at


def _ended_case(context: Context, contract: Contract, ended: datetime) -> Case:
    verb = "ended" if ended <= context.now else "end"
    ends = f"Charges {verb} on {last_day(ended, context.account.timezone)}."
    return Case("Still to come", ends, ahead(context, contract, ended))


def _cases(context: Context, contract: Contract) -> list[Case]:
    """Both ways, or one where both come to the same."""
    now, later = (end_of(context, contract, timing) for timing in Timing)
    if now == later:
        ends = f"Charges end on {written_end(now, context)}."
        return [Case("Close now, or at the end of the period", ends, ahead(context, contract, now.at))]
    cases = []
    for end, title in ((now, "Close now"), (later, "Close at the end of the period")):
        ends = f"Charges end on {written_end(end, context)}."
        if end.at_the_latest:
            ends += " The sums are for that day; they are lower if the last service is deleted before."
        cases.append(Case(title, ends, ahead(context, contract, end.at)))
    return cases


def _deleted_first(context: Context, contract: Contract, left_to_review: Ahead) -> str:
    """What it saves to delete the services before closing; empty: nothing, or there are none."""
    left = contract.billed(context.services)
    if not left:
        return ""
    first = ahead(context, contract, context.now)
    less = left_to_review.total - first.total
    if not less.minor and len(first.invoices) == len(left_to_review.invoices):
        return ""
    what = f"Delete {left[0].name if len(left) == 1 else f'the {number(len(left))} services'} first"
    saved = f", {money(less)} less" if less.minor > 0 else ""
    return f"{what} and you receive {first.said(noun=True)} instead of {left_to_review.said(noun=False)}{saved}."


def _refund(context: Context) -> str:
    """How credit that is left comes back."""
    method = chargeable(context)
    return f"refunded to {method.name}" if method else "refunded by our staff, who write to you with a reference"


action = FinalInvoice()
