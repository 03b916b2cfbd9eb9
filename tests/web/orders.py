"""Ordering as a customer does it: addresses, forms, and what came of it."""

from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.helpers.world import OTHER_ADMIN, Visitor, World, wait_until
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


def method(world: World, account: str = "larkspur") -> str:
    return world.provider.payment_methods(world.account(account))[0].id


def confirm(visitor: Visitor, world: World, page: str, **form: str) -> TestResponse:
    """Send the form of the page at this address, with the payment method on file."""
    return visitor.submit(page, 'name="until"', **{"method": method(world), **form})


def order_of(world: World) -> Order:
    """The only one."""
    with world.db.read() as session:
        return session.scalars(select(Order)).one()


def ordered(world: World, visitor: Visitor | None = None, **totals: object) -> Order:
    """Order it, and wait until it is settled."""
    answer = confirm(visitor or world.visit(OTHER_ADMIN), world, address(world, **totals))
    assert answer.status_code == 303, answer.text
    order_id = answer.location.partition("order=")[2].partition("#")[0]
    with world.worker():
        wait_until(lambda: state(world, order_id) != OrderState.PLACED)
    with world.db.read() as session:
        return session.get_one(Order, order_id)


def state(world: World, order_id: str) -> str:
    with world.db.read() as session:
        return session.get_one(Order, order_id).state


def quantity(world: World, name: str = f"Mailboxes, {PRESS}") -> int:
    """How many there are now; 0 for none."""
    return next((one.quantity for one in world.services("larkspur") if one.name == name), 0)
