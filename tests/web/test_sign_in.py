"""Signing in and out, and what a session that ended does."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World
from tests.web.deeds import close_address, count, sent, to_review
from wizard.demo import PASSWORD
from wizard.records import attempts
from wizard.records.attempts import Attempt
from wizard.records.deletions import Deletion
from wizard.records.logins import add_login

WRONG = "do not belong together"


def test_the_right_credentials_lead_where_one_was_going(world: World) -> None:
    visitor = world.visit()
    first = visitor.get("/guide/closing-your-account/")
    assert first.status_code == 303 and first.location == "/sign-in/?next=/guide/closing-your-account/"
    entered = visitor.submit(first.location, "Sign in", email=ADMIN, password=PASSWORD)
    assert entered.status_code == 303 and entered.location == "/guide/closing-your-account/"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\\b",
        "javascript:alert(1)",
        "",
    ],
)
def test_sign_in_never_leads_to_another_site(world: World, place: str) -> None:
    visitor = world.visit()
    answer = visitor.client.post(
        "/sign-in/",
        query_string={"next": place},
        data={"csrf_token": visitor.token("/sign-in/"), "email": ADMIN, "password": PASSWORD},
    )
    assert answer.status_code == 303 and answer.location == "/account/"


@pytest.mark.parametrize("email", [ADMIN, "nobody@demo.example"])
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(world: World, email: str) -> None:
    answer = world.visit().send("/sign-in/", {"email": email, "password": "wrong"})
    assert answer.status_code == 422 and WRONG in answer.text and f'value="{email}"' in answer.text
    assert 'value="wrong"' not in answer.text


def test_empty_fields_are_named(world: World) -> None:
    answer = world.visit().send("/sign-in/", {"email": "", "password": ""})
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text and 'href="#password"' in answer.text


def test_too_many_attempts_wait_and_the_right_password_waits_too(world: World, clock: SetClock) -> None:
    visitor = world.visit()
    for _ in range(10):
        assert visitor.send("/sign-in/", {"email": ADMIN, "password": "x"}).status_code == 422
    blocked = visitor.send("/sign-in/", {"email": ADMIN, "password": PASSWORD})
    assert blocked.status_code == 429 and "Try again in 15 minutes." in blocked.text
    assert visitor.send("/sign-in/", {"email": VIEWER, "password": PASSWORD}).status_code == 303
    clock.advance(minutes=16)
    assert visitor.send("/sign-in/", {"email": ADMIN, "password": PASSWORD}).status_code == 303


def test_who_signs_in_does_not_use_up_the_attempts_of_an_address(world: World) -> None:
    visitor = world.visit()
    for _ in range(6):
        assert visitor.send("/sign-in/", {"email": ADMIN, "password": PASSWORD}).status_code == 303
        visitor = world.visit()
    assert count(world, Attempt) == 0


@pytest.mark.parametrize(("proxies", "status"), [(1, 303), (0, 429)])
def test_behind_a_proxy_each_reader_has_attempts_of_his_own(
    world: World, monkeypatch: pytest.MonkeyPatch, proxies: int, status: int
) -> None:
    monkeypatch.setitem(attempts.LIMITS, "sign-in-from", 3)
    world.config = replace(world.config, proxies=proxies)
    visitor = world.visit()
    for number in range(3):
        wrong = {"email": f"{number}@demo.example", "password": "x"}
        assert visitor.send("/sign-in/", wrong, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 422
    right = {"email": ADMIN, "password": PASSWORD}
    assert visitor.send("/sign-in/", right, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == status


def test_a_form_of_another_site_neither_signs_out_nor_plants_a_text(world: World) -> None:
    address = f"/account/{world.account('fernhill')}/submit-request/"
    answer = world.visit().client.post(
        address, data={"message": "Sent by evil"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403 and "came from another site" in answer.text and "Sent by evil" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_attempts_are_counted_whatever_the_case_of_the_address(world: World) -> None:
    visitor = world.visit()
    for number in range(10):
        email = ADMIN.upper() if number % 2 else ADMIN
        assert visitor.send("/sign-in/", {"email": email, "password": "x"}).status_code == 422
    assert visitor.send("/sign-in/", {"email": ADMIN.title(), "password": PASSWORD}).status_code == 429


def test_the_session_of_a_login_that_is_gone_ends(world: World) -> None:
    with world.db.write() as session:
        gone = add_login(session, "gone@demo.example", "Gone", PASSWORD, world.clock())
    visitor = world.visit("gone@demo.example")
    assert visitor.get("/requests/").status_code == 200
    with world.db.write() as session:
        session.delete(session.get_one(type(gone), gone.id))
    assert visitor.get("/requests/").status_code == 303


def test_the_cookie_is_for_tls_alone_where_the_address_is(world: World) -> None:
    world.config = replace(world.config, address="https://help.example/")
    assert world.app.config["SESSION_COOKIE_SECURE"] is True


def test_nothing_of_a_session_from_before_the_sign_in_lives_on(world: World) -> None:
    visitor = world.visit()
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody"
    assert visitor.send("/sign-in/", {"email": ADMIN, "password": PASSWORD}).status_code == 303
    with visitor.client.session_transaction() as session:
        assert "planted" not in session and session["token"]


def test_signing_out_ends_the_session(world: World) -> None:
    ana = world.visit(ADMIN)
    assert ana.get("/requests/").status_code == 200
    assert ana.send("/sign-out/", {}).status_code == 303
    assert ana.get("/requests/").status_code == 303


def test_a_session_that_ended_loses_nothing_of_a_form(world: World) -> None:
    ana = world.visit(ADMIN)
    account, web = world.account("fernhill"), world.service("VA1FERNWEB01")
    check = f"/guide/closing-your-account/delete-services/?account={account}&view=check&service={web}"
    assert "Delete 1 service" in ana.get(check).text
    ana.client.delete_cookie("kb_wizard")
    answer = ana.client.post(check, data={"key": "k"})
    assert answer.status_code == 303 and "ended=1" in answer.location
    assert "Nothing was changed" in ana.get(answer.location).text
    back = ana.submit(answer.location, "Sign in", email=ADMIN, password=PASSWORD)
    assert "VA1FERNWEB01" in ana.get(back.location).text and "Delete 1 service" in ana.get(back.location).text
    assert count(world, Deletion) == 0


def test_a_message_that_was_typed_before_the_session_ended_is_still_there(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    ana.client.delete_cookie("kb_wizard")
    page = ana.client.post(address, data={"key": "k", "subject": "A copy", "message": 'Two\nlines, "quoted".'})
    entered = ana.send_form(page.text, "Sign in", email=ADMIN, password=PASSWORD)
    back = ana.send_form(entered.text, "Go on where you were")
    assert "Two\nlines, &#34;quoted&#34;." in back.text and 'value="A copy"' in back.text
    sent = ana.send_form(back.text, "Send to the support team")
    assert sent.status_code == 303 and "A copy" in ana.get(sent.location).text


def test_a_session_that_ends_under_a_page_that_asks_by_itself_leaves_the_page(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Source": "div"}
    answer = world.visit().get(f"/account/{world.account('fernhill')}/delete-services/", headers=headers)
    assert answer.status_code == 401 and answer.headers["HX-Reswap"] == "none"


def test_a_reviewers_words_survive_a_session_that_ended_and_decide_nothing(world: World) -> None:
    with world.worker():
        sent(world.visit(ADMIN), close_address(world))
        address = to_review(world)
    rae = world.visit(REVIEWER)
    rae.client.delete_cookie("kb_wizard")
    page = rae.client.post(address, data={"decision": "decline", "reason": "It was not her."})
    entered = rae.send_form(page.text, "Sign in", email=REVIEWER, password=PASSWORD)
    back = rae.send_form(entered.text, "Go on where you were")
    assert "It was not her." in back.text and "Decide" in back.text
    assert "Declined" not in rae.get("/staff/").text


def test_a_form_of_another_session_is_shown_again_with_what_was_typed(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    typed = {"csrf_token": "of another session", "subject": "A copy", "message": "Please."}
    answer = ana.client.post(address, data=typed)
    assert answer.status_code == 400 and "Look at it and confirm again." in answer.text
    assert 'value="A copy"' in answer.text and ">Please.</textarea>" in answer.text
    assert "Nothing has been asked for yet" in ana.get("/requests/").text


def test_a_login_without_an_account_is_told_what_to_do(world: World) -> None:
    with world.db.write() as session:
        add_login(session, "new@demo.example", "New", PASSWORD, world.clock())
    assert "belongs to no account" in world.visit("new@demo.example").get("/account/").text


def test_with_several_accounts_one_chooses_and_with_one_one_is_there(world: World) -> None:
    chooser = world.visit(ADMIN).get("/account/")
    assert chooser.status_code == 200 and "Fernhill Robotics" in chooser.text and "Larkspur Books" in chooser.text
    assert world.visit(OTHER_ADMIN).get("/account/").location == f"/account/{world.account('larkspur')}/"


def test_an_action_without_an_account_finds_it(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    answer = lou.get("/account/?action=usage-history")
    assert answer.location == f"/account/{world.account('larkspur')}/usage-history/"
    assert lou.get("/account/?action=nonsense").status_code == 404


def test_a_form_of_another_site_is_not_told_who_administers_the_account(world: World) -> None:
    address = f"/account/{world.account('fernhill')}/submit-request/"
    answer = world.visit().client.post(address, data={"message": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "Ana Ruiz" not in answer.text


def test_a_form_that_is_too_long_to_wait_for_the_sign_in_is_refused(world: World) -> None:
    for form in ({"message": "y" * 300_000}, {f"field{number}": "y" for number in range(1500)}):
        address = f"/account/{world.account('fernhill')}/submit-request/"
        answer = world.visit().client.post(address, data=form, content_type="multipart/form-data")
        assert answer.status_code == 413 and "too long to be sent" in answer.text


def test_what_was_typed_in_vain_is_nowhere_kept_in_the_clear(world: World) -> None:
    typed = "my password, typed into the wrong field"
    assert world.visit().send("/sign-in/", {"email": typed, "password": "x"}).status_code == 422
    with world.db.read() as session:
        for table in session.scalars(text("select name from sqlite_master where type = 'table'")):
            assert not any(typed in str(row) for row in session.execute(text(f'select * from "{table}"'))), table


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        ([f"2001:db8:1:1::{number}" for number in range(4)], 429),
        ([f"2001:db8:1:{number}::1" for number in range(4)], 422),
        ([f"::ffff:192.0.2.{number}" for number in range(4)], 422),
    ],
)
def test_all_addresses_of_one_network_of_ipv6_have_their_attempts_together(
    world: World, monkeypatch: pytest.MonkeyPatch, addresses: list[str], status: int
) -> None:
    monkeypatch.setitem(attempts.LIMITS, "sign-in-from", 3)
    visitor = world.visit()
    for number, address in enumerate(addresses):
        wrong = {"email": f"{number}@demo.example", "password": "x"}
        answer = visitor.send("/sign-in/", wrong, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
