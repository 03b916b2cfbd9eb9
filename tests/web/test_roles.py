"""What each role sees of every action of the index, and what it may do: also of actions that come later."""

from collections import Counter
from dataclasses import dataclass

import pytest
from sqlalchemy import func, inspect, select

from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World, words
from tests.web.joining import MANAGER, add
from wizard.account.roles import Role, StaffRole
from wizard.actions.action import Action, Status
from wizard.actions.context import Context
from wizard.actions.index import INDEX, load
from wizard.db import Base
from wizard.demo import PASSWORD
from wizard.records.audit import Who
from wizard.records.logins import add_login, find_login

AUTHOR, LONER = "author@demo.example", "loner@demo.example"
MEMBERS = {VIEWER: Role.VIEWER, MANAGER: Role.BILLING_MANAGER, ADMIN: Role.ACCOUNT_ADMINISTRATOR}
STRANGERS = [OTHER_ADMIN, REVIEWER, AUTHOR, LONER]
"""Another account's administrator, staff, and a login without any account."""
UNCOUNTED = {"login_session", "attempt", "embedded_quote"}
"""Tables that looking may change: who is there, how often it was tried, what the provider has worked out."""


@dataclass(frozen=True)
class Least:
    """The least role that does it; written out here once more, so that none is widened by mistake."""

    role: Role
    changes: bool


KNOWN = {
    "sign-in": Least(Role.VIEWER, False),
    "usage-history": Least(Role.VIEWER, False),
    "my-services": Least(Role.VIEWER, False),
    "retrieve-data": Least(Role.BILLING_MANAGER, True),
    "change-services": Least(Role.BILLING_MANAGER, True),
    "delete-services": Least(Role.ACCOUNT_ADMINISTRATOR, True),
    "final-invoice": Least(Role.VIEWER, False),
    "update-payment-method": Least(Role.BILLING_MANAGER, True),
    "request-closure": Least(Role.ACCOUNT_ADMINISTRATOR, True),
    "members": Least(Role.ACCOUNT_ADMINISTRATOR, True),
    "submit-request": Least(Role.VIEWER, True),
}
FORMS: list[dict[str, object]] = [
    {},
    {"key": "k"},
    {"key": "k", "subject": "x", "message": "x", "service": "sv_1", "again": "x", "back": "x", "shown": "x", "to": ""},
]


@pytest.fixture
def everybody(world: World) -> World:
    add(world, MANAGER, Role.BILLING_MANAGER)
    with world.db.write() as session:
        add_login(session, AUTHOR, "Aut", PASSWORD, world.clock(), StaffRole.AUTHOR)
        add_login(session, LONER, "Lo", PASSWORD, world.clock())
    return world


def address(world: World, name: str) -> str:
    return f"/account/{world.account('fernhill')}/{name}/"


def rows(world: World) -> Counter[str]:
    """Table -> how many rows it has."""
    with world.db.read() as session:
        there = set(inspect(session.connection()).get_table_names()) - UNCOUNTED
        tables = [table for table in Base.metadata.tables.values() if table.name in there]
        return Counter({table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables})


def context_of(world: World, email: str) -> Context:
    with world.db.read() as session:
        login = find_login(session, email)
    assert login
    account = world.provider.account(world.account("fernhill"))
    return Context(world.means, login, MEMBERS[email], account, Who(login.id, "127.0.0.1"), world.library)


def test_the_roles_of_the_actions_are_those_that_were_agreed() -> None:
    found = {name: Least(info.role, info.changes) for name, info in INDEX.items() if name in KNOWN}
    assert found == KNOWN
    for name in INDEX.keys() - KNOWN.keys():
        assert INDEX[name].role is not Role.VIEWER or not INDEX[name].changes, f"{name}: a viewer changes nothing"


@pytest.mark.parametrize("name", INDEX)
@pytest.mark.parametrize("email", MEMBERS)
def test_the_fact_is_told_where_the_role_suffices_and_otherwise_which_role_is_needed(
    everybody: World, email: str, name: str
) -> None:
    action: Action = load(name)
    fact = action.checked_fact(context_of(everybody, email))
    assert fact.text
    if not MEMBERS[email].includes(INDEX[name].role):
        assert fact.status is Status.CANNOT_START
        assert INDEX[name].role.title.lower() in fact.text and MEMBERS[email].title.lower() in fact.text


@pytest.mark.parametrize("name", INDEX)
@pytest.mark.parametrize("email", MEMBERS)
def test_every_role_may_look_and_one_that_may_not_do_it_has_no_button_for_it(
    everybody: World, email: str, name: str
) -> None:
    before = rows(everybody)
    page = everybody.visit(email).get(address(everybody, name))
    assert page.status_code == 200 and f'id="{name}"' in page.text
    panel = page.text.partition(f'<section class="panel" id="{name}"')[2].partition("</section>")[0]
    assert panel, "the action's panel"
    if not MEMBERS[email].includes(INDEX[name].role):
        assert 'method="post"' not in panel
        assert "administrator" in words(page).lower() or "billing manager" in words(page).lower(), "who can"
    assert rows(everybody) == before, "looking changes nothing"


@pytest.mark.parametrize("name", INDEX)
@pytest.mark.parametrize("email", MEMBERS)
def test_a_form_of_a_smaller_role_is_refused_and_changes_nothing(everybody: World, email: str, name: str) -> None:
    visitor, before = everybody.visit(email), rows(everybody)
    suffices = MEMBERS[email].includes(INDEX[name].role)
    for form in FORMS:
        for query in ("", "?view=check&all=1", "?view=check&scope=x&when=immediate"):
            answer = visitor.send(f"{address(everybody, name)}{query}", form)
            where = f"{email} {name}{query} {form}: {answer.status_code}"
            assert answer.status_code < 500, where
            if not suffices:
                assert answer.status_code == 403 and "Nothing was changed" in answer.text, where
            elif name != "sign-in":  # where there is nothing to send
                assert answer.status_code != 403, where
    assert suffices or rows(everybody) == before


@pytest.mark.full
@pytest.mark.parametrize("name", INDEX)
@pytest.mark.parametrize("email", STRANGERS)
def test_strangers_and_staff_find_no_such_account(everybody: World, email: str, name: str) -> None:
    visitor, before = everybody.visit(email), rows(everybody)
    for answer in (visitor.get(address(everybody, name)), *(visitor.send(address(everybody, name), f) for f in FORMS)):
        assert answer.status_code == 404 and "Fernhill" not in answer.text
    assert rows(everybody) == before


@pytest.mark.parametrize("name", INDEX)
def test_nobody_is_asked_to_sign_in(everybody: World, name: str) -> None:
    visitor, before = everybody.visit(), rows(everybody)
    page = visitor.get(address(everybody, name))
    assert page.status_code == 303 and page.location.startswith("/sign-in/")
    for form in FORMS:
        answer = visitor.send(address(everybody, name), form)
        assert answer.status_code in (303, 401) and "Fernhill" not in answer.text
        assert answer.status_code == 401 or answer.location.startswith("/sign-in/")
    assert rows(everybody) == before


@pytest.mark.parametrize("email", [*MEMBERS, *STRANGERS])
def test_the_page_of_the_account_is_its_members_alone(everybody: World, email: str) -> None:
    page = everybody.visit(email).get(f"/account/{everybody.account('fernhill')}/")
    assert page.status_code == (200 if email in MEMBERS else 404)
    if email in MEMBERS:
        assert MEMBERS[email].title in page.text and all(
            INDEX[name].title in page.text for name in INDEX if name != "sign-in"
        )
