"""Payment methods are seen, added on the processor's page, and chosen; what is said of it is read from the provider."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from itertools import repeat

import pytest
from sqlalchemy import select

from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, VIEWER, Visitor, World, words
from tests.web.paying import EXPIRED, MASTERCARD, VISA, Card, add, address, on_file, put, to_processor
from tests.web.test_guide import tasks
from wizard.config import ActionSettings, Config
from wizard.content.library import Library
from wizard.pages.build import read_library
from wizard.records.audit import AuditLine

ELSEWHERE = "https://pay.example/session/1?x=1&y=2"
HTMX = {"HX-Request": "true"}
ARTICLE = "# Paying\n\n## Steps\n\n1. [Payment](action:update-payment-method)\n2. [Ask](action:submit-request)\n"


@pytest.fixture(scope="module")
def paying(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "paying.md").write_text(ARTICLE)
    return read_library(replace(config, articles=folder, out=folder / "site"))


@pytest.fixture
def guide(world: World, paying: Library) -> Iterator[str]:
    """The address of a guide whose first step is to update the payment method."""
    world.library = paying
    yield f"/guide/paying/?account={world.account('fernhill')}"


def step_of(guide: str) -> str:
    return guide.replace("/?", "/update-payment-method/?")


def deeds(world: World) -> list[str]:
    with world.db.read() as session:
        return [line.what for line in session.scalars(select(AuditLine).order_by(AuditLine.id))]


@pytest.mark.parametrize(
    ("cards", "status", "said"),
    [
        ([VISA], "Completed", "Visa ending in 4242, valid until 30 November 2028."),
        ([("Visa", "1", date(2026, 11, 30))], "Completed", "valid until 30 November 2026, the end of this month."),
        ([("Visa", "1", date(2026, 12, 31))], "Completed", "valid until 31 December 2026, the end of next month."),
        ([], "Not yet started", "No payment method is on file."),
        ([EXPIRED, VISA], "There is a problem", "ending in 0001 expired on 31 October 2026, so it cannot be charged."),
    ],
    ids=["valid", "ends this month", "ends next month", "none", "expired"],
)
def test_the_fact_says_whether_a_valid_one_is_used(
    world: World, guide: str, cards: list[Card], status: str, said: str
) -> None:
    put(world, *cards)
    ana = world.visit(ADMIN)
    found, fact = tasks(ana.get(guide).text)["Payment"]
    assert found == status and said in fact
    page = ana.get(step_of(guide))
    assert page.status_code == 200 and said in words(page) and "Add a card" in page.text
    assert (">Continue<" in page.text) == (status == "Completed")


def test_with_a_valid_one_a_guide_leads_on(world: World, guide: str) -> None:
    answer = world.visit(ADMIN).submit(step_of(guide), "Continue")
    assert answer.status_code == 303 and "/submit-request/" in answer.location
    assert not deeds(world)


@pytest.mark.parametrize("from_a_guide", [True, False])
def test_a_card_is_added_and_the_customer_comes_back_where_they_were(
    world: World, guide: str, from_a_guide: bool
) -> None:
    ana, place = world.visit(ADMIN), step_of(guide) if from_a_guide else address(world)
    back = add(ana, place, "works-too")
    assert back.startswith(place.partition("&")[0]) and back.endswith("#update-payment-method")
    page = words(ana.get(back))
    assert "Mastercard ending in 4444 was added and is used from now on." in page
    assert on_file(world) == ["4242", "4444*"]
    assert deeds(world) == ["goes to add a payment method", "adds a test card"]


def test_who_comes_back_without_a_card_is_told_that_nothing_was_added(world: World) -> None:
    ana = world.visit(ADMIN)
    page = ana.get(to_processor(ana, address(world))).text
    cancel = re.search(r'<a href="([^"]+)">Cancel, add nothing', page)
    assert cancel and "Nothing was added." in words(ana.get(unescape(cancel[1])))
    assert on_file(world) == ["4242*"]


def test_an_address_that_somebody_made_up_has_nothing_untrue_said(world: World) -> None:
    put(world, VISA, MASTERCARD)
    ana = world.visit(ADMIN)
    page = words(ana.get(f"{address(world)}?before=x"))
    assert "Visa ending in 4242 and Mastercard ending in 4444 were added. Visa ending in 4242 stays" in page
    assert "used from now on" not in words(ana.get(f"{address(world)}?used=x&former=x"))


def test_an_expired_card_that_was_added_is_said_to_be_of_no_use(world: World) -> None:
    ana = world.visit(ADMIN)
    page = words(ana.get(add(ana, address(world), "expired")))
    assert "5100 was added, but it expired on 31 October 2026 and cannot be charged." in page


def test_another_one_is_used_and_the_way_back_is_said(world: World) -> None:
    visa, mastercard = put(world, VISA, MASTERCARD)
    ana = world.visit(ADMIN)
    answer = ana.submit(address(world), mastercard)
    said = words(ana.get(answer.location))
    assert "Mastercard ending in 4444 is used from now on. To undo this, choose Visa ending in 4242 again." in said
    assert on_file(world) == ["4242", "4444*"]
    assert "Visa ending in 4242 is used from now on." in words(ana.get(ana.submit(address(world), visa).location))
    assert deeds(world) == ["has Mastercard ending in 4444 used", "has Visa ending in 4242 used"]


def test_a_form_that_is_sent_twice_does_it_once(world: World) -> None:
    _, mastercard = put(world, VISA, MASTERCARD)
    ana = world.visit(ADMIN)
    page = ana.get(address(world)).text
    answers = [ana.send_form(page, mastercard, address(world)) for _ in range(2)]
    assert "4444 is used from now on" in words(ana.get(answers[1].location))
    assert [what for what, _, _ in world.effects()] == ["set default method"] and len(deeds(world)) == 1
    pages = {ana.send_form(page, "Add a card", address(world)).location for _ in range(2)}
    assert len(pages) == 1


def test_two_cards_of_one_name_are_told_apart_by_their_dates(world: World) -> None:
    _, second = put(world, VISA, ("Visa", "4242", date(2030, 1, 31)))
    ana = world.visit(ADMIN)
    said = words(ana.get(ana.submit(address(world), second).location))
    assert "choose Visa ending in 4242, valid until 30 November 2028, again." in said


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.NOTHING, Fault.TWICE])
def test_through_a_fault_only_what_was_done_is_said_to_be_done(world: World, fault: Fault) -> None:
    _, mastercard = put(world, VISA, MASTERCARD)
    world.means.provider = FaultyProvider(world.provider, script={"set_default_method": repeat(fault, 1)})
    ana = world.visit(ADMIN)
    said = words(ana.get(ana.submit(address(world), mastercard).location))
    done = fault in (Fault.AFTER, Fault.TWICE)
    assert ("4444 is used from now on" in said) == done
    assert ("has not confirmed that Mastercard ending in 4444 is used. For now Visa" in said) == (not done)
    assert on_file(world) == (["4242", "4444*"] if done else ["4242*", "4444"])
    if not done:
        assert "4444 is used from now on" in words(ana.get(ana.submit(address(world), mastercard).location))


def test_while_nothing_can_be_read_nothing_is_said_to_be_done_or_not(world: World) -> None:
    _, mastercard = put(world, VISA, MASTERCARD)
    ana = world.visit(ADMIN)
    answer = ana.submit(address(world), mastercard)
    world.means.provider = FaultyProvider(world.provider, script={"payment_methods": repeat(Fault.BEFORE)})
    page = ana.get(answer.location)
    assert page.status_code == 200 and "It is not known yet what was done" in page.text
    assert "Nothing was changed" not in page.text and "Look again" in page.text
    assert "does not answer" in ana.get(address(world)).text
    assert ana.send(address(world), {"key": "k", "method": mastercard}).status_code == 503


def test_what_cannot_be_used_is_refused_and_nothing_is_done(world: World) -> None:
    visa, expired = put(world, VISA, EXPIRED)
    ana = world.visit(ADMIN)
    assert expired not in ana.get(address(world)).text, "no button for it"
    answer = ana.send(address(world), {"key": "k", "method": expired})
    assert answer.status_code == 422 and "expired on 31 October 2026. Choose another one." in words(answer)
    theirs = world.provider.payment_methods(world.account("larkspur"))[0].id
    for method in ("pm_unknown", theirs):
        assert ana.send(address(world), {"key": "k", "method": method}).status_code == 409
    assert ana.send(address(world), {"method": visa}).status_code == 409, "a form without its key"
    assert on_file(world) == ["0001", "4242*"] and not deeds(world) and not world.effects()


def test_a_viewer_sees_what_is_on_file_and_who_can_change_it(world: World) -> None:
    _, mastercard = put(world, VISA, MASTERCARD)
    vik = world.visit(VIEWER)
    page = vik.get(address(world))
    assert "Valid until 31 January 2029" in words(page) and "Ana Ruiz" in page.text and "Add a card" not in page.text
    for form in ({"key": "k"}, {"key": "k", "method": mastercard}, {"key": "k", "continue": "1"}):
        assert vik.send(address(world), form).status_code == 403
    assert on_file(world) == ["4242*", "4444"] and not deeds(world)


@pytest.mark.parametrize("lacks", ["payment_methods", "payment_page", "set_default_method"])
def test_what_the_provider_lacks_is_said_and_leads_to_its_portal(world: World, lacks: str) -> None:
    _, mastercard = put(world, VISA, MASTERCARD)
    world.config = replace(world.config, actions={"update-payment-method": ActionSettings("https://portal.example/p")})
    world.means.provider = FaultyProvider(world.provider, lacks=[lacks])
    ana = world.visit(ADMIN)
    form = {"key": "k", "method": mastercard if lacks == "set_default_method" else ""}
    answer = ana.get(address(world)) if lacks == "payment_methods" else ana.send(address(world), form)
    assert "Update payment method is not possible here" in answer.text
    assert 'href="https://portal.example/p"' in answer.text and not deeds(world)


def elsewhere(world: World, monkeypatch: pytest.MonkeyPatch, page: str) -> Visitor:
    monkeypatch.setattr(world.provider, "payment_page", lambda account, back, key: page)
    return world.visit(ADMIN)


def test_a_page_of_another_host_is_reached_past_a_page_of_ours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser lets no form lead to another host, not by a redirect either: `form-action 'self'`."""
    ana = elsewhere(world, monkeypatch, ELSEWHERE)
    answer = ana.submit(address(world), "Add a card")
    assert answer.status_code == 200 and 'content="0;url=https://pay.example/session/1?x=1&amp;y=2"' in answer.text
    assert "It is at pay.example" in answer.text and f'href="{ELSEWHERE.replace("&", "&amp;")}"' in answer.text
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    fragment = ana.client.post(address(world), data={"key": "k", "csrf_token": ana.token(address(world))}, headers=HTMX)
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (200, ELSEWHERE)


@pytest.mark.parametrize("page", ["javascript:alert(1)", "//evil.example/", "http://pay.example/", "https:", ""])
def test_a_page_that_is_none_is_not_gone_to(world: World, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    answer = elsewhere(world, monkeypatch, page).submit(address(world), "Add a card")
    assert answer.status_code in (303, 503) and "evil" not in answer.text + str(answer.location)
    assert page == "" or answer.status_code == 503


def test_many_are_all_shown(world: World) -> None:
    put(world, *((f"Brand {number}", f"{number:04}", date(2030, 1, 31)) for number in range(40)))
    page = world.visit(ADMIN).get(address(world))
    assert page.text.count("Use this one") == 39 and "Brand 39 ending in 0039" in page.text
