"""Members and contacts: who is shown, and whom an administrator invites, once and not too often."""

import re

import pytest

from tests.helpers.clock import SetClock
from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from tests.web.deeds import count
from tests.web.joining import MINA, home, invite, only
from tests.web.mailbox import mails
from wizard.account.roles import Role
from wizard.actions.action import Answers, Status
from wizard.actions.context import Context
from wizard.actions.members import action
from wizard.errors import ProviderUnavailable
from wizard.records import attempts, audit, runs
from wizard.records.audit import Who
from wizard.records.invitations import CONTACT, Invitation
from wizard.records.logins import find_login
from wizard.records.mail import Mail


def test_the_page_says_who_is_a_member_who_is_invited_and_who_gets_invoices(world: World) -> None:
    ana = world.visit(ADMIN)
    first = words(ana.get(home(world)))
    assert "2 members and 1 billing contact." in first and "Nobody is invited at present." in first
    assert "Ana Ruiz (you)ana@demo.exampleAccount administrator" in first
    invite(world, name="Mina Okonkwo", role=Role.BILLING_MANAGER)
    page = words(ana.get(home(world)))
    assert "2 members, 1 open invitation and 1 billing contact." in page
    assert "Mina Okonkwo" in page and "Billing manager, invited by Ana Ruiz" in page
    assert "Good until 28 November 2026 at 12:03 (UTC\u22125)" in page


def test_who_may_not_change_it_looks_and_reads_who_can(world: World) -> None:
    page = world.visit(VIEWER).get(home(world))
    assert "You can look, and not change. Administrators of this account: Ana Ruiz." in words(page)
    assert "Invite somebody" not in page.text and "view=" not in page.text and "ana@demo.example" in page.text
    assert world.visit(VIEWER).get(f"{home(world)}?view=invite").status_code == 403
    assert world.visit(OTHER_ADMIN).get(home(world)).status_code == 404


def test_an_invitation_is_checked_then_sent_by_mail_and_noted(world: World) -> None:
    ana, address = world.visit(ADMIN), f"{home(world)}?view=invite"
    check = ana.submit(
        address, "Check", email=f" {MINA.upper()} ", name="Mina  Okonkwo", role="billing-manager", to="check"
    )
    assert MINA in words(check) and "Looks, changes services, and pays." in words(check)
    assert count(world, Invitation) == count(world, Mail) == 0, "nothing before it is confirmed"
    answer = ana.send_form(check.text, "Send the invitation", address)
    row = only(world)
    assert (row.email, row.name, row.role, row.sent) == (MINA, "Mina Okonkwo", "billing-manager", 1)
    shown = words(ana.get(answer.location))
    assert "Mina Okonkwo is invited" in shown and "until28 November 2026 at 12:03" in shown
    ((to, template, values),) = mails(world)
    assert (to, template, values["invitation"], values["role"]) == (MINA, "invitation", row.id, "billing manager")
    assert (values["by"], values["by_email"]) == ("Ana Ruiz", ADMIN)
    with world.db.read() as session:
        (line,) = audit.lines(session)
    assert (line.what, line.subject, line.account_id) == (
        "invites a billing manager",
        row.id,
        world.account("fernhill"),
    )


def test_an_address_and_a_name_stand_in_no_address_of_ours(world: World) -> None:
    ana, address = world.visit(ADMIN), f"{home(world)}?view=invite"
    check = ana.submit(address, "Check", email=MINA, name="Mina", role="viewer", to="check")
    answer = ana.send_form(check.text, "Send the invitation", address)
    places = re.findall(r'(?:action|href|hx-\w+)="([^"]+)"', check.text) + [answer.location]
    assert not any("mina" in place.lower() for place in places)


def test_the_same_form_twice_invites_once(world: World) -> None:
    ana, address = world.visit(ADMIN), f"{home(world)}?view=invite"
    check = ana.submit(address, "Check", email=MINA, role="viewer", to="check").text
    answers = [ana.send_form(check, "Send the invitation", address) for _ in range(2)]
    assert answers[0].location == answers[1].location and count(world, Invitation) == count(world, Mail) == 1
    other = ana.send_form(check, "Send the invitation", address, email="other@demo.example")
    assert other.status_code == 409 and "sent before, with other answers" in other.text
    assert ana.send_form(check, "Send the invitation", address, key="").status_code == 409
    assert count(world, Invitation) == 1


def test_what_was_typed_can_be_changed_from_the_check(world: World) -> None:
    ana, address = world.visit(ADMIN), f"{home(world)}?view=invite"
    check = ana.submit(address, "Check", email=MINA, name="Mina", role="billing-manager", to="check")
    form = ana.send_form(check.text, "Change something", address, to="invite").text
    assert f'value="{MINA}"' in form and 'value="Mina"' in form and 'value="billing-manager" checked' in form


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"email": "mina"}, "email", "Enter an e-mail address"),
        ({"email": "mina@a.example\r\nBcc: b@c.example"}, "email", "Enter an e-mail address"),
        ({"email": "a@" + "b" * 260 + ".example"}, "email", "at most 254"),
        ({"email": VIEWER}, "email", "Vik Sharma is a member already, as viewer. Change the role instead."),
        ({"email": ADMIN.upper()}, "email", "Ana Ruiz is a member already"),
        ({"email": ADMIN, "role": CONTACT}, "email", "is a billing contact already"),
        ({"role": ""}, "role", "Choose what they are invited to."),
        ({"role": "owner"}, "role", "Choose what they are invited to."),
        ({"name": "n" * 81}, "name", "at most 80"),
        ({"name": "4242 4242 4242 4242"}, "name", "looks like a card number"),
        ({"email": "4242424242424242@demo.example"}, "email", "looks like a card number"),
        ({"name": "\u202eanim"}, "name", "one line of letters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(
    world: World, form: dict[str, str], field: str, said: str
) -> None:
    ana, address = world.visit(ADMIN), f"{home(world)}?view=invite"
    given = {"email": MINA, "name": "Mina", "role": "viewer"} | form
    for button in ({"to": "check"}, {"key": "k"}):
        at = address if "to" in button else f"{home(world)}?view=check"
        answer = ana.send(at, given | button)
        assert answer.status_code == 422 and said in words(answer), answer.text
        assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert count(world, Invitation) == count(world, Mail) == 0


def test_whoever_is_invited_already_is_not_invited_twice_but_again_once_it_has_ended(
    world: World, clock: SetClock
) -> None:
    invite(world)
    ana, address = world.visit(ADMIN), f"{home(world)}?view=invite"
    again = ana.submit(address, "Check", email=MINA, role="account-administrator", to="check")
    assert again.status_code == 422 and "is open until 28 November 2026" in words(again)
    invite(world, role=CONTACT)  # a contact is something else
    clock.advance(days=7)
    assert "Ended 28 November 2026" in words(ana.get(home(world)))
    invite(world, role=Role.BILLING_MANAGER)
    page = words(ana.get(home(world)))
    assert page.count(MINA) == 2 * 3, "the contact's that has ended, and the new one in place of the old"


def test_an_invitation_is_sent_again_once_for_each_button_and_good_for_another_week(
    world: World, clock: SetClock
) -> None:
    first = invite(world)
    clock.advance(days=6)
    ana = world.visit(ADMIN)
    page = ana.get(home(world)).text
    for _ in range(2):
        answer = ana.send_form(page, "Send again", home(world), again=only(world).id)
        assert answer.status_code == 303 and "on its way once more" in ana.get(answer.location).text
    assert only(world).sent == 2 and count(world, Mail) == 2
    clock.advance(days=6)
    assert world.visit().get(first).status_code == 200
    clock.advance(days=1)
    assert world.visit().get(first).status_code == 410


def test_an_invitation_taken_back_leads_nowhere_and_stays_so(world: World) -> None:
    path = invite(world)
    ana, page = world.visit(ADMIN), world.visit(ADMIN).get(home(world)).text
    invitation = only(world).id
    for _ in range(2):
        answer = (
            ana.submit(home(world), "Take back", back=invitation)
            if _ == 0
            else ana.send(home(world), {"back": invitation})
        )
        assert answer.status_code == 303 and "taken back" in ana.get(answer.location).text
    gone = world.visit().get(path)
    assert gone.status_code == 410 and "This invitation was taken back" in gone.text and "Ana Ruiz" in gone.text
    assert ana.send(home(world), {"again": invitation, "sent": "1"}).status_code == 409
    assert MINA in page and MINA not in ana.get(home(world)).text
    with world.db.read() as session:
        assert [line.what for line in audit.lines(session)] == ["invites a viewer", "takes an invitation back"]


def test_another_accounts_invitation_is_not_found(world: World) -> None:
    invite(world)
    lou, there = world.visit(OTHER_ADMIN), home(world, "larkspur")
    for form in ({"back": only(world).id}, {"again": only(world).id, "sent": "1"}):
        assert lou.send(there, form).status_code == 404
    assert lou.get(f"{there}?view=invited&invitation={only(world).id}").status_code == 404
    assert only(world).is_pending


def test_one_login_cannot_invite_without_end(world: World, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(attempts.LIMITS, "invite", 2)
    for number in range(2):
        invite(world, f"{number}@demo.example")
    ana, form = world.visit(ADMIN), {"email": MINA, "role": "viewer", "key": "k"}
    blocked = ana.send(f"{home(world)}?view=check", form)
    assert blocked.status_code == 429 and "Too many invitations for now" in blocked.text
    assert "Try again in 60 minutes." in blocked.text and count(world, Invitation) == count(world, Mail) == 2
    clock.advance(minutes=60)
    assert ana.send(f"{home(world)}?view=check", form).status_code == 303


def test_one_mailbox_is_not_filled_from_whichever_account(world: World, clock: SetClock) -> None:
    invite(world)
    ana, lou = world.visit(ADMIN), world.visit(OTHER_ADMIN)
    again = {"again": only(world).id, "sent": "1"}
    assert ana.send(home(world), again).status_code == 303
    form = {"email": MINA, "role": "viewer", "key": "k"}
    assert lou.send(f"{home(world, 'larkspur')}?view=check", form).status_code == 303
    blocked = ana.send(home(world), again | {"sent": "2"})
    assert blocked.status_code == 429 and "Try again in 24 hours." in blocked.text and count(world, Mail) == 3
    clock.advance(hours=24)
    assert ana.send(home(world), again | {"sent": "2"}).status_code == 303


def test_where_the_account_system_has_no_contacts_members_are_invited_all_the_same(world: World) -> None:
    lacks = ["contacts", "add_contact", "remove_contact"]
    world.__dict__["provider"] = world.means.provider = FaultyProvider(world.provider, lacks=lacks)
    ana = world.visit(ADMIN)
    page = ana.get(home(world))
    assert page.status_code == 200 and "keeps billing contacts elsewhere" in page.text and "2 members." in page.text
    assert "submit-request" in page.text
    assert "Billing contact" not in ana.get(f"{home(world)}?view=invite").text
    refused = ana.submit(f"{home(world)}?view=invite", "Check", email=MINA, role=CONTACT, to="check")
    assert refused.status_code == 422
    invite(world)
    assert ana.get(f"{home(world)}?view=contact&contact=bc_1").status_code == 200  # says that it is not possible


def test_where_the_account_system_does_not_answer_the_members_are_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ProviderUnavailable("timed out")

    monkeypatch.setattr(world.provider, "contacts", away)
    page = world.visit(ADMIN).get(home(world))
    assert page.status_code == 200 and "vik@demo.example" in page.text and "does not answer" in page.text


def test_in_a_guide_the_step_is_done_when_it_was_looked_at_or_used(world: World) -> None:
    article = world.library.guide("closing-your-account")
    assert article
    with world.db.read() as session:
        login = find_login(session, ADMIN)
    assert login

    def context() -> Context:
        account, who = world.provider.account(world.account("fernhill")), Who(login.id, "127.0.0.1")
        found = Context(
            world.means,
            login,
            Role.ACCOUNT_ADMINISTRATOR,
            account,
            who,
            world.library,
            article,
            next(article.live_steps()),
        )
        with world.db.read() as session:
            found.seen = runs.facts(session, runs.find_run(session, login.id, account.id, article.slug))
        return found

    assert action.fact(context()).status is Status.NOT_STARTED
    assert action.submit(context(), Answers({}), Answers({})).onward
    assert action.fact(context()).status is Status.COMPLETED
