"""What a contract's new totals cost, as the provider quotes it: for whoever types, checks or confirms."""

from collections.abc import Sequence

from wizard.actions import ordering, totals
from wizard.actions.context import Context
from wizard.errors import Invalid, NotFound, ProviderRefused
from wizard.providers.billing import Option, Quote
from wizard.providers.values import Contract


def contract_name(contract: Contract) -> str:
    """As it reads among a customer's domains: what belongs to the account itself belongs to none of them."""
    return "The account itself" if contract.is_account else contract.name


def contract_of(context: Context, contract_id: str) -> Contract:
    """Raises NotFound for another account's, as for none."""
    for one in context.contracts:
        if one.id == contract_id:
            return one
    raise NotFound("There is no such contract on this account.", "Choose one of those that are listed.")


def options_of(context: Context, contract: Contract) -> Sequence[Option]:
    return () if contract.closed_at else context.means.provider.options(context.account.id, contract.id)


def quoted(context: Context, contract: Contract, fields: Sequence[totals.Field]) -> Quote | None:
    """None where nothing would change. Raises Invalid where these totals cannot be had."""
    if problems := totals.wrong(fields):
        raise Invalid(problems)
    wanted = totals.changed(fields)
    if not wanted:
        return None
    try:
        return context.means.provider.quote(context.account.id, contract.id, wanted)
    except ProviderRefused as refusal:
        raise Invalid({"price": str(refusal)}) from refusal


def price_of(quote: Quote) -> dict[str, object]:
    """What a quote says, for a page."""
    return {
        "lines": ordering.shown(quote.lines),
        "sums": ordering.sums(quote.total, quote.credit_used),
        "then": ordering.from_then_on(quote.lines, quote.total.currency),
    }


def mark_of(quote: Quote) -> str:
    return ordering.mark(quote.contract_id, ordering.kept(quote.lines), quote.total.minor, quote.credit_used.minor)
