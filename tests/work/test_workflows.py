"""What goes on after the web has answered: deletion and closing, with refusals and faults."""

from datetime import timedelta
from typing import Any

import pytest

from tests.helpers.clock import SATURDAY, ShiftedClock
from tests.helpers.world import ADMIN, World, wait_until
from wizard.account.closure import State
from wizard.account.reference import new_reference
from wizard.errors import ProviderUnavailable, SetupError
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.interface import Operation, OperationState
from wizard.records import closures, declarations, deletions, logins
from wizard.records.closures import ClosureRequest
from wizard.records.deletions import Deletion, ItemState, Wanted
from wizard.records.ids import new_id
from wizard.work.delete_services import GAVE_UP


def begin_deletion(world: World, *names: str, key: str = "key") -> str:
    services = {one.name: one for one in world.provider.services(world.account("fernhill"))}
    with world.db.write() as session:
        login = logins.find_login(session, ADMIN)
        assert login
        wanted = [Wanted(services[name].id, name, "VA1", services[name].per_month.minor) for name in names]
        account = world.provider.account(world.account("fernhill"))
        deletion = deletions.add_deletion(session, account, login.id, key, wanted, world.clock())
        world.means.queue.delete_services(session, deletion)
        return deletion.id


def states(world: World, deletion_id: str) -> dict[str, str]:
    with world.db.read() as session:
        return {item.name: item.state for item in session.get_one(Deletion, deletion_id).items}


def ended(world: World, deletion_id: str) -> bool:
    with world.db.read() as session:
        return not session.get_one(Deletion, deletion_id).is_running


def test_chosen_services_are_deleted_one_by_one_each_once(any_world: World) -> None:
    deletion = begin_deletion(any_world, "VA1FERNWEB01", "VA1FERNWEB02")
    with any_world.worker():
        wait_until(lambda: ended(any_world, deletion))
    assert set(states(any_world, deletion).values()) == {ItemState.DELETED}
    assert any_world.effects() == [("delete service", "VA1FERNWEB01", 1), ("delete service", "VA1FERNWEB02", 1)]


def test_one_that_is_refused_leaves_the_others_done_and_says_why(world: World) -> None:
    world.hold("VA1FERNWEB01", "A backup is running.")
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    assert states(world, deletion) == {"VA1FERNWEB01": ItemState.FAILED, "VA1FERNWEB02": ItemState.DELETED}
    with world.db.read() as session:
        (failed,) = session.get_one(Deletion, deletion).in_state(ItemState.FAILED)
    assert failed.problem == "A backup is running."


def test_what_failed_can_be_tried_again_and_what_was_done_is_not_repeated(world: World) -> None:
    world.hold("VA1FERNWEB01", "A backup is running.")
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
        world.hold("VA1FERNWEB01", None)
        with world.db.write() as session:
            row = session.get_one(Deletion, deletion)
            deletions.try_again(row)
            world.means.queue.delete_services(session, row)
        wait_until(lambda: set(states(world, deletion).values()) == {ItemState.DELETED})
    assert [(subject, calls) for _, subject, calls in world.effects()] == [("VA1FERNWEB02", 1), ("VA1FERNWEB01", 1)]


def test_nothing_is_enqueued_where_the_transaction_is_rolled_back(world: World) -> None:
    with pytest.raises(RuntimeError, match="changed my mind"), world.db.write() as session:
        login = logins.find_login(session, ADMIN)
        assert login
        wanted = [Wanted(world.service("VA1FERNWEB01"), "VA1FERNWEB01", "VA1", 0)]
        account = world.provider.account(world.account("fernhill"))
        deletion = deletions.add_deletion(session, account, login.id, "k", wanted, SATURDAY)
        world.means.queue.delete_services(session, deletion)
        raise RuntimeError("changed my mind")
    marker = begin_deletion(world, "fern-archive", key="k2")
    with world.worker():
        wait_until(lambda: ended(world, marker))
    assert [subject for _, subject, _ in world.effects()] == ["fern-archive"]


class Faulty:
    """A provider between us and the real one, with the faults of real ones."""

    def __init__(self, real: EmbeddedProvider, faults: list[str]) -> None:
        self._real, self.faults = real, faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def delete_service(self, account_id: str, service_id: str, idempotency_key: str) -> Operation:
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "fails before":
            raise ProviderUnavailable("connection refused")
        if fault == "says done and does nothing":
            return Operation("op", OperationState.DONE, SATURDAY)
        operation = self._real.delete_service(account_id, service_id, idempotency_key)
        if fault == "fails after":
            raise ProviderUnavailable("timed out")
        return operation


@pytest.mark.parametrize("fault", ["fails before", "fails after", "says done and does nothing"])
def test_a_passing_fault_is_ridden_out_and_the_service_is_deleted_once(world: World, fault: str) -> None:
    world.__dict__["provider"] = Faulty(world.provider, [fault])
    deletion = begin_deletion(world, "VA1FERNWEB01")
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    assert states(world, deletion) == {"VA1FERNWEB01": ItemState.DELETED}
    assert [subject for _, subject, _ in world.effects()] == ["VA1FERNWEB01"]


@pytest.mark.full
def test_a_fault_that_stays_is_given_up_and_the_next_service_goes_on(world: World) -> None:
    world.__dict__["provider"] = Faulty(world.provider, ["says done and does nothing"] * 4)
    deletion = begin_deletion(world, "VA1FERNWEB01", "VA1FERNWEB02")
    with world.worker():
        wait_until(lambda: ended(world, deletion), seconds=60)
    assert states(world, deletion) == {"VA1FERNWEB01": ItemState.FAILED, "VA1FERNWEB02": ItemState.DELETED}
    with world.db.read() as session:
        assert session.get_one(Deletion, deletion).items[0].problem == GAVE_UP


def begin_closure(world: World, account: str, scope: str, timing: str = "immediate", days: int = 2) -> str:
    """A received closure request, as the action writes it."""
    contract = next(one for one in world.provider.contracts(world.account(account)) if one.name == scope)
    now = world.clock()
    with world.db.write() as session:
        login = logins.find_login(session, ADMIN)
        assert login
        request = ClosureRequest(
            id=new_id("cr"),
            reference=new_reference(),
            declaration=declarations.append(session, {"n": 1}),
            account_id=world.account(account),
            account_name=account,
            timezone="UTC",
            contract_id=contract.id,
            contract_name=contract.name,
            login_id=login.id,
            idempotency_key=new_reference(),
            timing=timing,
            received_at=now,
            charges_end=now + timedelta(days=days),
            charges_end_at_the_latest=True,
            review_due=now + timedelta(days=days),
        )
        closures.add(session, request)
        world.means.queue.open_review(session, request)
    return request.id


def closure(world: World, closure_id: str) -> ClosureRequest:
    with world.db.read() as session:
        return session.get_one(ClosureRequest, closure_id)


def approve(world: World, closure_id: str, delay: float = 0) -> None:
    with world.db.write() as session:
        row = session.get_one(ClosureRequest, closure_id)
        closures.move(row, State.APPROVED, world.clock(), row.login_id)
        if delay:
            closures.move(row, State.SCHEDULED, world.clock())
        world.means.queue.close(session, row, delay_seconds=delay)


def test_review_opens_by_itself_and_the_provider_is_told_when_charges_end(any_world: World) -> None:
    request = begin_closure(any_world, "fernhill", "The whole account")
    with any_world.worker():
        wait_until(lambda: closure(any_world, request).state == State.IN_REVIEW)
        wait_until(lambda: any_world.effects())
    account = any_world.account("fernhill")
    assert any_world.provider.contracts(account)[0].charges_end == any_world.clock() + timedelta(days=2)


def test_approval_deletes_what_is_left_and_closes_the_account(any_world: World) -> None:
    request = begin_closure(any_world, "fernhill", "The whole account")
    with any_world.worker():
        wait_until(lambda: closure(any_world, request).state == State.IN_REVIEW)
        approve(any_world, request)
        wait_until(lambda: closure(any_world, request).state == State.CLOSED)
    row = closure(any_world, request)
    assert [event.state for event in row.events] == ["received", "in_review", "approved", "closing", "closed"]
    assert row.executed_at == any_world.clock() and row.problem is None
    deleted = [subject for effect, subject, calls in any_world.effects() if effect == "delete service"]
    assert len(deleted) == 6 and deleted.index("prod-va1-fern") > deleted.index("VA1FERNWEB01")
    assert any_world.provider.account(any_world.account("fernhill")).closed_at


def test_closing_one_domain_leaves_the_rest_of_the_account(world: World) -> None:
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example")
    with world.worker():
        wait_until(lambda: closure(world, request).state == State.IN_REVIEW)
        approve(world, request)
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    left = {one.place for one in world.provider.services(world.account("larkspur"))}
    assert left == {"larkspurbooks.example"} and world.provider.account(world.account("larkspur")).closed_at is None


def test_a_service_that_cannot_be_deleted_keeps_the_request_closing_and_staff_sees_why(world: World) -> None:
    world.hold("VA1FERNSQL01", "A backup is running.")
    request = begin_closure(world, "fernhill", "The whole account")
    with world.worker():
        wait_until(lambda: closure(world, request).state == State.IN_REVIEW)
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
        row = closure(world, request)
        assert row.state == State.CLOSING and row.problem and "VA1FERNSQL01: A backup is running." in row.problem
        world.hold("VA1FERNSQL01", None)
        with world.db.write() as session:
            row = session.get_one(ClosureRequest, request)
            again = deletions.of_closure(session, request)
            assert again
            deletions.try_again(again)
            row.problem = None
            world.means.queue.close(session, row, attempt=again.attempt)
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert all(calls == 1 for _, _, calls in world.effects())


def test_at_the_end_of_the_period_nothing_happens_before_the_date(world: World) -> None:
    world.clock = ShiftedClock()
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example", "end_of_period")
    with world.worker():
        wait_until(lambda: closure(world, request).state == State.IN_REVIEW)
        approve(world, request, delay=2.5)
    assert closure(world, request).state == State.SCHEDULED
    with world.worker():  # another start in between changes nothing
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    row = closure(world, request)
    waited = row.event(State.CLOSING).at - row.event(State.SCHEDULED).at  # type: ignore[union-attr]
    assert waited >= timedelta(seconds=2)


def test_declining_lets_charges_go_on(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    account = world.account("fernhill")
    with world.worker():
        wait_until(lambda: world.provider.contracts(account)[0].charges_end)
        with world.db.write() as session:
            row = session.get_one(ClosureRequest, request)
            closures.move(row, State.DECLINED, world.clock(), row.login_id, "Not authentic.")
            world.means.queue.resume_charges(session, row)
        wait_until(lambda: world.provider.contracts(account)[0].charges_end is None)


def test_two_workers_of_one_name_do_not_run_at_once(world: World) -> None:
    with world.worker("one"), pytest.raises(SetupError, match="already runs"), world.worker("one"):
        pass
