"""What every provider must do. Runs over each implementation, on each database that it works on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.helpers.clock import SATURDAY, SetClock
from wizard.db import Database
from wizard.errors import ActionNotSupported, NotFound, ProviderRefused, ProviderUnavailable
from wizard.money import Money, total
from wizard.providers.embedded import EmbeddedProvider, inventory
from wizard.providers.embedded.provider import Settings
from wizard.providers.embedded.tables import AccountRow, ServiceRow
from wizard.providers.interface import Provider
from wizard.providers.values import OperationState, Page, PaymentMethod, Service, ServiceState, UsageLine, every


@dataclass
class Subject:
    """A provider under test, with what a test needs to know of its accounts."""

    provider: Provider
    clock: SetClock
    in_arrears: str
    in_advance: str
    hold: Callable[[str, str], None]
    """Make it refuse the deletion of a service, with a reason."""


@pytest.fixture
def subject(any_db: Database, clock: SetClock) -> Subject:
    with any_db.read() as session:
        accounts = {row.name: row.id for row in session.scalars(select(AccountRow))}

    def hold(service_id: str, reason: str) -> None:
        with any_db.write() as session:
            session.get_one(ServiceRow, service_id).hold = reason

    provider = EmbeddedProvider(any_db, clock, Settings(deletion_seconds=30))
    return Subject(provider, clock, accounts["Fernhill Robotics"], accounts["Larkspur Books"], hold)


def services_of(provider: Provider, account: str) -> list[Service]:
    return every(lambda after: provider.services(account, after))


def usage_of(provider: Provider, account: str, since: date) -> list[UsageLine]:
    return every(lambda after: provider.usage(account, since, after))


def named(subject: Subject, account: str, name: str) -> str:
    return next(one.id for one in services_of(subject.provider, account) if one.name == name)


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


def test_usage_is_three_months_and_the_present_one_newest_first(subject: Subject) -> None:
    lines = usage_of(subject.provider, subject.in_arrears, date(2026, 8, 1))
    assert list(dict.fromkeys(line.month for line in lines)) == [date(2026, month, 1) for month in (11, 10, 9, 8)]
    october = [line for line in lines if line.month.month == 10 and line.service == "VA1FERNWEB01"]
    assert [(line.quantity, line.unit, line.amount) for line in october] == [(744, "hours", Money(3720, "USD"))]


def test_usage_goes_on_by_the_hour_until_the_service_is_deleted(subject: Subject) -> None:
    def hours() -> int:
        lines = usage_of(subject.provider, subject.in_arrears, date(2026, 11, 1))
        return next(line.quantity for line in lines if line.service == "VA1FERNWEB01")

    before = hours()
    subject.clock.advance(hours=5)
    assert hours() == before + 5
    subject.provider.delete_service(subject.in_arrears, named(subject, subject.in_arrears, "VA1FERNWEB01"), "k")
    subject.clock.advance(hours=48)
    assert hours() <= before + 6


def test_removing_what_is_paid_in_advance_credits_the_unused_days(subject: Subject) -> None:
    mailboxes = named(subject, subject.in_advance, "Mailboxes, larkspurbooks.example")
    promised = {one.id: one for one in services_of(subject.provider, subject.in_advance)}[mailboxes].credit_today
    subject.provider.delete_service(subject.in_advance, mailboxes, "k")
    subject.clock.advance(minutes=5)
    lines = usage_of(subject.provider, subject.in_advance, date(2026, 11, 1))
    credits = [line.amount for line in lines if line.service_id == mailboxes and line.amount.minor < 0]
    assert credits == [-promised]


def test_charges_end_where_they_are_told_to_whatever_is_still_there(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    whole = provider.contracts(account)[0]

    def so_far() -> Money:
        return total((line.amount for line in usage_of(provider, account, date(2026, 11, 1))), "USD")

    end = subject.clock()
    provider.end_charges(account, whole.id, end, "end")
    provider.end_charges(account, whole.id, end, "end")
    stopped = so_far()
    subject.clock.advance(hours=72)
    assert so_far() == stopped
    assert not total((one.per_month for one in services_of(provider, account)), "USD").minor
    provider.end_charges(account, whole.id, None, "go on")
    assert so_far() == stopped, "what was free stays free"
    subject.clock.advance(hours=2)
    assert so_far().minor == stopped.minor + 2 * 32


def test_contracts_are_the_account_and_each_domain(subject: Subject) -> None:
    found = subject.provider.contracts(subject.in_advance)
    assert [(one.is_account, one.name) for one in found] == [
        (True, "The whole account"),
        (False, "The package of larkspurbooks.example"),
        (False, "The package of larkspurpress.example"),
    ]
    domains = {one.contract_id for one in services_of(subject.provider, subject.in_advance)}
    assert domains == {one.id for one in found if not one.is_account}


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


def test_invoices_are_paid_but_for_the_last_and_a_card_is_on_file(subject: Subject) -> None:
    invoices = subject.provider.invoices(subject.in_arrears).items
    assert [one.paid_on is None for one in invoices] == [True, False, False]
    assert invoices[0].total == Money(23808, "USD")
    (card,) = subject.provider.payment_methods(subject.in_arrears)
    assert (card.brand, card.last_four, card.is_default) == ("Visa", "4242", True)


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


def test_an_end_that_is_taken_back_and_set_again_is_charged_and_credited_once(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    whole = provider.contracts(account)[0]

    def this_month() -> int:
        return total((one.amount for one in usage_of(provider, account, date(2026, 11, 1))), "USD").minor

    before = this_month()
    for day in range(1, 5):
        provider.end_charges(account, whole.id, subject.clock(), f"end {day}")
        subject.clock.advance(hours=12)
        provider.end_charges(account, whole.id, None, f"go on {day}")
    subject.clock.advance(minutes=1)
    assert before - before * 3 // 30 <= this_month() <= before, "a part of a day is free, and no more"
    provider.end_charges(account, whole.id, subject.clock(), "end")
    assert this_month() > 0


def test_an_end_that_is_told_late_holds_from_its_date(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    whole = provider.contracts(account)[0]
    end = subject.clock()
    before = total((one.amount for one in usage_of(provider, account, date(2026, 11, 1))), "USD")
    subject.clock.advance(hours=72)
    provider.end_charges(account, whole.id, end, "late")
    assert total((one.amount for one in usage_of(provider, account, date(2026, 11, 1))), "USD") == before
    assert provider.contracts(account)[0].charges_end == end


def test_an_end_can_be_moved_while_it_lies_ahead(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    whole = provider.contracts(account)[0]
    for days in (20, 10, 30):
        end = subject.clock() + timedelta(days=days)
        provider.end_charges(account, whole.id, end, f"in {days} days")
        assert provider.contracts(account)[0].charges_end == end
    provider.end_charges(account, whole.id, None, "not at all")
    assert provider.contracts(account)[0].charges_end is None


def test_the_end_of_one_contract_leaves_the_others_charged(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    press = next(one for one in provider.contracts(account) if one.name.endswith("larkspurpress.example"))
    provider.end_charges(account, press.id, subject.clock(), "end")
    for service in services_of(provider, account):
        ended = service.contract_id == press.id
        assert (service.per_month.minor == 0) == ended and (service.credit_today.minor == 0) == ended, service.name


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


def test_what_changes_something_answers_with_an_operation_that_can_be_asked_for(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    contract = next(one for one in provider.contracts(account) if one.name == "The package of larkspurpress.example")
    told = provider.end_charges(account, contract.id, subject.clock(), "end")
    assert told.state is OperationState.DONE and provider.operation(account, told.id) == told
    assert provider.end_charges(account, contract.id, subject.clock(), "end") == told


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
