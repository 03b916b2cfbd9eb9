"""Service tasks through a provider with the faults of real ones: charged once, and never said to be ordered when not."""

from collections.abc import Callable, Iterator
from inspect import unwrap
from itertools import repeat

import pytest

from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, REVIEWER, World, wait_until, words
from tests.web.deeds import count
from tests.web.tasks import address, charged, checked, confirmed, last, settled
from tests.web.test_faults import SEEDS, patiently
from wizard.records.orders import Order, OrderState
from wizard.records.tickets import Ticket
from wizard.work import order as ordering

DISKS = ("Copy of a server's disks", 9000)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps give up at once, so that each fault is felt."""
    monkeypatch.setattr(ordering, "_ask", unwrap(ordering._ask))


@pytest.fixture
def script(world: World) -> Callable[..., FaultyProvider]:
    """Put a provider with these faults into the world."""

    def put(lacks: tuple[str, ...] = (), **faults: Iterator[Fault]) -> FaultyProvider:
        world.__dict__["provider"] = world.means.provider = FaultyProvider(world.provider, script=faults, lacks=lacks)
        return world.provider

    return put


@pytest.mark.parametrize("seed", SEEDS)
def test_through_faults_a_task_is_charged_once_and_what_is_said_is_so(world: World, seed: int) -> None:
    ana, real = world.visit(ADMIN), world.provider
    page = checked(ana, world).text
    world.__dict__["provider"] = world.means.provider = FaultyProvider(real, seed, rate=0.5)
    for _ in range(2):  # a second time, as a double click does
        assert patiently(lambda: ana.send_form(page, "Order for", address(world))).status_code == 303
    assert count(world, Order) == count(world, Ticket) == 1
    order = last(world)

    def done() -> bool:
        shown = patiently(lambda: ana.get(f"{address(world)}?order={order.id}"))
        assert "It stands on the invoice" not in words(shown) or charged(world) == [DISKS]
        if "Look again" in shown.text:
            assert "It is never charged twice." in words(shown)
            patiently(lambda: ana.send_form(shown.text, "Look again", address(world)))
        return last(world).state == OrderState.DONE

    with world.worker():
        wait_until(done)
    assert charged(world) == [DISKS]
    assert [(effect, subject) for effect, subject, _ in world.effects()] == [("service task", DISKS[0])]


def test_done_is_believed_only_when_it_stands_in_the_usage(world: World, script) -> None:
    ana, rae = world.visit(ADMIN), world.visit(REVIEWER)
    confirmed(ana, world)
    script(order_task=repeat(Fault.NOTHING))
    order = settled(world)
    assert order.state == OrderState.UNKNOWN and not charged(world)
    page = ana.get(f"{address(world)}?order={order.id}")
    assert "Not known yet whether it was ordered" in words(page) and "on the invoice" not in words(page)
    assert "not known whether it was ordered, not to be begun yet" in words(rae.get("/staff/"))
    world.provider.heal()
    assert ana.send_form(page.text, "Look again", address(world)).status_code == 303
    assert settled(world).state == OrderState.DONE and charged(world) == [DISKS]


@pytest.mark.full
def test_the_line_of_an_earlier_order_does_not_count_for_a_later(world: World, script) -> None:
    ana = world.visit(ADMIN)
    confirmed(ana, world)
    assert settled(world).state == OrderState.DONE
    world.clock.advance(hours=1)
    confirmed(ana, world)
    script(order_task=repeat(Fault.NOTHING))
    assert settled(world).state == OrderState.UNKNOWN and charged(world) == [DISKS]


@pytest.mark.full
def test_an_order_that_was_done_and_not_answered_is_found_when_it_is_looked_at_again(world: World, script) -> None:
    ana = world.visit(ADMIN)
    confirmed(ana, world)
    script(order_task=iter([Fault.AFTER]))
    order = settled(world)
    assert order.state == OrderState.UNKNOWN and charged(world) == [DISKS]
    again = confirmed(ana, world)
    assert again.status_code == 409 and "Look again at that order first" in words(again)
    ana.send_form(ana.get(f"{address(world)}?order={order.id}").text, "Look again", address(world))
    assert settled(world).state == OrderState.DONE and charged(world) == [DISKS]


@pytest.mark.full
def test_without_a_usage_history_the_provider_s_word_is_all_there_is(world: World, script) -> None:
    confirmed(world.visit(ADMIN), world)
    script(lacks=("usage",))
    assert settled(world).state == OrderState.DONE


@pytest.mark.full
def test_what_cannot_be_ordered_from_here_is_refused_and_not_charged(world: World, script) -> None:
    ana = world.visit(ADMIN)
    confirmed(ana, world)
    script(lacks=("order_task",))
    order = settled(world)
    assert (order.state, order.problem) == (OrderState.REFUSED, ordering.NOT_HERE) and not charged(world)
    assert "Not ordered: Copy of a server's disks" in words(ana.get(f"/receipts/{order.reference}/"))
