"""What follows on a declaration: charges end on time, and closing. Never the receipt, which is there at once."""

from datetime import datetime

from dbos import DBOS
from dbos import error as engine_errors
from sqlalchemy.orm import Session

from wizard.account.closure import State
from wizard.errors import ActionNotSupported, NotFound, ProviderError, ProviderUnavailable
from wizard.providers.values import Account, Contract, Operation, OperationState, every
from wizard.records import closures, deletions
from wizard.records.closures import ClosureRequest
from wizard.records.deletions import Deletion, ItemState
from wizard.work.parts import STEADY, asks_provider, look_again_in, parts, unless_stopped, wait_for
from wizard.work.plan import planned

_TURNS = 5
BY_HAND = "The account system cannot be told when charges end. End them there by hand, and say here that it is done."
CLOSE_BY_HAND = "The account system cannot close a contract by itself. Close it there by hand, then try again."


@DBOS.workflow(name="match-charges")
def match_charges(closure_id: str) -> None:
    """Charges end on the date of the receipt, however long the review takes; a declined request's go on."""
    try:
        _tell_charges(closure_id, str(DBOS.workflow_id))
    except Exception as error:  # whatever it is, the promise must not fail unseen
        _note_charges_problem(
            closure_id, f"The account system was not told when charges end: {_cause(unless_stopped(error))}"
        )


@DBOS.workflow(name="close")
def close(closure_id: str) -> None:
    """Delete what is left; when that is done the deletion hands the closure on to another run, which ends it."""
    try:
        if _nothing_left(closure_id):
            _end_contract(closure_id, str(DBOS.workflow_id))
    except Exception as error:  # whatever it is, the request must not hang unseen
        _note_problem(closure_id, f"Closing stopped: {_cause(unless_stopped(error))}")


@asks_provider(tries=7)  # a promise does not wait for staff because a provider is away for a moment
def _tell_charges(closure_id: str, key: str) -> None:
    """Tell the provider, read it back, and look whether something was declared or decided meanwhile.

    Whoever tells last looks last, so that what holds in the end is what our requests demand.
    """
    with parts().db.read() as session:
        request = _request(session, closure_id)
    for turn in range(_TURNS):
        contract, end = _contract(request), _end_of_charges(request)
        if contract.closed_at or contract.charges_end == end:
            _clear_charges_problem(request)
            return
        try:
            begun = parts().provider.end_charges(request.account_id, request.contract_id, end, f"{key}:{turn}:{end}")
        except ActionNotSupported:
            _write_charges_problem(closure_id, BY_HAND)
            return
        ended = wait_for(request.account_id, begun)
        if ended.state is OperationState.FAILED:
            raise ProviderUnavailable(ended.problem)
    raise ProviderUnavailable("the date was reported as kept and is another")


def _clear_charges_problem(request: ClosureRequest) -> None:
    with parts().db.write() as session:
        for one in closures.of_contract(session, request.contract_id):
            one.charges_problem = None


def _end_of_charges(request: ClosureRequest) -> datetime | None:
    """The earliest date that was promised for this contract, by a request that was not declined."""
    with parts().db.read() as session:
        found = closures.of_contract(session, request.contract_id)
    return min((one.charges_end for one in found if one.state != State.DECLINED), default=None)


@asks_provider()
def _nothing_left(closure_id: str) -> bool:
    """Enter `closing`, write down what is left to delete in the scope and hand it to the worker. True: there
    is nothing, the contract can end. False too where the request has ended meanwhile."""
    with parts().db.read() as session:
        request = _request(session, closure_id)
        if not request.is_open:
            return False
    provider = parts().provider
    services = every(lambda after: provider.services(request.account_id, after))
    wanted = planned(_contract(request).billed(services), services)
    account = provider.account(request.account_id)
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        deletion = deletions.of_closure(session, closure_id) or _begin(session, request, account)
        added = deletions.add_items(session, deletion, wanted)  # something may have come since the last try
        is_running = deletions.progress(session, deletion.id).is_running
        if is_running and (added or not deletion.handed):
            parts().queue.delete_services(session, deletion)
        return not is_running


def _begin(session: Session, request: ClosureRequest, account: Account) -> Deletion:
    decided = request.event(State.APPROVED)
    login_id = decided.login_id if decided and decided.login_id else request.login_id
    now = parts().clock()
    closures.move(request, State.CLOSING, now)
    return deletions.add_deletion(session, account, login_id, f"closure:{request.id}", [], now, request.id)


@asks_provider()
def _end_contract(closure_id: str, workflow_id: str) -> None:
    with parts().db.read() as session:
        request = _request(session, closure_id)
        deletion = deletions.of_closure(session, closure_id)
        failed = deletions.items(session, deletion.id, [ItemState.FAILED]) if deletion else []
    if failed:
        _write_problem(closure_id, "; ".join(f"{item.name}: {item.problem}" for item in failed))
        return
    if _contract(request).closed_at:  # by hand, or before a kill
        _record_end(request)
        return
    try:
        operation = wait_for(request.account_id, _look_or_close(request, f"{workflow_id}:close"))
    except ProviderUnavailable:
        raise
    except ActionNotSupported:
        operation = Operation("", OperationState.FAILED, problem=CLOSE_BY_HAND)
    except ProviderError as error:
        operation = Operation("", OperationState.FAILED, problem=str(error))
    if operation.state is OperationState.FAILED:
        _write_problem(closure_id, operation.problem)
    elif operation.state is OperationState.RUNNING:
        _look_later(closure_id, workflow_id, operation)
    else:
        _record_end(request)


def _look_or_close(request: ClosureRequest, key: str) -> Operation:
    if request.operation_id:
        try:
            return parts().provider.operation(request.account_id, request.operation_id)
        except NotFound:
            pass  # the provider has forgotten it: it is asked again
    return parts().provider.close_contract(request.account_id, request.contract_id, key)


def _look_later(closure_id: str, workflow_id: str, operation: Operation) -> None:
    now = parts().clock()
    with parts().db.write() as session:
        request = _request(session, closure_id, to_change=True)
        if request.is_open and request.workflow_id == workflow_id:  # else handed on, and killed before that was noted
            closing = request.event(State.CLOSING)
            request.operation_id = operation.id
            parts().queue.close(session, request, look_again_in(now - (closing.at if closing else now)))


def _record_end(request: ClosureRequest) -> None:
    contract = _contract(request)
    if contract.closed_at is None:
        raise ProviderUnavailable("the contract was reported closed and is still open")
    now = parts().clock()
    with parts().db.write() as session:
        request = _request(session, request.id, to_change=True)
        if request.is_open:
            closures.end(request, now)
        if contract.is_account:
            for other in closures.open_of_account(session, request.account_id):
                closures.end(other, now, f"It ended with the whole account, request {request.reference}.")


@DBOS.step(**STEADY)
def _note_problem(closure_id: str, problem: str) -> None:
    _write_problem(closure_id, problem)


@DBOS.step(**STEADY)
def _note_charges_problem(closure_id: str, problem: str) -> None:
    _write_charges_problem(closure_id, problem)


def _write_charges_problem(closure_id: str, problem: str) -> None:
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
    for contract in parts().provider.contracts(request.account_id):
        if contract.id == request.contract_id:
            return contract
    raise ProviderUnavailable("it does not list the contract")
