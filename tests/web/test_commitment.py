"""A term commitment: charges end with it, wherever that is said, and the sales contact is named."""

import json

import pytest
from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, REVIEWER, World, wait_until, words
from tests.web.deeds import close_address, decide, sent, to_review
from wizard.actions.closing import commitment_of
from wizard.providers.embedded.tables import ContractRow
from wizard.providers.values import Commitment, Contract
from wizard.records.closures import ClosureRequest
from wizard.records.declarations import DeclarationContent

TOM = "tom@demo.example"
ENDS = "30 September 2027"
SAID = f"Your term commitment ends on {ENDS}. If you declare now, charges end then."
CONTACT = "Noor Haddad (noor.haddad@northpier.example) can execute a terminate service order before."


@pytest.mark.parametrize("when", ["immediate", "end_of_period"])
def test_the_check_page_says_when_charges_end_and_who_can_end_it_before(world: World, when: str) -> None:
    html = world.visit(TOM).get(close_address(world, "merrow", when=when))
    page = words(html)
    assert SAID in page and CONTACT in page and f"Charges endOn {ENDS}" in page
    assert 'href="mailto:noor.haddad@northpier.example"' in html.text and "at the latest" not in page


def test_every_page_that_leads_there_says_it(world: World) -> None:
    tom, account = world.visit(TOM), world.account("merrow")
    for path in ("request-closure/", "final-invoice/"):
        page = words(tom.get(f"/account/{account}/{path}"))
        assert SAID in page and CONTACT in page
    choose = words(tom.get(f"/account/{account}/request-closure/"))
    assert choose.count(f"Charges end on {ENDS}, with the term commitment.") == 2
    assert f"Term commitment: until {ENDS}." in words(tom.get(f"/account/{account}/my-services/"))
    home = words(tom.get(f"/account/{account}/"))
    assert f"Until {ENDS}. Sales contact: Noor Haddad, noor.haddad@northpier.example." in home


def test_the_final_invoice_covers_the_whole_term(world: World) -> None:
    page = words(world.visit(TOM).get(f"/account/{world.account('merrow')}/final-invoice/"))
    assert "If you close now: 11 invoices" in page and "the final one on 1 October 2027" in page
    assert "Close now, or at the end of the period" in page and "first and you receive" not in page


def test_the_declaration_the_receipt_and_the_mail_carry_it(world: World) -> None:
    tom = world.visit(TOM)
    receipt = sent(tom, close_address(world, "merrow"))
    with world.db.read() as session:
        content = json.loads(session.scalars(select(DeclarationContent.content)).one())
        row = session.scalars(select(ClosureRequest)).one()
    assert content["commitment"] == {
        "until": "2027-09-30",
        "sales_contact": "Noor Haddad",
        "sales_email": "noor.haddad@northpier.example",
    }
    assert content["charges_end"] == "2027-09-30T22:00:00+00:00" == row.charges_end.isoformat()
    assert row.charges_end_at_the_latest is False
    page = words(tom.get(receipt))
    assert f"Charges end on {ENDS}." in page and "Sales contact: Noor Haddad" in page and f"For {ENDS}" in page
    with world.worker():
        wait_until(world.outbox)
    text = world.outbox()[0].get_body(("plain",)).get_content()
    assert f"Charges end: {ENDS}. Term commitment: until {ENDS}." in " ".join(text.split())
    assert "noor.haddad@northpier.example" in text


def test_approval_waits_for_the_terms_end(world: World) -> None:
    receipt = sent(world.visit(TOM), close_address(world, "merrow"))
    review = words(world.visit(REVIEWER).get(to_review(world)))
    assert f"Term commitmentUntil {ENDS}." in review and f"Approval deletes 3 services after {ENDS}" in review
    decide(world, "approve")
    assert f"ScheduledFor {ENDS}" in words(world.visit(TOM).get(receipt))
    with world.worker():
        wait_until(world.effects)
    assert [effect for effect, _, _ in world.effects()] == ["charges end at 2027-09-30 22:00 UTC"]


def test_a_term_that_has_ended_binds_no_more(world: World, clock: SetClock) -> None:
    clock.advance(days=320)
    page = words(world.visit(TOM).get(close_address(world, "merrow")))
    assert "commitment" not in page.lower() and "at the latest" in page


def test_a_packages_term_binds_the_package_and_the_whole_account(world: World) -> None:
    with world.db.write() as session:
        press = session.scalars(select(ContractRow).where(ContractRow.place == "larkspurpress.example")).one()
        press.committed_until = world.clock().date().replace(year=2027)
    ana, account = world.visit(ADMIN), world.account("larkspur")
    bound = "21 November 2027"
    for scope in ("The whole account", "The package of larkspurpress.example"):
        assert f"Charges endOn {bound}" in words(ana.get(close_address(world, "larkspur", scope)))
    free = words(ana.get(close_address(world, "larkspur", "The package of larkspurbooks.example")))
    assert "23 November 2026 at the latest" in free and bound not in free
    page = words(ana.get(f"/account/{account}/request-closure/"))
    assert f"The term commitment of the package of larkspurpress.example ends on {bound}." in page
    assert f"The package of larkspurpress.example: charges end on {bound}, with the term commitment." in page
    assert "at the latest on 23 November 2026" in page


def test_of_several_terms_the_latest_binds_the_account() -> None:
    early, late = (Commitment(SetClock()().date().replace(year=year), "", "") for year in (2027, 2028))
    whole = Contract("ct_0", "The whole account", True, commitment=early)
    one = Contract("ct_1", "One", False, commitment=late)
    other = Contract("ct_2", "Other", False)
    closed = Contract("ct_3", "Closed", False, closed_at=SetClock()(), commitment=late)
    contracts = [whole, one, other, closed]
    assert commitment_of(whole, contracts) == commitment_of(one, contracts) == late
    assert commitment_of(other, contracts) == early
    assert commitment_of(whole, [whole, closed]) == early
    assert commitment_of(other, [other]) is None
