"""What of an account can end, when its charges end, and the term that binds it: the same wherever it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from wizard.account.closure import ChargesEnd, Timing, charges_end
from wizard.account.periods import last_day_before
from wizard.actions.context import Context
from wizard.providers.values import Commitment, Contract
from wizard.theme.formats import day, last_day

WHEN = {Timing.IMMEDIATE: "Immediately", Timing.END_OF_PERIOD: "At the end of the billing period"}


def open_contracts(context: Context) -> list[Contract]:
    return [one for one in context.contracts if one.closed_at is None]


def commitments(contracts: Iterable[Contract]) -> list[tuple[Contract, Commitment]]:
    """The terms that run."""
    return [(one, one.commitment) for one in contracts if one.commitment and one.closed_at is None]


def commitment_of(contract: Contract, contracts: Iterable[Contract]) -> Commitment | None:
    """What binds it: its own term or the whole account's, and the whole account all of them; the latest."""
    binding = [
        term for one, term in commitments(contracts) if contract.is_account or one.is_account or one.id == contract.id
    ]
    return max(binding, key=lambda term: term.until, default=None)


def end_of(context: Context, contract: Contract, timing: Timing) -> ChargesEnd:
    """When charges end if the end of this contract is declared now."""
    term = commitment_of(contract, context.contracts)
    return charges_end(
        timing,
        context.now,
        context.account.timezone,
        context.means.review_days,
        len(contract.billed(context.services)),
        term.until if term else None,
    )


def declared_end(contract: Contract, contracts: Iterable[Contract]) -> datetime | None:
    """When its charges end, or have ended, as was declared for it or for the whole account."""
    covering = [one for one in contracts if one.id == contract.id or one.is_account]
    return min((one.charges_end for one in covering if one.charges_end), default=None)


def is_bound(end: ChargesEnd, term: Commitment | None, context: Context) -> bool:
    """It is the term that charges end with."""
    return term is not None and last_day_before(end.at, context.account.timezone) == term.until


def written_end(end: ChargesEnd, context: Context) -> str:
    """`23 November 2026 at the latest`: the last day of charges, and whether it may come sooner."""
    return f"{last_day(end.at, context.account.timezone)}{' at the latest' if end.at_the_latest else ''}"


def written_term(term: Commitment | None) -> str:
    """In a line; empty: there is none."""
    if term is None:
        return ""
    who = ", ".join(part for part in (term.sales_contact, term.sales_email) if part)
    return f"Until {day(term.until)}." + (f" Sales contact: {who}." if who else "")


def declared_term(term: Commitment | None) -> dict[str, str] | None:
    """As it stands in a declaration: the last day in ISO 8601."""
    if term is None:
        return None
    return {"until": term.until.isoformat(), "sales_contact": term.sales_contact, "sales_email": term.sales_email}


def term_declared(content: Mapping[str, Any]) -> str:
    """The term of a declaration, in a line; empty: there was none."""
    found = content.get("commitment")
    return written_term(Commitment(**{**found, "until": date.fromisoformat(found["until"])})) if found else ""


def when_hints(context: Context, contracts: Sequence[Contract]) -> dict[Timing, str]:
    """What each timing means for these contracts, in sentences."""
    return {timing: _hint(context, contracts, timing) for timing in Timing}


def _hint(context: Context, contracts: Sequence[Contract], timing: Timing) -> str:
    bound, free = [], []
    for one in contracts:
        end = end_of(context, one, timing)
        if is_bound(end, commitment_of(one, context.contracts), context):
            whose = "Charges end" if len(contracts) == 1 else f"{one.name}: charges end"
            bound.append(f"{whose} on {written_end(end, context)}, with the term commitment.")
        else:
            free.append(end)
    late = next((end for end in free if end.at_the_latest), None)
    if late:
        bound.insert(0, f"Charges end when the last billed service is deleted, {_at_the_latest(late, context)}.")
    elif free and timing is Timing.IMMEDIATE:
        bound.insert(0, f"Charges end today, {written_end(free[0], context)}; no billed service is left.")
    elif free:
        goes_on = " Services go on until then." if context.billed else ""
        bound.insert(0, f"Charges end on {written_end(free[0], context)}.{goes_on}")
    return " ".join(bound)


def _at_the_latest(end: ChargesEnd, context: Context) -> str:
    return f"at the latest on {last_day(end.at, context.account.timezone)}"
