"""How the account stands: what is owed, as far as the provider tells."""

from wizard.errors import ActionNotSupported
from wizard.providers.billing import Invoice, PaymentMethod
from wizard.providers.interface import Provider
from wizard.providers.values import every


def unpaid_invoices(provider: Provider, account_id: str) -> list[Invoice] | None:
    """None where the provider knows no invoices."""
    try:
        return [one for one in every(lambda after: provider.invoices(account_id, after)) if one.paid_on is None]
    except ActionNotSupported:
        return None


def default_method(provider: Provider, account_id: str) -> PaymentMethod | None:
    """None where there is none, or the provider does not tell."""
    try:
        return next(iter(provider.payment_methods(account_id)), None)
    except ActionNotSupported:
        return None
