"""Deleting and closing: what is shown before, what happens once, what a reviewer decides."""

import json
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, Visitor, World, wait_until, words
from wizard.records.closures import ClosureRequest
from wizard.records.declarations import DeclarationContent
from wizard.records.deletions import Deletion


def count(world: World, table: type) -> int:
    with world.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def delete_address(world: World, *names: str) -> str:
    chosen = "".join(f"&service={world.service(name)}" for name in names)
    return f"/account/{world.account('fernhill')}/delete-services/?view=check{chosen}"


def close_address(world: World, account: str = "fernhill", scope: str = "The whole account", when: str = "immediate") -> str:
    contract = next(one for one in world.provider.contracts(world.account(account)) if one.name == scope)
    return f"/account/{world.account(account)}/request-closure/?view=check&scope={contract.id}&when={when}"


def sent(visitor: Visitor, address: str) -> str:
    """Send the closure request that the page at `address` shows. Returns the receipt's address."""
    answer = visitor.submit(address, "Send closure request")
    assert answer.status_code == 303, answer.text
    return answer.location


def in_review(world: World) -> bool:
    with world.db.read() as session:
        return session.scalars(select(ClosureRequest.state)).one() == "in_review"


def decide(world: World, decision: str, **form: str) -> None:
    rae = world.visit(REVIEWER)
    wait_until(lambda: "/staff/requests/" in rae.get("/staff/").text)
    address = re.search(r"/staff/requests/[^/]+/", rae.get("/staff/").text)
    assert address
    wait_until(lambda: "Decide" in rae.get(address[0]).text)
    answer = rae.submit(address[0], "Approve", decision=decision, **form)
    assert answer.status_code == 303, answer.text


def test_every_sum_is_shown_before_a_deletion(world: World) -> None:
    page = world.visit(ADMIN).get(delete_address(world, "VA1FERNWEB01", "VA1FERNAPP01")).text
    assert "$36.00" in page and "$50.40" in page and "$86.40" in page
    assert "Delete 2 services" in page and "cannot be undone" in page
    assert "VA1FERNWEB01 and VA1FERNAPP01 hold data" in page


def test_the_credit_for_unused_days_is_shown_where_services_are_paid_in_advance(world: World) -> None:
    account, mail = world.account("larkspur"), world.service("Mailboxes, larkspurbooks.example")
    page = world.visit(ADMIN).get(f"/account/{account}/delete-services/?view=check&service={mail}").text
    assert "$30.00" in page and "$10.00" in page and "credit" in page


def test_confirming_twice_deletes_once(world: World) -> None:
    ana, address = world.visit(ADMIN), delete_address(world, "VA1FERNWEB01")
    key = re.search(r'name="key" value="([^"]+)"', ana.get(address).text)
    assert key
    first = ana.send(address, {"key": key[1]})
    second = ana.send(address, {"key": key[1]})
    assert first.status_code == second.status_code == 303 and first.location == second.location
    assert count(world, Deletion) == 1


def test_two_windows_delete_once_and_the_second_is_told(world: World) -> None:
    ana, address = world.visit(ADMIN), delete_address(world, "VA1FERNWEB01")
    assert ana.send(address, {"key": "one"}).status_code == 303
    late = ana.send(address, {"key": "two"})
    assert late.status_code == 409 and "being deleted already" in late.text
    assert count(world, Deletion) == 1


def test_progress_survives_leaving_and_says_what_failed(world: World) -> None:
    world.hold("VA1FERNWEB01", "A backup is running.")
    ana = world.visit(ADMIN)
    progress = ana.submit(delete_address(world, "VA1FERNWEB01", "VA1FERNWEB02"), "Delete 2").location
    panel = f"/account/{world.account('fernhill')}/delete-services/"
    assert "0 of 2" in ana.get(panel).text, "what runs is what is shown"
    with world.worker():
        wait_until(lambda: "1 service deleted" in ana.get(progress).text)
        page = ana.get(progress).text
        assert "Not deleted: A backup is running." in page and "Try again with 1 service" in page
        world.hold("VA1FERNWEB01", None)
        assert ana.submit(progress, "Try again").status_code == 303
        wait_until(lambda: "2 services deleted" in ana.get(progress).text)
    assert [calls for _, _, calls in world.effects()] == [1, 1]


@pytest.mark.parametrize(
    ("services", "status", "message"),
    [
        ([], 422, "Choose at least one service."),
        (["sv_unknown"], 409, "is not there any more"),
        (["VA1FERNVPN01"], 422, "cannot be deleted by itself"),
        (["prod-va1-fern"], 422, "needs prod-va1-fern"),
    ],
)
def test_a_choice_that_cannot_be_deleted_says_why(world: World, services: list[str], status: int, message: str) -> None:
    ids = [name if name == "sv_unknown" else world.service(name) for name in services]
    address = f"/account/{world.account('fernhill')}/delete-services/?view=check" + "".join(f"&service={one}" for one in ids)
    ana = world.visit(ADMIN)
    for answer in (ana.get(address), ana.send(address, {"key": "k"})):
        assert answer.status_code == status and message in answer.text
    assert count(world, Deletion) == 0


def test_another_accounts_service_or_deletion_is_not_there(world: World) -> None:
    ana = world.visit(ADMIN)
    made = ana.send(delete_address(world, "VA1FERNWEB01"), {"key": "k"}).location
    query = made.partition("?")[2].partition("#")[0]
    lou, own = world.visit(OTHER_ADMIN), f"/account/{world.account('larkspur')}/delete-services/"
    assert lou.get(f"{own}?{query}").status_code == 404
    assert lou.send(own, {"again": query.partition("=")[2]}).status_code == 404
    assert lou.get(f"{own}?view=check&service={world.service('VA1FERNWEB02')}").status_code == 409


def test_the_closure_question_resolves_both_dates(world: World) -> None:
    page = words(world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/request-closure/"))
    assert "at the latest on 23 November 2026" in page and "Charges end on 30 November 2026" in page


def test_the_check_page_shows_every_sum_and_date(world: World) -> None:
    page = words(world.visit(ADMIN).get(close_address(world)))
    for shown in ("23 November 2026 at the latest", "$230.40 a month", "FERN-2026-10, $238.08, due 30 November 2026"):
        assert shown in page
    assert "Visa ending in 4242" in page and "What cannot be undone" in page


def test_questions_left_open_are_named_at_their_field(world: World) -> None:
    address = f"/account/{world.account('larkspur')}/request-closure/?view=check"
    page = world.visit(ADMIN).get(address)
    assert page.status_code == 422 and 'href="#scope"' in page.text and 'href="#when"' in page.text


def test_the_receipt_is_there_at_once_and_found_again(world: World) -> None:
    ana = world.visit(ADMIN)
    receipt = sent(ana, close_address(world))
    page = words(ana.get(receipt))
    reference = receipt.split("/")[2]
    assert reference in page and "21 November 2026 at 12:03 (UTC\u22125)" in page
    assert "Charges end on 23 November 2026 at the latest" in page and "Send closure request" in page
    assert reference in ana.get("/requests/").text
    typed = ana.get(f"/receipts/{reference.replace('-', '').lower()}/")
    assert typed.status_code == 303 and typed.location == receipt


def test_the_declaration_is_whole_in_itself(world: World) -> None:
    account = world.account("fernhill")
    query = close_address(world).partition("?")[2]
    sent(world.visit(ADMIN), f"/guide/closing-your-account/request-closure/?account={account}&{query}")
    with world.db.read() as session:
        content = json.loads(session.scalars(select(DeclarationContent.content)).one())
        row = session.scalars(select(ClosureRequest)).one()
    article = world.library.guides["closing-your-account"]
    assert content == {
        "version": 1,
        "kind": "ordinary",
        "reference": row.reference,
        "account": {"id": account, "name": "Fernhill Robotics"},
        "contract": {"id": row.contract_id, "name": "The whole account"},
        "login": {"id": row.login_id, "name": "Ana Ruiz", "email": ADMIN},
        "timing": "immediate",
        "charges_end": "2026-11-24T05:00:00+00:00",
        "charges_end_at_the_latest": True,
        "label": "Send closure request",
        "article": {"path": "accounts/closing-your-account.md", "content_hash": article.content_hash},
        "locale": "en_US",
        "channel": "guide",
        "arrived_at": "2026-11-21T17:03:00+00:00",
    }


def test_sending_twice_declares_once(world: World) -> None:
    ana, address = world.visit(ADMIN), close_address(world)
    hidden = dict(re.findall(r'name="(key|shown)" value="([^"]+)"', ana.get(address).text))
    first, second = ana.send(address, hidden), ana.send(address, hidden)
    assert first.location == second.location
    third = ana.send(address, hidden | {"key": "another window"})
    assert third.location == first.location and count(world, ClosureRequest) == 1


def test_another_wish_for_the_same_contract_is_told_of_the_first(world: World) -> None:
    ana = world.visit(ADMIN)
    receipt = sent(ana, close_address(world))
    answer = ana.submit(close_address(world, when="end_of_period"), "Send closure request")
    assert answer.status_code == 409 and receipt.split("/")[2] in answer.text
    assert count(world, DeclarationContent) == 1


def test_a_date_that_moved_while_the_page_was_open_is_shown_again(world: World, clock: SetClock) -> None:
    ana, address = world.visit(ADMIN), close_address(world)
    hidden = dict(re.findall(r'name="(key|shown)" value="([^"]+)"', ana.get(address).text))
    clock.advance(hours=13)
    late = ana.send(address, hidden)
    assert late.status_code == 409 and "has changed since" in late.text and count(world, ClosureRequest) == 0
    assert "24 November 2026 at the latest" in ana.get(address).text


def test_with_all_deleted_first_charges_end_today(world: World) -> None:
    ana = world.visit(ADMIN)
    with world.worker():
        done = ana.submit(f"/account/{world.account('fernhill')}/delete-services/?view=check&all=1", "Delete 6").location
        wait_until(lambda: "6 services deleted" in ana.get(done).text)
    page = words(ana.get(close_address(world)))
    assert "Charges endOn 21 November 2026" in page and "nothing is billed any more" in page


def test_a_reviewer_sees_all_facts_approves_and_the_customer_sees_each_state(world: World) -> None:
    ana = world.visit(ADMIN)
    with world.worker():
        receipt = sent(ana, close_address(world))
        wait_until(lambda: in_review(world))
        rae = world.visit(REVIEWER)
        address = re.search(r"/staff/requests/[^/]+/", rae.get("/staff/").text)
        assert address
        page = rae.get(address[0]).text
        for shown in (ADMIN, "account administrator", "$230.40 a month", "$238.08", "Approval deletes 6 services at once"):
            assert shown in page, shown
        decide(world, "approve")
        wait_until(lambda: "What happened" in ana.get(receipt).text)
        page = ana.get(receipt).text
    for state in ("Received", "In review", "Approved", "Closing", "Closed"):
        assert f"<strong>{state}</strong>" in page
    assert world.provider.account(world.account("fernhill")).closed_at
    closed = ana.get(f"/guide/closing-your-account/?account={world.account('fernhill')}").text
    assert "was closed on" in closed and "completed 3 of 4" in closed


def test_declining_needs_a_reason_and_the_customer_reads_it(world: World) -> None:
    ana = world.visit(ADMIN)
    with world.worker():
        receipt = sent(ana, close_address(world))
        wait_until(lambda: in_review(world))
        rae = world.visit(REVIEWER)
        address = re.search(r"/staff/requests/[^/]+/", rae.get("/staff/").text)
        assert address
        empty = rae.submit(address[0], "Decline", decision="decline", reason="no")
        assert empty.status_code == 422 and 'href="#reason"' in empty.text
        decide(world, "decline", reason="The account holder says that it was not her.")
        wait_until(lambda: world.provider.contracts(world.account("fernhill"))[0].charges_end is None)
    page = ana.get(receipt).text
    assert "Declined" in page and "The account holder says that it was not her." in page
    assert len(world.provider.services(world.account("fernhill"))) == 8
    assert "You can send another" in ana.get(f"/guide/closing-your-account/?account={world.account('fernhill')}").text


def test_two_reviewers_decide_once(world: World) -> None:
    with world.worker():
        receipt = sent(world.visit(ADMIN), close_address(world))
        wait_until(lambda: in_review(world))
        rae = world.visit(REVIEWER)
        address = re.search(r"/staff/requests/[^/]+/", rae.get("/staff/").text)
        assert address
        first = rae.submit(address[0], "Approve", decision="approve")
        late = rae.send(address[0], {"decision": "decline", "reason": "A reason that is long enough."})
    assert first.status_code == 303 and late.status_code == 409 and "Nothing was done twice" in late.text


def test_at_the_end_of_the_period_approval_schedules(world: World) -> None:
    ana = world.visit(ADMIN)
    address = close_address(world, "larkspur", "larkspurpress.example", "end_of_period")
    with world.worker():
        receipt = sent(ana, address)
        wait_until(lambda: in_review(world))
        decide(world, "approve")
    page = words(ana.get(receipt))
    assert "Scheduled21 November" in page and "Charges end on 30 November 2026" in page
    assert [effect for effect, _, _ in world.effects()] == ["charges end at 2026-12-01 06:00 UTC"]


def test_only_members_and_reviewers_see_a_receipt(world: World) -> None:
    receipt = sent(world.visit(ADMIN), close_address(world))
    assert world.visit(VIEWER).get(receipt).status_code == 200
    assert world.visit(REVIEWER).get(receipt).status_code == 200
    other = world.visit(OTHER_ADMIN).get(receipt)
    assert other.status_code == 404 and "Fernhill" not in other.text


def test_a_mistyped_reference_says_so(world: World) -> None:
    answer = world.visit(ADMIN).get("/receipts/AAAA-AAAA-B/")
    assert answer.status_code == 404 and "references have no 0, O, 1 or I" in answer.text


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


def test_too_long_a_message_is_named(world: World) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    answer = ana.submit(address, "Send to", subject="x" * 121, message="y" * 5001)
    assert answer.status_code == 422 and "at most 120" in answer.text and "at most 5,000" in answer.text


def test_a_form_that_is_far_too_large_is_refused(world: World) -> None:
    ana = world.visit(ADMIN)
    answer = ana.send(f"/account/{world.account('fernhill')}/submit-request/", {"message": "y" * 300_000})
    assert answer.status_code == 413


def test_a_review_that_is_late_is_marked_and_charges_still_end(world: World, clock: SetClock) -> None:
    with world.worker():
        receipt = sent(world.visit(ADMIN), close_address(world))
        wait_until(lambda: world.effects())
    before = world.clock()
    clock.advance(days=5)
    assert "(overdue)" in world.visit(REVIEWER).get("/staff/").text
    lines = world.provider.usage(world.account("fernhill"), before.date())
    web = next(line for line in lines if line.service == "VA1FERNWEB01")
    promised = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
    begun = datetime.fromisoformat("2026-11-01T04:00:00+00:00")
    assert web.quantity == (promised - begun) / timedelta(hours=1) and receipt
