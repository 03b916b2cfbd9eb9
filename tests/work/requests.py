"""Closure requests, as the action writes them and a reviewer decides them."""

from datetime import timedelta

from tests.helpers.world import ADMIN, REVIEWER, World
from wizard.account.closure import State
from wizard.account.reference import new_reference
from wizard.records import closures, declarations, logins
from wizard.records.closures import ClosureRequest
from wizard.records.ids import new_id


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
            declaration=declarations.append(
                session, {"login": {"name": login.name, "email": login.email}, "article": None}
            ),
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
        world.means.queue.match_charges(session, request)
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


def decide(world: World, closure_id: str, decision: str, **form: str) -> int:
    return world.visit(REVIEWER).send(f"/staff/requests/{closure_id}/", {"decision": decision, **form}).status_code
