"""What every provider that knows billing contacts must do with them."""

import threading

import pytest

from tests.providers.subject import Subject
from wizard.errors import NotFound, ProviderRefused
from wizard.providers.values import OperationState


def emails(subject: Subject, account: str) -> list[str]:
    return [one.email for one in subject.provider.contacts(account)]


def add(subject: Subject, number: int, key: str = "") -> None:
    operation = subject.provider.add_contact(
        subject.in_arrears, f"Person {number}", f"{number}@demo.example", key or f"k{number}"
    )
    assert operation.state is OperationState.DONE
    subject.clock.advance(minutes=1)


def test_an_account_has_the_contact_that_it_began_with(subject: Subject) -> None:
    (contact,) = subject.provider.contacts(subject.in_arrears)
    assert (contact.name, contact.email) == ("Fernhill Robotics", "ana@demo.example")


def test_a_contact_is_added_once_whatever_is_repeated(subject: Subject) -> None:
    for _ in range(3):
        add(subject, 1)
    assert emails(subject, subject.in_arrears) == ["ana@demo.example", "1@demo.example"]
    assert emails(subject, subject.in_advance) == ["lou@demo.example"], "another account's are its own"


def test_an_address_that_is_there_stays_as_it_is(subject: Subject) -> None:
    before = subject.provider.contacts(subject.in_arrears)
    operation = subject.provider.add_contact(subject.in_arrears, "Somebody else", "ANA@demo.example", "k")
    assert operation.state is OperationState.DONE and subject.provider.contacts(subject.in_arrears) == before


def test_the_same_address_may_belong_to_two_accounts(subject: Subject) -> None:
    subject.provider.add_contact(subject.in_advance, "Ana Ruiz", "ana@demo.example", "k")
    assert emails(subject, subject.in_advance) == ["lou@demo.example", "ana@demo.example"]


def test_a_sixth_contact_is_refused_with_words_and_may_come_when_one_has_gone(subject: Subject) -> None:
    for number in range(1, 5):
        add(subject, number)
    with pytest.raises(ProviderRefused, match="at most 5 billing contacts"):
        add(subject, 5)
    assert len(emails(subject, subject.in_arrears)) == 5
    first = subject.provider.contacts(subject.in_arrears)[0]
    subject.provider.remove_contact(subject.in_arrears, first.id, "r")
    add(subject, 5)  # the same key: what was refused has not been done
    assert emails(subject, subject.in_arrears) == [f"{number}@demo.example" for number in range(1, 6)]


def test_the_last_contact_stays_and_one_that_is_gone_stays_gone(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    (first,) = provider.contacts(account)
    with pytest.raises(ProviderRefused, match="at least one billing contact"):
        provider.remove_contact(account, first.id, "r1")
    add(subject, 1)
    for key in ("r1", "r1", "r2"):
        assert provider.remove_contact(account, first.id, key).state is OperationState.DONE
    assert emails(subject, account) == ["1@demo.example"]


def test_another_accounts_contact_is_not_removed(subject: Subject) -> None:
    add(subject, 1)
    other = subject.provider.contacts(subject.in_arrears)[0]
    subject.provider.remove_contact(subject.in_advance, other.id, "r")
    assert len(emails(subject, subject.in_arrears)) == 2 and len(emails(subject, subject.in_advance)) == 1


def test_an_account_that_is_not_there_has_no_contacts(subject: Subject) -> None:
    for call, given in (
        ("contacts", ()),
        ("add_contact", ("Ana", "ana@demo.example", "k")),
        ("remove_contact", ("bc_1", "k")),
    ):
        with pytest.raises(NotFound):
            getattr(subject.provider, call)("ac_unknown", *given)


def test_a_key_of_something_else_is_refused(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    add(subject, 1, "k")
    added = provider.contacts(account)[1]
    for call, given in (
        (provider.add_contact, (account, "", "2@demo.example")),
        (provider.add_contact, (subject.in_advance, "", "1@demo.example")),
        (provider.remove_contact, (account, added.id)),
    ):
        with pytest.raises(ProviderRefused, match="belongs to something else"):
            call(*given, "k")
    assert len(emails(subject, account)) == 2 and len(emails(subject, subject.in_advance)) == 1


def test_an_added_contact_is_an_operation_that_can_be_asked_about(subject: Subject) -> None:
    add(subject, 1, "k1")
    assert subject.provider.operation(subject.in_arrears, "k1").state is OperationState.DONE


def test_several_at_once_do_not_pass_the_limit(subject: Subject) -> None:
    refused = []

    def one(number: int) -> None:
        try:
            subject.provider.add_contact(subject.in_arrears, "", f"{number}@demo.example", f"k{number}")
        except ProviderRefused:
            refused.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(emails(subject, subject.in_arrears)) == 5 and len(refused) == 4
