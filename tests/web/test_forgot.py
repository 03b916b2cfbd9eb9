"""A forgotten password: the mail, the link in it, and what setting a new one ends."""

import time

import pytest
from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, VIEWER, World, words
from tests.web.deeds import count
from tests.web.mailbox import link_in, mails
from wizard.demo import PASSWORD
from wizard.records.attempts import Attempt
from wizard.records.audit import AuditLine
from wizard.records.logins import Login, find_login, password_fits
from wizard.records.password_links import PasswordLink
from wizard.web import limits
from wizard.web.limits import EVEN_SECONDS

NEW = "seven quiet otters"


def asked(world: World, email: str = ADMIN) -> str:
    """The address of the link in the mail."""
    answer = world.visit().submit("/sign-in/forgot/", "Send the link", email=email)
    assert answer.status_code == 303 and answer.location == "/sign-in/forgot/?sent=1"
    return link_in(world, mails(world, "password-link")[-1][2])


def test_a_link_in_a_mail_sets_a_new_password_and_signs_in(world: World) -> None:
    visitor = world.visit()
    assert 'href="/sign-in/forgot/"' in visitor.get("/sign-in/").text
    link = asked(world, f" {ADMIN.upper()} ")
    recipient, _, values = mails(world)[0]
    assert recipient == ADMIN and values["name"] == "Ana Ruiz" and set(values) == {"name", "password_link"}
    assert "For ana@demo.example" in words(visitor.get(link))
    answer = visitor.submit(link, "Set the password", new_password=NEW)
    assert answer.status_code == 303 and answer.location == "/login/?done=password"
    assert "Your new password is set." in visitor.get(answer.location).text
    for password, status in ((PASSWORD, 422), (NEW, 303)):
        assert world.visit().send("/sign-in/", {"email": ADMIN, "password": password}).status_code == status


def test_a_new_password_ends_all_sessions_of_the_login_and_no_others(world: World) -> None:
    elsewhere, vik = world.visit(ADMIN), world.visit(VIEWER)
    visitor = world.visit()
    visitor.submit(asked(world), "Set the password", new_password=NEW)
    assert elsewhere.get("/login/").status_code == 303
    assert visitor.get("/login/").status_code == vik.get("/login/").status_code == 200


def test_a_mail_tells_of_the_new_password(world: World) -> None:
    world.visit().submit(asked(world), "Set the password", new_password=NEW)
    assert mails(world, "password-changed") == [
        (ADMIN, "password-changed", {"name": "Ana Ruiz", "when": "21 November 2026 at 17:03 (UTC)"})
    ]


def test_a_new_password_forgets_the_attempts(world: World) -> None:
    for _ in range(10):
        world.visit().send("/sign-in/", {"email": ADMIN, "password": "x"})
    assert world.visit().send("/sign-in/", {"email": ADMIN, "password": NEW}).status_code == 429
    world.visit().submit(asked(world), "Set the password", new_password=NEW)
    assert world.visit().send("/sign-in/", {"email": ADMIN, "password": NEW}).status_code == 303


def test_a_link_is_good_once(world: World) -> None:
    link = asked(world)
    world.visit().submit(link, "Set the password", new_password=NEW)
    again = world.visit().get(link)
    assert again.status_code == 410 and "not good any more" in again.text and 'href="/sign-in/forgot/"' in again.text


def test_a_link_ends_with_the_password_that_another_link_changed(world: World) -> None:
    first, second = asked(world), asked(world)
    assert world.visit().get(first).status_code == 200
    world.visit().submit(second, "Set the password", new_password=NEW)
    assert world.visit().get(first).status_code == 410


def test_a_link_is_good_for_an_hour(world: World, clock: SetClock) -> None:
    link, visitor = asked(world), world.visit()
    clock.advance(minutes=59)
    page = visitor.get(link)
    assert page.status_code == 200
    clock.advance(minutes=1)
    late = visitor.send_form(page.text, "Set the password", link, new_password=NEW)
    assert late.status_code == 410 and "Nothing was changed" in late.text
    assert world.visit().send("/sign-in/", {"email": ADMIN, "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize("wrong", ["pl_0.0", "x", "pl_0", ".", "ü.ü", "..."])
def test_a_wrong_link_says_so_and_offers_another(world: World, wrong: str) -> None:
    answer = world.visit().get(f"/sign-in/password/{wrong}/")
    assert answer.status_code == 410 and "Ask for a new link" in answer.text


def test_a_link_with_another_signature_is_wrong(world: World) -> None:
    link = asked(world)
    last = "0" if link[-2] != "0" else "1"
    assert world.visit().get(f"{link[:-2]}{last}/").status_code == 410


def test_looking_at_a_link_changes_nothing(world: World) -> None:
    link = asked(world)
    with world.db.read() as session:
        before = session.scalars(select(Login.password_hash)).all()
    for _ in range(3):
        assert world.visit().get(link).status_code == 200
    with world.db.read() as session:
        assert session.scalars(select(Login.password_hash)).all() == before
        assert session.scalars(select(PasswordLink.used_at)).all() == [None]


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "Enter a new password."),
        ("a" * 11, "at least 12 characters. This one has 11."),
        ("a" * 201, "at most 200 characters. This one has 201."),
        (ADMIN.title(), "not a secret"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said_at_its_field(world: World, password: str, fault: str) -> None:
    link = asked(world)
    answer = world.visit().submit(link, "Set the password", new_password=password)
    assert answer.status_code == 422 and fault in answer.text and 'href="#new_password"' in answer.text
    assert not password or f'"{password}"' not in answer.text
    assert world.visit().submit(link, "Set the password", new_password="a" * 12).status_code == 303, (
        "the link is still good"
    )


def test_a_known_and_an_unknown_address_get_the_same_answer_in_the_same_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EVEN_SECONDS", EVEN_SECONDS)
    answers, seconds = [], []
    for email in (ADMIN, "nobody@demo.example"):
        visitor = world.visit()
        form = {"email": email, "csrf_token": visitor.token("/sign-in/forgot/")}
        began = time.monotonic()
        answer = visitor.client.post("/sign-in/forgot/", data=form)
        seconds.append(time.monotonic() - began)
        answers.append((answer.status_code, answer.location, words(visitor.get(answer.location))))
    assert answers[0] == answers[1] and min(seconds) >= EVEN_SECONDS, "what there is to do takes a tenth of that"
    assert [to for to, _, _ in mails(world)] == [ADMIN]


@pytest.mark.parametrize("email", [ADMIN, "nobody@demo.example"])
def test_asking_is_limited_whether_the_address_is_known_or_not(world: World, clock: SetClock, email: str) -> None:
    visitor = world.visit()
    for _ in range(5):
        assert visitor.send("/sign-in/forgot/", {"email": email}).status_code == 303
    blocked = visitor.send("/sign-in/forgot/", {"email": email.upper()})
    assert blocked.status_code == 429 and "Try again in 15 minutes." in blocked.text
    clock.advance(minutes=16)
    assert visitor.send("/sign-in/forgot/", {"email": email}).status_code == 303


def test_asking_for_many_addresses_from_one_place_is_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from wizard.records import attempts

    monkeypatch.setitem(attempts.LIMITS, "forgot-from", 2)
    visitor = world.visit()
    statuses = [visitor.send("/sign-in/forgot/", {"email": f"{one}@demo.example"}).status_code for one in range(3)]
    assert statuses == [303, 303, 429]


@pytest.mark.parametrize("email", ["", "ana", "a@" + "b" * 260])
def test_what_is_no_address_is_told_and_not_counted(world: World, email: str) -> None:
    answer = world.visit().send("/sign-in/forgot/", {"email": email})
    assert answer.status_code == 422 and 'href="#email"' in answer.text and count(world, Attempt) == 0


def test_the_link_is_told_to_no_other_page_and_to_no_audit(world: World) -> None:
    link, visitor = asked(world), world.visit()
    secret = link.split(".")[1].strip("/")
    assert visitor.get(link).headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get("/sign-in/").headers["Referrer-Policy"] == "same-origin"
    page = visitor.get(link)
    assert secret not in page.text
    visitor.send_form(page.text, "Set the password", link, new_password=NEW)
    with world.db.write() as session:
        noted = session.scalars(select(AuditLine)).all()
    assert noted and not any(secret in f"{line.what} {line.subject} {line.key}" for line in noted)


def test_the_link_is_told_to_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    link = asked(world)
    visitor, secret = world.visit(), link.split(".")[1].strip("/")
    world.db.close()
    world.db.file.rename(world.db.file.with_suffix(".gone"))
    assert visitor.get(link).status_code == 503
    world.means.clock = None
    assert visitor.get(link).status_code == 500
    assert caplog.text.count("GET /sign-in/password/.../") == 2 and secret not in caplog.text


def test_over_tls_a_browser_that_names_no_referrer_sets_its_password(world: World) -> None:
    link, visitor = asked(world), world.visit()
    page = visitor.client.get(link, base_url="https://localhost")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "new_password": NEW}
    refused = visitor.client.post(link, data=form | {"csrf_token": "x"}, base_url="https://localhost")
    assert refused.status_code == 400 and "no longer valid" in refused.text
    assert visitor.client.post(link, data=form, base_url="https://localhost").status_code == 303


def test_two_who_use_the_same_link_at_once_set_one_password(world: World) -> None:
    link = asked(world)
    one, other = world.visit(), world.visit()
    first, second = one.get(link).text, other.get(link).text
    statuses = [
        visitor.send_form(page, "Set the password", link, new_password=password).status_code
        for visitor, page, password in ((one, first, NEW), (other, second, "another of twelve"))
    ]
    assert statuses == [303, 410]
    with world.db.read() as session:
        assert password_fits(find_login(session, ADMIN), NEW)


def test_the_audit_names_the_login_and_never_what_was_typed(world: World) -> None:
    world.visit().submit(asked(world), "Set the password", new_password=NEW)
    world.visit().send("/sign-in/forgot/", {"email": "nobody@demo.example"})
    with world.db.read() as session:
        ana = find_login(session, ADMIN)
        noted = [(line.login_id, line.what, line.subject) for line in session.scalars(select(AuditLine))]
        link = session.scalars(select(PasswordLink.id)).one()
    assert ana and noted == [
        (None, "asks for a password link", ana.id),
        (ana.id, "sets a new password by a link", link),
        (None, "asks for a password link", ""),
    ]
