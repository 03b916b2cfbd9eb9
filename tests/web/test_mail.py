"""What is told by mail, and what staff see of mail that could not be sent."""

import re
from dataclasses import replace

from tests.commands.test_serve import free_port
from tests.helpers.mail_server import mail_server
from tests.helpers.world import ADMIN, REVIEWER, World, wait_until, words
from tests.web.deeds import close_address, sent
from wizard.mail_settings import MailSettings
from wizard.records import audit
from wizard.records import mail as mails


def with_server(world: World) -> int:
    """The port of a mail server that does not run yet."""
    settings = MailSettings("127.0.0.1", free_port(), "none", sender="help@northpier.example")
    world.config = replace(world.config, mail=settings, address="https://help.example/")
    return settings.port


def give_up(world: World, recipient: str, problem: str) -> str:
    """A mail that could not be sent, as the worker leaves it."""
    with world.db.write() as session:
        row = mails.add_mail(session, recipient, "password-changed", {"name": "Ana", "when": "today"}, world.clock())
        row.state, row.problem, row.attempt = mails.MailState.GIVEN_UP, problem, 78
    return row.id


def test_a_closure_request_is_confirmed_by_mail_once_however_often_it_is_sent(world: World) -> None:
    ana = world.visit(ADMIN)
    page = ana.get(close_address(world)).text
    receipt = ana.send_form(page, "Send closure request", close_address(world)).location
    assert ana.send_form(page, "Send closure request", close_address(world)).location == receipt
    with world.worker():
        wait_until(world.outbox)
    (message,) = world.outbox()
    reference = receipt.split("/")[2]
    assert (message["To"], message["Subject"]) == (ADMIN, f"We received your closure request {reference}")
    text = message.get_body(("plain",)).get_content()
    for said in (
        "We received this on 21 November 2026 at 12:03 (UTC\u22125).",
        "- Account: Fernhill Robotics",
        "- What ends: The whole account",
        "- Charges end: 23 November 2026 at the latest",
        f"<http://127.0.0.1:8000{receipt}>",
    ):
        assert said in text


def test_an_answer_of_the_support_team_comes_by_mail(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    receipt = ana.submit(address, "Send to", subject="A copy of <SQL01>", message="Please copy it.").location
    rae = world.visit(REVIEWER)
    ticket = re.search(r"/staff/tickets/[^/]+/", rae.get("/staff/").text)
    assert ticket
    rae.submit(ticket[0], "Send the answer", answer="It is done.\n\nSee https://help.example/copies/.")
    assert rae.send(ticket[0], {"answer": "Twice"}).status_code == 409
    with world.worker():
        wait_until(world.outbox)
    (message,) = world.outbox()
    text = message.get_body(("plain",)).get_content()
    assert message["To"] == ADMIN and "You wrote to us about: A copy of <SQL01>" in text and receipt in text
    assert "\nIt is done.\n\nSee https://help.example/copies/.\n" in text


def test_a_mail_server_that_is_away_fails_no_request(world: World) -> None:
    with_server(world)
    ana = world.visit(ADMIN)
    with world.worker():
        receipt = sent(ana, close_address(world))
        wait_until(world.effects)  # the account system is told, whatever the mail server does
        assert "Charges end on 23 November 2026" in words(ana.get(receipt))


def test_staff_sees_mail_that_could_not_be_sent_and_has_it_sent_again(world: World) -> None:
    port = with_server(world)
    rae = world.visit(REVIEWER)
    assert "Mail that could not be sent" not in rae.get("/staff/").text
    mail_id = give_up(world, "ana@demo.example", "refused the recipient: 550 <No> such mailbox.")
    page = rae.get("/staff/").text
    for shown in ("Password changed, to ana@demo.example", "refused the recipient: 550 &lt;No&gt; such mailbox."):
        assert shown in page
    assert rae.submit("/staff/", "Send again").status_code == 303
    assert "Mail that could not be sent" not in rae.get("/staff/").text
    assert rae.send(f"/staff/mail/{mail_id}/", {}).status_code == 409, "it is on its way already"
    with mail_server(port) as server, world.worker():
        wait_until(lambda: server.taken)
    assert [message["To"] for message in server.taken] == ["ana@demo.example"]
    with world.db.read() as session:
        line = audit.lines(session)[-1]
    assert (line.what, line.subject) == ("has a mail sent again", mail_id)


def test_mail_that_fails_again_is_back_with_staff_at_once(world: World) -> None:
    with_server(world)
    mail_id = give_up(world, "ana@demo.example", "It was refused.")
    rae = world.visit(REVIEWER)
    rae.send(f"/staff/mail/{mail_id}/", {})
    with world.worker():
        wait_until(lambda: "cannot be reached" in rae.get("/staff/").text)
