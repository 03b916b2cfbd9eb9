"""Options, quotes and orders of the embedded provider, as the contract has them."""

import pytest

from tests.providers.subject import Subject, services_of, usage_of
from wizard.errors import QuoteExpired
from wizard.money import Money


def contract_of(subject: Subject, domain: str) -> str:
    return next(one.id for one in subject.provider.contracts(subject.in_advance) if domain in one.name)


def method_of(subject: Subject) -> str:
    return subject.provider.payment_methods(subject.in_advance)[0].id


def test_one_more_mailbox_on_21_november_is_charged_for_10_of_30_days(subject: Subject) -> None:
    contract = contract_of(subject, "larkspurpress")
    quote = subject.provider.quote(subject.in_advance, contract, {"mailboxes": 3})
    assert quote.due_now == Money(333, "USD")
    done = subject.provider.order(subject.in_advance, quote.id, method_of(subject), "key-1")
    again = subject.provider.order(subject.in_advance, quote.id, method_of(subject), "key-1")
    assert done == again
    invoice = subject.provider.invoices(subject.in_advance).items[0]
    assert (invoice.number, invoice.total) == (done.result, Money(333, "USD"))
    with pytest.raises(QuoteExpired):
        subject.provider.order(subject.in_advance, quote.id, method_of(subject), "key-2")


def test_adding_and_removing_on_one_day_costs_nothing(subject: Subject) -> None:
    contract = contract_of(subject, "larkspurpress")
    before = [line.amount for line in usage_of(subject.provider, subject.in_advance, subject.clock().date())]
    for total in (5, 2):
        quote = subject.provider.quote(subject.in_advance, contract, {"mailboxes": total})
        subject.provider.order(subject.in_advance, quote.id, method_of(subject), f"key-{total}")
    after = [line.amount for line in usage_of(subject.provider, subject.in_advance, subject.clock().date())]
    assert sum(one.minor for one in before) == sum(one.minor for one in after)
    assert subject.provider.credit(subject.in_advance) == Money(1000, "USD")


def test_a_package_and_its_mailboxes_are_ordered_together(subject: Subject) -> None:
    contract = contract_of(subject, "larkspurevents")
    quote = subject.provider.quote(subject.in_advance, contract, {"mailboxes": 2, "hosting-package": 1})
    assert quote.due_now == Money(500 + 667, "USD")
    subject.provider.order(subject.in_advance, quote.id, method_of(subject), "key-1")
    there = [one for one in services_of(subject.provider, subject.in_advance) if one.contract_id == contract]
    assert [(one.name, one.quantity) for one in there] == [
        ("Business Hosting, larkspurevents.example", 1),
        ("Mailboxes, larkspurevents.example", 2),
    ]
    assert there[1].stands_on == there[0].id
