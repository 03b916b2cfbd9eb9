"""Every action through a provider with the faults of real ones: nothing twice, nothing lost, nothing untrue said."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from inspect import unwrap

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import ADMIN, REVIEWER, Visitor, World, wait_until, words
from tests.web.deeds import close_address
from tests.work.requests import closure
from wizard.account.closure import State
from wizard.actions.index import INDEX
from wizard.config import ActionSettings
from wizard.records.closures import ClosureRequest
from wizard.records.declarations import DeclarationChain
from wizard.records.deletions import Deletion, ItemState, items
from wizard.records.tickets import Ticket
from wizard.work import closure as closing
from wizard.work import delete_services as deleting

SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 16))]
TRIES = 60
"""So often is a customer willing to press a button in these tests."""


@pytest.fixture
def faulty(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], FaultyProvider]:
    """Put a faulty provider into the world. Steps give up at once, so that each fault is felt."""
    for module in (closing, deleting):
        for name, step in list(vars(module).items()):
            if hasattr(step, "__wrapped__") and name.startswith("_"):
                monkeypatch.setattr(module, name, unwrap(step))

    def put(seed: int) -> FaultyProvider:
        real = world.provider
        world.__dict__["provider"] = world.means.provider = FaultyProvider(real, seed)
        world.__dict__["real"] = real
        return world.provider

    return put


def patiently(ask: Callable[[], TestResponse]) -> TestResponse:
    """What a customer does whom the page tells to try again."""
    for _ in range(TRIES):
        answer = ask()
        if "does not answer" not in answer.text:
            return answer
        assert answer.status_code == 200 or "Nothing was changed" in answer.text
    raise AssertionError("the account system never answered")


def once_each(world: World) -> None:
    done = Counter((effect, subject) for effect, subject, _ in world.effects())
    assert max(done.values(), default=1) == 1, done


def confirm(ana: Visitor, address: str, button: str) -> TestResponse:
    """The same form is sent again until it is answered: with the same key."""
    page = patiently(lambda: ana.get(address))
    assert page.status_code == 200, page.text
    return patiently(lambda: ana.send_form(page.text, button, address))


@pytest.mark.parametrize("seed", SEEDS)
def test_deleting_through_faults_deletes_each_once_and_says_what_is_gone(world: World, faulty, seed: int) -> None:
    faulty(seed)
    ana, account = world.visit(ADMIN), world.account("fernhill")
    address = f"/account/{account}/delete-services/?view=check&all=1"
    assert confirm(ana, address, "Delete 6").status_code == 303
    with world.db.read() as session:
        deletion = session.scalars(select(Deletion)).one()

    def ended() -> bool:
        page = patiently(lambda: ana.get(f"/account/{account}/delete-services/?deletion={deletion.id}"))
        with world.db.read() as session:
            said = items(session, deletion.id, [ItemState.DELETED])
        there = {one.id for one in world.__dict__["real"].services(account).items}
        assert not [item.name for item in said if item.service_id in there]
        if "Go on" in page.text or "Try again with" in page.text:
            patiently(
                lambda: ana.send_form(page.text, "Go on" if "Go on" in page.text else "Try again", again=deletion.id)
            )
        return ">6 services deleted" in page.text

    with world.worker():
        wait_until(ended)
    once_each(world)
    assert {effect for effect, _, _ in world.effects()} == {"delete service"} and len(world.effects()) == 6


@pytest.mark.parametrize("seed", SEEDS)
def test_closing_through_faults_keeps_every_promise_and_closes_once(world: World, faulty, seed: int) -> None:
    faulty(seed)
    ana, rae, account = world.visit(ADMIN), world.visit(REVIEWER), world.account("fernhill")
    answer = confirm(ana, patient_address(world), "Send closure request")
    assert answer.status_code == 303 and "/receipts/" in answer.location
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(DeclarationChain)) == 1
        request = session.scalars(select(ClosureRequest)).one()
    address = f"/staff/requests/{request.id}/"
    with world.worker():
        wait_until(lambda: told(world, rae, request.id))
        assert world.__dict__["real"].contracts(account)[0].charges_end == request.charges_end
        assert rae.send(address, {"decision": "approve"}).status_code == 303

        def closed() -> bool:
            row = closure(world, request.id)
            if row.problem:
                assert rae.send(address, {"decision": "again"}).status_code in (303, 409)
            ended = row.state == State.CLOSED
            assert not ended or world.__dict__["real"].account(account).closed_at, "it is said to be closed, and is not"
            return ended

        wait_until(closed)
    once_each(world)
    assert not world.__dict__["real"].services(account).items
    assert "It is closed" in ana.get(f"/receipts/{request.reference}/").text


def patient_address(world: World) -> str:
    """Where closing the whole account is checked; asking for its contract may fail as well."""
    provider, world.__dict__["provider"] = world.provider, world.__dict__["real"]
    try:
        return close_address(world)
    finally:
        world.__dict__["provider"] = provider


def told(world: World, rae: Visitor, closure_id: str) -> bool:
    """The provider knows when charges end; where it was not told, staff have it told again."""
    row = closure(world, closure_id)
    if row.charges_problem:
        assert rae.send(f"/staff/requests/{closure_id}/", {"decision": "tell"}).status_code in (303, 409)
    contract = world.__dict__["real"].contracts(row.account_id)[0]
    return contract.charges_end is not None and not row.charges_problem


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [name for name, info in INDEX.items() if not info.changes])
def test_what_is_shown_through_faults_is_the_same_or_says_that_it_is_not_known(
    world: World, faulty, name: str, seed: int
) -> None:
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/{name}/"
    without = figures(ana.get(address))
    faulty(seed)
    assert figures(patiently(lambda: ana.get(address))) == without
    assert not world.effects()


def figures(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200
    return re.findall(r"\$[\d,.]+|\b\d+ \w+", words(answer))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_request_written_through_faults_is_one_ticket(world: World, faulty, seed: int) -> None:
    faulty(seed)
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/submit-request/"
    page = patiently(lambda: ana.get(address))
    form = {"subject": "Backups", "message": "Where are they?"}
    for _ in range(2):  # a second time, as a double click does
        assert patiently(lambda: ana.send_form(page.text, "Send", address, **form)).status_code == 303
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_data_stated_through_faults_is_exactly_what_was_ticked(world: World, faulty, seed: int) -> None:
    faulty(seed)
    ana, address = world.visit(ADMIN), f"/account/{world.account('fernhill')}/retrieve-data/"
    service = world.service("VA1FERNSQL01")
    page = patiently(lambda: ana.get(address))
    assert patiently(lambda: ana.send_form(page.text, "Save", address, service=service)).status_code == 303
    assert "You have the data of 1 of 5 services." in words(patiently(lambda: ana.get(address)))


def test_what_the_account_system_lacks_leads_elsewhere_and_blocks_nothing_else(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, lacks=["usage", "invoices", "payment_methods"])
    ana, account = world.visit(ADMIN), world.account("fernhill")
    page = ana.get(f"/account/{account}/usage-history/")
    assert page.status_code == 200 and "Usage history is not possible here" in page.text
    assert f'href="/account/{account}/submit-request/"' in page.text
    guide = ana.get(f"/guide/closing-your-account/?account={account}")
    assert "The account system does not offer this here." in guide.text
    check = ana.get(close_address(world))
    assert check.status_code == 200 and "The account system does not tell" in check.text
    world.config = replace(world.config, actions={"usage-history": ActionSettings("https://portal.example/usage")})
    del world.__dict__["app"]  # made anew, with these settings
    assert 'href="https://portal.example/usage"' in world.visit(ADMIN).get(f"/account/{account}/usage-history/").text


def test_what_cannot_be_deleted_from_here_says_so(world: World) -> None:
    world.__dict__["provider"] = FaultyProvider(world.provider, lacks=["delete_service"])
    ana, account = world.visit(ADMIN), world.account("fernhill")
    answer = confirm(ana, f"/account/{account}/delete-services/?view=check&all=1", "Delete 6")
    with world.worker():
        wait_until(lambda: "0 of 6 services deleted" in ana.get(answer.location.partition("#")[0]).text)
    assert deleting.NOT_HERE in ana.get(answer.location.partition("#")[0]).text and not world.effects()
