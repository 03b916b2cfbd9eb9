"""Roles are changed, members and contacts removed: at once, with their tokens, and never the last administrator."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.helpers.api import Program, make_token, problem, row_of
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from tests.web.joining import MANAGER, MINA, SECOND, add, contacts, home, invite, with_contact
from tests.web.mailbox import mails
from wizard.account.roles import Role
from wizard.db import Database
from wizard.records import audit, logins
from wizard.records.api_tokens import ApiToken
from wizard.records.logins import Membership, find_login

ADMINISTRATOR = Role.ACCOUNT_ADMINISTRATOR


def id_of(world: World, email: str) -> str:
    with world.db.read() as session:
        login = find_login(session, email)
        assert login
        return login.id


def roles(world: World, account: str = "fernhill") -> dict[str, str]:
    """Login's id -> role."""
    with world.db.read() as session:
        found = session.scalars(select(Membership).where(Membership.account_id == world.account(account)))
        return {row.login_id: row.role for row in found}


def removal(world: World, email: str) -> str:
    return f"{home(world)}?view=remove&member={id_of(world, email)}"


def new_role(world: World, email: str, role: Role) -> str:
    return f"{home(world)}?view=role&member={id_of(world, email)}&role={role}"


def test_a_new_role_is_checked_counts_at_once_and_is_told_by_mail(world: World) -> None:
    ana, vik = world.visit(ADMIN), world.visit(VIEWER)
    assert vik.get(f"{home(world)}?view=invite").status_code == 403
    page = words(ana.get(f"{home(world)}?view=member&member={id_of(world, VIEWER)}"))
    assert "vik@demo.example. Their role on Fernhill Robotics is viewer." in page
    address = new_role(world, VIEWER, ADMINISTRATOR)
    check = words(ana.get(address))
    assert "Role nowViewer" in check and "New roleAccount administrator" in check and "API tokens" not in check
    answer = ana.submit(address, "Make Vik Sharma account administrator")
    assert answer.status_code == 303 and "The role is changed" in ana.get(answer.location).text
    assert vik.get(f"{home(world)}?view=invite").status_code == 200, "the session that was open"
    ((to, template, values),) = mails(world)
    assert (to, template, values["before"], values["role"]) == (
        VIEWER,
        "membership-changed",
        "viewer",
        "account administrator",
    )
    assert values["by"] == "Ana Ruiz"
    with world.db.read() as session:
        (line,) = audit.lines(session)
    assert (line.what, line.subject) == ("makes a viewer account administrator", id_of(world, VIEWER))


def test_the_same_form_twice_changes_once_and_an_old_one_changes_nothing(world: World) -> None:
    ana = world.visit(ADMIN)
    first, old = (new_role(world, VIEWER, role) for role in (Role.BILLING_MANAGER, ADMINISTRATOR))
    form, old_form = ana.get(first).text, ana.get(old).text
    assert [ana.send_form(form, "Make Vik", first).status_code for _ in range(2)] == [303, 303]
    assert len(mails(world)) == 1
    answer = ana.send_form(old_form, "Make Vik", old)
    assert answer.status_code == 409 and "has changed since you opened the page" in answer.text
    assert roles(world)[id_of(world, VIEWER)] == Role.BILLING_MANAGER


@pytest.mark.parametrize(
    ("role", "said"), [("viewer", "is viewer already"), ("owner", "Choose a role."), ("", "Choose a role.")]
)
def test_what_is_no_new_role_is_said_at_the_field(world: World, role: str, said: str) -> None:
    address = f"{home(world)}?view=role&member={id_of(world, VIEWER)}&role={role}"
    for answer in (
        world.visit(ADMIN).get(address),
        world.visit(ADMIN).send(address, {"key": "k", "shown": "viewer"}),
    ):
        assert answer.status_code == 422 and said in answer.text and 'href="#role"' in answer.text


def test_a_removed_member_loses_the_account_at_the_next_request(world: World) -> None:
    ana, vik = world.visit(ADMIN), world.visit(VIEWER)
    places = [
        home(world),
        f"/account/{world.account('fernhill')}/",
        f"/account/{world.account('fernhill')}/my-services/",
    ]
    assert all(vik.get(place).status_code == 200 for place in places)
    check = words(ana.get(removal(world, VIEWER)))
    assert "They lose this account at once, on every device." in check and "API tokens of theirs" in check
    answer = ana.submit(removal(world, VIEWER), "Remove Vik Sharma")
    assert answer.status_code == 303 and "The member is removed" in ana.get(answer.location).text
    assert all(vik.get(place).status_code == 404 for place in places)
    assert vik.get("/login/").status_code == 200, "the login stays"
    assert [(to, template, values["by"]) for to, template, values in mails(world)] == [
        (VIEWER, "membership-ended", "Ana Ruiz")
    ]
    with world.db.read() as session:
        (line,) = audit.lines(session)
    assert (line.what, line.subject) == ("removes a viewer", id_of(world, VIEWER))


def test_a_guide_last_walked_for_a_lost_account_asks_for_no_state_of_it(world: World) -> None:
    vik = world.visit(VIEWER)
    live, guide = "/guide/closing-your-account/live", "/guide/closing-your-account/usage-history/"
    vik.submit(f"{guide}?account={world.account('fernhill')}", "Continue")
    assert vik.get(live).status_code == 200
    world.visit(ADMIN).submit(removal(world, VIEWER), "Remove Vik Sharma")
    assert vik.get(live).status_code == 204


def test_a_removal_sent_twice_removes_once_and_tells_once(world: World) -> None:
    ana, address = world.visit(ADMIN), removal(world, VIEWER)
    form = ana.get(address).text
    assert [ana.send_form(form, "Remove Vik", address).status_code for _ in range(2)] == [303, 303]
    assert len(mails(world)) == 1 and ana.get(address).status_code == 404
    add(world, MANAGER, Role.BILLING_MANAGER)
    used = form.partition('name="key" value="')[2].partition('"')[0]
    other = ana.send(removal(world, MANAGER), {"key": used, "shown": "billing-manager"})
    assert other.status_code == 409 and id_of(world, MANAGER) in roles(world)


def test_the_tokens_of_a_removed_member_end_for_good_and_for_this_account_alone(world: World) -> None:
    add(world, SECOND, ADMINISTRATOR)
    add(world, SECOND, Role.VIEWER, account="larkspur")
    here, there = make_token(world, SECOND), make_token(world, SECOND, "larkspur", Role.VIEWER)
    assert Program(world, here).get("/").status_code == 200
    world.visit(ADMIN).submit(removal(world, SECOND), "Remove Mo")
    assert problem(Program(world, here).get("/"))[0] == 401
    assert Program(world, there, "larkspur").get("/").status_code == 200
    add(world, SECOND, ADMINISTRATOR)
    assert problem(Program(world, here).get("/"))[0] == 401, "whoever comes back makes new ones"
    listed = words(world.visit(SECOND).get("/login/tokens/"))
    assert listed.count("Never used") + listed.count("Last used") == 1, "the other account's"


def test_a_lower_role_caps_the_tokens_also_when_it_grows_again(world: World) -> None:
    add(world, SECOND, ADMINISTRATOR)
    token, ana = make_token(world, SECOND), world.visit(ADMIN)
    for role in (Role.VIEWER, ADMINISTRATOR):
        assert ana.submit(new_role(world, SECOND, role), "Make Mo").status_code == 303
        assert Program(world, token).get("/").json["role"] == "viewer"
    assert row_of(world).role == Role.VIEWER


def test_a_higher_role_leaves_the_tokens_as_they_are(world: World) -> None:
    token = make_token(world, VIEWER, role=Role.VIEWER)
    world.visit(ADMIN).submit(new_role(world, VIEWER, ADMINISTRATOR), "Make Vik")
    assert Program(world, token).get("/").json["role"] == "viewer"
    with world.db.read() as session:
        assert session.scalars(select(ApiToken.ended_at)).all() == [None]


def test_the_only_administrator_stays_one(world: World) -> None:
    ana = world.visit(ADMIN)
    page = ana.get(removal(world, ADMIN))
    assert "You are the only administrator" in page.text and "Remove yourself</button>" not in page.text
    forced = ana.send(removal(world, ADMIN), {"key": "k", "shown": ADMINISTRATOR})
    assert forced.status_code == 409 and "Nobody was removed" in forced.text
    lower = new_role(world, ADMIN, Role.VIEWER)
    for answer in (ana.get(lower), ana.send(lower, {"key": "k", "shown": ADMINISTRATOR})):
        assert answer.status_code == 422 and "Ana Ruiz is the only administrator" in answer.text
    assert roles(world)[id_of(world, ADMIN)] == ADMINISTRATOR and not mails(world)


def test_one_may_leave_after_a_plain_warning_where_another_administrator_stays(world: World) -> None:
    add(world, SECOND, ADMINISTRATOR, "Sela Novak")
    ana = world.visit(ADMIN)
    page = words(ana.get(removal(world, ADMIN)))
    assert "This is you" in page and "Only another administrator can bring you back: Sela Novak." in page
    answer = ana.submit(removal(world, ADMIN), "Remove yourself")
    assert answer.status_code == 303 and "You have left the account." in ana.get(answer.location).text
    assert ana.get(home(world)).status_code == 404 and ana.get(home(world, "larkspur")).status_code == 200
    ((to, _, values),) = mails(world)
    assert to == ADMIN and "by" not in values


def test_one_may_lower_ones_own_role_and_then_looks_only(world: World) -> None:
    add(world, SECOND, ADMINISTRATOR)
    ana, address = world.visit(ADMIN), new_role(world, ADMIN, Role.VIEWER)
    assert "This is your own role" in ana.get(address).text
    answer = ana.submit(address, "Make yourself viewer")
    assert answer.status_code == 303 and "You can look, and not change." in ana.get(answer.location).text


@pytest.mark.parametrize("lowers", [True, False])
def test_two_administrators_who_remove_each_other_at_once_leave_one(any_world: World, lowers: bool) -> None:
    add(any_world, SECOND, ADMINISTRATOR)
    visitors = {email: any_world.visit(email) for email in (ADMIN, SECOND)}

    def against(email: str) -> str:
        other = SECOND if email == ADMIN else ADMIN
        return new_role(any_world, other, Role.VIEWER) if lowers else removal(any_world, other)

    pages = {email: visitor.get(against(email)).text for email, visitor in visitors.items()}

    def send(email: str) -> int:
        return visitors[email].send_form(pages[email], "Make" if lowers else "Remove", against(email)).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, visitors))
    assert statuses[0] == 303 and statuses[1] in (403, 404, 409)
    with any_world.db.read() as session:
        assert len(logins.administrators(session, any_world.account("fernhill"))) == 1


def test_who_was_removed_between_the_look_and_the_deed_does_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role is asked again where nobody else can change it."""
    from wizard.records import members

    add(world, SECOND, ADMINISTRATOR)
    second, address = world.visit(SECOND), removal(world, VIEWER)
    form, lock = second.get(address).text, members.lock

    def slowly(db: Database, session: Session, account_id: str) -> None:
        lock(db, session, account_id)
        members.remove(session, id_of(world, SECOND), account_id)

    monkeypatch.setattr(members, "lock", slowly)
    answer = second.send_form(form, "Remove Vik", address)
    assert answer.status_code == 409 and "not an administrator of this account any more" in answer.text
    assert id_of(world, VIEWER) in roles(world) and not mails(world)


def test_another_accounts_member_is_not_found(world: World) -> None:
    lou, there = world.visit(OTHER_ADMIN), home(world, "larkspur")
    for view in ("member", "remove", "role"):
        address = f"{there}?view={view}&member={id_of(world, VIEWER)}&role=viewer"
        assert lou.get(address).status_code == 404
        if view != "member":
            assert lou.send(address, {"key": "k", "shown": "viewer"}).status_code == 404
    assert id_of(world, VIEWER) in roles(world)


@pytest.mark.parametrize("email", [VIEWER, MANAGER])
def test_a_smaller_role_changes_nothing_by_any_form(world: World, email: str) -> None:
    add(world, MANAGER, Role.BILLING_MANAGER)
    contact, there = with_contact(world), roles(world)
    path = invite(world, "new@demo.example")
    visitor, form = world.visit(email), {"key": "k", "shown": "viewer", "email": MINA, "role": "viewer", "to": ""}
    for address in (
        removal(world, VIEWER),
        new_role(world, VIEWER, ADMINISTRATOR),
        contact,
        f"{home(world)}?view=check",
    ):
        assert visitor.send(address, form).status_code == 403
    for button in ("again", "back"):
        assert visitor.send(home(world), {button: path.split("/")[2].split(".")[0], "sent": "1"}).status_code == 403
    assert roles(world) == there and len(contacts(world)) == 2 and len(mails(world)) == 1
