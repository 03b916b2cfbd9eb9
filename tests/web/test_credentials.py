"""Asking for credentials with the account holder's name, a domain and the card's last four digits."""

import logging

import pytest
from sqlalchemy import select, text, update

from tests.helpers.clock import SetClock
from tests.helpers.world import World, words
from tests.web.deeds import count
from tests.web.mailbox import link_in, mails
from wizard.providers.embedded.tables import AccountRow
from wizard.providers.interface import Provider
from wizard.records.attempts import Attempt
from wizard.records.audit import AuditLine

PAGE = "/sign-in/credentials/"
RIGHT = {"holder": "larkspur books", "domain": "LarkspurBooks.example", "last_four": " 4242"}
CARD = "4242 4242-4242.4242"


def test_who_knows_all_three_gets_a_mail_at_the_address_on_file(world: World) -> None:
    visitor = world.visit()
    assert f'href="{PAGE}"' in visitor.get("/sign-in/").text
    answer = visitor.submit(PAGE, "Send the credentials", **RIGHT)
    assert answer.status_code == 303 and "Look into the mailbox on file" in visitor.get(answer.location).text
    [(recipient, template, values)] = mails(world)
    assert (recipient, template) == ("lou@demo.example", "credentials")
    assert values["account"] == "Larkspur Books" and values["logins"] == "ana@demo.example\nlou@demo.example"
    assert "For lou@demo.example" in words(visitor.get(link_in(world, values)))


def test_an_address_on_file_without_a_login_gets_no_link(world: World) -> None:
    _put_on_file(world, "office@larkspur.example")
    world.visit().send(PAGE, RIGHT)
    [(recipient, _, values)] = mails(world)
    assert recipient == "office@larkspur.example" and set(values) == {"account", "logins"}


def test_without_an_address_on_file_no_mail_goes_anywhere(world: World) -> None:
    _put_on_file(world, "")
    assert world.visit().send(PAGE, RIGHT).status_code == 303 and mails(world) == []


@pytest.mark.parametrize(
    "wrong", [{"holder": "Larkspur"}, {"domain": "fernhillrobotics.example"}, {"last_four": "4243"}]
)
def test_wrong_answers_are_answered_as_right_ones_and_send_nothing(world: World, wrong: dict[str, str]) -> None:
    answers = []
    for given in (RIGHT, RIGHT | wrong):
        visitor = world.visit()
        answer = visitor.send(PAGE, given)
        answers.append((answer.status_code, answer.location, words(visitor.get(answer.location))))
    assert answers[0] == answers[1] and len(mails(world)) == 1


@pytest.mark.parametrize("field", ["holder", "domain", "last_four"])
@pytest.mark.parametrize("number", [CARD, "4222222222222", "Ana 6304000000000000000", "4242_4242_4242_4242"])
def test_a_whole_card_number_is_refused_and_nowhere_kept(
    world: World, field: str, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = world.visit().send(PAGE, RIGHT | {field: number})
    assert answer.status_code == 422 and "Never send one" in answer.text and f'href="#{field}"' in answer.text
    assert number not in answer.text and number not in caplog.text and mails(world) == []
    others = [value for name, value in RIGHT.items() if name != field]
    assert all(f'value="{other.strip()}"' in answer.text for other in others), "the others need not be typed again"
    with world.db.read() as session:
        for table in session.scalars(text("select name from sqlite_master where type = 'table'")):
            assert not any(number in str(row) for row in session.execute(text(f'select * from "{table}"'))), table


@pytest.mark.parametrize("field", ["holder", "domain"])
def test_a_card_number_that_ends_in_the_last_field_is_refused_too(world: World, field: str) -> None:
    answer = world.visit().send(PAGE, RIGHT | {field: "4242 4242 4242"})
    assert answer.status_code == 422 and "Never send one" in answer.text and "4242 4242 4242" not in answer.text
    assert 'value="4242"' in answer.text, "the last four may be sent"


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("holder", "", "Enter the name of the account holder."),
        ("domain", " ", "Enter a domain name"),
        ("last_four", "", "Enter the last four digits"),
        ("last_four", "424", "the four digits at the end"),
        ("last_four", "42424", "the four digits at the end"),
        ("last_four", "abcd", "the four digits at the end"),
        ("holder", "a" * 254, "at most 253 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_not_counted(world: World, field: str, value: str, fault: str) -> None:
    answer = world.visit().send(PAGE, RIGHT | {field: value})
    assert answer.status_code == 422 and fault in answer.text and f'href="#{field}"' in answer.text
    assert count(world, Attempt) == 0


@pytest.mark.parametrize("last_four", ["4242", "0000"])
def test_asking_is_limited_by_domain_whether_right_or_wrong(world: World, clock: SetClock, last_four: str) -> None:
    visitor, given = world.visit(), RIGHT | {"last_four": last_four}
    for _ in range(5):
        assert visitor.send(PAGE, given).status_code == 303
    blocked = visitor.send(PAGE, given | {"domain": "larkspurBOOKS .example"})
    assert blocked.status_code == 429 and "Try again in 15 minutes." in blocked.text
    other_letters = visitor.send(PAGE, given | {"domain": "lark\u017fpurbook\u017f.example"})
    assert other_letters.status_code == 429, "the same domain, to those who compare"
    assert visitor.send(PAGE, given | {"domain": "larkspurpress.example"}).status_code == 303
    clock.advance(minutes=16)
    assert visitor.send(PAGE, given).status_code == 303


def test_the_audit_names_the_account_only_where_all_three_fit(world: World) -> None:
    for last_four in ("4242", "0000"):
        world.visit().send(PAGE, RIGHT | {"last_four": last_four})
    with world.db.read() as session:
        noted = [(line.what, line.account_id, line.subject) for line in session.scalars(select(AuditLine))]
    assert noted == [
        ("asks for credentials", world.account("larkspur"), ""),
        ("asks for credentials, in vain", "", ""),
    ]


def _put_on_file(world: World, email: str) -> None:
    with world.db.write() as session:
        session.execute(update(AccountRow).where(AccountRow.id == world.account("larkspur")).values(email=email))


def test_where_the_provider_cannot_find_accounts_it_is_said(world: World) -> None:
    class Without(Provider):
        """Lacks all that a provider may lack."""

    world.means.provider = Without()
    answer = world.visit().send(PAGE, RIGHT)
    assert answer.status_code == 400 and "Nothing was sent. Write to the support team" in answer.text
