"""Invitations as tests send them, and the links in their mails."""

import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.helpers.world import ADMIN, World
from wizard.account.roles import Role
from wizard.demo import PASSWORD
from wizard.records import invitations
from wizard.records.invitations import Invitation
from wizard.records.logins import add_login, add_member, find_login

MINA = "mina@fernhill.example"
MANAGER, SECOND = "manager@demo.example", "second@demo.example"


def home(world: World, account: str = "fernhill") -> str:
    return f"/account/{world.account(account)}/members/"


def invite(world: World, email: str = MINA, role: str = Role.VIEWER, name: str = "", by: str = ADMIN) -> str:
    """Send an invitation, as the pages do it. Returns the path of the link in its mail."""
    visitor, address = world.visit(by), f"{home(world)}?view=invite"
    page = visitor.submit(address, "Check the invitation", email=email, name=name, role=role, to="check")
    assert page.status_code == 200, page.text
    return link(world, visitor.send_form(page.text, "Send the invitation", address))


def link(world: World, answer: TestResponse) -> str:
    """The path of the link in the mail of the invitation that this answer confirms."""
    assert answer.status_code == 303, answer.text
    found = re.search(r"invitation=(\w+)", answer.location)
    assert found
    with world.db.read() as session:
        return f"/invitations/{invitations.token(session, found[1], world.config.secret_key)}/"


def only(world: World) -> Invitation:
    """The only invitation."""
    with world.db.read() as session:
        return session.scalars(select(Invitation)).one()


def add(world: World, email: str, role: Role, name: str = "Mo Diallo", account: str = "fernhill") -> str:
    """A further member, whose login is made if there is none. Returns the login's id."""
    with world.db.write() as session:
        login = find_login(session, email) or add_login(session, email, name, PASSWORD, world.clock())
        add_member(session, login, world.account(account), role)
        return login.id


def contacts(world: World, account: str = "fernhill") -> list[str]:
    return [one.email for one in world.provider.contacts(world.account(account))]


def with_contact(world: World) -> str:
    """The address of the check before the second contact is removed."""
    world.provider.add_contact(world.account("fernhill"), "Books", MINA, "k")
    contact = next(one for one in world.provider.contacts(world.account("fernhill")) if one.email == MINA)
    return f"{home(world)}?view=contact&contact={contact.id}"
