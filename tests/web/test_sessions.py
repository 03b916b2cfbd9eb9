"""Sessions in the browser: the cookie, how long they last, and the page that lists and ends them."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.helpers.clock import SATURDAY, SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, Visitor, World, words
from tests.web.deeds import count
from tests.web.mailbox import mails
from wizard.demo import PASSWORD
from wizard.errors import ProviderUnavailable
from wizard.records.attempts import Attempt
from wizard.records.audit import AuditLine
from wizard.records.sessions import LoginSession
from wizard.web.browsers import in_words

NEW = "seven quiet otters"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(world: World, email: str = ADMIN, **headers: str) -> Visitor:
    """By the form, as a person."""
    visitor = world.visit()
    answer = visitor.send("/sign-in/", {"email": email, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 303
    return visitor


def rows(world: World) -> list[LoginSession]:
    with world.db.read() as session:
        return list(session.scalars(select(LoginSession).order_by(LoginSession.begun_at)))


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("kb_wizard")
    assert found
    return found.value


def test_a_session_ends_12_hours_after_the_sign_in_whatever_was_done(world: World, clock: SetClock) -> None:
    ana = signed_in(world)
    clock.advance(hours=11, minutes=59)
    assert ana.get("/requests/").status_code == 200
    clock.advance(minutes=1)
    assert ana.get("/requests/").status_code == 303


def test_it_is_noted_every_five_minutes_that_a_session_is_in_use(world: World, clock: SetClock) -> None:
    ana = signed_in(world)
    clock.advance(minutes=4)
    ana.get("/requests/")
    assert rows(world)[0].seen_at == SATURDAY
    clock.advance(minutes=1)
    ana.get("/requests/")
    assert rows(world)[0].seen_at == clock()


def test_signing_out_ends_it_for_a_copy_of_the_cookie_as_well(world: World) -> None:
    ana, thief = signed_in(world), world.visit()
    thief.client.set_cookie("kb_wizard", cookie(ana))
    assert thief.get("/requests/").status_code == 200
    ana.send("/sign-out/", {})
    assert thief.get("/requests/").status_code == 303 and rows(world) == []


def test_signing_in_again_makes_the_session_and_the_form_tokens_anew(world: World) -> None:
    visitor = world.visit()
    before = visitor.token("/sign-in/")
    visitor.send("/sign-in/", {"email": ADMIN, "password": PASSWORD})
    [first] = rows(world)
    old_token = visitor.client.post("/sign-out/", data={"csrf_token": before})
    assert old_token.status_code == 400, "a token from before the sign-in is worth nothing"
    visitor.send("/sign-in/", {"email": VIEWER, "password": PASSWORD})
    [second] = rows(world)
    assert (first.token_hash, first.login_id) != (second.token_hash, second.login_id)


@pytest.mark.parametrize(
    ("settings", "headers", "is_secure"),
    [
        ({}, {}, False),
        ({"address": "https://help.example/"}, {}, True),
        ({"address": "https://help.example/", "wizard_url": "https://my.example/"}, {}, True),
        ({"address": "https://help.example/", "wizard_url": "http://127.0.0.1:8000/"}, {}, False),
        ({"proxies": 1}, {"X-Forwarded-Proto": "https"}, True),
        ({"proxies": 1}, {"X-Forwarded-Proto": "http"}, False),
        ({"proxies": 0}, {"X-Forwarded-Proto": "https"}, False),
    ],
)
def test_the_cookie_is_for_tls_alone_wherever_the_reader_has_it(
    world: World, settings: dict[str, object], headers: dict[str, str], is_secure: bool
) -> None:
    world.config = replace(world.config, **settings)
    sent = world.visit().get("/sign-in/", headers=headers).headers["Set-Cookie"]
    assert ("; Secure" in sent) == is_secure and "; HttpOnly" in sent and "; SameSite=Lax" in sent


def test_the_page_says_who_one_is(world: World) -> None:
    page = words(world.visit(ADMIN).get("/login/"))
    assert "Ana Ruiz" in page and ADMIN in page
    assert "Account administrator, Fernhill Robotics" in page and "Account administrator, Larkspur Books" in page
    assert "Reviewer, staff" in words(world.visit(REVIEWER).get("/login/"))


def test_the_page_is_there_when_the_provider_is_away(world: World) -> None:
    class Away:
        def account(self, account_id: str) -> None:
            raise ProviderUnavailable("away")

    world.means.provider = Away()
    page = world.visit(ADMIN).get("/login/")
    assert page.status_code == 200 and f"account {world.account('fernhill')}" in page.text


def test_sessions_are_listed_with_place_and_browser_and_this_one_marked(world: World, clock: SetClock) -> None:
    world.config = replace(world.config, proxies=1)
    signed_in(world, **{"User-Agent": FIREFOX, "X-Forwarded-For": "192.0.2.7"})
    clock.advance(hours=1)
    here = signed_in(world, **{"User-Agent": "Lynx"})
    listed = re.findall(r"<li>\s*<div>(.*?)</div>", here.get("/login/").text, re.DOTALL)
    assert "A browser" in listed[0] and "This session" in listed[0] and "Last seen" not in listed[0]
    assert "Firefox on Linux" in listed[1] and "192.0.2.7" in listed[1] and "This session" not in listed[1]
    assert "Last seen" in listed[1]
    assert "at 17:03 (UTC)" in listed[1]


def test_one_session_or_all_others_are_ended_from_the_page(world: World, clock: SetClock) -> None:
    here, phone, library, vik = (signed_in(world, email) for email in (ADMIN, ADMIN, ADMIN, VIEWER))
    of_phone = re.findall(r'name="end" value="(se_[^"]+)"', here.get("/login/").text)
    answer = here.send("/login/", {"end": of_phone[0]})
    assert "The session has ended." in here.get(answer.location).text
    alive = [one for one in (phone, library) if one.get("/login/").status_code == 200]
    assert len(alive) == 1
    here.send("/login/", {"end": "others"})
    assert alive[0].get("/login/").status_code == 303
    assert here.get("/login/").status_code == vik.get("/login/").status_code == 200


def test_another_logins_session_cannot_be_ended(world: World) -> None:
    vik, lou = signed_in(world, VIEWER), world.visit(OTHER_ADMIN)
    lou.send("/login/", {"end": rows(world)[0].id})
    lou.send("/login/", {"end": "others"})
    assert vik.get("/login/").status_code == 200


def test_the_password_is_changed_with_the_present_one_and_other_sessions_end(world: World) -> None:
    here, elsewhere = signed_in(world), signed_in(world)
    before = cookie(here)
    answer = here.submit("/login/", "Change the password", present_password=PASSWORD, new_password=NEW)
    assert answer.status_code == 303 and "Your new password is set." in here.get(answer.location).text
    assert elsewhere.get("/login/").status_code == 303
    elsewhere.client.set_cookie("kb_wizard", before)
    assert elsewhere.get("/login/").status_code == 303, "this session was made anew as well"
    assert [template for _, template, _ in mails(world)] == ["password-changed"]
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        assert world.visit().send("/sign-in/", {"email": ADMIN, "password": password}).status_code == status


@pytest.mark.parametrize(
    ("present", "new", "fault", "field"),
    [
        ("", NEW, "Enter your present password.", "present_password"),
        ("wrong", NEW, "This is not your present password.", "present_password"),
        (PASSWORD, "short", "at least 12 characters", "new_password"),
        (PASSWORD, VIEWER, "not a secret", "new_password"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: World, present: str, new: str, fault: str, field: str) -> None:
    vik = world.visit(VIEWER)
    answer = vik.send("/login/", {"present_password": present, "new_password": new})
    assert answer.status_code == 422 and fault in answer.text and f'href="#{field}"' in answer.text
    assert f'"{new}"' not in answer.text and (not present or f'"{present}"' not in answer.text)
    assert world.visit().send("/sign-in/", {"email": VIEWER, "password": PASSWORD}).status_code == 303


def test_the_present_password_cannot_be_tried_out(world: World) -> None:
    ana = world.visit(ADMIN)
    for _ in range(10):
        assert ana.send("/login/", {"present_password": "x", "new_password": NEW}).status_code == 422
    blocked = ana.send("/login/", {"present_password": PASSWORD, "new_password": NEW})
    assert blocked.status_code == 429 and "Try again in 15 minutes." in blocked.text
    assert count(world, Attempt) == 10


def test_passwords_do_not_wait_on_the_sign_in_page_for_a_session_that_ended(world: World) -> None:
    ana = world.visit(ADMIN)
    ana.client.delete_cookie("kb_wizard")
    answer = ana.client.post("/login/", data={"present_password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 303 and PASSWORD not in answer.text
    assert "Your session has ended. Nothing was changed." in ana.get(answer.location).text


def test_a_session_that_was_ended_is_asked_for_again_before_another_one_ends(world: World) -> None:
    ana = world.visit(ADMIN)
    ana.client.delete_cookie("kb_wizard")
    page = ana.client.post("/login/", data={"end": "others"})
    entered = ana.send_form(page.text, "Sign in", email=ADMIN, password=PASSWORD)
    back = ana.send_form(entered.text, "Go on where you were")
    assert back.status_code == 200 and "End all others" in back.text and len(rows(world)) == 2


def test_the_menu_leads_to_the_login(world: World) -> None:
    assert 'href="/login/"' in world.visit(ADMIN).get("/account/").text
    assert 'href="/login/"' not in world.visit().get("/sign-in/").text


def test_the_audit_tells_of_sign_ins_and_sessions_without_secrets(world: World) -> None:
    world.visit().send("/sign-in/", {"email": ADMIN, "password": "a wrong one"})
    world.visit().send("/sign-in/", {"email": "nobody@demo.example", "password": "a wrong one"})
    here, _ = signed_in(world), signed_in(world)
    ended = re.findall(r'name="end" value="(se_[^"]+)"', here.get("/login/").text)[0]
    here.send("/login/", {"end": ended})
    here.send("/login/", {"end": "others"})
    here.send("/login/", {"present_password": PASSWORD, "new_password": NEW})
    here.send("/sign-out/", {})
    with world.db.read() as session:
        lines = session.scalars(select(AuditLine)).all()
    ana = lines[0].subject
    assert ana.startswith("lg_") and [(line.login_id, line.what, line.subject) for line in lines] == [
        (None, "is refused at sign-in", ana),
        (None, "is refused at sign-in", ""),
        (ana, "signs in", ""),
        (ana, "signs in", ""),
        (ana, "ends a session", ended),
        (ana, "ends 0 other sessions", ""),
        (ana, "sets a new password", ""),
        (ana, "signs out", ""),
    ]
    assert all(line.address == "127.0.0.1" for line in lines)


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on a Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile Safari/604.1",
            "Chrome on an iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("<script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_told_in_words(user_agent: str, said: str) -> None:
    assert in_words(user_agent) == said
