"""What follows on a closure request: charges end on time, and closing ends it."""

from datetime import timedelta

import pytest

from tests.helpers.clock import ShiftedClock
from tests.helpers.world import World, wait_until
from tests.work.requests import approve, begin_closure, closure, decide
from wizard.account.closure import State
from wizard.records import closures
from wizard.records.closures import ClosureRequest


def test_the_provider_is_told_when_charges_end_before_anybody_decides(any_world: World) -> None:
    begin_closure(any_world, "fernhill", "The whole account")
    with any_world.worker():
        wait_until(any_world.effects)
    account = any_world.account("fernhill")
    assert any_world.provider.contracts(account)[0].charges_end == any_world.clock() + timedelta(days=2)


def test_approval_deletes_what_is_left_and_closes_the_account(any_world: World) -> None:
    request = begin_closure(any_world, "fernhill", "The whole account")
    with any_world.worker():
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
        approve(world, request)
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    left = {one.place for one in world.services("larkspur")}
    assert left == {"larkspurbooks.example"} and world.provider.account(world.account("larkspur")).closed_at is None


def test_a_service_that_cannot_be_deleted_keeps_the_request_closing_and_staff_sees_why(world: World) -> None:
    world.hold("VA1FERNSQL01", "A backup is running.")
    request = begin_closure(world, "fernhill", "The whole account")
    with world.worker():
        approve(world, request)
        wait_until(lambda: closure(world, request).problem)
        row = closure(world, request)
        assert row.state == State.CLOSING and row.problem and "VA1FERNSQL01: A backup is running." in row.problem
        world.hold("VA1FERNSQL01", None)
        assert decide(world, request, "again") == 303
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    assert all(calls == 1 for _, _, calls in world.effects())


@pytest.mark.full
def test_at_the_end_of_the_period_nothing_happens_before_the_date(world: World) -> None:
    world.clock = ShiftedClock()
    request = begin_closure(world, "larkspur", "The package of larkspurpress.example", "end_of_period")
    with world.worker():
        approve(world, request, delay=2.5)
    assert closure(world, request).state == State.SCHEDULED
    with world.worker():  # another start in between changes nothing
        wait_until(lambda: closure(world, request).state == State.CLOSED)
    row = closure(world, request)
    waited = row.event(State.CLOSING).at - row.event(State.SCHEDULED).at
    assert waited >= timedelta(seconds=2)


def test_declining_lets_charges_go_on(world: World) -> None:
    request = begin_closure(world, "fernhill", "The whole account")
    account = world.account("fernhill")
    with world.worker():
        wait_until(lambda: world.provider.contracts(account)[0].charges_end)
        with world.db.write() as session:
            row = session.get_one(ClosureRequest, request)
            closures.move(row, State.DECLINED, world.clock(), row.login_id, "Not authentic.")
            world.means.queue.match_charges(session, row)
        wait_until(lambda: world.provider.contracts(account)[0].charges_end is None)
