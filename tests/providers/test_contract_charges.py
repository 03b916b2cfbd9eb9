"""What every provider must do: usage is charged until it ends, and what is free stays free."""

from datetime import date, timedelta

from tests.providers.subject import Subject, named, services_of, usage_of
from wizard.money import Money, total


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
