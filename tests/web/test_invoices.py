"""Invoices: the list, each with its lines, for every role and nobody else."""

from sqlalchemy import delete

from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from tests.web.orders import add_credit, ordered
from wizard.providers.embedded.tables import InvoiceLineRow
from wizard.providers.values import Page


def test_invoices_are_listed_newest_first_with_how_they_stand(world: World) -> None:
    ordered(world, mailboxes=3)
    lou, place = world.visit(OTHER_ADMIN), f"/account/{world.account('larkspur')}/invoices/"
    said = words(lou.get(place))
    assert said.index("LARK-2026-11-01") < said.index("LARK-2026-10") < said.index("LARK-2026-09")
    assert "$3.33 Issued 21 November 2026. Paid on 21 November 2026." in said
    assert "$88.00 Issued 1 November 2026. $88.00 due on 30 November 2026." in said
    assert place in lou.get(f"/account/{world.account('larkspur')}/").text


def test_an_invoice_shows_its_lines_and_their_formula(world: World) -> None:
    add_credit(world, 100)
    row = ordered(world, mailboxes=3)
    said = words(world.visit(OTHER_ADMIN).get(f"/account/{row.account_id}/invoices/{row.invoice}/"))
    assert "Mailboxes, larkspurpress.example1 more mailbox × 10.00 × 10 of 30 days$3.33" in said
    assert "Total$3.33 From your credit−$1.00 Paid$2.33" in said and "ForAn order" in said


def test_an_invoice_of_credit_and_one_without_lines_say_so(world: World) -> None:
    row, lou = ordered(world, mailboxes=1), world.visit(OTHER_ADMIN)
    place = f"/account/{row.account_id}/invoices/"
    assert "Became account credit" in lou.get(place + f"{row.invoice}/").text
    with world.db.write() as session:
        session.execute(delete(InvoiceLineRow))
    assert "keeps no lines of this invoice" in lou.get(place + "LARK-2026-10/").text


def test_a_viewer_may_look_and_another_account_may_not(world: World) -> None:
    place = f"/account/{world.account('fernhill')}/invoices/"
    assert world.visit(VIEWER).get(place + "FERN-2026-10/").status_code == 200
    lou = world.visit(OTHER_ADMIN)
    assert lou.get(place).status_code == lou.get(place + "FERN-2026-10/").status_code == 404
    mine = f"/account/{world.account('larkspur')}/invoices/"
    assert lou.get(mine + "FERN-2026-10/").status_code == 404, "another account's number in one's own"
    assert lou.get(mine + "no/such/number/").status_code == 404


def test_no_invoice_and_no_invoices_at_all_have_words_of_their_own(world: World) -> None:
    ana, place = world.visit(ADMIN), f"/account/{world.account('fernhill')}/invoices/"
    world.means.provider = FaultyProvider(world.provider)
    world.means.provider.__dict__["invoices"] = lambda account_id, after="": Page([])
    assert "No invoice has been issued yet" in ana.get(place).text
    world.means.provider = FaultyProvider(world.provider, lacks=["invoices"])
    assert "shows no invoices here" in ana.get(place).text
    assert ana.get(place + "FERN-2026-10/").status_code == 404
