"""Changing services: totals, not differences, and every sum before it counts."""

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from tests.web.orders import BOOKS, EVENTS, add_credit, address, contract, quantity
from wizard.providers.embedded.tables import ContractRow, PriceRow, ServiceRow

TYPING = {"HX-Request": "true", "HX-Source": "input#total-mailboxes"}


def test_the_contract_is_chosen_with_its_present_totals(world: World) -> None:
    page = world.visit(OTHER_ADMIN).get(f"/account/{world.account('larkspur')}/change-services/")
    said = words(page)
    assert "Present totals: hosting package × 2, mailboxes × 5 and SharePoint space × 1, $88.00 a month." in said
    assert f"The package of {BOOKS}1 hosting package, 3 mailboxes and 1 SharePoint space" in said
    assert f"The package of {EVENTS}Nothing was ordered yet" in said
    assert said.index("larkspurpress") < said.index("The account itself"), "domains first"


def test_an_account_with_one_contract_goes_on_to_its_totals(world: World) -> None:
    page = world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/change-services/")
    assert "Load balancers" in page.text and 'name="total-load-balancers"' in page.text


def test_where_nothing_is_had_in_number_it_says_what_is_the_case(world: World) -> None:
    with world.db.write() as session:
        for row in session.scalars(select(PriceRow).where(PriceRow.is_for_account)):
            session.delete(row)
    ana, lou = world.visit(ADMIN), world.visit(OTHER_ADMIN)
    nothing = words(ana.get(f"/account/{world.account('fernhill')}/change-services/"))
    assert "Nothing on this account is had in number" in nothing
    listed = words(lou.get(f"/account/{world.account('larkspur')}/change-services/"))
    assert "The account itselfNothing here is had in number" in listed
    assert "no total to change" in lou.get(address(world, "", domain="")).text


def test_what_has_ended_cannot_be_changed(world: World) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, "price", mailboxes=3)
    with world.db.write() as session:
        session.get_one(ContractRow, contract(world)).closed_at = world.clock()
    assert "It has ended" in lou.get(place).text
    world.provider.end_charges(world.account("larkspur"), contract(world, ""), world.clock(), "k")
    assert "have ended. Nothing can be ordered." in words(lou.get(address(world, "price", BOOKS, mailboxes=4)))
    with world.db.write() as session:
        session.get_one(ContractRow, contract(world, "")).closed_at = world.clock()
    assert "Everything on this account is closed" in lou.get(place.partition("?")[0]).text


def test_both_configurations_stand_side_by_side_with_the_new_total_prefilled(world: World) -> None:
    page = world.visit(OTHER_ADMIN).get(address(world, ""))
    assert re.search(r'inputmode="numeric" id="total-mailboxes" name="total-mailboxes" value="2"', page.text)
    said = words(page)
    assert "Current Configuration" in said and "New Configuration" in said and "not the difference" in said
    assert "Mailboxes$10.00 a month each" in said and "2 mailboxes$20.00 a month" in said


def test_one_more_mailbox_on_21_november_costs_10_of_30_days(world: World) -> None:
    said = words(world.visit(OTHER_ADMIN).get(address(world, "price", mailboxes=3)))
    assert "Mailboxes 2 becomes→ 3 mailboxes1 more mailbox × 10.00 × 10 of 30 days$3.33 Due now$3.33" in said
    assert "Then $30.00 a month instead of $20.00." in said


def test_a_removal_becomes_credit(world: World) -> None:
    said = words(world.visit(OTHER_ADMIN).get(address(world, "price", mailboxes=0)))
    assert "2 fewer mailboxes × 10.00 × 10 of 30 days−$6.67 Becomes account credit$6.67" in said
    assert "Then $0.00 a month instead of $20.00." in said


def test_credit_is_used_before_any_payment_method(world: World) -> None:
    add_credit(world, 100)
    said = words(world.visit(OTHER_ADMIN).get(address(world, "price", mailboxes=3)))
    assert "Together$3.33 From your credit−$1.00 Due now$2.33" in said


def test_what_is_charged_by_the_hour_costs_nothing_now(world: World) -> None:
    page = world.visit(ADMIN).get(address(world, "price", "", "fernhill", load_balancers=2))
    assert "2 more load balancers × 0.03 an hour" in words(page)
    assert "Due now$0.00 Then $0.06 an hour, charged when the month is over." in words(page)


def test_present_totals_cost_nothing_and_say_so_calmly(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    for view in ("price", "pay"):
        page = lou.get(address(world, view, mailboxes=2))
        assert page.status_code == 200 and "These are the present totals. Nothing changes" in page.text


WRONG = {
    "-1": "enter 0 or more",
    "−1": "enter 0 or more",
    "2.5": "enter a whole number in digits alone",
    "1e3": "enter a whole number in digits alone",
    "abc": "enter a whole number in digits alone",
    "1,000": "enter a whole number in digits alone",
    "1 000": "enter a whole number in digits alone",
    "²": "enter a whole number in digits alone",
    "": "enter how many mailboxes there shall be",
    "   ": "enter how many mailboxes there shall be",
    "51": "at most 50",
    "1" + "0" * 30: "at most 50",
    "9" * 5000: "at most 50",
}


@pytest.mark.parametrize("typed", WRONG, ids=lambda one: repr(one[:20]))
@pytest.mark.parametrize("view", ["price", "pay"])
def test_a_total_that_cannot_be_had_is_told_at_its_field_with_what_was_typed(
    world: World, typed: str, view: str
) -> None:
    page = world.visit(OTHER_ADMIN).get(address(world, view, mailboxes=quote(typed), sharepoint_space="x"))
    assert page.status_code == 422
    assert f'<a href="#total-mailboxes">Mailboxes: {WRONG[typed]}' in page.text
    assert '<a href="#total-sharepoint-space">SharePoint: enter a whole' in page.text, "all at once"
    assert f'id="total-mailboxes" name="total-mailboxes" value="{typed.strip()}"' in page.text
    assert 'aria-describedby="totals-hint total-mailboxes-error" aria-invalid="true"' in page.text


@pytest.mark.parametrize("typed", ["3", " 3 ", "03", "0" * 5000 + "3", "٣", "３"], ids=lambda one: repr(one[-4:]))
def test_digits_of_every_script_are_a_number(world: World, typed: str) -> None:
    page = world.visit(OTHER_ADMIN).get(address(world, "price", mailboxes=quote(typed)))
    assert "2 becomes→ 3 mailboxes" in words(page)


def test_a_base_cannot_go_below_its_least_and_says_why(world: World) -> None:
    page = world.visit(OTHER_ADMIN).get(address(world, "price", hosting_package=0))
    assert page.status_code == 422
    assert "Business Hosting: at least 1. It is ended by a closure request" in words(page)


def test_over_the_limit_already_one_may_still_go_down(world: World) -> None:
    with world.db.write() as session:
        session.get_one(PriceRow, ("mailboxes", "USD")).most = 1
        session.get_one(ServiceRow, world.service("Mailboxes, larkspurbooks.example")).quantity = 9
    lou = world.visit(OTHER_ADMIN)
    assert lou.get(address(world, "price", BOOKS, mailboxes=10)).status_code == 422
    assert lou.get(address(world, "price", BOOKS, mailboxes=9)).status_code == 200
    assert lou.get(address(world, "price", BOOKS, mailboxes=1)).status_code == 200


def test_what_stands_on_a_package_leads_to_ordering_it_first(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    page = lou.get(address(world, "price", EVENTS, mailboxes=2))
    assert page.status_code == 422 and "Mailboxes: it needs a hosting package. Set Business Hosting to 1" in words(page)
    assert '<a href="#total-hosting-package">Go to Business Hosting</a>' in page.text
    both = words(lou.get(address(world, "pay", EVENTS, mailboxes=2, hosting_package=1)))
    assert "Due now$11.67" in both and "Pay $11.67 and order" in both


def test_a_limit_that_only_the_provider_knows_is_told_too(world: World) -> None:
    with world.db.write() as session:
        session.get_one(PriceRow, ("mailboxes", "USD")).most = None
    lou = world.visit(OTHER_ADMIN)
    page = lou.get(address(world, "pay", mailboxes=100_001))
    assert page.status_code == 422 and '<a href="#price">Mailboxes: at most 100,000.</a>' in page.text
    assert lou.get(address(world, "pay", mailboxes="9" * 10)).status_code == 422


def test_while_somebody_types_nobody_is_blamed_and_the_address_follows(world: World) -> None:
    lou, place = world.visit(OTHER_ADMIN), address(world, "price", mailboxes=51)
    wrong = lou.get(place, headers=TYPING)
    assert (
        wrong.status_code == 200 and "Mailboxes: at most 50." in wrong.text and "There is a problem" not in wrong.text
    )
    right = lou.get(address(world, "price", mailboxes=3), headers=TYPING)
    assert "$3.33" in right.text and "autofocus" not in right.text
    assert right.headers["HX-Replace-Url"].endswith("total-mailboxes=3") and "HX-Push-Url" not in right.headers


def test_a_viewer_sees_present_totals_and_prices_and_no_field(world: World) -> None:
    vik, place = world.visit(VIEWER), address(world, "price", "", "fernhill", load_balancers=2)
    page = vik.get(place)
    assert "Load balancers" in page.text and "$0.03 an hour each" in page.text and "Ana Ruiz" in page.text
    assert 'name="total' not in page.text and "What it costs" not in page.text
    assert vik.get(place.replace("price", "pay")).status_code == 403


def test_another_accounts_contract_is_not_found(world: World) -> None:
    ana, other = world.visit(OTHER_ADMIN), contract(world, "", "fernhill")
    page = ana.get(f"/account/{world.account('larkspur')}/change-services/?contract={other}&view=pay")
    assert page.status_code == 404 and "Fernhill" not in page.text
    unknown = ana.get(f"/account/{world.account('larkspur')}/change-services/?contract=ct_unknown&view=pay")
    assert words(unknown) == words(page)


def test_a_provider_without_options_leads_elsewhere(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, lacks=["options"])
    page = world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/change-services/")
    assert page.status_code == 200 and "Change services is not possible here" in page.text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), pay=st.booleans())
def test_whatever_is_typed_is_answered(world: World, typed: str, pay: bool) -> None:
    lou = world.__dict__.setdefault("lou", world.visit(OTHER_ADMIN))
    page = lou.get(address(world, "pay" if pay else "price", mailboxes=quote(typed)))
    assert page.status_code in (200, 422)
    if page.status_code == 200:
        assert typed.strip().isdecimal() and 0 <= int(typed) <= 50
    assert quantity(world) == 2
