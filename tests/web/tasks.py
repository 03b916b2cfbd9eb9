"""Service tasks, ordered as a customer orders them."""

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.helpers.world import Visitor, World, wait_until
from wizard.providers.embedded.tables import ItemRow, TaskRow
from wizard.records.orders import Order, OrderState

ANSWERS = {"task": "disk-copy", "what": "Please copy the database “shop”.\nBy 25 November."}


def address(world: World, account: str = "fernhill") -> str:
    return f"/account/{world.account(account)}/retrieve-data/"


def checked(visitor: Visitor, world: World, **answers: object) -> TestResponse:
    """The page on which these answers are checked, or asked for again."""
    page = visitor.get(f"{address(world)}?to=task").text
    return visitor.send_form(page, "Check the order", address(world), to="check", **(ANSWERS | answers))


def confirmed(visitor: Visitor, world: World, **answers: object) -> TestResponse:
    page = checked(visitor, world, **answers)
    assert page.status_code == 200, page.text
    return visitor.send_form(page.text, "Order for", address(world))


def settled(world: World) -> Order:
    """The last order, once the worker has settled it."""
    with world.worker():
        wait_until(lambda: last(world).state != OrderState.PLACED)
    return last(world)


def last(world: World) -> Order:
    with world.db.read() as session:
        return session.scalars(select(Order).order_by(Order.ordered_at.desc(), Order.id).limit(1)).one()


def charged(world: World) -> list[tuple[str, int]]:
    """(name, minor units) of what the provider has charged for tasks."""
    with world.db.read() as session:
        return [(row.name, row.amount) for row in session.scalars(select(ItemRow))]


def set_price(world: World, price: int) -> None:
    with world.db.write() as session:
        session.execute(update(TaskRow).where(TaskRow.id == "disk-copy").values(price=price))
