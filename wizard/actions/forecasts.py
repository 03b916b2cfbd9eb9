"""What the provider says is still to be invoiced, in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wizard.actions.context import Context
from wizard.errors import ActionNotSupported
from wizard.money import Money, total
from wizard.providers.billing import Forecast, InvoiceForecast
from wizard.providers.values import Contract
from wizard.theme.formats import counted, day, listed, money, month_name, number

FEW = 3
"""So many invoices are named one by one in a sentence."""
_NUMBERS = "no one two three four five six seven eight nine".split()


@dataclass(frozen=True, slots=True)
class Ahead:
    """The invoices to come if charges end at an instant."""

    invoices: Sequence[InvoiceForecast]
    """Only those with something on them."""
    credit_left: Money

    @property
    def total(self) -> Money:
        return total((one.total for one in self.invoices), self.credit_left.currency)

    @property
    def credit_used(self) -> Money:
        return total((one.credit_used for one in self.invoices), self.credit_left.currency)

    @property
    def due(self) -> Money:
        """What is left to pay."""
        return total((one.due for one in self.invoices), self.credit_left.currency)

    @property
    def text(self) -> str:
        """`2 invoices, $45.10 in all, the final one on 1 January 2027.`"""
        if not self.invoices:
            return "Nothing was charged this month, and no invoice is to come."
        sums = f"{money(self.due)}{' in all' if len(self.invoices) > 1 else ''}"
        if self.credit_used.minor:
            sums += f" after {money(self.credit_used)} of credit"
        when = "the final one on" if len(self.invoices) > 1 else "on"
        return f"{counted(len(self.invoices), 'invoice')}, {sums}, {when} {day(self.invoices[-1].issued_on)}."

    def said(self, noun: bool) -> str:
        """`one invoice of $12.00`; without its noun `two of $14.40 together`."""
        count = len(self.invoices)
        if not count:
            return "no invoice"
        what = _NUMBERS[count] if count < len(_NUMBERS) else number(count)
        if noun:
            what += " invoice" if count == 1 else " invoices"
        return f"{what} of {money(self.total)}{' together' if count > 1 else ''}"


def ahead(context: Context, contract: Contract, ends_at: datetime) -> Ahead:
    """Raises ActionNotSupported where the provider makes no forecasts."""
    told: Forecast = context.means.provider.forecast(context.account.id, contract.id, ends_at)
    return Ahead([one for one in told.invoices if one.lines], told.credit_left)


def invoices_to_come(context: Context, contract: Contract, ends_at: datetime) -> str:
    """All of them in short, with their sums; empty where the provider does not tell."""
    try:
        found = ahead(context, contract, ends_at)
    except ActionNotSupported:
        return ""
    if not 1 < len(found.invoices) <= FEW:
        return found.text
    each = listed([f"{money(one.due)} for {month_name(one.month)}" for one in found.invoices])
    return f"{found.text.removesuffix('.')}: {each}."
