"""A card's number that somebody types anywhere is refused at its field, and no byte of it is kept or logged."""

import logging
import re
from datetime import date

import pytest
from flask import Flask, request

from tests.helpers.api import Program
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, REVIEWER, Visitor, World, words
from tests.web.deeds import close_address, count, sent, to_review
from tests.web.paying import address as payment_address
from tests.web.paying import to_processor
from tests.web.test_routes import addresses, values
from wizard.account.cards import holds_card_number
from wizard.actions import ordering
from wizard.actions.update_payment_method import _mark
from wizard.demo import PASSWORD
from wizard.providers.billing import PaymentMethod
from wizard.records.tickets import Ticket
from wizard.web import typed
from wizard.web.typed import MESSAGE

CARD = "5555-5555 5555.4444"
DIGITS = "5555555555554444"
FIELDS = (
    "subject message q reason answer name email holder domain last_four comment text note search card again stop end "
    "decision role days shown when to page until month view deletion kept.message kept.subject anything"
).split()
"""Names of fields that forms have, and of some that they may have one day."""


def everything_kept(world: World) -> str:
    """Every byte of the database, in which mails wait, and of the data folder."""
    files = [*world.db.file.parent.iterdir(), *world.config.data.rglob("*")]
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.is_file())


def no_trace(world: World, log: str) -> None:
    for kept in (everything_kept(world), log):
        assert CARD not in kept and DIGITS not in kept and "5555.4444" not in kept


def posts(app: Flask, world: World) -> list[str]:
    """The address of every form there is, with what it needs to be found."""
    ana, account = world.visit(ADMIN), world.account("fernhill")
    sent(ana, close_address(world))
    ana.submit(f"/account/{account}/submit-request/", "Send", subject="Backups", message="Where are they?")
    queue = world.visit(REVIEWER).get("/staff/").text
    ticket, review = re.search(r"/staff/tickets/([^/]+)/", queue), to_review(world).split("/")[3]
    assert ticket
    setup = to_processor(ana, payment_address(world)).split("/")[2]
    known = values(world, account) | {"ticket_id": ticket[1], "closure_id": review, "setup_id": setup}
    found = []
    for name in ("delete-services", "request-closure", "submit-request", "update-payment-method", "my-services"):
        for endpoint, method, place in addresses(app, known | {"name": name}):
            if method == "POST" and endpoint != "sign_in.leave" and not endpoint.startswith("api."):
                found.append(f"{place}?account={account}" if endpoint.startswith("guide.") else place)
    return list(dict.fromkeys(found))


def test_in_any_field_of_any_form_it_is_refused_and_leaves_no_trace(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    places = posts(world.app, world)
    assert len(places) > 15
    with caplog.at_level(logging.DEBUG):
        for place in places:
            for visitor in (world.visit(ADMIN), world.visit(REVIEWER), world.visit()):
                form = dict.fromkeys(FIELDS, f"My card is {CARD}, thank you") | {CARD: "x", "key": "k"}
                for way in ({}, {"HX-Request": "true"}):
                    answer = visitor.send(place, form, headers=way)
                    assert answer.status_code in (401, 403, 404, 410, 422), (place, answer.status_code)
                    assert CARD not in answer.text + str(answer.headers), place
    no_trace(world, caplog.text)


def test_each_form_alone_says_it_at_the_field_that_comes_back_empty(world: World) -> None:
    account, ana, rae = world.account("fernhill"), world.visit(ADMIN), world.visit(REVIEWER)
    ticket = next(place for place in posts(world.app, world) if "/tickets/" in place)
    for visitor, place, field, others in (
        (ana, f"/account/{account}/submit-request/", "message", {"subject": "Backups"}),
        (ana, f"/account/{account}/submit-request/", "subject", {"message": "Where are they?"}),
        (ana, f"/guide/closing-your-account/delete-services/?account={account}", "q", {"to": "choose"}),
        (ana, "/login/tokens/", "name", {"days": "90"}),
        (rae, to_review(world), "reason", {"decision": "decline"}),
        (rae, ticket, "answer", {}),
        (world.visit(), "/sign-in/", "email", {"password": PASSWORD}),
        (world.visit(), "/sign-in/forgot/", "email", {}),
    ):
        if field == "q":
            add_services(world, 60)
        answer = visitor.send(place, {"key": "k", field: f"It is {CARD}"} | others)
        assert answer.status_code == 422 and MESSAGE in answer.text, (place, field)
        assert f'<a href="#{field}">{MESSAGE}' in answer.text, (place, field)
        written = re.search(rf'name="{field}"[^>]*(?:value="([^"]*)"|>([^<]*)</textarea>)', answer.text)
        assert written and not (written[1] or written[2]), (place, field)
    assert count(world, Ticket) == 1, "the one of before"


def test_what_stood_in_the_other_fields_is_still_there(world: World) -> None:
    ana, place = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    answer = ana.send(place, {"key": "k", "subject": "My backups", "message": CARD})
    assert 'value="My backups"' in answer.text
    again = ana.send_form(answer.text, "Send to", place, message="Without it.")
    assert again.status_code == 303
    assert "Without it." in everything_kept(world), "what is kept is looked at"


def test_a_form_that_waits_for_the_sign_in_waits_without_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    place, visitor = f"/account/{world.account('fernhill')}/submit-request/", world.visit()
    with caplog.at_level(logging.DEBUG):
        asked = visitor.send(place, {"key": "k", "subject": "My backups", "message": CARD})
        assert asked.status_code == 401 and MESSAGE in asked.text and CARD not in asked.text
        own = {"email": ADMIN, "password": PASSWORD, "kept.message": CARD, "kept.subject": "My backups"}
        refused = visitor.send(f"/sign-in/?next={place}", own)
        assert refused.status_code == 422 and CARD not in refused.text and 'value="My backups"' in refused.text
    no_trace(world, caplog.text)


def test_words_to_search_for_are_looked_at_too(world: World, caplog: pytest.LogCaptureFixture) -> None:
    add_services(world, 60)
    ana, place = world.visit(ADMIN), f"/account/{world.account('fernhill')}/my-services/"
    with caplog.at_level(logging.DEBUG):
        page = ana.get(place, query_string={"q": CARD})
        part = ana.get(place, query_string={"q": CARD}, headers={"HX-Request": "true"})
    for answer in (page, part):
        assert answer.status_code == 422 and f'<a href="#q">{MESSAGE}' in answer.text
        assert CARD not in answer.text and DIGITS not in answer.text and "5555" not in str(answer.headers)
    assert part.headers["HX-Push-Url"] == f"{place}?q="
    no_trace(world, caplog.text)


@pytest.mark.parametrize(
    "path", ["/sign-in/?next=/x/{}", "/requests/?x={}", "/account/?choose=1&x={}", "/nowhere/?x={}"]
)
def test_an_address_with_one_is_answered_without_it(world: World, path: str) -> None:
    for visitor in (world.visit(), world.visit(ADMIN)):
        answer = visitor.get(path.format(DIGITS))
        assert answer.status_code < 500 and DIGITS not in answer.text + str(answer.headers)


def test_a_fault_logs_no_card_that_stands_in_the_address(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ana = world.visit(ADMIN)
    world.means.clock = None
    assert ana.get(f"/receipts/{DIGITS}/?x={DIGITS}").status_code == 500
    assert "failed" in caplog.text and DIGITS not in caplog.text


def test_a_program_is_told_which_parameter_it_is(program: Program, world: World) -> None:
    answer = program.get("/services?search=" + CARD)
    assert answer.status_code == 400 and answer.json["errors"] == [{"parameter": "search", "detail": MESSAGE}]


@pytest.mark.parametrize(
    "message",
    [
        "Tracking number 55555555555544440000.",
        "Call 555 123 4567 555 987 6543 on 2026-11-21 14:03.",
        "The telephone with the IMEI 490154203237518 does not sync.",
    ],
)
def test_other_long_numbers_may_be_sent(world: World, message: str) -> None:
    ana = world.visit(ADMIN)
    place = f"/account/{world.account('fernhill')}/submit-request/"
    assert ana.submit(place, "Send to", subject="A question", message=message).status_code == 303


def test_what_a_form_shows_of_an_order_never_looks_like_a_card() -> None:
    marks = [ordering.mark("ct", str(number), number, 0) for number in range(20_000)]
    assert not [mark for mark in marks if holds_card_number(mark)]


def test_marks_of_payment_methods_beside_each_other_never_look_like_a_card() -> None:
    methods = [PaymentMethod(f"pm_{number}", "Visa", "4242", date(2028, 1, 31), False) for number in range(20_000)]
    assert not holds_card_number(".".join(_mark(one) for one in methods))


def test_ids_of_a_provider_may_be_of_digits_alone(world: World) -> None:
    with world.app.test_request_context("/", method="POST", data={"was": DIGITS, "service": DIGITS, "what": DIGITS}):
        typed.drop_card_numbers()
        assert request.form.to_dict() == {"was": DIGITS, "service": DIGITS, "what": ""}


def test_a_password_of_digits_is_a_password(world: World) -> None:
    visitor: Visitor = world.visit()
    answer = visitor.send("/sign-in/", {"email": ADMIN, "password": DIGITS})
    assert answer.status_code == 422 and "do not belong together" in answer.text and MESSAGE not in words(answer)
