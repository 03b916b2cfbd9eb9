"""What data each service holds, how it comes out, and "I have my data" for each."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.helpers.faulty import FaultyProvider
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, Visitor, World, words
from tests.web.deeds import delete_address
from wizard.account.metering import Charging
from wizard.actions.holdings import in_ways
from wizard.money import Money
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.provider import Settings
from wizard.providers.embedded.tables import ServiceRow
from wizard.providers.values import Account, Page, Service
from wizard.records.logins import Membership, find_login

BACKUPS = "The platform’s own backups of what you delete are kept for 14 days: of what you delete today, until 5 December 2026."


class Silent(EmbeddedProvider):
    """Says nothing of backups, and not how data comes out."""

    def account(self, account_id: str) -> Account:
        return replace(super().account(account_id), backup_days=None)

    def services(self, account_id: str, after: str = "") -> Page[Service]:
        page = super().services(account_id, after)
        return Page([replace(one, data_format="", data_how="") for one in page.items], page.next)


@pytest.fixture
def address(world: World) -> str:
    return f"/account/{world.account('fernhill')}/retrieve-data/"


@pytest.fixture
def long(world: World, address: str) -> str:
    """125 services with data; the address where they are retrieved."""
    add_services(world, 120)
    with world.db.write() as session:
        session.execute(update(ServiceRow).where(ServiceRow.id < "sv_00120").values(data="Files, 2 GB"))
    return address


def ticked(page: str) -> list[str]:
    """Names of the services that are ticked on the page."""
    return re.findall(r"checked>\s*<label[^>]*>([^<]+)<", page)


def named(page: str) -> list[str]:
    return re.findall(r'name="service"[^>]*>\s*<label[^>]*>([^<]+)<', page)


def save(
    visitor: Visitor, address: str, *tick: str, untick: Sequence[str] = (), button: str = "Save what", **form: str
) -> str:
    """Change ticks on the page at `address` as a browser would, and save. Returns where it leads."""
    page = visitor.get(address).text
    had = re.findall(r'value="([^"]+)" checked', page)
    answer = visitor.send_form(page, button, address, service=[*(set(had) - set(untick)), *tick], **form)
    assert answer.status_code == 303
    return answer.location


def test_what_is_held_stands_by_place_and_way_with_format_and_how(world: World) -> None:
    page = words(world.visit(ADMIN).get(f"/account/{world.account('larkspur')}/retrieve-data/"))
    places = [page.index("larkspurbooks.example Hosting package"), page.index("larkspurpress.example Hosting package")]
    assert places == sorted(places)
    mail = "Export each mailbox in Outlook, or fetch it with any mail program over IMAP. Format: PST from Outlook"
    assert page.count(mail) == 2 and "Mail of 3 mailboxes, 11 GB" in page and "Web space, 0.9 GB" in page


def test_articles_stand_beside_the_services_that_they_are_about_and_once_in_a_list(world: World, address: str) -> None:
    page = world.visit(ADMIN).get(address)
    files, other = "/data-and-backup/backing-up-files/", "/data-and-backup/backing-up-mailboxes/"
    assert page.text.count(files) == 2 and other not in page.text
    beside, _, below = words(page).partition("Articles about these services")
    assert "How, step by step: Backing up a database, Backing up files." in beside
    assert beside.count("How, step by step") == 1, "of the object storage no article is"
    assert "proves that the copy is whole" in below


def test_without_an_article_there_is_no_heading_for_them(world: World, address: str) -> None:
    with world.db.write() as session:
        session.execute(update(ServiceRow).where(ServiceRow.kind == "server").values(data=""))
    page = words(world.visit(ADMIN).get(address))
    assert "fern-archive" in page and "Articles about" not in page and "step by step" not in page


def test_an_article_does_not_lead_to_itself(world: World) -> None:
    step = f"/guide/backing-up-files/retrieve-data/?account={world.account('fernhill')}"
    page = words(world.visit(ADMIN).get(step))
    assert "How, step by step: Backing up a database." in page


def test_until_when_backups_are_kept_is_said_with_its_date_by_the_account_s_calendar(
    world: World, address: str
) -> None:
    ana = world.visit(ADMIN)
    assert f"{BACKUPS} They are not a copy for you" in words(ana.get(address))
    assert BACKUPS in words(ana.get(delete_address(world, "VA1FERNWEB01")))
    assert "own backups" not in words(ana.get(delete_address(world, "prod-va1-fern"))), "no data goes with it"
    world.clock.advance(hours=11)  # Sunday in UTC, still Saturday in New York
    assert "until 5 December 2026" in words(ana.get(address))
    world.clock.advance(hours=3)
    assert "until 6 December 2026" in words(ana.get(address))


def test_what_the_provider_does_not_tell_is_not_said(world: World, address: str) -> None:
    world.means.provider = Silent(world.db, world.clock)
    ana = world.visit(ADMIN)
    for page in (words(ana.get(address)), words(ana.get(delete_address(world, "VA1FERNWEB01")))):
        assert "VA1FERNWEB01" in page and "Format" not in page and "backups of what" not in page and "None" not in page
    world.means.provider = EmbeddedProvider(world.db, world.clock, Settings(backup_days=0))
    assert "The platform keeps no backups of what you delete." in words(ana.get(address))


def test_who_stated_it_and_when_stays_and_unticking_takes_it_back(world: World, address: str) -> None:
    ana, sql = world.visit(ADMIN), world.service("VA1FERNSQL01")
    save(ana, address, sql)
    with world.db.write() as session:
        lou = find_login(session, OTHER_ADMIN)
        session.add(Membership(login_id=lou.id, account_id=world.account("fernhill"), role="billing-manager"))
    world.clock.advance(hours=48)
    save(world.visit(OTHER_ADMIN), address, world.service("fern-archive"))
    page = words(ana.get(address))
    assert "Databases, 180 GB. Stated 21 November 2026 by Ana Ruiz" in page
    assert (
        "Files, 310 GB. Stated 23 November 2026 by Lou Berger" in page
        and "You have the data of 2 of 5 services." in page
    )
    assert "To take it back, take the tick away and save." in page
    save(ana, address, untick=[sql])
    page = words(ana.get(address))
    assert "You have the data of 1 of 5 services." in page and "by Ana" not in page and "by Lou Berger" in page


def test_a_page_that_was_opened_before_takes_back_nothing_that_others_stated(world: World, address: str) -> None:
    ana = world.visit(ADMIN)
    old = ana.get(address).text
    save(ana, address, world.service("VA1FERNSQL01"))
    assert ana.send_form(old, "Save what", address, service=world.service("fern-archive")).status_code == 303
    assert set(ticked(ana.get(address).text)) == {"VA1FERNSQL01", "fern-archive"}


def test_all_data_stated_is_a_step_done(world: World, address: str) -> None:
    ana = world.visit(ADMIN)
    save(ana, address, *(one.id for one in world.services("fernhill") if one.data))
    assert "You have the data of 5 of 5 services." in words(ana.get(address))
    guide = words(ana.get(f"/guide/closing-your-account/?account={world.account('fernhill')}"))
    assert "completed 1 of " in guide and "You have the data of 5 of 5 services." in guide


def test_saving_one_page_keeps_what_is_stated_on_the_others(world: World, long: str) -> None:
    ana = world.visit(ADMIN)
    pages = [named(ana.get(f"{long}?page={number}").text) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 25] and len(set(sum(pages, []))) == 125
    first, second, third = (world.service(page[7]) for page in pages)
    assert save(ana, f"{long}?page=1", first, button="show the next", then="2") == f"{long}?page=2#retrieve-data"
    assert save(ana, f"{long}?page=2", second) == f"{long}?page=2#retrieve-data"
    save(ana, f"{long}?page=3", third)
    assert "You have the data of 3 of 125 services." in words(ana.get(long))
    save(ana, f"{long}?page=2", untick=[second])
    assert [ticked(ana.get(f"{long}?page={number}").text) for number in (1, 2, 3)] == [[pages[0][7]], [], [pages[2][7]]]


def test_a_long_list_is_searched_and_the_search_stays_when_it_is_saved(world: World, long: str) -> None:
    ana = world.visit(ADMIN)
    assert "125 services with data." in words(ana.get(long))
    page = ana.get(f"{long}?q=0007")
    assert named(page.text) == ["EU1FERNAPP0007"] and "1 service with data matches “0007”." in words(page)
    assert save(ana, f"{long}?q=0007", world.service("EU1FERNAPP0007")) == f"{long}?q=0007#retrieve-data"
    empty = words(ana.get(f"{long}?q=nothing"))
    assert "No service with data matches “nothing”." in empty and "Save what I have" not in empty
    assert "nothing to copy" not in empty


def test_a_viewer_sees_all_of_it_and_states_nothing(world: World, address: str) -> None:
    save(world.visit(ADMIN), address, world.service("VA1FERNSQL01"))
    vik = world.visit(VIEWER)
    page = vik.get(address)
    assert "Databases, 180 GB. Stated 21 November 2026 by Ana Ruiz" in words(page) and "Format: files" in words(page)
    assert 'type="checkbox"' not in page.text
    assert vik.send(address, {"was": world.service("VA1FERNSQL01")}).status_code == 403
    assert "1 of 5" in words(world.visit(ADMIN).get(address))


@pytest.mark.parametrize("seed", range(4))
def test_through_faults_the_same_is_shown_or_that_it_is_not_known(world: World, address: str, seed: int) -> None:
    ana = world.visit(ADMIN)
    without = words(ana.get(address))
    world.means.provider = FaultyProvider(world.provider, seed)
    shown = [words(ana.get(address)) for _ in range(8)]
    assert without in shown and all(page == without or "does not answer" in page for page in shown)


KINDS, PLACES = st.sampled_from(["server", "mailboxes", "network"]), st.sampled_from(["VA1", "EU1", "a.example"])


@given(st.lists(st.tuples(KINDS, PLACES, st.sampled_from(["", "PST"]))))
def test_services_of_a_place_and_way_stand_together_and_none_is_lost(given: list[tuple[str, str, str]]) -> None:
    price = Money(1, "USD")
    services = [
        Service(
            str(number), "s", kind, place, None, 1, Charging.IN_ARREARS, price, price, price, data="d", data_format=how
        )
        for number, (kind, place, how) in enumerate(given)
    ]
    found = in_ways(services)
    assert sorted(found, key=lambda one: int(one.id)) == services
    for key in (lambda one: one.place, lambda one: (one.place, one.kind, one.data_format)):
        runs = [name for name, _ in groupby(found, key)]
        assert len(runs) == len(set(runs))
