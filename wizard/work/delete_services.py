"""Delete services one by one. One that is refused leaves the others done and says so; where the
platform does not answer, the rest waits until somebody decides.

A run of the workflow is short: it begins a slice of the services, looks back at those that the
provider finishes later, and hands the rest on to the next run.
"""

from dbos import DBOS
from sqlalchemy.orm import Session

from wizard.errors import ActionNotSupported, NotFound, ProviderError, ProviderRefused, ProviderUnavailable
from wizard.providers.values import Operation, OperationState
from wizard.records import closures, deletions
from wizard.records.deletions import Deletion, DeletionItem, ItemState
from wizard.work.parts import STEADY, asks_provider, look_again_in, parts, unless_stopped, wait_for

SLICE, AT_ONCE = 25, 10
"""How many services a run begins, and how many may be under way where the provider takes its time."""
GAVE_UP = "The platform did not answer, several times over. Whether it is gone is not known yet."
PAUSED = "The platform did not answer, several times over."
NOT_HERE = "It cannot be deleted from here. Ask the support team."


@DBOS.workflow(name="delete-services")
def delete_services(deletion_id: str) -> None:
    for service_id in _next(deletion_id):
        try:
            _delete_one(deletion_id, service_id)
        except Exception as error:  # retries are used up; the cause stands in the worker's log
            unless_stopped(error)
            _give_up(deletion_id, service_id)
            break
    _hand_on(deletion_id, str(DBOS.workflow_id))


@DBOS.step(**STEADY)
def _next(deletion_id: str) -> list[str]:
    """Those under way to look at, then those to begin."""
    with parts().db.read() as session:
        going = deletions.items(session, deletion_id, [ItemState.DELETING])
        room = SLICE if len(going) < AT_ONCE else 0
        begun = deletions.items(session, deletion_id, [ItemState.WAITING], limit=room)
        return [item.service_id for item in going + begun]


@asks_provider()
def _delete_one(deletion_id: str, service_id: str) -> None:
    with parts().db.write() as session:
        deletion = session.get_one(Deletion, deletion_id)
        item = session.get_one(DeletionItem, (deletion_id, service_id))
        if item.state not in deletions.UNDER_WAY:
            return  # it was done, and a kill came before the engine had noted that
        if item.state == ItemState.WAITING and not _may_begin(session, item):
            return
        item.state = ItemState.DELETING
        account_id, begun = deletion.account_id, item.operation_id
        key = f"{deletion_id}:{service_id}:{deletion.attempt}"
    try:
        operation = _look_or_begin(account_id, service_id, begun, key)
        if operation.state is OperationState.RUNNING and operation.id != begun:
            _note(deletion_id, service_id, operation)  # before it is waited for: a stop must not forget it
        operation = _wait_and_read_back(account_id, service_id, operation)
    except ProviderRefused as refusal:
        operation = Operation(key, OperationState.FAILED, problem=str(refusal))
    except ActionNotSupported:
        operation = Operation(key, OperationState.FAILED, problem=NOT_HERE)
    _note(deletion_id, service_id, operation)


def _may_begin(session: Session, item: DeletionItem) -> bool:
    going = deletions.items(session, item.deletion_id, [ItemState.DELETING], limit=AT_ONCE)
    return len(going) < AT_ONCE and not deletions.is_held_up(session, item)


def _note(deletion_id: str, service_id: str, operation: Operation) -> None:
    with parts().db.write() as session:
        _keep(session.get_one(DeletionItem, (deletion_id, service_id)), operation)


def _keep(item: DeletionItem, operation: Operation) -> None:
    item.operation_id = operation.id
    if operation.state is OperationState.DONE:
        item.state, item.problem = ItemState.DELETED, None
        item.finished_at = operation.finished_at or parts().clock()
    elif operation.state is OperationState.FAILED:
        item.state, item.problem, item.finished_at = ItemState.FAILED, operation.problem, parts().clock()


def _look_or_begin(account_id: str, service_id: str, begun: str | None, key: str) -> Operation:
    """begun: the operation that was begun before. A service that is gone already counts as done."""
    if begun:
        try:
            return parts().provider.operation(account_id, begun)
        except NotFound:
            pass  # the provider has forgotten it: the same key asks again
    try:
        return parts().provider.delete_service(account_id, service_id, key)
    except NotFound:
        return Operation(key, OperationState.DONE)  # that is read back now


def _wait_and_read_back(account_id: str, service_id: str, operation: Operation) -> Operation:
    """The operation done, failed, or still running."""
    try:
        operation = wait_for(account_id, operation)
    except NotFound:
        operation = Operation(operation.id, OperationState.DONE)
    if operation.state is OperationState.DONE and _is_there(account_id, service_id):
        raise ProviderUnavailable(f"{service_id} was reported deleted and is still there")
    return operation


def _is_there(account_id: str, service_id: str) -> bool:
    try:
        parts().provider.service(account_id, service_id)
    except NotFound:
        return False
    return True


@DBOS.step(**STEADY)
def _give_up(deletion_id: str, service_id: str) -> None:
    """Whether it is gone is looked at once more; if others wait, they wait for a decision."""
    with parts().db.read() as session:
        account_id = session.get_one(Deletion, deletion_id).account_id
    try:
        is_gone = not _is_there(account_id, service_id)
    except ProviderError:
        is_gone = False
    state = OperationState.DONE if is_gone else OperationState.FAILED
    with parts().db.write() as session:
        deletion = session.get_one(Deletion, deletion_id, with_for_update=True)
        item = session.get_one(DeletionItem, (deletion_id, service_id))
        if item.state == ItemState.DELETING:
            _keep(item, Operation(item.operation_id or "", state, problem=GAVE_UP))
        session.flush()
        if deletions.progress(session, deletion_id).is_running:
            deletion.paused = PAUSED


@DBOS.step(**STEADY)
def _hand_on(deletion_id: str, workflow_id: str) -> None:
    """What is left goes to the next run; with the last of it a closure goes on."""
    now = parts().clock()
    with parts().db.write() as session:
        deletion = session.get_one(Deletion, deletion_id, with_for_update=True)
        if deletion.workflow_id != workflow_id:
            return  # it was handed on, and a kill came before the engine had noted that
        closure = closures.get(session, deletion.closure_id, to_change=True) if deletion.closure_id else None
        if deletion.paused:
            if closure and closure.is_open:
                closure.problem = deletion.paused
        elif deletions.progress(session, deletion_id).is_running:
            wait = 0 if _can_go_on(session, deletion_id) else look_again_in(now - deletion.requested_at)
            parts().queue.delete_services(session, deletion, wait)
        elif closure and closure.is_open:
            parts().queue.close(session, closure)


def _can_go_on(session: Session, deletion_id: str) -> bool:
    """Something can be begun; otherwise there is nothing to do but to wait for the provider."""
    return any(_may_begin(session, item) for item in deletions.items(session, deletion_id, [ItemState.WAITING]))
