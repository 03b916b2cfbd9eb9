"""The protocol that every provider speaks; `values.py` has what crosses the border.

Providers are slow, fail, repeat themselves and lack features, and that is normal:

- A call may fail (ProviderUnavailable: trying again may help), be refused with a reason for the
  customer (ProviderRefused), or not exist there (ActionNotSupported: the default of all calls but
  the first five; what a provider lacks it leaves as it is here).
- Every call that changes something carries an idempotency key: the same key again does nothing
  again and answers the same. Where a provider knows no keys, its adapter looks first what is there.
- It answers with an Operation, which may be finished later, and is believed only when it was read
  back: `service` raises NotFound, `contracts` shows the date.
- What may be long is answered in pages; `every` reads them all.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from wizard.errors import ActionNotSupported
from wizard.money import Money
from wizard.providers.billing import Contact, Forecast, Invoice, Option, PaymentMethod, Quote, Task
from wizard.providers.values import Account, Contract, Operation, Page, Service, UsageLine


class Provider(Protocol):
    def account(self, account_id: str) -> Account:
        """Raises NotFound for an id that it does not know."""
        ...

    def contracts(self, account_id: str) -> Sequence[Contract]:
        """The contracts that exist, the account's own first; closed ones included."""
        ...

    def services(self, account_id: str, after: str = "") -> Page[Service]:
        """All services that are there, also those being deleted; deleted ones are gone."""
        ...

    def service(self, account_id: str, service_id: str) -> Service:
        """One of them as it stands now. Raises NotFound once it is gone."""
        ...

    def operation(self, account_id: str, operation_id: str) -> Operation:
        """How far it is. Raises NotFound."""
        ...

    def matching_accounts(self, holder: str, domain: str, last_four: str) -> Sequence[str]:
        """Ids of the accounts of this holder, with this domain, and with a card that ends in these digits.

        All three fit, whatever the case and the spaces. What has ended counts as well.
        """
        raise ActionNotSupported

    def usage(self, account_id: str, since: date, after: str = "", until: date | None = None) -> Page[UsageLine]:
        """Lines of the months from the one of `since` to the one of `until` (None: until now), newest month first."""
        raise ActionNotSupported

    def invoices(self, account_id: str, after: str = "") -> Page[Invoice]:
        """Newest first."""
        raise ActionNotSupported

    def payment_methods(self, account_id: str) -> Sequence[PaymentMethod]:
        """The default first."""
        raise ActionNotSupported

    def payment_page(self, account_id: str, return_to: str, idempotency_key: str) -> str:
        """Address of the processor's own page on which a payment method is added; it leads back to `return_to`.

        return_to: a path of the wizard, such as `/account/ac_1/update-payment-method/`; who needs a whole
        address puts the configured one before it. The answer is such a path or an address of `https:`.
        Nothing is added by asking. Raises ProviderRefused.
        """
        raise ActionNotSupported

    def set_default_method(self, account_id: str, payment_method_id: str, idempotency_key: str) -> Operation:
        """Charge this one from now on. Raises NotFound; ProviderRefused for one that cannot be charged."""
        raise ActionNotSupported

    def contacts(self, account_id: str) -> Sequence[Contact]:
        """Who gets invoices and payment notices, in the order in which they were added."""
        raise ActionNotSupported

    def add_contact(self, account_id: str, name: str, email: str, idempotency_key: str) -> Operation:
        """Raises ProviderRefused, saying why. An address that is there already stays as it is."""
        raise ActionNotSupported

    def remove_contact(self, account_id: str, contact_id: str, idempotency_key: str) -> Operation:
        """Raises ProviderRefused for the last one; one that is gone stays gone."""
        raise ActionNotSupported

    def credit(self, account_id: str) -> Money:
        """What is used before any payment method is charged; never negative."""
        raise ActionNotSupported

    def options(self, account_id: str, contract_id: str) -> Sequence[Option]:
        """What can be changed in number, and what could be had; empty where there is nothing of the kind."""
        raise ActionNotSupported

    def quote(self, account_id: str, contract_id: str, totals: Mapping[str, int]) -> Quote:
        """What new totals cost. totals: option -> how many there shall be; others stay. No line for what stays.

        Raises ProviderRefused, saying why. Nothing is ordered: quotes are made as often as somebody types.
        """
        raise ActionNotSupported

    def order(self, account_id: str, quote_id: str, payment_method_id: str, idempotency_key: str) -> Operation:
        """Do what was quoted, for exactly the sum quoted; the result is the invoice's number.

        payment_method_id: empty where nothing is due. Raises QuoteExpired where time has passed or
        anything it was worked out from has changed, PaymentRefused, ProviderRefused; then nothing was
        ordered or charged. Raises NotFound for another account's quote.
        """
        raise ActionNotSupported

    def tasks(self, account_id: str) -> Sequence[Task]:
        """What the provider does for a fixed price."""
        raise ActionNotSupported

    def order_task(self, account_id: str, task_id: str, price: Money, idempotency_key: str) -> Operation:
        """Have it done; it stands on the invoice of this month. Raises QuoteExpired where the price is another."""
        raise ActionNotSupported

    def forecast(self, account_id: str, contract_id: str, ends_at: datetime) -> Forecast:
        """The invoices to come if everything of the contract ends at this instant.

        For the whole account all that is to come; for another contract only what is of its scope.
        """
        raise ActionNotSupported

    def delete_service(self, account_id: str, service_id: str, idempotency_key: str) -> Operation:
        """Begin to delete. Raises ProviderRefused, saying why; NotFound where it is gone."""
        raise ActionNotSupported

    def end_charges(self, account_id: str, contract_id: str, at: datetime | None, idempotency_key: str) -> Operation:
        """Charge nothing of this contract from `at` on, whatever is still there.

        None takes it back: charges go on from now. What an earlier `at` has kept free stays free.
        """
        raise ActionNotSupported

    def close_contract(self, account_id: str, contract_id: str, idempotency_key: str) -> Operation:
        """End it; one that has ended stays as it is. Raises ProviderRefused while a billed service of it is there."""
        raise ActionNotSupported
