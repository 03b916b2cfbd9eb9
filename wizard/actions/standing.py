"""How the account stands: what is owed, as far as the provider tells, and what is on its way."""

from wizard.actions.context import Context
from wizard.errors import ActionNotSupported
from wizard.providers.billing import Invoice, PaymentMethod
from wizard.providers.interface import Provider
from wizard.providers.values import every
from wizard.records import orders
from wizard.theme.formats import listed


def unpaid_invoices(provider: Provider, account_id: str) -> list[Invoice] | None:
    """Those of which something is due; None where the provider knows no invoices."""
    try:
        found = every(lambda after: provider.invoices(account_id, after))
    except ActionNotSupported:
        return None
    return [one for one in found if one.paid_on is None and one.due.minor]


def chargeable(context: Context) -> PaymentMethod | None:
    """The default, where it can be charged today; None also where the provider does not tell."""
    try:
        methods = context.means.provider.payment_methods(context.account.id)
    except ActionNotSupported:
        return None
    return next((one for one in methods if one.is_default and one.is_valid_on(context.today)), None)


def orders_under_way(context: Context) -> str:
    """Which orders the sums do not know of, in a sentence; empty: there is none."""
    with context.means.db.read() as session:
        found = [one.reference for one in orders.under_way(session, context.account.id)]
    if not found:
        return ""
    if len(found) == 1:
        return f"Order {found[0]} is under way: what it changes is not in these sums yet."
    return f"Orders {listed(found)} are under way: what they change is not in these sums yet."
