"""What every provider must do: deletion and the end of contracts, once, and only what may end."""

import pytest

from tests.providers.subject import Subject, named, services_of
from wizard.errors import NotFound, ProviderRefused
from wizard.providers.values import OperationState, ServiceState


def test_deletion_takes_its_time_and_then_the_service_is_gone(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    service = named(subject, account, "VA1FERNWEB01")
    operation = provider.delete_service(account, service, "k1")
    assert operation.state is OperationState.RUNNING
    assert {one.id: one.state for one in services_of(provider, account)}[service] is ServiceState.DELETING
    subject.clock.advance(seconds=31)
    assert provider.operation(account, operation.id).state is OperationState.DONE
    assert service not in {one.id for one in services_of(provider, account)}


def test_the_same_key_again_does_nothing_again_and_answers_the_same(subject: Subject) -> None:
    service = named(subject, subject.in_arrears, "VA1FERNWEB01")
    first = subject.provider.delete_service(subject.in_arrears, service, "k1")
    assert subject.provider.delete_service(subject.in_arrears, service, "k1") == first
    subject.clock.advance(seconds=31)
    again = subject.provider.delete_service(subject.in_arrears, service, "k1")
    assert (again.id, again.state) == (first.id, OperationState.DONE)


def test_another_key_for_a_service_that_is_being_deleted_joins_the_first(subject: Subject) -> None:
    service = named(subject, subject.in_arrears, "VA1FERNWEB01")
    first = subject.provider.delete_service(subject.in_arrears, service, "k1")
    assert subject.provider.delete_service(subject.in_arrears, service, "k2").id == first.id


def test_a_refusal_has_a_reason_and_changes_nothing(subject: Subject) -> None:
    service = named(subject, subject.in_arrears, "VA1FERNSQL01")
    subject.hold(service, "A backup of VA1FERNSQL01 is running.")
    with pytest.raises(ProviderRefused, match="backup"):
        subject.provider.delete_service(subject.in_arrears, service, "k1")
    assert service in {one.id for one in services_of(subject.provider, subject.in_arrears)}


def test_what_others_stand_on_is_not_deleted_before_them(subject: Subject) -> None:
    network = named(subject, subject.in_arrears, "prod-va1-fern")
    with pytest.raises(ProviderRefused, match="VA1FERNWEB01"):
        subject.provider.delete_service(subject.in_arrears, network, "k1")


def test_another_accounts_service_is_not_found(subject: Subject) -> None:
    service = named(subject, subject.in_arrears, "VA1FERNWEB01")
    with pytest.raises(NotFound):
        subject.provider.delete_service(subject.in_advance, service, "k1")
    operation = subject.provider.delete_service(subject.in_arrears, service, "k2")
    with pytest.raises(NotFound):
        subject.provider.operation(subject.in_advance, operation.id)


def test_a_contract_closes_only_when_nothing_billed_is_left_of_it(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    press = next(one for one in provider.contracts(account) if one.name == "The package of larkspurpress.example")
    with pytest.raises(ProviderRefused, match="Still there"):
        provider.close_contract(account, press.id, "close")
    for name in ("Mailboxes, larkspurpress.example", "Business Hosting, larkspurpress.example"):
        provider.delete_service(account, named(subject, account, name), name)
        subject.clock.advance(seconds=31)
    provider.close_contract(account, press.id, "close-2")
    provider.close_contract(account, press.id, "close-2")
    closed = {one.name: one.closed_at for one in provider.contracts(account)}
    assert closed["The package of larkspurpress.example"] and not closed["The package of larkspurbooks.example"]
    assert provider.account(account).closed_at is None


def test_closing_the_account_takes_its_default_things_along(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    order = [one for one in services_of(provider, account) if one.is_billed and one.kind != "network"]
    order += [one for one in services_of(provider, account) if one.is_billed and one.kind == "network"]
    for service in order:
        provider.delete_service(account, service.id, service.id)
        subject.clock.advance(seconds=31)
    provider.close_contract(account, provider.contracts(account)[0].id, "close")
    assert services_of(provider, account) == [] and provider.account(account).closed_at == subject.clock()


def test_another_accounts_things_are_not_found(subject: Subject) -> None:
    provider, own, other = subject.provider, subject.in_arrears, subject.in_advance
    service = services_of(provider, other)[0].id
    contract = provider.contracts(other)[0].id
    for call in (
        lambda: provider.delete_service(own, service, "k1"),
        lambda: provider.end_charges(own, contract, subject.clock(), "k2"),
        lambda: provider.close_contract(own, contract, "k3"),
        lambda: provider.operation(own, "unknown"),
        lambda: provider.account("ac_unknown"),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_contract_that_is_closed_stays_as_it_is(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    press = next(one for one in provider.contracts(account) if one.name.endswith("larkspurpress.example"))
    for name in ("Mailboxes, larkspurpress.example", "Business Hosting, larkspurpress.example"):
        provider.delete_service(account, named(subject, account, name), name)
        subject.clock.advance(minutes=5)
    provider.close_contract(account, press.id, "first")
    closed = next(one.closed_at for one in provider.contracts(account) if one.id == press.id)
    subject.clock.advance(hours=3)
    provider.close_contract(account, press.id, "second")
    assert next(one.closed_at for one in provider.contracts(account) if one.id == press.id) == closed


def test_what_changes_something_answers_with_an_operation_that_can_be_asked_for(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    contract = next(one for one in provider.contracts(account) if one.name == "The package of larkspurpress.example")
    told = provider.end_charges(account, contract.id, subject.clock(), "end")
    assert told.state is OperationState.DONE and provider.operation(account, told.id) == told
    assert provider.end_charges(account, contract.id, subject.clock(), "end") == told
