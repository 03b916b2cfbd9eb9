"""Billing contacts: added when their own mailbox has confirmed it, removed once; one stays, five are the most."""

import pytest

from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, wait_until
from tests.web.deeds import count
from tests.web.joining import MINA, contacts, home, invite, only, with_contact
from tests.web.mailbox import mails
from wizard.demo import SIGN_INS
from wizard.providers.values import Operation
from wizard.records.invitations import CONTACT
from wizard.records.logins import Login


def test_a_contact_is_added_only_when_the_mailbox_has_confirmed_it(world: World) -> None:
    path, visitor = invite(world, role=CONTACT, name="Books"), world.visit()
    with world.worker():
        wait_until(world.outbox)
    assert world.outbox()[0]["Subject"] == "Confirm your address for the invoices of Fernhill Robotics"
    assert contacts(world) == [ADMIN] and "cannot sign in" in visitor.get(path).text
    answer = visitor.submit(path, "Confirm this address")
    assert answer.status_code == 303 and "The address is confirmed" in visitor.get(answer.location).text
    assert contacts(world) == [ADMIN, MINA] and count(world, Login) == len(SIGN_INS)
    assert world.effects() == [("add contact", "Books", 1)]
    assert "1 open invitation" not in world.visit(ADMIN).get(home(world)).text
    assert world.visit().get(path).status_code == 410


def test_an_address_in_letters_that_have_several_small_forms_is_found_again(world: World) -> None:
    path = invite(world, email="ana@Straße.de", role=CONTACT)
    assert world.visit().submit(path, "Confirm").status_code == 303
    assert contacts(world) == [ADMIN, "ana@straße.de"] and not only(world).is_pending


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.TWICE, Fault.NOTHING])
def test_a_contact_is_added_once_whatever_the_account_system_does(world: World, fault: Fault) -> None:
    path, visitor = invite(world, role=CONTACT), world.visit()
    faulty = FaultyProvider(world.provider, script={"add_contact": iter([fault])})
    world.__dict__["provider"] = world.means.provider = faulty
    page = visitor.get(path).text
    first = visitor.send_form(page, "Confirm", path)
    expected = {Fault.BEFORE: 503, Fault.AFTER: 503, Fault.TWICE: 303, Fault.NOTHING: 409}
    assert first.status_code == expected[fault]
    if first.status_code != 303:
        assert only(world).is_pending and visitor.send_form(page, "Confirm", path).status_code == 303
    assert contacts(world) == [ADMIN, MINA] and len(world.effects()) == 1


def test_a_sixth_contact_reads_why_not_and_the_invitation_waits(world: World) -> None:
    path, account = invite(world, role=CONTACT), world.account("fernhill")
    for number in range(4):
        world.provider.add_contact(account, "", f"{number}@demo.example", f"k{number}")
    answer = world.visit().submit(path, "Confirm")
    assert answer.status_code == 409 and "at most 5 billing contacts" in answer.text
    assert "Ask Ana Ruiz, who invited you." in answer.text and only(world).is_pending
    world.provider.remove_contact(account, world.provider.contacts(account)[-1].id, "r")
    assert world.visit().submit(path, "Confirm").status_code == 303


def test_where_contacts_are_no_more_possible_the_page_says_so(world: World) -> None:
    path = invite(world, role=CONTACT)
    world.__dict__["provider"] = world.means.provider = FaultyProvider(world.provider, lacks=["add_contact"])
    answer = world.visit().submit(path, "Confirm")
    assert answer.status_code == 400 and "cannot be added here" in answer.text and only(world).is_pending


def test_a_viewer_who_is_signed_in_may_confirm_an_address_for_its_mailbox(world: World) -> None:
    path = invite(world, role=CONTACT)
    assert world.visit(VIEWER).submit(path, "Confirm").status_code == 303
    assert contacts(world) == [ADMIN, MINA]


def test_a_contact_is_removed_once_and_told(world: World) -> None:
    ana, address = world.visit(ADMIN), with_contact(world)
    form = ana.get(address).text
    for _ in range(2):
        answer = ana.send_form(form, f"Remove {MINA}", address)
        assert answer.status_code == 303 and "billing contact is removed" in ana.get(answer.location).text
    assert contacts(world) == [ADMIN] and [mail[:2] for mail in mails(world)] == [(MINA, "contact-ended")]
    assert ana.get(address).status_code == 404


def test_the_same_removal_sent_twice_at_once_is_told_once(world: World) -> None:
    ana, address = world.visit(ADMIN), with_contact(world)
    form, ask = ana.get(address).text, world.provider.remove_contact

    class Meanwhile(FaultyProvider):
        def remove_contact(self, *asked: str) -> Operation:
            if not sent:
                sent.append(True)
                assert ana.send_form(form, f"Remove {MINA}", address).status_code == 303
            return ask(*asked)

    sent: list[bool] = []
    world.__dict__["provider"] = world.means.provider = Meanwhile(world.provider)
    assert ana.send_form(form, f"Remove {MINA}", address).status_code == 303
    assert contacts(world) == [ADMIN] and len(mails(world)) == 1


def test_the_last_contact_stays_and_the_page_says_why(world: World) -> None:
    ana = world.visit(ADMIN)
    (contact,) = world.provider.contacts(world.account("fernhill"))
    answer = ana.submit(f"{home(world)}?view=contact&contact={contact.id}", "Remove ana@")
    assert answer.status_code == 409 and "at least one billing contact" in answer.text
    assert contacts(world) == [ADMIN] and not mails(world)


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.TWICE, Fault.NOTHING])
def test_a_contact_that_is_still_there_is_not_said_to_be_removed(world: World, fault: Fault) -> None:
    ana, address = world.visit(ADMIN), with_contact(world)
    faulty = FaultyProvider(world.provider, script={"remove_contact": iter([fault])})
    world.__dict__["provider"] = world.means.provider = faulty
    form = ana.get(address).text
    first = ana.send_form(form, "Remove", address)
    assert first.status_code == {Fault.BEFORE: 503, Fault.NOTHING: 409}.get(fault, 303)
    assert ana.send_form(form, "Remove", address).status_code == 303
    assert contacts(world) == [ADMIN] and len(mails(world)) == 1


def test_another_accounts_contact_is_not_found(world: World) -> None:
    contact = with_contact(world).rpartition("=")[2]
    lou, address = world.visit(OTHER_ADMIN), f"{home(world, 'larkspur')}?view=contact&contact={contact}"
    assert lou.get(address).status_code == lou.send(address, {"key": "k"}).status_code == 404
    assert MINA in contacts(world)
