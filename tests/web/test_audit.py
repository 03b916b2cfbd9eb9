"""Each deed of a person leaves a line: who, what, when, from where, under which key. Never a secret."""

import re

from sqlalchemy import func, select

from tests.helpers.world import ADMIN, REVIEWER, Visitor, World
from tests.web.deeds import close_address, delete_address, sent, to_review
from wizard.demo import PASSWORD
from wizard.records import audit
from wizard.records.audit import AuditLine, told
from wizard.records.deletions import Deletion
from wizard.records.logins import find_login


def lines(world: World) -> list[AuditLine]:
    with world.db.read() as session:
        return audit.lines(session)


def test_a_deed_says_who_what_when_from_where_and_under_which_key(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    answer = ana.submit(delete_address(world, "VA1FERNWEB01", "VA1FERNWEB02"), "Delete 2")
    assert answer.status_code == 303
    (line,) = lines(world)
    with world.db.read() as session:
        login = find_login(session, ADMIN)
        deletion = session.scalars(select(Deletion)).one()
    assert login and (line.login_id, line.what, line.account_id) == (login.id, "deletes 2 services", account)
    assert (line.at, line.address, line.subject) == (world.clock(), "127.0.0.1", deletion.reference)
    assert line.key == deletion.idempotency_key and line.token_id is None


def test_every_deed_of_customers_and_staff_is_there_and_looking_is_none(world: World) -> None:
    ana, rae, account = world.visit(ADMIN), world.visit(REVIEWER), world.account("fernhill")
    for path in ("/account/", f"/account/{account}/", "/requests/", delete_address(world, "VA1FERNWEB01")):
        ana.get(path)
    assert not lines(world)
    sent(ana, close_address(world))
    ana.submit(f"/account/{account}/retrieve-data/", "Save", service=world.service("VA1FERNSQL01"))
    ana.submit(f"/account/{account}/submit-request/", "Send", subject="Backups", message="Where are they?")
    rae.send(to_review(world), {"decision": "decline", "reason": "It is not authentic."})
    ticket = re.search(r"/staff/tickets/[^/]+/", rae.get("/staff/").text)
    assert ticket
    rae.send(ticket[0], {"answer": "In the vault."})
    assert [line.what for line in lines(world)] == [
        "requests closure",
        "states which data it has",
        "writes to the support team",
        "declines a closure",
        "answers a request",
    ]
    assert {line.account_id for line in lines(world)} == {account}


def test_what_is_refused_leaves_no_line_of_a_deed(world: World) -> None:
    address = delete_address(world, "VA1FERNWEB01")
    viewer = world.visit("vik@demo.example")
    assert viewer.send(address, {"key": "k"}).status_code == 403
    assert world.visit(ADMIN).send(address.replace("service=", "service=x"), {"key": "k"}).status_code == 409
    assert not lines(world)


def test_no_line_holds_what_was_typed_into_a_password_field(world: World) -> None:
    visitor = Visitor(world.app.test_client())
    visitor.send("/sign-in/", {"email": PASSWORD, "password": "hunter2-hunter2"})
    visitor.send("/sign-in/", {"email": ADMIN, "password": "hunter2-hunter2"})
    visitor.send("/sign-in/", {"email": ADMIN, "password": PASSWORD})
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditLine))
        written = " ".join(str(vars(line)) for line in audit.lines(session))
    assert "hunter2" not in written and PASSWORD not in written and "argon2" not in written


def test_another_text_under_a_key_that_was_used_leaves_no_line(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    form = {"key": "k", "subject": "Backups", "message": "Where are they?"}
    assert ana.send(address, form).status_code == 303
    assert ana.send(address, form | {"message": "Never mind."}).status_code == 422
    assert len(lines(world)) == 1


def test_a_key_that_is_not_of_our_making_comes_to_no_audit(world: World) -> None:
    """The audit is printed: what is in it must not turn an operator's terminal."""
    form = {"key": "\x1b]0;evil\x07", "subject": "A question", "message": "What?"}
    answer = world.visit(ADMIN).send(f"/account/{world.account('fernhill')}/submit-request/", form)
    assert answer.status_code == 409 and "Nothing was sent" in answer.text
    with world.db.read() as session:
        assert not any("\x1b" in line for line in told(session))
