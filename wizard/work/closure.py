"""What follows on a declaration: review, then closing. Never the receipt, which is there at once."""

from collections.abc import Callable

from dbos import DBOS
from sqlalchemy.orm import Session

from wizard.account.closure import State
from wizard.account.deletion import deletion_order
from wizard.errors import ProviderError, ProviderUnavailable
from wizard.providers.interface import Contract, Service
from wizard.records import closures, deletions
from wizard.records.closures import ClosureRequest
from wizard.records.deletions import ItemState, Wanted
from wizard.work.delete_services import delete_services
from wizard.work.parts import parts

_RETRIED = {"retries_allowed": True, "max_attempts": 5, "interval_seconds": 0.5, "backoff_rate": 3.0}


@DBOS.workflow(name="open-review")
def open_review(closure_id: str) -> None:
    _begin_review(closure_id)
    _told(closure_id, _end_charges, "The account system was not told when charges end")


@DBOS.workflow(name="resume-charges")
def resume_charges(closure_id: str) -> None:
    _told(closure_id, _charges_go_on, "The account system was not told that charges go on")


@DBOS.workflow(name="close")
def close(closure_id: str) -> None:
    _told(closure_id, _close, "Closing stopped")


def _close(closure_id: str) -> None:
    delete_services(_plan_deletion(closure_id))
    _end_contract(closure_id)


def _told(closure_id: str, do: Callable[[str], None], failure: str) -> None:
    """Do it; where retries are used up, staff sees why on the request."""
    try:
        do(closure_id)
    except Exception as error:  # whatever it is, the request must not hang unseen
        _note_problem(closure_id, f"{failure}: {error}")


@DBOS.step()
def _begin_review(closure_id: str) -> None:
    with parts().db.write() as session:
        request = _request(session, closure_id)
        if request.state == State.RECEIVED:
            closures.move(request, State.IN_REVIEW, parts().clock())


@DBOS.step(**_RETRIED)
def _end_charges(closure_id: str) -> None:
    """Charges end on the date of the receipt, however long the review takes."""
    with parts().db.read() as session:
        request = _request(session, closure_id)
    parts().provider.end_charges(
        request.account_id, request.contract_id, request.charges_end, f"{closure_id}:end-charges"
    )


@DBOS.step(**_RETRIED)
def _charges_go_on(closure_id: str) -> None:
    with parts().db.read() as session:
        request = _request(session, closure_id)
    parts().provider.end_charges(request.account_id, request.contract_id, None, f"{closure_id}:charges-go-on")


@DBOS.step(**_RETRIED)
def _plan_deletion(closure_id: str) -> str:
    """Enter `closing` and write down what is left to delete in the scope. Returns the deletion's id."""
    with parts().db.read() as session:
        request = _request(session, closure_id)
        if planned := deletions.of_closure(session, closure_id):
            return planned.id
    provider = parts().provider
    services = provider.services(request.account_id)
    is_account = _contract(request).is_account
    left = {
        service.id: service
        for service in services
        if service.is_billed and (is_account or service.contract_id == request.contract_id)
    }
    order = deletion_order(left, {service.id: service.stands_on for service in services})
    account = provider.account(request.account_id)
    now = parts().clock()
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        decided = request.event(State.APPROVED)
        closures.move(request, State.CLOSING, now)
        deletion = deletions.add_deletion(
            session,
            account,
            decided.login_id if decided and decided.login_id else request.login_id,
            f"closure:{closure_id}",
            [_wanted(left[service_id]) for service_id in order],
            now,
            closure_id,
        )
        return deletion.id


@DBOS.step(**_RETRIED)
def _end_contract(closure_id: str) -> None:
    with parts().db.read() as session:
        request = _request(session, closure_id)
        deletion = deletions.of_closure(session, closure_id)
    failed = deletion.in_state(ItemState.FAILED) if deletion else []
    if failed:
        _write_problem(closure_id, "; ".join(f"{item.name}: {item.problem}" for item in failed))
        return
    attempt = deletion.attempt if deletion else 1
    try:
        parts().provider.close_contract(request.account_id, request.contract_id, f"{closure_id}:close:{attempt}")
    except ProviderError as error:
        if isinstance(error, ProviderUnavailable):
            raise
        _write_problem(closure_id, str(error))
        return
    if _contract(request).closed_at is None:
        raise ProviderUnavailable("the contract was reported closed and is still open")
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        if request.state != State.CLOSED:
            closures.move(request, State.CLOSED, parts().clock())
            request.executed_at, request.problem = parts().clock(), None


@DBOS.step()
def _note_problem(closure_id: str, problem: str) -> None:
    _write_problem(closure_id, problem)


def _write_problem(closure_id: str, problem: str) -> None:
    with parts().db.write() as session:
        _request(session, closure_id, to_change=True).problem = problem


def _request(session: Session, closure_id: str, to_change: bool = False) -> ClosureRequest:
    request = closures.get(session, closure_id, to_change)
    if request is None:
        raise LookupError(f"there is no closure request {closure_id}")
    return request


def _contract(request: ClosureRequest) -> Contract:
    return next(
        contract for contract in parts().provider.contracts(request.account_id) if contract.id == request.contract_id
    )


def _wanted(service: Service) -> Wanted:
    return Wanted(service.id, service.name, service.place, service.per_month.minor)
