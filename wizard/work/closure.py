"""What follows on a declaration: charges end on time, and closing. Never the receipt, which is there at once."""

from datetime import datetime

from dbos import DBOS
from dbos import error as engine_errors
from sqlalchemy.orm import Session

from wizard.account.closure import State
from wizard.errors import ProviderError, ProviderUnavailable
from wizard.providers.interface import Contract
from wizard.records import closures, deletions
from wizard.records.closures import ClosureRequest
from wizard.records.deletions import ItemState
from wizard.work.delete_services import delete_services
from wizard.work.parts import parts
from wizard.work.plan import planned

_RETRIED = {"retries_allowed": True, "max_attempts": 5, "interval_seconds": 0.5, "backoff_rate": 3.0}
_PATIENT = _RETRIED | {"max_attempts": 7}
"""Some three minutes: a promise does not wait for staff because a provider is away for a moment."""
_TURNS = 5


@DBOS.workflow(name="match-charges")
def match_charges(closure_id: str) -> None:
    """Charges end on the date of the receipt, however long the review takes; a declined request's go on."""
    try:
        _tell_charges(closure_id, str(DBOS.workflow_id))
    except Exception as error:  # whatever it is, the promise must not fail unseen
        _note_charges_problem(closure_id, f"The account system was not told when charges end: {_cause(error)}")


@DBOS.workflow(name="close")
def close(closure_id: str) -> None:
    try:
        if deletion_id := _plan_deletion(closure_id):
            delete_services(deletion_id)
            _end_contract(closure_id)
    except Exception as error:  # whatever it is, the request must not hang unseen
        _note_problem(closure_id, f"Closing stopped: {_cause(error)}")


@DBOS.step(**_PATIENT)
def _tell_charges(closure_id: str, key: str) -> None:
    """Tell the provider, read it back, and look whether something was declared or decided meanwhile.

    Whoever tells last looks last, so that what holds in the end is what our requests demand.
    """
    with parts().db.read() as session:
        request = _request(session, closure_id)
    for turn in range(_TURNS):
        if _contract(request).closed_at:
            return
        end = _end_of_charges(request)
        parts().provider.end_charges(request.account_id, request.contract_id, end, f"{key}:{turn}:{end}")
        if _contract(request).charges_end == end == _end_of_charges(request):
            with parts().db.write() as session:
                for one in closures.of_contract(session, request.contract_id):
                    one.charges_problem = None
            return
    raise ProviderUnavailable("the date was reported as kept and is another")


def _end_of_charges(request: ClosureRequest) -> datetime | None:
    """The earliest date that was promised for this contract, by a request that was not declined."""
    with parts().db.read() as session:
        found = closures.of_contract(session, request.contract_id)
    return min((one.charges_end for one in found if one.state != State.DECLINED), default=None)


@DBOS.step(**_RETRIED)
def _plan_deletion(closure_id: str) -> str:
    """Enter `closing` and write down what is left to delete in the scope. Returns the deletion's id;
    `""` if the request has ended meanwhile."""
    with parts().db.read() as session:
        request = _request(session, closure_id)
        if not request.is_open:
            return ""
    provider = parts().provider
    services = provider.services(request.account_id)
    wanted = planned(_contract(request).billed(services), services)
    account = provider.account(request.account_id)
    now = parts().clock()
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        if earlier := deletions.of_closure(session, closure_id):
            deletions.add_items(earlier, wanted)  # something may have come since the last try
            return earlier.id
        decided = request.event(State.APPROVED)
        closures.move(request, State.CLOSING, now)
        deletion = deletions.add_deletion(
            session,
            account,
            decided.login_id if decided and decided.login_id else request.login_id,
            f"closure:{closure_id}",
            wanted,
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
    try:
        key = f"{closure_id}:close:{deletion.attempt if deletion else 1}"
        parts().provider.close_contract(request.account_id, request.contract_id, key)
    except ProviderError as error:
        if isinstance(error, ProviderUnavailable):
            raise
        _write_problem(closure_id, str(error))
        return
    contract = _contract(request)
    if contract.closed_at is None:
        raise ProviderUnavailable("the contract was reported closed and is still open")
    now = parts().clock()
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        if request.is_open:
            closures.end(request, now)
        if contract.is_account:
            for other in closures.open_of_account(session, request.account_id):
                closures.end(other, now, f"It ended with the whole account, request {request.reference}.")


@DBOS.step(**_RETRIED)
def _note_problem(closure_id: str, problem: str) -> None:
    _write_problem(closure_id, problem)


@DBOS.step(**_RETRIED)
def _note_charges_problem(closure_id: str, problem: str) -> None:
    with parts().db.write() as session:
        _request(session, closure_id, to_change=True).charges_problem = problem


def _write_problem(closure_id: str, problem: str) -> None:
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        if request.is_open:  # it may have ended with the whole account meanwhile
            request.problem = problem


def _cause(error: Exception) -> str:
    """What went wrong in the last of all tries, for staff."""
    tried = isinstance(error, engine_errors.DBOSMaxStepRetriesExceeded) and error.errors
    return str(tried[-1] if tried else error)


def _request(session: Session, closure_id: str, to_change: bool = False) -> ClosureRequest:
    request = closures.get(session, closure_id, to_change)
    if request is None:
        raise LookupError(f"there is no closure request {closure_id}")
    return request


def _contract(request: ClosureRequest) -> Contract:
    return next(
        contract for contract in parts().provider.contracts(request.account_id) if contract.id == request.contract_id
    )
