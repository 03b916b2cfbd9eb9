"""Deleting services: what is shown before, and what happens once."""

import re

import pytest

from tests.helpers.world import ADMIN, OTHER_ADMIN, World, wait_until
from tests.web.deeds import count, delete_address
from wizard.errors import ProviderUnavailable
from wizard.records.deletions import Deletion


def test_every_sum_is_shown_before_a_deletion(world: World) -> None:
    page = world.visit(ADMIN).get(delete_address(world, "VA1FERNWEB01", "VA1FERNAPP01")).text
    assert "$36.05" in page and "$50.47" in page and "$86.52" in page
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


def test_a_form_with_another_choice_under_the_same_key_is_told(world: World) -> None:
    ana = world.visit(ADMIN)
    assert ana.send(delete_address(world, "VA1FERNWEB01"), {"key": "k"}).status_code == 303
    other = ana.send(delete_address(world, "VA1FERNWEB02"), {"key": "k"})
    assert other.status_code == 409 and "Nothing was deleted now" in other.text
    assert ana.send(delete_address(world, "VA1FERNWEB02"), {"key": "k" * 65}).status_code == 409
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
        wait_until(lambda: "1 of 2 services deleted, 1 not deleted" in ana.get(progress).text)
        page = ana.get(progress).text
        assert "Failed: A backup is running." in page and "Try again with 1 service" in page
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
        (["prod-va1-fern"], 422, "need prod-va1-fern"),
    ],
)
def test_a_choice_that_cannot_be_deleted_says_why(world: World, services: list[str], status: int, message: str) -> None:
    ids = [name if name == "sv_unknown" else world.service(name) for name in services]
    address = f"/account/{world.account('fernhill')}/delete-services/?view=check" + "".join(
        f"&service={one}" for one in ids
    )
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


def test_without_javascript_the_page_that_runs_asks_for_itself_at_its_own_address(world: World) -> None:
    ana = world.visit(ADMIN)
    progress = ana.submit(delete_address(world, "VA1FERNWEB01"), "Delete 1").location.partition("#")[0]
    refresh = f'<noscript><meta http-equiv="refresh" content="5;url={progress.replace("&", "&amp;")}"></noscript>'
    assert refresh in ana.get(progress).text


def test_progress_is_shown_while_the_account_system_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = world.visit(ADMIN)
    progress = ana.submit(delete_address(world, "VA1FERNWEB01"), "Delete 1").location

    def away(_account_id: str) -> None:
        raise ProviderUnavailable("timed out")

    monkeypatch.setattr(world.provider, "services", away)
    page = ana.get(progress)
    assert page.status_code == 200 and "Deleting: 0 of 1 done" in page.text
    reference = ana.get("/requests/")
    assert reference.status_code == 200 and "Deletion of 1 service" in reference.text


def test_a_poll_that_goes_wrong_leaves_the_page_as_it_is(world: World) -> None:
    ana = world.visit(ADMIN)
    gone = f"/account/{world.account('fernhill')}/delete-services/?deletion=dl_unknown"
    poll = {"HX-Request": "true", "HX-Source": "div"}
    answer = ana.get(gone, headers=poll)
    assert answer.status_code == 404 and answer.headers["HX-Reswap"] == "none" and answer.text == ""
    asked = ana.get(gone, headers={"HX-Request": "true", "HX-Source": "form"})
    assert asked.status_code == 404 and "There is no such deletion" in asked.text
