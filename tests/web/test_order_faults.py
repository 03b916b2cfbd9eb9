"""Ordering through a provider with the faults of real ones: charged once, and said to be done only when it is."""

import re
from inspect import unwrap

import pytest

from tests.helpers.faulty import FaultyProvider
from tests.helpers.world import OTHER_ADMIN, World, wait_until
from tests.web.orders import address, charged, method, order, order_in, orders_of, quantity
from tests.web.test_faults import SEEDS, patiently
from wizard.records.orders import OrderState
from wizard.work import order as ordering


@pytest.mark.parametrize("seed", SEEDS)
def test_ordering_through_faults_charges_once_and_says_what_is_so(
    world: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "_ask", unwrap(ordering._ask))  # gives up at once, so that each fault is felt
    real, lou = world.provider, world.visit(OTHER_ADMIN)
    place, card = address(world, mailboxes=3), method(world)
    world.__dict__["provider"] = world.means.provider = FaultyProvider(real, seed)

    def confirmed() -> str:
        page = patiently(lambda: lou.get(place))
        return order_in(patiently(lambda: lou.send_form(page.text, 'name="until"', place, method=card)))

    order_id = confirmed()

    def done() -> bool:
        page = patiently(lambda: lou.get(f"{place.partition('?')[0]}?order={order_id}")).text
        row = order(world, order_id)
        numbers = {one.number for one in real.invoices(row.account_id).items}
        assert row.state != OrderState.REFUSED and (row.state != OrderState.DONE or row.invoice in numbers)
        assert not re.search(r'tabindex="-1"[^>]*>Ordered', page) or row.invoice in numbers, "it is not so"
        if "Look again" in page:
            patiently(lambda: lou.send_form(page, "Look again"))
        return row.state == OrderState.DONE

    with world.worker():
        wait_until(done)
    world.__dict__["provider"] = real
    assert charged(world) == [("LARK-2026-11-01", 333, 0)] and quantity(world) == 3
    assert len(orders_of(world)) == 1 and [effect for effect, _, _ in world.effects()] == ["order"]
