"""Data that a customer states to have, and requests to the support team."""

import re

from tests.helpers.world import ADMIN, REVIEWER, VIEWER, World


def test_i_have_my_data_is_stated_for_each_service(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("larkspur")
    address = f"/account/{account}/retrieve-data/"
    mail = world.service("Mailboxes, larkspurbooks.example")
    assert ana.submit(address, "Save what I have", service=[mail, "sv_of_another"]).status_code == 303
    page = ana.get(address).text
    assert "You have the data of 1 of 5 services." in page and f'value="{mail}" checked' in page
    assert ana.submit(address, "Save what I have").status_code == 303
    assert "0 of 5" in ana.get(address).text


def test_a_request_to_the_support_team_has_a_reference_and_gets_its_answer(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    wrong = ana.submit(address, "Send to", subject="", message="Please <b>help</b>.")
    assert wrong.status_code == 422 and "Please &lt;b&gt;help&lt;/b&gt;." in wrong.text, "what was typed is kept"
    receipt = ana.submit(address, "Send to", subject="A copy of SQL01", message="Please copy it.").location
    assert "Not answered yet" in ana.get(receipt).text
    rae = world.visit(REVIEWER)
    ticket = re.search(r"/staff/tickets/[^/]+/", rae.get("/staff/").text)
    assert ticket and "Please copy it." in rae.get(ticket[0]).text
    assert rae.submit(ticket[0], "Send the answer", answer="").status_code == 422
    assert rae.submit(ticket[0], "Send the answer", answer="It is done.").status_code == 303
    assert rae.send(ticket[0], {"answer": "Twice"}).status_code == 409
    assert "It is done." in ana.get(receipt).text and "Answered" in ana.get("/requests/").text


def test_another_text_under_a_key_that_was_used_is_not_lost_silently(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    first = {"key": "k", "subject": "One", "message": "First."}
    assert ana.send(address, first).location == ana.send(address, first).location
    other = world.visit(VIEWER).send(address, first | {"message": "Second."})
    assert other.status_code == 422 and "Nothing was sent now" in other.text and "Second." in other.text
    assert 'value="k"' not in ana.get(f"{address}?key=k").text, "a key is never taken from an address"


def test_too_long_a_message_is_named(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    answer = ana.submit(address, "Send to", subject="x" * 121, message="y" * 5001)
    assert answer.status_code == 422 and "at most 120" in answer.text and "at most 5,000" in answer.text


def test_a_form_that_is_far_too_large_is_refused(world: World) -> None:
    ana = world.visit(ADMIN)
    answer = ana.send(f"/account/{world.account('fernhill')}/submit-request/", {"message": "y" * 300_000})
    assert answer.status_code == 413 and "too long to be sent" in answer.text and "Nothing was changed" in answer.text
