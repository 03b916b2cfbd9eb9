"""Payment methods as a test puts them on file, and what a customer does with them."""

from datetime import date

from sqlalchemy import delete

from tests.helpers.world import Visitor, World
from wizard.providers.embedded.tables import PaymentMethodRow, new_id

Card = tuple[str, str, date]
"""Brand, last four digits, last valid day."""
VISA, MASTERCARD = ("Visa", "4242", date(2028, 11, 30)), ("Mastercard", "4444", date(2029, 1, 31))
EXPIRED = ("Visa", "0001", date(2026, 10, 31))


def address(world: World) -> str:
    return f"/account/{world.account('fernhill')}/update-payment-method/"


def put(world: World, *cards: Card) -> list[str]:
    """These are on file and no others, the first one used. Returns their ids."""
    ids, account = [new_id("pm") for _ in cards], world.account("fernhill")
    with world.db.write() as session:
        session.execute(delete(PaymentMethodRow).where(PaymentMethodRow.account_id == account))
        for one, (brand, last_four, expires) in zip(ids, cards, strict=True):
            row = PaymentMethodRow(id=one, account_id=account, brand=brand, last_four=last_four, expires=expires)
            row.is_default = one == ids[0]
            session.add(row)
    return ids


def on_file(world: World) -> list[str]:
    """The last four digits of each; the one that is used with a star."""
    methods = world.provider.payment_methods(world.account("fernhill"))
    return sorted(one.last_four + "*" * one.is_default for one in methods)


def to_processor(visitor: Visitor, place: str) -> str:
    """Press "Add a card" there. Returns the address of the processor's page."""
    answer = visitor.submit(place, "Add a card")
    assert answer.status_code == 303, answer.text
    return answer.location


def add(visitor: Visitor, place: str, card: str) -> str:
    """Add a test card. Returns where the customer comes back to."""
    answer = visitor.submit(to_processor(visitor, place), "Add the test card", card=card)
    assert answer.status_code == 303, answer.text
    return answer.location
