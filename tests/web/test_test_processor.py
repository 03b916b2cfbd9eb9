"""The test processor: unmistakable, without a field for a number, once for each visit, and only for whom it is."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World, words
from tests.web.paying import add, address, on_file, to_processor
from wizard.account.roles import Role
from wizard.app import create_app
from wizard.demo import PASSWORD
from wizard.providers.embedded.payment import CARDS
from wizard.providers.embedded.tables import PaymentMethodRow
from wizard.records.logins import add_login, add_member

BUTTON = "Add the test card"


def test_it_says_what_it_is_and_has_nothing_to_type_into(world: World) -> None:
    ana = world.visit(ADMIN)
    page = ana.get(to_processor(ana, address(world)))
    assert "Test processor. No real card, nothing is charged." in words(page)
    form = re.search(rf"<form method=\"post\"(?:(?!</form>).)*{BUTTON}.*?</form>", page.text, re.DOTALL)
    assert form and set(re.findall(r'<(?:input|textarea)[^>]* ?type="(\w+)"', form[0])) == {"hidden", "radio"}
    assert "<textarea" not in form[0]


@pytest.mark.parametrize("card", CARDS)
def test_each_card_is_added_as_it_is_described(world: World, card: str) -> None:
    add(world.visit(ADMIN), address(world), card)
    with world.db.read() as session:
        row = session.scalars(select(PaymentMethodRow).where(PaymentMethodRow.is_default)).all()
    found = next(one for one in row if one.account_id == world.account("fernhill"))
    assert (found.brand, found.last_four) == (CARDS[card].brand, CARDS[card].last_four)
    assert found.declines == (card == "declines")
    expected = {"expired": "2026-10-31", "expires-soon": "2026-11-30", "works-too": "2028-11-30"}
    assert str(found.expires) == expected.get(card, "2029-11-30")


def test_a_double_click_adds_one_and_leads_back_both_times(world: World) -> None:
    ana = world.visit(ADMIN)
    place = to_processor(ana, address(world))
    page = ana.get(place).text
    answers = [ana.send_form(page, BUTTON, place, card=card) for card in ("works-too", "works")]
    assert answers[0].location == answers[1].location and on_file(world) == ["4242", "4444*"]
    used = ana.get(place)
    assert used.status_code == 410 and "has been used" in used.text and address(world) in used.text


def test_a_visit_ends_after_half_an_hour(world: World, clock: SetClock) -> None:
    ana = world.visit(ADMIN)
    place = to_processor(ana, address(world))
    page = ana.get(place).text
    clock.advance(minutes=29)
    assert ana.get(place).status_code == 200
    clock.advance(minutes=1)
    assert ana.get(place).status_code == 410 and "has expired" in ana.get(place).text
    assert ana.send_form(page, BUTTON, place, card="works").status_code == 410
    assert on_file(world) == ["4242*"]


@pytest.mark.parametrize("card", ["", "another", "4242424242424242"])
def test_without_a_card_of_its_own_nothing_is_added(world: World, card: str) -> None:
    ana = world.visit(ADMIN)
    place = to_processor(ana, address(world))
    answer = ana.submit(place, BUTTON, card=card)
    assert answer.status_code == 422 and 'href="#card"' in answer.text and on_file(world) == ["4242*"]
    assert not card or card not in answer.text
    assert ana.submit(place, BUTTON, card="works-too").status_code == 303, "the visit goes on"


@pytest.mark.parametrize(
    ("email", "status"), [(OTHER_ADMIN, 404), (REVIEWER, 404), (VIEWER, 403), ("mo@demo.example", 200), (None, 303)]
)
def test_it_is_for_who_may_change_payment_on_that_account(world: World, email: str | None, status: int) -> None:
    with world.db.write() as session:
        manager = add_login(session, "mo@demo.example", "Mo", PASSWORD, world.clock())
        add_member(session, manager, world.account("fernhill"), Role.BILLING_MANAGER)
    place = to_processor(world.visit(ADMIN), address(world))
    visitor = world.visit(email)
    assert visitor.get(place).status_code == status
    sent = visitor.send(place, {"card": "works-too"}).status_code
    assert sent == {None: 401}.get(email, 303 if status == 200 else status)
    assert on_file(world) == (["4242", "4444*"] if status == 200 else ["4242*"])


def test_after_a_session_that_ended_the_choice_is_shown_again_and_not_done(world: World) -> None:
    place = to_processor(world.visit(ADMIN), address(world))
    answer = world.visit(ADMIN).send(place, {"card": "works-too", "resume": "1"})
    assert 'value="works-too" checked' in answer.text and on_file(world) == ["4242*"]


def test_with_another_provider_there_is_none(world: World) -> None:
    ana = world.visit(ADMIN)
    place = to_processor(ana, address(world)).removeprefix("http://localhost")
    app = create_app(replace(world.config, provider="another"), world.means, world.library)
    assert app.test_client().get(place, buffered=True).status_code == 404
    assert not [rule for rule in app.url_map.iter_rules() if "processor" in rule.rule]
