"""Live pages and mails are in the reader's form; what is kept, compared or sent to programs is in none."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select

from tests.helpers.api import Program
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, OTHER_ADMIN, Visitor, World, wait_until, words
from tests.web.deeds import close_address, sent
from tests.web.orders import order, placed
from wizard.locales import HOUSE, present
from wizard.providers.embedded.tables import PriceRow
from wizard.records.audit import AuditLine
from wizard.records.declarations import DeclarationContent
from wizard.records.mail import Mail
from wizard.web.readers import in_readers_locale


def reader(world: World, accepted: str, email: str = ADMIN) -> Visitor:
    visitor = world.visit(email)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = accepted
    return visitor


def usual(text: str) -> str:
    """With spaces of one kind."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("", ("23 November 2026 at the latest", "$230.72 a month", "FERN-2026-10, $238.08, due 30 November 2026")),
        ("en-US", ("November 23, 2026 at the latest", "$230.72 a month", "$238.08, due November 30, 2026")),
        ("en-GB", ("23 November 2026 at the latest", "US$230.72 a month", "US$238.08, due 30 November 2026")),
        ("de", ("23 November 2026 at the latest", "230,72 US$ a month", "238,08 US$, due 30 November 2026")),
    ],
)
def test_what_is_confirmed_is_written_for_the_reader(world: World, accepted: str, said: tuple[str, ...]) -> None:
    page = words(reader(world, accepted).get(close_address(world)))
    for each in said:
        assert each in page


def test_a_reader_who_tells_no_region_has_the_form_of_the_site(world: World) -> None:
    world.config = replace(world.config, locale="en_IE")
    assert "US$230.72 a month" in words(reader(world, "en").get(close_address(world)))
    assert "Checked 12:03" in words(reader(world, "*").get(f"/account/{world.account('fernhill')}/usage-history/"))


@pytest.mark.parametrize(("accepted", "time"), [("en-US", "12:03 PM"), ("en-CA", "12:03 p.m."), ("fi", "12.03")])
def test_clocks_go_as_they_do_in_the_readers_region(world: World, accepted: str, time: str) -> None:
    page = words(reader(world, accepted).get(f"/account/{world.account('fernhill')}/usage-history/"))
    assert f"Checked {time}" in page and "in November 2026;" in page


def test_numbers_are_grouped_as_in_the_readers_region(world: World) -> None:
    add_services(world, 1200)
    path = f"/account/{world.account('fernhill')}/my-services/"
    assert "1.208 services" in words(reader(world, "de").get(path))
    assert "Show the 1\u2019086 billed only" in words(reader(world, "de-CH").get(path))


def test_the_receipt_and_the_mail_are_in_the_form_of_who_declares(world: World) -> None:
    ana = reader(world, "en-US,en;q=0.9")
    receipt = sent(ana, close_address(world))
    page = words(ana.get(receipt))
    assert "It arrived on November 21, 2026 at 12:03 PM (UTC\u22125)" in page
    assert "Charges end on November 23, 2026 at the latest" in page and "Review dueNovember 23, 2026" in page
    with world.worker():
        wait_until(world.outbox)
    text = world.outbox()[0].get_body(("plain",)).get_content()
    assert "We received this on November 21, 2026 at 12:03 PM (UTC\u22125)." in text
    assert "- Charges end: November 23, 2026 at the latest" in text


def test_the_declaration_keeps_instants_and_the_form_that_was_read(world: World) -> None:
    sent(reader(world, "de-DE"), close_address(world))
    with world.db.read() as session:
        content = json.loads(session.scalars(select(DeclarationContent.content)).one())
    assert (content["locale"], content["charges_end"]) == ("en_DE", "2026-11-24T05:00:00+00:00")


def test_a_form_may_be_sent_in_another_form_than_it_was_read_in(world: World) -> None:
    """The browser's language was changed, or a proxy leaves the header out of one of the two."""
    ana = reader(world, "en-US")
    page = ana.get(close_address(world)).text
    ana.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fi"
    assert ana.send_form(page, "Send closure request", close_address(world)).status_code == 303


def test_the_audit_is_alike_for_all_readers(world: World) -> None:
    add_services(world, 1200)
    path = f"/account/{world.account('fernhill')}/delete-services/"
    ana = reader(world, "de")
    check = ana.submit(path, "Check all", to="all")
    assert "Delete 1.086 services" in words(check)
    chosen = re.findall(r'name="service" value="([^"]+)"', check.text)
    assert ana.send(f"{path}?view=check", {"service": chosen, "key": "k"}).status_code == 303
    with world.db.read() as session:
        assert session.scalars(select(AuditLine.what)).all() == ["deletes 1086 services"]


def test_the_audit_of_an_order_is_alike_for_all_readers(world: World) -> None:
    with world.db.write() as session:
        for price in session.scalars(select(PriceRow).where(PriceRow.kind == "mailboxes")):
            price.most = None
    lou = reader(world, "de", OTHER_ADMIN)
    reference = order(world, placed(world, lou, mailboxes=1002)).reference
    assert "1.000 more mailboxes" in words(lou.get(f"/receipts/{reference}/"))
    with world.db.read() as session:
        assert session.scalars(select(AuditLine.what)).all() == ["orders 1,000 more mailboxes"]


def test_the_locale_holds_for_the_answer_to_a_reader_and_for_no_program() -> None:
    def told(path: str) -> bytes:
        return b"".join(app({"PATH_INFO": path, "HTTP_ACCEPT_LANGUAGE": "de"}, lambda *_: None))

    app = in_readers_locale(lambda *_: [present().encode()], "en_IE")
    assert [told(path) for path in ("/", "/api/v1/", "/apis/")] == [b"en_DE", b"en_IE", b"en_DE"]
    assert present() == HOUSE


def test_programs_have_the_same_answer_whatever_they_accept(world: World, program: Program) -> None:
    add_services(world, 1200)
    for path in ("/", "/usage", "/services?limit=5", "/services?limit=x"):
        german, plain = program.get(path, **{"Accept-Language": "de"}), program.get(path)
        assert german.data == plain.data and "Accept-Language" not in german.vary


@pytest.mark.parametrize(("path", "varies"), [("/requests/", True), ("/nowhere/at/all/", False), ("/", False)])
def test_caches_are_told_which_pages_depend_on_the_reader(world: World, path: str, varies: bool) -> None:
    answer = reader(world, "de").get(path)
    assert ("Accept-Language" in answer.vary) == varies and '<html lang="en">' in answer.text


@pytest.mark.parametrize(
    "accepted", ["\xff\xfe", "de" * 5000, ",".join(["de-DE;q=0.1"] * 5000), "../..;q=1", "de\t;q=9e9"]
)
def test_no_header_keeps_a_reader_from_a_page(world: World, accepted: str) -> None:
    assert reader(world, accepted).get("/requests/").status_code == 200


def test_readers_at_once_have_each_their_own_form(world: World) -> None:
    forms = {"en-US": "$230.72", "en-GB": "US$230.72", "de": "230,72 US$", "": "$230.72"}
    readers, address, together = (
        {one: reader(world, one) for one in forms},
        close_address(world),
        Barrier(len(forms), timeout=60),
    )

    def read(accepted: str) -> set[str]:
        found = set()
        for _ in range(8):
            together.wait()
            found |= set(re.findall(r"(\S*\d\S*) a month", readers[accepted].get(address).text.replace("\xa0", "~")))
        return found

    with ThreadPoolExecutor(len(forms)) as threads:
        found = dict(zip(forms, threads.map(read, forms), strict=True))
    assert {
        one: {usual(text.rpartition(">")[2].replace("~", " ")) for text in texts} for one, texts in found.items()
    } == {one: {text} for one, text in forms.items()}


def test_a_password_that_was_changed_is_told_of_in_the_form_of_who_changed_it(world: World) -> None:
    ana = reader(world, "en-US")
    ana.send("/login/", {"present_password": "try-the-wizard", "new_password": "a longer one for the tests"})
    with world.db.read() as session:
        values = [json.loads(text) for text in session.scalars(select(Mail.values))]
    assert [usual(one["when"]) for one in values] == ["November 21, 2026 at 5:03 PM (UTC)"]
