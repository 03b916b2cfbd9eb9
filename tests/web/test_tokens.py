"""Personal API tokens: made and shown once, listed, ended; never stored or told in the clear."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from tests.helpers.api import Program, make_token, problem, row_of
from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, Visitor, World, words
from tests.web.deeds import count
from wizard.account.roles import Role
from wizard.errors import ProviderUnavailable
from wizard.records import audit
from wizard.records.api_tokens import ApiToken, is_well_formed, new_token
from wizard.records.logins import Membership, find_login

PAGE = "/login/tokens/"


def made(world: World, visitor: Visitor, **form: str) -> str:
    """The page that follows on a form as it should be filled in, but for `form`."""
    asked = {"name": "Cost report", "account": world.account("fernhill"), "role": "viewer", "days": "30"}
    return visitor.submit(PAGE, "Make the token", **asked | form).text


def token_in(page: str) -> str:
    found = re.search(r"<code>(kbw_\w+)</code>", page)
    assert found, page
    return found[1]


def test_a_token_is_shown_once_and_opens_the_api(world: World) -> None:
    ana = world.visit(ADMIN)
    page = made(world, ana)
    token = token_in(page)
    assert "shown this once" in page and is_well_formed(token)
    assert Program(world, token).get("/").json["role"] == "viewer"
    listed = words(ana.get(PAGE))
    assert "Cost report" in listed and "Fernhill Robotics, viewer. Good until 21 December 2026" in listed
    assert "Last used 21 November 2026" in listed and token not in listed


def test_nothing_keeps_the_token_in_the_clear(world: World, caplog: pytest.LogCaptureFixture) -> None:
    token = token_in(made(world, world.visit(ADMIN)))
    Program(world, token).get("/")
    with world.db.read() as session:
        assert token not in str([vars(one) for one in audit.lines(session)])
    stored = b"".join(one.read_bytes() for one in world.db.file.parent.glob("wizard.db*"))
    assert token.encode() not in stored and token[4:-6].encode() not in stored and token not in caplog.text


def test_a_token_has_a_check_part_by_which_a_mistake_is_known() -> None:
    token = new_token()
    assert re.fullmatch(r"kbw_[A-Za-z0-9]{38}", token) and is_well_formed(token)
    other = "b" if token[10] == "a" else "a"
    for wrong in (token[:10] + other + token[11:], token[:-1], token + "a", token[4:], "", "kbw_"):
        assert not is_well_formed(wrong), wrong


def test_the_same_form_again_makes_nothing_and_shows_nothing(world: World) -> None:
    ana = world.visit(ADMIN)
    form = ana.get(PAGE).text
    asked = {"name": "x", "account": world.account("fernhill"), "role": "viewer", "days": "30"}
    first = ana.send_form(form, "Make the token", PAGE, **asked)
    again = ana.send_form(form, "Make the token", PAGE, **asked)
    assert token_in(first.text) and again.status_code == 200
    assert "made one token" in words(again) and "kbw_" not in again.text and count(world, ApiToken) == 1


@pytest.mark.parametrize(
    ("email", "form", "message"),
    [
        (ADMIN, {"name": " "}, "Enter a name"),
        (ADMIN, {"name": "x" * 81}, "at most 80 characters"),
        (ADMIN, {"account": "ac_unknown"}, "Choose one of your accounts."),
        (ADMIN, {"role": "owner"}, "Choose a role."),
        (ADMIN, {"days": "9999"}, "Choose how long it is good for."),
        (ADMIN, {"key": ""}, "This form is not complete."),
        (VIEWER, {"role": "account-administrator"}, "Your own role on this account is viewer."),
        (OTHER_ADMIN, {}, "Choose one of your accounts."),
    ],
)
def test_a_form_with_a_mistake_says_it_and_makes_nothing(
    world: World, email: str, form: dict[str, str], message: str
) -> None:
    page = made(world, world.visit(email), **form)
    assert message in page and "There is a problem" in page and count(world, ApiToken) == 0
    assert 'value="Cost report"' in page or "name" in form, "what was typed is kept"


def test_a_token_is_ended_by_its_owner_alone_and_stays_ended(world: World, clock: SetClock) -> None:
    program, ana = Program(world, make_token(world)), world.visit(ADMIN)
    place = f"{PAGE}{row_of(world).id}/"
    for other in (OTHER_ADMIN, VIEWER, REVIEWER):
        assert world.visit(other).get(place).status_code == world.visit(other).send(place, {}).status_code == 404
    assert program.get("/").status_code == 200
    assert ana.submit(place, "End this token").location == PAGE
    assert problem(program.get("/")) == (401, "TokenNeeded")
    clock.advance(days=1)
    assert ana.send(place, {}).status_code == 303 and row_of(world).ended_at == clock() - timedelta(days=1)
    assert "Ended" in ana.get(place).text and "End this token" not in ana.get(place).text
    assert "You have no token" in ana.get(PAGE).text


def test_a_token_expires_and_is_still_listed(world: World, clock: SetClock) -> None:
    program = Program(world, make_token(world))
    clock.advance(days=1, seconds=-1)
    assert program.get("/").status_code == 200
    clock.advance(seconds=1)
    assert problem(program.get("/")) == (401, "TokenNeeded")
    assert "Expired 22 November 2026" in words(world.visit(ADMIN).get(PAGE))


def test_a_token_follows_the_role_of_its_login_and_goes_with_its_membership(world: World) -> None:
    program = Program(world, make_token(world))
    with world.db.read() as session:
        mine = Membership.login_id == find_login(session, ADMIN).id
    with world.db.write() as session:
        session.execute(update(Membership).where(mine).values(role=Role.BILLING_MANAGER))
    assert program.get("/").json["role"] == "billing-manager"
    assert problem(program.delete(world.service("VA1FERNWEB01"))) == (403, "NotAllowed")
    with world.db.write() as session:
        session.execute(delete(Membership).where(mine))
    assert problem(program.get("/")) == (401, "TokenNeeded")


def test_the_last_use_is_noted_every_five_minutes(world: World, clock: SetClock) -> None:
    program, noted = Program(world, make_token(world)), []
    for _ in range(4):
        program.get("/")
        noted.append(row_of(world).last_used_at)
        clock.advance(minutes=2.5)
    assert len(set(noted)) == 2 and noted[2] - noted[0] == timedelta(minutes=5)


def test_making_and_ending_stand_in_the_audit(world: World) -> None:
    ana = world.visit(ADMIN)
    made(world, ana)
    token_id = row_of(world).id
    ana.submit(f"{PAGE}{token_id}/", "End this token")
    with world.db.read() as session:
        lines = [(one.what, one.subject, one.account_id) for one in audit.lines(session)]
    account = world.account("fernhill")
    assert lines == [("makes an API token", token_id, account), ("ends an API token", token_id, account)]


def test_tokens_are_listed_and_ended_while_the_account_system_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_token(world)

    def away(_account_id: str) -> None:
        raise ProviderUnavailable("timed out")

    monkeypatch.setattr(world.provider, "account", away)
    ana = world.visit(ADMIN)
    page = ana.get(PAGE)
    assert page.status_code == 200 and "tests</a>" in page.text and "does not answer" in page.text
    assert ana.submit(f"{PAGE}{row_of(world).id}/", "End this token").status_code == 303


def test_the_page_of_ones_login_leads_to_the_tokens(world: World) -> None:
    page = world.visit(ADMIN).get("/login/")
    assert f'href="{PAGE}"' in page.text and "A new password does not end them" in words(page)


def test_who_has_no_account_is_told_so(world: World) -> None:
    assert "none belongs to your login" in words(world.visit(REVIEWER).get(PAGE))


def test_only_roles_that_one_has_are_offered(world: World) -> None:
    page = world.visit(VIEWER).get(PAGE).text
    assert 'value="viewer"' in page and "billing-manager" not in page and "account-administrator" not in page
