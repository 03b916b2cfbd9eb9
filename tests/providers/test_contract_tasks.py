"""What every provider must do: a service task is ordered and charged once, for the price that was shown."""

from datetime import date, timedelta

import pytest

from tests.providers.subject import Subject, services_of, usage_of
from wizard.errors import NotFound, ProviderRefused, QuoteExpired
from wizard.money import Money
from wizard.providers.values import OperationState, UsageLine

NOVEMBER = date(2026, 11, 1)


def charged(subject: Subject, account: str, name: str) -> list[UsageLine]:
    """The lines of a task of this name."""
    return [one for one in usage_of(subject.provider, account, NOVEMBER) if (one.service_id, one.service) == ("", name)]


def test_tasks_have_a_price_in_the_currency_of_the_account(subject: Subject) -> None:
    found = subject.provider.tasks(subject.in_arrears)
    assert len({one.id for one in found}) == len(found) > 0
    assert all(one.name and one.about and one.price.minor > 0 and one.price.currency == "USD" for one in found)
    with pytest.raises(NotFound):
        subject.provider.tasks("ac_unknown")


def test_a_task_is_a_usage_line_of_its_month_without_a_service(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    task = provider.tasks(account)[0]
    assert not charged(subject, account, task.name)
    operation = provider.order_task(account, task.id, task.price, "k")
    assert provider.operation(account, operation.id).state is OperationState.DONE
    (line,) = charged(subject, account, task.name)
    assert (line.month, line.amount, line.quantity, line.unit) == (NOVEMBER, task.price, 1, "tasks")
    assert not charged(subject, subject.in_advance, task.name), "another account's is none of it"


def test_the_same_key_orders_once_and_another_key_once_more(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    task = provider.tasks(account)[0]
    for _ in range(3):
        assert provider.order_task(account, task.id, task.price, "k").state is OperationState.DONE
        subject.clock.advance(minutes=1)
    assert len(charged(subject, account, task.name)) == 1
    provider.order_task(account, task.id, task.price, "k 2")
    assert len(charged(subject, account, task.name)) == 2


def test_a_task_ordered_after_the_month_has_ended_stands_in_the_next(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    task = provider.tasks(account)[0]
    subject.clock.advance(hours=24 * 9 + 8)  # 1 December in UTC, still November in New York
    while subject.clock().month == 11:
        subject.clock.advance(hours=1)
    provider.order_task(account, task.id, task.price, "before")
    subject.clock.advance(hours=24)
    provider.order_task(account, task.id, task.price, "after")
    assert [one.month for one in charged(subject, account, task.name)] == [NOVEMBER + timedelta(days=30), NOVEMBER]
    only = provider.usage(account, NOVEMBER, "", NOVEMBER).items
    assert [one.month for one in only if not one.service_id] == [NOVEMBER]


def test_a_key_of_another_task_orders_nothing(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_arrears
    first, second = provider.tasks(account)[:2]
    provider.order_task(account, first.id, first.price, "k")
    with pytest.raises(ProviderRefused, match="something else"):
        provider.order_task(account, second.id, second.price, "k")
    assert not charged(subject, account, second.name)


@pytest.mark.parametrize("wrong", [Money(1, "USD"), Money(9000, "EUR")])
def test_another_price_than_todays_orders_nothing(subject: Subject, wrong: Money) -> None:
    task = subject.provider.tasks(subject.in_arrears)[0]
    with pytest.raises(QuoteExpired):
        subject.provider.order_task(subject.in_arrears, task.id, wrong, "k")
    assert not charged(subject, subject.in_arrears, task.name)


def test_an_unknown_task_is_not_found_and_a_closed_account_orders_none(subject: Subject) -> None:
    provider, account = subject.provider, subject.in_advance
    task = provider.tasks(account)[0]
    for unknown in (("ac_unknown", task.id), (account, "unknown")):
        with pytest.raises(NotFound):
            provider.order_task(*unknown, task.price, "k")
    for number, service in enumerate(reversed(services_of(provider, account))):
        provider.delete_service(account, service.id, f"delete {number}")
        subject.clock.advance(minutes=1)
    provider.close_contract(account, provider.contracts(account)[0].id, "close")
    with pytest.raises(ProviderRefused, match="closed"):
        provider.order_task(account, task.id, task.price, "late")
    assert not charged(subject, account, task.name)


def test_what_holds_data_says_how_it_comes_out_and_nothing_else_does(subject: Subject) -> None:
    for service in [
        *services_of(subject.provider, subject.in_arrears),
        *services_of(subject.provider, subject.in_advance),
    ]:
        assert bool(service.data) == bool(service.data_format) == bool(service.data_how), service.name


def test_the_account_says_how_long_backups_are_kept(subject: Subject) -> None:
    assert subject.provider.account(subject.in_arrears).backup_days == 14
