"""Deeds of a customer and a reviewer, and what to wait for between them."""

import re

from sqlalchemy import func, select

from tests.helpers.world import REVIEWER, Visitor, World


def count(world: World, table: type) -> int:
    with world.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def delete_address(world: World, *names: str) -> str:
    chosen = "".join(f"&service={world.service(name)}" for name in names)
    return f"/account/{world.account('fernhill')}/delete-services/?view=check{chosen}"


def close_address(
    world: World, account: str = "fernhill", scope: str = "The whole account", when: str = "immediate"
) -> str:
    contract = next(one for one in world.provider.contracts(world.account(account)) if one.name == scope)
    return f"/account/{world.account(account)}/request-closure/?view=check&scope={contract.id}&when={when}"


def sent(visitor: Visitor, address: str) -> str:
    """Send the closure request that the page at `address` shows. Returns the receipt's address."""
    answer = visitor.submit(address, "Send closure request")
    assert answer.status_code == 303, answer.text
    return answer.location


def to_review(world: World) -> str:
    """The address of the review of the one closure request."""
    found = re.search(r"/staff/requests/[^/]+/", world.visit(REVIEWER).get("/staff/").text)
    assert found
    return found[0]


def decide(world: World, decision: str, **form: str) -> None:
    answer = world.visit(REVIEWER).submit(to_review(world), "Approve", decision=decision, **form)
    assert answer.status_code == 303, answer.text
