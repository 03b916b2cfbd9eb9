"""Ordering as a customer does it: addresses, forms, and what came of it."""

import re
from datetime import date

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.helpers.world import OTHER_ADMIN, Visitor, World, wait_until
from wizard.providers.embedded.tables import CreditRow, PaymentMethodRow, new_id
from wizard.records.orders import Order, OrderState

BOOKS, PRESS, EVENTS = (f"larkspur{name}.example" for name in ("books", "press", "events"))


def contract(world: World, domain: str = PRESS, account: str = "larkspur") -> str:
    """Id of the package of a domain, or of the account's own contract."""
    found = world.provider.contracts(world.account(account))
    return next(one.id for one in found if (domain in one.name if domain else one.is_account))


def address(world: World, view: str = "pay", domain: str = PRESS, account: str = "larkspur", **totals: object) -> str:
    """Of the page with these new totals; `_` stands for `-` in an option's id."""
    asked = "".join(f"&total-{name.replace('_', '-')}={total}" for name, total in totals.items())
    place = f"/account/{world.account(account)}/change-services/"
    return f"{place}?contract={contract(world, domain, account)}&view={view}{asked}"


def method(world: World) -> str:
    """The default of Larkspur."""
    return world.provider.payment_methods(world.account("larkspur"))[0].id


def add_method(world: World, expires: date = date(2028, 3, 31), declines: bool = False) -> str:
    row = PaymentMethodRow(
        id=new_id("pm"),
        account_id=world.account("larkspur"),
        brand="Mastercard",
        last_four="5100",
        expires=expires,
        is_default=False,
        declines=declines,
    )
    with world.db.write() as session:
        session.add(row)
    return row.id


def add_credit(world: World, minor: int) -> None:
    with world.db.write() as session:
        session.add(CreditRow(account_id=world.account("larkspur"), at=world.clock(), amount=minor, why="a gift"))


def confirm(visitor: Visitor, world: World, page: str, **form: str) -> TestResponse:
    """Send the form of the page at this address, with the payment method on file."""
    return visitor.submit(page, 'name="until"', **{"method": method(world), **form})


def hidden(page: str) -> dict[str, str]:
    """What the form of the page sends along."""
    return dict(re.findall(r'type="hidden" name="(key|shown|until)" value="([^"]+)"', page))


def order_in(answer: TestResponse) -> str:
    """Id of the order that the answer leads to."""
    assert answer.status_code == 303, answer.text
    return answer.location.partition("order=")[2].partition("#")[0]


def placed(world: World, visitor: Visitor | None = None, **totals: object) -> str:
    """Confirm it. Returns the order's id."""
    return order_in(confirm(visitor or world.visit(OTHER_ADMIN), world, address(world, **totals)))


def settled(world: World, order_id: str) -> Order:
    """Let the worker run until it is known what came of it."""
    with world.worker():
        wait_until(lambda: order(world, order_id).state != OrderState.PLACED)
    return order(world, order_id)


def ordered(world: World, visitor: Visitor | None = None, **totals: object) -> Order:
    return settled(world, placed(world, visitor, **totals))


def order(world: World, order_id: str) -> Order:
    with world.db.read() as session:
        return session.get_one(Order, order_id)


def orders_of(world: World) -> list[Order]:
    with world.db.read() as session:
        return list(session.scalars(select(Order).order_by(Order.ordered_at)))


def quantity(world: World, name: str = f"Mailboxes, {PRESS}") -> int:
    """How many there are now; 0 for none."""
    return next((one.quantity for one in world.services("larkspur") if one.name == name), 0)


def charged(world: World) -> list[tuple[str, int, int]]:
    """(number, total, of it by credit) of each order's invoice, oldest first."""
    found = world.provider.invoices(world.account("larkspur")).items
    return [(one.number, one.total.minor, one.credit_used.minor) for one in reversed(found) if one.month is None]
