"""The page behind an invitation's link: who joins, who confirms, and who cannot."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, World, wait_until, words
from tests.web.deeds import count
from tests.web.joining import MINA, SECOND, add, contacts, home, invite, link, only
from wizard.account.roles import Role
from wizard.demo import PASSWORD, SIGN_INS
from wizard.records import attempts, audit, logins
from wizard.records.invitations import CONTACT, Invitation
from wizard.records.logins import Login, Membership, find_login, password_fits, role_on
from wizard.records.mail import Mail, MailState

NEW = "seven quiet otters"


def role_of(world: World, email: str, account: str = "fernhill") -> Role | None:
    with world.db.read() as session:
        login = find_login(session, email)
        return role_on(session, login.id, world.account(account)) if login else None


def test_the_mail_leads_to_a_page_that_says_which_account_which_role_and_who_invites(world: World) -> None:
    path = invite(world, name="Mina Okonkwo", role=Role.BILLING_MANAGER)
    with world.worker():
        wait_until(world.outbox)
    (message,) = world.outbox()
    assert message["To"] == MINA and message["Subject"] == "You are invited to Fernhill Robotics"
    text = message.get_body(("plain",)).get_content()
    assert path in text and "as billing manager" in text and "Ana Ruiz (ana@demo.example) invites you" in text
    assert "until 28 November 2026 at 12:03 (UTC\u22125)" in text
    page = words(world.visit().get(path))
    assert "Join Fernhill Robotics" in page and "Ana Ruiz invites you" in page and "Billing manager" in page


def test_who_has_no_login_makes_one_and_is_signed_in_as_a_member(world: World) -> None:
    path, visitor = invite(world, name="Mina", role=Role.BILLING_MANAGER), world.visit()
    page = visitor.get(path).text
    assert 'name="name" autocomplete="name" value="Mina"' in page
    answer = visitor.send_form(page, "Join", path, name="Mina  Okonkwo", new_password=NEW)
    assert answer.status_code == 303 and answer.location == f"/account/{world.account('fernhill')}/"
    assert "Billing manager" in visitor.get(answer.location).text
    with world.db.read() as session:
        login = find_login(session, MINA)
        assert login and login.name == "Mina Okonkwo" and password_fits(login, NEW) and login.staff_role is None
        lines = [(line.login_id, line.what, line.subject) for line in audit.lines(session)]
    assert lines[-1] == (login.id, "joins as billing manager", only(world).id)
    assert role_of(world, MINA) is Role.BILLING_MANAGER and role_of(world, MINA, "larkspur") is None
    assert world.visit().send("/sign-in/", {"email": MINA, "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"new_password": ""}, "new_password", "Enter a new password."),
        ({"new_password": "short"}, "new_password", "at least 12 characters"),
        ({"new_password": MINA.upper()}, "new_password", "not a secret"),
        ({"name": " "}, "name", "Enter your name."),
        ({"name": "n" * 81}, "name", "at most 80"),
        ({"name": "4242 4242 4242 4242"}, "name", "looks like a card number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_link_stays_good(
    world: World, form: dict[str, str], field: str, said: str
) -> None:
    path, visitor = invite(world), world.visit()
    answer = visitor.submit(path, "Join", **{"name": "Mina", "new_password": NEW} | form)
    assert answer.status_code == 422 and said in answer.text and f'href="#{field}"' in answer.text
    assert NEW not in answer.text and only(world).is_pending and role_of(world, MINA) is None
    assert visitor.submit(path, "Join", name="Mina", new_password=NEW).status_code == 303


def test_who_has_a_login_signs_in_and_joins_with_one_button(world: World) -> None:
    path, visitor = invite(world, OTHER_ADMIN), world.visit()
    page = visitor.get(path).text
    assert "There is a login with this address" in page and "new_password" not in page
    assert visitor.send(path, {"name": "X", "new_password": NEW}).status_code == 403, "no login is made anew"
    to_sign_in = re.search(r'href="(/sign-in/\?next=[^"]+)"', page)
    assert to_sign_in
    answer = visitor.submit(to_sign_in[1], "Sign in", email=OTHER_ADMIN, password=PASSWORD)
    assert answer.status_code == 303 and answer.location == path
    assert visitor.submit(path, "Join Fernhill Robotics").status_code == 303
    assert role_of(world, OTHER_ADMIN) is Role.VIEWER
    assert role_of(world, OTHER_ADMIN, "larkspur") is Role.ACCOUNT_ADMINISTRATOR, "what they had elsewhere stays"


@pytest.mark.parametrize("email", [OTHER_ADMIN, MINA])
def test_another_login_cannot_take_it_and_reads_why(world: World, email: str) -> None:
    path, vik = invite(world, email), world.visit(REVIEWER)
    page = vik.get(path)
    assert "This invitation is for another login" in page.text and "You are signed in as rae@demo.example" in page.text
    assert "Join Fernhill Robotics</button>" not in page.text
    assert vik.send(path, {"name": "Rae", "new_password": NEW}).status_code == 403
    assert only(world).is_pending and role_of(world, REVIEWER) is role_of(world, email) is None


def test_looking_changes_nothing(world: World) -> None:
    for role in (Role.VIEWER, CONTACT):
        path = invite(world, role=role)
        for _ in range(3):
            assert world.visit().get(path).status_code == 200
    assert count(world, Login) == len(SIGN_INS) and len(contacts(world)) == 1
    with world.db.read() as session:
        assert session.scalars(select(Invitation.used_at)).all() == [None, None]


def test_a_link_is_good_once_and_then_says_what_came_of_it(world: World) -> None:
    path = invite(world)
    page = world.visit().get(path).text
    assert world.visit().submit(path, "Join", name="Mina", new_password=NEW).status_code == 303
    for answer in (
        world.visit().get(path),
        world.visit().send(path, {}),
        world.visit().send_form(page, "Join", path, csrf_token=world.visit().token("/sign-in/")),
    ):
        assert answer.status_code in (400, 410)
    gone = world.visit().get(path)
    assert gone.status_code == 410 and "was accepted" in gone.text and f"Sign in with {MINA}" in gone.text


def test_a_link_is_good_for_a_week(world: World, clock: SetClock) -> None:
    path, visitor = invite(world), world.visit()
    clock.advance(days=6, hours=23)
    page = visitor.get(path)
    assert page.status_code == 200
    clock.advance(hours=1)
    late = visitor.send_form(page.text, "Join", path, name="Mina", new_password=NEW)
    assert late.status_code == 410 and "has ended" in late.text and "ask Ana Ruiz to invite you again" in late.text
    assert role_of(world, MINA) is None


@pytest.mark.parametrize("wrong", ["iv_0.0", "x", "iv_0", ".", "ü.ü", "confirme"])
def test_a_link_that_is_not_whole_says_so(world: World, wrong: str) -> None:
    for answer in (world.visit().get(f"/invitations/{wrong}/"), world.visit().send(f"/invitations/{wrong}/", {})):
        assert answer.status_code == 410 and "not whole" in answer.text


def test_a_link_with_another_secret_tells_nothing(world: World) -> None:
    path = invite(world)
    changed = path[:-2] + ("0" if path[-2] != "0" else "1") + "/"
    answer = world.visit().get(changed)
    assert answer.status_code == 410 and "Fernhill" not in answer.text and "Ana" not in answer.text


def test_the_secret_is_stored_nowhere_and_told_to_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    path, visitor = invite(world), world.visit()
    secret = path.split(".")[1].strip("/")
    page = visitor.get(path)
    assert page.headers["Referrer-Policy"] == "no-referrer" and secret not in page.text
    stored = b"".join(one.read_bytes() for one in world.db.file.parent.glob("wizard.db*"))
    assert secret.encode() not in stored
    world.means.clock = None
    assert visitor.get(path).status_code == 500
    assert "GET /invitations/.../" in caplog.text and secret not in caplog.text


def test_a_mail_whose_invitation_was_taken_back_before_it_left_is_not_sent(world: World) -> None:
    invite(world)
    world.visit(ADMIN).submit(home(world), "Take back", back=only(world).id)
    with world.worker():
        wait_until(lambda: _state(world) != MailState.WAITING)
    assert _state(world) == MailState.OUTDATED and not world.outbox()


def _state(world: World) -> str:
    with world.db.read() as session:
        return session.scalars(select(Mail.state)).one()


def test_who_has_become_a_member_meanwhile_keeps_the_role(world: World) -> None:
    path = invite(world, OTHER_ADMIN, Role.ACCOUNT_ADMINISTRATOR)
    add(world, OTHER_ADMIN, Role.VIEWER)
    lou = world.visit(OTHER_ADMIN)
    page = lou.get(path)
    assert "a member of Fernhill Robotics already, as viewer" in page.text and "Join</button>" not in page.text
    assert lou.send(path, {}).status_code == 409
    assert role_of(world, OTHER_ADMIN) is Role.VIEWER and only(world).is_pending
    again = world.visit(ADMIN).send(home(world), {"again": only(world).id, "sent": "1"})
    assert again.status_code == 409 and "Lou Berger is a member already" in again.text


def test_an_invitation_falls_with_the_administrator_who_sent_it(world: World) -> None:
    add(world, SECOND, Role.ACCOUNT_ADMINISTRATOR, "Sela Novak")
    path = invite(world, by=SECOND)
    with world.db.read() as session:
        second = find_login(session, SECOND)
    assert second
    address = f"{home(world)}?view=remove&member={second.id}"
    assert world.visit(ADMIN).submit(address, "Remove Sela").status_code == 303
    assert world.visit().get(path).status_code == 410


def test_several_at_once_make_one_login_and_one_membership(any_world: World) -> None:
    path = invite(any_world)
    visitors = [any_world.visit() for _ in range(4)]
    pages = [visitor.get(path).text for visitor in visitors]

    def join(number: int) -> int:
        return visitors[number].send_form(pages[number], "Join", path, name="Mina", new_password=NEW).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(join, range(4)))
    assert statuses[0] == 303 and set(statuses[1:]) <= {403, 409, 410}
    assert count(any_world, Login) == len(SIGN_INS) + 1
    with any_world.db.read() as session:
        login = find_login(session, MINA)
        assert login and len(session.scalars(select(Membership).where(Membership.login_id == login.id)).all()) == 1


def test_two_accounts_that_invite_one_person_at_once_get_one_login(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_login = logins.add_login_with_hash

    def slowly(*given: object) -> Login:
        time.sleep(0.3)  # the other one has looked for a login meanwhile, if nothing keeps it from that
        return add_login(*given)

    monkeypatch.setattr(logins, "add_login_with_hash", slowly)
    first = invite(any_world)
    form = {"email": MINA, "role": "viewer", "key": "k"}
    lou = any_world.visit(OTHER_ADMIN)
    second = link(any_world, lou.send(f"{home(any_world, 'larkspur')}?view=check", form))
    paths, visitors = [first, second], [any_world.visit(), any_world.visit()]
    assert paths[0] != paths[1]
    pages = [visitor.get(path).text for visitor, path in zip(visitors, paths, strict=True)]

    def join(number: int) -> int:
        visitor, path = visitors[number], paths[number]
        return visitor.send_form(pages[number], "Join", path, name="Mina", new_password=NEW).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(join, range(2)))
    assert statuses[0] == 303 and statuses[1] in (403, 409) and count(any_world, Login) == len(SIGN_INS) + 1


def test_making_logins_from_one_place_is_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(attempts.LIMITS, "join-from", 1)
    statuses = []
    for number in range(2):
        path = invite(world, f"{number}@demo.example")
        statuses.append(world.visit().submit(path, "Join", name="Mina", new_password=NEW).status_code)
    assert statuses == [303, 429]
