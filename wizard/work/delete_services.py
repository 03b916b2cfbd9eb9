"""Delete services one by one. One that fails leaves the others done and says so."""

import time
from datetime import datetime

from dbos import DBOS

from wizard.errors import NotFound, ProviderRefused, ProviderUnavailable
from wizard.providers.interface import OperationState
from wizard.records.deletions import Deletion, DeletionItem, ItemState
from wizard.work.parts import parts

POLL_SECONDS = 0.2
GAVE_UP = "The platform did not answer, several times over. Try again later."

_RETRIED = {"retries_allowed": True, "max_attempts": 4, "interval_seconds": 0.5, "backoff_rate": 3.0}


@DBOS.workflow(name="delete-services")
def delete_services(deletion_id: str) -> None:
    for service_id in _waiting(deletion_id):
        try:
            _delete_one(deletion_id, service_id)
        except Exception:  # retries are used up; the cause stands in the worker's log
            _give_up(deletion_id, service_id)


@DBOS.step(**_RETRIED)
def _waiting(deletion_id: str) -> list[str]:
    with parts().db.read() as session:
        deletion = session.get_one(Deletion, deletion_id)
        return [item.service_id for item in deletion.items if item.state in (ItemState.WAITING, ItemState.DELETING)]


@DBOS.step(**_RETRIED)
def _delete_one(deletion_id: str, service_id: str) -> None:
    with parts().db.write() as session:
        deletion = session.get_one(Deletion, deletion_id)
        account_id, attempt = deletion.account_id, deletion.attempt
        item = session.get_one(DeletionItem, (deletion_id, service_id))
        if item.state not in (ItemState.WAITING, ItemState.DELETING):
            return  # it was done, and a kill came before the engine had noted that
        item.state = ItemState.DELETING
    try:
        gone_at = _delete_and_read_back(account_id, service_id, f"{deletion_id}:{service_id}:{attempt}")
    except ProviderRefused as refusal:
        _finish(deletion_id, service_id, ItemState.FAILED, str(refusal))
    else:
        _finish(deletion_id, service_id, ItemState.DELETED, finished_at=gone_at)


def _delete_and_read_back(account_id: str, service_id: str, key: str) -> datetime | None:
    """Returns when it was gone, where the provider knows."""
    try:
        operation = parts().provider.delete_service(account_id, service_id, key)
        while operation.state is OperationState.RUNNING:
            time.sleep(POLL_SECONDS)
            operation = parts().provider.operation(account_id, operation.id)
    except NotFound:
        return None  # it is gone already, and that is what was wanted
    if any(service.id == service_id for service in parts().provider.services(account_id)):
        raise ProviderUnavailable(f"{service_id} was reported deleted and is still there")
    return operation.finished_at


@DBOS.step(**_RETRIED)
def _give_up(deletion_id: str, service_id: str) -> None:
    _finish(deletion_id, service_id, ItemState.FAILED, GAVE_UP)


def _finish(
    deletion_id: str, service_id: str, state: ItemState, problem: str | None = None, finished_at: datetime | None = None
) -> None:
    with parts().db.write() as session:
        item = session.get_one(DeletionItem, (deletion_id, service_id))
        item.state, item.problem, item.finished_at = state, problem, finished_at or parts().clock()
