"""Work that would be left lying: that of a worker that is dead, that of an earlier program, and what has failed.

A worker goes on by itself only with what carries its own name and the present VERSION of the
workflows. The rest is handed on here. Where the version is another, or our own database was away for so
long that the work failed, it begins again at its first step: the truth lies in our tables, and each call
to the provider has its key, so nothing is done twice.
"""

from collections import Counter

from dbos import DBOSClient, WorkflowStatus, WorkflowStatusString

from wizard.db import Database
from wizard.errors import SetupError
from wizard.holding import Held
from wizard.work.queue import APPLICATION, QUEUE, VERSION, client

_BEGUN = [WorkflowStatusString.PENDING.value, WorkflowStatusString.MAX_RECOVERY_ATTEMPTS_EXCEEDED.value]
"""In the hands of a worker, or given up by the engine after a hundred kills."""
_FAILED = [WorkflowStatusString.ERROR.value]
"""What the provider refuses stands in our tables; a workflow itself fails only where it could not write there."""
_HANDED_ON = [WorkflowStatusString.ENQUEUED.value, WorkflowStatusString.CANCELLED.value]
"""Queued again by a recovery; or cancelled by `_rewind`, which a kill has cut short. Nothing else cancels."""


def lock_name(worker: str) -> str:
    """What a worker holds while it lives (`Database.hold`)."""
    return f"worker-{worker}"


def take_over(db: Database, worker: str) -> int:
    """Give the work of a dead worker to whichever lives. Returns how many pieces it was.

    Raises SetupError if that worker lives, or has left nothing while others have.
    """
    try:
        with db.hold(lock_name(worker), wait=False), client(db) as engine:
            left = engine.list_workflows(status=_BEGUN, application_name=APPLICATION, load_input=False)
            its_own = [one for one in left if one.executor_id == worker]
            others = Counter(str(one.executor_id) for one in left if one.parent_workflow_id is None)
            if not its_own and others:
                known = ", ".join(f"{name} ({count})" for name, count in sorted(others.items()))
                raise SetupError(f"worker {worker} has left no work; work lies with {known}.")
            for one in its_own:
                if one.app_version == VERSION:
                    engine.resume_workflow(one.workflow_id)
            begin_again(engine, worker)
            return sum(one.parent_workflow_id is None for one in its_own)
    except Held as error:
        raise SetupError(f"worker {worker} runs, and does its work itself (stop it first, or leave it).") from error


def begin_again(engine: DBOSClient, worker: str) -> int:
    """What was begun under another VERSION, by this worker or by none that lives, and what has failed.
    Returns how many pieces."""
    begun = engine.list_workflows(
        status=_BEGUN, executor_id=worker, application_name=APPLICATION, load_input=False, has_parent=False
    )
    handed_on = engine.list_workflows(
        status=_HANDED_ON, application_name=APPLICATION, load_input=False, has_parent=False
    )
    failed = engine.list_workflows(status=_FAILED, application_name=APPLICATION, load_input=False, has_parent=False)
    again = [one for one in begun + handed_on if one.app_version not in (VERSION, None)] + failed
    for one in again:
        _rewind(engine, one)
    return len(again)


def _rewind(engine: DBOSClient, work: WorkflowStatus) -> None:
    """Under the same id. Its children go: their ids come from steps that may be others now."""
    engine.cancel_workflow(work.workflow_id)
    for child in engine.list_workflows(parent_workflow_id=work.workflow_id, load_input=False, load_output=False):
        engine.delete_workflow(child.workflow_id, delete_children=True)
    engine.rewind_workflow(work.workflow_id, application_version=VERSION, queue_name=work.queue_name or QUEUE)
