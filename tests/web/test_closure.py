"""Requesting closure: what is shown before, what is stored, and the receipt."""

import json
import re
from datetime import timedelta

from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World, wait_until, words
from tests.web.deeds import close_address, count, delete_address, sent
from wizard.providers.embedded.tables import InvoiceRow, PaymentMethodRow
from wizard.records.closures import ClosureRequest
from wizard.records.declarations import DeclarationContent
from wizard.records.deletions import Deletion


def test_the_closure_question_resolves_both_dates(world: World) -> None:
    page = words(world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/request-closure/"))
    assert "at the latest on 23 November 2026" in page and "Charges end on 30 November 2026" in page


def test_the_check_page_shows_every_sum_and_date(world: World) -> None:
    page = words(world.visit(ADMIN).get(close_address(world)))
    for shown in ("23 November 2026 at the latest", "$230.72 a month", "FERN-2026-10, $238.08, due 30 November 2026"):
        assert shown in page
    assert "FERN-2026-09" not in page, "it is paid"
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
    article = world.library.guide("closing-your-account")
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
        "commitment": None,
        "label": "Send closure request",
        "article": {"path": "accounts/closing-your-account.md", "content_hash": article.content_hash},
        "locale": "en",
        "channel": "guide",
        "arrived_at": "2026-11-21T17:03:00+00:00",
    }


def test_sending_twice_declares_once(world: World) -> None:
    ana, address = world.visit(ADMIN), close_address(world)
    hidden = dict(re.findall(r'name="(key|shown)" value="([^"]+)"', ana.get(address).text))
    first, second = ana.send(address, hidden), ana.send(address, hidden)
    assert first.location == second.location
    third = ana.send(address, hidden | {"key": "another-window"})
    assert third.location == first.location and count(world, ClosureRequest) == 1


def test_other_answers_under_the_same_key_are_told(world: World) -> None:
    ana = world.visit(ADMIN)
    hidden = dict(re.findall(r'name="(key|shown)" value="([^"]+)"', ana.get(close_address(world)).text))
    assert ana.send(close_address(world), hidden).status_code == 303
    other = ana.send(close_address(world, when="end_of_period"), hidden)
    assert other.status_code == 409 and "Nothing was sent now" in other.text and count(world, ClosureRequest) == 1


def test_another_wish_for_the_same_contract_is_told_of_the_first(world: World) -> None:
    ana = world.visit(ADMIN)
    receipt = sent(ana, close_address(world))
    answer = ana.submit(close_address(world, when="end_of_period"), "Send closure request")
    assert answer.status_code == 409 and receipt.split("/")[2] in answer.text
    assert count(world, DeclarationContent) == 1


def test_a_package_of_an_account_that_ends_already_is_told_of_that(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    package = close_address(world, "larkspur", "The package of larkspurpress.example")
    receipt = sent(lou, close_address(world, "larkspur"))
    answer = lou.submit(package, "Send closure request")
    assert answer.status_code == 409 and receipt.split("/")[2] in answer.text
    page = lou.get(f"/account/{world.account('larkspur')}/request-closure/").text
    assert "There is nothing more to request" in page


def test_a_form_without_a_key_is_not_sent(world: World) -> None:
    for address in (close_address(world), delete_address(world, "VA1FERNWEB01")):
        answer = world.visit(ADMIN).send(address, {"shown": "by 2026-11-23"})
        assert answer.status_code == 409 and "not complete" in answer.text
    assert count(world, ClosureRequest) == count(world, Deletion) == 0


def test_a_date_that_moved_while_the_page_was_open_is_shown_again(world: World, clock: SetClock) -> None:
    ana, address = world.visit(ADMIN), close_address(world)
    hidden = dict(re.findall(r'name="(key|shown)" value="([^"]+)"', ana.get(address).text))
    clock.advance(hours=13)
    late = ana.send(address, hidden)
    assert late.status_code == 409 and "has changed since" in late.text and count(world, ClosureRequest) == 0
    assert "24 November 2026 at the latest" in words(ana.get(address))


def test_with_all_deleted_first_charges_end_today(world: World) -> None:
    ana = world.visit(ADMIN)
    with world.worker():
        done = ana.submit(
            f"/account/{world.account('fernhill')}/delete-services/?view=check&all=1", "Delete 6"
        ).location
        wait_until(lambda: "6 services deleted" in ana.get(done).text)
    page = words(ana.get(close_address(world)))
    assert "Charges endOn 21 November 2026" in page and "nothing is billed any more" in page


def test_only_members_and_reviewers_see_a_receipt(world: World) -> None:
    receipt = sent(world.visit(ADMIN), close_address(world))
    assert world.visit(VIEWER).get(receipt).status_code == 200
    assert world.visit(REVIEWER).get(receipt).status_code == 200
    other = world.visit(OTHER_ADMIN).get(receipt)
    assert other.status_code == 404 and "Fernhill" not in other.text


def test_a_mistyped_reference_says_so(world: World) -> None:
    answer = world.visit(ADMIN).get("/receipts/AAAA-AAAA-B/")
    assert answer.status_code == 404 and "references have no 0, O, 1 or I" in answer.text


def test_what_is_owed_is_what_credit_leaves_and_a_card_that_cannot_be_charged_is_not_promised(
    world: World, clock: SetClock
) -> None:
    lou, page = world.visit(OTHER_ADMIN), close_address(world, "larkspur")
    told = words(lou.get(page))
    assert "Invoice LARK-2026-10, $88.00, due" in told and "Visa ending in 4242" in told
    with world.db.write() as session:
        session.get_one(InvoiceRow, "LARK-2026-10").credit_used = 2000
        for row in session.scalars(select(PaymentMethodRow)):
            row.expires = clock().date() - timedelta(days=1)
    told = words(lou.get(page))
    assert "Invoice LARK-2026-10, $68.00, due" in told
    assert "No card that we know of can be charged; we will send an invoice" in told
    with world.db.write() as session:
        session.get_one(InvoiceRow, "LARK-2026-10").credit_used = 8800
    assert "LARK-2026-10" not in words(lou.get(page)), "credit has covered it"
