"""What every provider must do. Runs over each implementation, on each database that it works on."""

from datetime import date

import pytest

from tests.helpers.clock import SATURDAY
from tests.providers.subject import Subject, named, services_of
from wizard.errors import ActionNotSupported, NotFound, ProviderRefused, ProviderUnavailable
from wizard.money import Money
from wizard.providers.billing import PaymentMethod
from wizard.providers.embedded import inventory
from wizard.providers.values import Page, ServiceState, every


def test_an_unknown_account_is_not_found(subject: Subject) -> None:
    for call in ("account", "contracts", "services"):
        with pytest.raises(NotFound):
            getattr(subject.provider, call)("ac_unknown")


@pytest.mark.parametrize(
    "given",
    [
        ("Larkspur Books", "larkspurbooks.example", "4242"),
        (" larkspur  BOOKS ", "LarkspurPress.example ", " 42 42"),
    ],
)
def test_an_account_is_found_by_its_holder_a_domain_and_its_card(subject: Subject, given: tuple[str, str, str]) -> None:
    assert list(subject.provider.matching_accounts(*given)) == [subject.in_advance]


def test_an_account_without_services_of_a_domain_is_found_by_a_domain_of_its_own(subject: Subject) -> None:
    found = subject.provider.matching_accounts("Fernhill Robotics", "fernhillrobotics.example", "4242")
    assert list(found) == [subject.in_arrears]


def test_an_account_is_still_found_when_it_has_ended(subject: Subject) -> None:
    for service in reversed(services_of(subject.provider, subject.in_advance)):
        subject.provider.delete_service(subject.in_advance, service.id, service.id)
        subject.clock.advance(minutes=1)
    assert not services_of(subject.provider, subject.in_advance)
    found = subject.provider.matching_accounts("Larkspur Books", "larkspurbooks.example", "4242")
    assert list(found) == [subject.in_advance]


@pytest.mark.parametrize(
    "given",
    [
        ("Fernhill Robotics", "larkspurbooks.example", "4242"),
        ("Larkspur Books", "fernhillrobotics.example", "4242"),
        ("Larkspur Books", "larkspurbooks.example", "4243"),
        ("Larkspur", "larkspurbooks.example", "4242"),
        ("Larkspur Books", "books.example", "4242"),
        ("%", "%", "4242"),
        ("", "", ""),
        ("Larkspur Books", "", "4242"),
        ("", "larkspurbooks.example", "4242"),
    ],
)
def test_no_account_is_found_unless_all_three_fit(subject: Subject, given: tuple[str, str, str]) -> None:
    assert list(subject.provider.matching_accounts(*given)) == []


def test_an_account_has_the_address_on_file(subject: Subject) -> None:
    assert subject.provider.account(subject.in_advance).email == "lou@demo.example"


def test_services_come_with_their_price_and_what_they_stand_on(subject: Subject) -> None:
    services = {one.name: one for one in services_of(subject.provider, subject.in_arrears)}
    web = services["VA1FERNWEB01"]
    assert (web.unit_price, web.per_month) == (Money(5, "USD"), Money(3605, "USD"))  # an hour more: clocks go back
    assert web.stands_on == services["prod-va1-fern"].id and web.credit_today == Money(0, "USD")
    mailboxes = {one.name: one for one in services_of(subject.provider, subject.in_advance)}[
        "Mailboxes, larkspurbooks.example"
    ]
    assert (mailboxes.per_month, mailboxes.credit_today) == (Money(3000, "USD"), Money(1000, "USD"))


def test_default_things_are_unbilled_and_say_why_they_stay(subject: Subject) -> None:
    kept = [one for one in services_of(subject.provider, subject.in_arrears) if one.kept_because]
    assert [one.name for one in kept] == ["vpn-va1-fern", "VA1FERNVPN01"] and not any(one.is_billed for one in kept)
    with pytest.raises(ProviderRefused, match="comes with the account"):
        subject.provider.delete_service(subject.in_arrears, kept[1].id, "k")


def test_contracts_are_the_account_and_each_domain(subject: Subject) -> None:
    found = subject.provider.contracts(subject.in_advance)
    assert [(one.is_account, one.name) for one in found] == [
        (True, "The whole account"),
        (False, "The package of larkspurbooks.example"),
        (False, "The package of larkspurevents.example"),
        (False, "The package of larkspurpress.example"),
    ]
    domains = {one.contract_id for one in services_of(subject.provider, subject.in_advance)}
    assert domains == {one.id for one in found if not one.is_account and "larkspurevents" not in one.name}


def test_invoices_are_paid_but_for_the_last_and_a_card_is_on_file(subject: Subject) -> None:
    invoices = subject.provider.invoices(subject.in_arrears).items
    assert [one.paid_on is None for one in invoices] == [True, False, False]
    assert invoices[0].total == Money(23808, "USD")
    (card,) = subject.provider.payment_methods(subject.in_arrears)
    assert (card.brand, card.last_four, card.is_default) == ("Visa", "4242", True)


def test_one_service_is_told_as_it_stands_among_the_others(subject: Subject) -> None:
    for service in services_of(subject.provider, subject.in_arrears):
        assert subject.provider.service(subject.in_arrears, service.id) == service
    gone = named(subject, subject.in_arrears, "fern-archive")
    subject.provider.delete_service(subject.in_arrears, gone, "k")
    assert subject.provider.service(subject.in_arrears, gone).state is ServiceState.DELETING
    subject.clock.advance(seconds=31)
    for account, service in (
        (subject.in_arrears, gone),
        (subject.in_arrears, "sv_unknown"),
        (subject.in_advance, gone),
    ):
        with pytest.raises(NotFound):
            subject.provider.service(account, service)


def test_pages_hold_each_service_once_whatever_is_deleted_between_them(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "PAGE", 2)
    provider, account = subject.provider, subject.in_arrears
    first = provider.services(account)
    assert len(first.items) == 2 and first.next
    whole = services_of(provider, account)
    assert len({one.id for one in whole}) == len(whole) == 8
    provider.delete_service(account, named(subject, account, "VA1FERNWEB01"), "k")
    subject.clock.advance(seconds=31)
    rest = every(lambda after: provider.services(account, after or first.next))
    assert [one.name for one in rest] == [one.name for one in whole[2:] if one.name != "VA1FERNWEB01"]


def test_pages_that_run_in_a_circle_are_a_fault_and_no_endless_loop() -> None:
    with pytest.raises(ProviderUnavailable, match="circle"):
        every(lambda after: Page([after], "b" if after == "a" else "a"))


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("payment_page", ("https://my.example/", "k")),
        ("options", ("ct",)),
        ("quote", ("ct", {"mailboxes": 3})),
        ("order", ("qt", "pm", "k")),
        ("forecast", ("ct", SATURDAY)),
    ],
)
def test_a_call_that_a_provider_lacks_says_so_or_is_there(subject: Subject, call: str, given: tuple) -> None:
    with pytest.raises((ActionNotSupported, NotFound)):
        getattr(subject.provider, call)("ac_unknown", *given)


def test_no_more_than_the_last_four_of_a_card_crosses_the_border() -> None:
    with pytest.raises(ValueError, match="last four"):
        PaymentMethod("pm", "Visa", "4242424242424242", date(2028, 11, 30), True)
