"""What every provider must do with payment methods: which is used, and the page on which one is added."""

import pytest
from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.providers.subject import Subject
from wizard.content.addresses import is_own_place
from wizard.db import Database
from wizard.errors import NotFound, ProviderRefused
from wizard.providers.billing import PaymentMethod
from wizard.providers.embedded import payment
from wizard.providers.embedded.payment import CARDS
from wizard.providers.embedded.tables import EffectRow, PaymentMethodRow, PaymentSetupRow
from wizard.providers.values import OperationState

BACK = "/account/ac_1/update-payment-method/?before=x#panel"


def add(subject: Subject, db: Database, card: str, account: str = "") -> PaymentMethod:
    """What a customer does on the page of the test processor."""
    account, key = account or subject.in_arrears, f"key of {card}"
    setup_id = subject.provider.payment_page(account, BACK, key).strip("/").rpartition("/")[2]
    with db.write() as session:
        row = payment.add_card(session, session.get_one(PaymentSetupRow, setup_id), CARDS[card], subject.clock())
        added = row.id
    return next(one for one in subject.provider.payment_methods(account) if one.id == added)


def defaults(subject: Subject, account: str = "") -> list[str]:
    methods = subject.provider.payment_methods(account or subject.in_arrears)
    return [one.last_four for one in methods if one.is_default]


def test_an_unknown_account_has_no_payment(subject: Subject) -> None:
    for call in (
        lambda: subject.provider.payment_page("ac_unknown", BACK, "k"),
        lambda: subject.provider.set_default_method("ac_unknown", "pm", "k"),
    ):
        with pytest.raises(NotFound):
            call()


def test_the_same_key_leads_to_the_same_page_and_adds_nothing(subject: Subject) -> None:
    page = subject.provider.payment_page(subject.in_arrears, BACK, "k")
    assert page == subject.provider.payment_page(subject.in_arrears, BACK, "k")
    assert page.startswith("https://") or is_own_place(page)
    assert page != subject.provider.payment_page(subject.in_arrears, BACK, "another")
    assert page != subject.provider.payment_page(subject.in_advance, BACK, "k"), "another account's is another"
    assert defaults(subject) == ["4242"] and len(subject.provider.payment_methods(subject.in_arrears)) == 1


@pytest.mark.parametrize(
    "back",
    ["//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "", "/\t/evil.example"],
)
def test_no_page_leads_back_to_somebody_else(subject: Subject, back: str) -> None:
    with pytest.raises(ProviderRefused):
        subject.provider.payment_page(subject.in_arrears, back, "k")


def test_what_was_added_is_the_default_and_stands_first(subject: Subject, any_db: Database) -> None:
    added = add(subject, any_db, "works-too")
    assert added.is_default and defaults(subject) == ["4444"]
    assert [one.last_four for one in subject.provider.payment_methods(subject.in_arrears)] == ["4444", "4242"]
    assert defaults(subject, subject.in_advance) == ["4242"], "the other account's stay"


def test_the_first_one_is_the_default_too(subject: Subject, any_db: Database) -> None:
    with any_db.write() as session:
        for row in session.scalars(select(PaymentMethodRow)):
            session.delete(row)
    assert list(subject.provider.payment_methods(subject.in_arrears)) == []
    assert add(subject, any_db, "works").is_default


def test_another_default_is_set_once_and_the_former_can_be_set_again(subject: Subject, any_db: Database) -> None:
    add(subject, any_db, "works-too")
    former = next(one for one in subject.provider.payment_methods(subject.in_arrears) if not one.is_default)
    done = subject.provider.set_default_method(subject.in_arrears, former.id, "k")
    assert done.state is OperationState.DONE and defaults(subject) == ["4242"]
    assert subject.provider.operation(subject.in_arrears, done.id) == done
    newer = next(one for one in subject.provider.payment_methods(subject.in_arrears) if not one.is_default)
    subject.provider.set_default_method(subject.in_arrears, newer.id, "k2")
    assert subject.provider.set_default_method(subject.in_arrears, former.id, "k") == done
    assert defaults(subject) == ["4444"], "the same key again does nothing again"


def test_a_key_of_something_else_sets_no_default(subject: Subject, any_db: Database) -> None:
    newer = add(subject, any_db, "works-too")
    former = next(one for one in subject.provider.payment_methods(subject.in_arrears) if not one.is_default)
    subject.provider.set_default_method(subject.in_arrears, newer.id, "k")
    with pytest.raises(ProviderRefused):
        subject.provider.set_default_method(subject.in_arrears, former.id, "k")
    assert defaults(subject) == ["4444"]


def test_the_key_under_which_a_card_was_added_sets_no_default(subject: Subject, any_db: Database) -> None:
    newer = add(subject, any_db, "works-too")
    former = next(one for one in subject.provider.payment_methods(subject.in_arrears) if not one.is_default)
    subject.provider.set_default_method(subject.in_arrears, former.id, "k")
    with any_db.read() as session:
        (key,) = session.scalars(select(EffectRow.idempotency_key).where(EffectRow.subject_id == newer.id))
    with pytest.raises(ProviderRefused):
        subject.provider.set_default_method(subject.in_arrears, newer.id, key)
    assert defaults(subject) == ["4242"]


def test_what_is_unknown_or_anothers_is_not_found_and_changes_nothing(subject: Subject, any_db: Database) -> None:
    theirs = add(subject, any_db, "works-too", subject.in_advance)
    for method in ("pm_unknown", theirs.id):
        with pytest.raises(NotFound):
            subject.provider.set_default_method(subject.in_arrears, method, "k")
    assert defaults(subject) == ["4242"] and defaults(subject, subject.in_advance) == ["4444"]


def test_what_has_expired_cannot_be_the_default_again(subject: Subject, any_db: Database, clock: SetClock) -> None:
    soon = add(subject, any_db, "expires-soon")
    add(subject, any_db, "works")
    subject.provider.set_default_method(subject.in_arrears, soon.id, "k")
    add(subject, any_db, "works-too")
    clock.advance(days=10)
    assert not soon.is_valid_on(clock().date())
    with pytest.raises(ProviderRefused, match="has expired"):
        subject.provider.set_default_method(subject.in_arrears, soon.id, "k2")
    assert defaults(subject) == ["4444"]
