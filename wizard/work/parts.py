"""What the workflows work with. Workflows are plain functions, so the worker hands these over once."""

import time
from dataclasses import dataclass
from datetime import timedelta

from dbos import error as engine_errors

from wizard.clock import Clock
from wizard.db import Database
from wizard.providers.interface import Provider
from wizard.providers.values import Operation, OperationState
from wizard.work.post_office import PostOffice
from wizard.work.queue import Queue

RETRIED = {"retries_allowed": True, "max_attempts": 4, "interval_seconds": 0.5, "backoff_rate": 3.0}
"""For steps that ask the provider: some seven seconds, then the workflow decides."""
STEADY = {"retries_allowed": True, "max_attempts": 12, "interval_seconds": 0.5, "backoff_rate": 2.0}
"""For steps that need our own database alone: a quarter of an hour, for without it nothing can be decided."""
PATIENCE_SECONDS, _POLL_SECONDS = 2.0, 0.2
"""How long a step waits for one operation, for others wait for the worker."""


@dataclass(frozen=True, slots=True)
class Parts:
    db: Database
    provider: Provider
    queue: Queue
    post_office: PostOffice
    clock: Clock


class Stopping(BaseException):
    """The worker stops. No Exception, so that no retry and no "it failed" comes of it: the workflow
    stays pending in the database and goes on at the next start."""


_parts: list[Parts] = []


def hand_over(parts: Parts | None) -> None:
    """Called by the worker before it starts, and with None when it stops."""
    _parts[:] = [parts] if parts else []


def parts() -> Parts:
    """Asked for anew by each piece of work. Raises Stopping once the worker stops."""
    if not _parts:
        raise Stopping
    return _parts[0]


_FAILURES = (
    engine_errors.DBOSMaxStepRetriesExceeded,
    engine_errors.DBOSUnexpectedStepError,
    engine_errors.DBOSStepNondeterminismError,
)


def unless_stopped(error: Exception) -> Exception:
    """The same error. Raises Stopping where it comes of the engine's own stop, and nothing has failed."""
    if isinstance(error, engine_errors.DBOSException) and not isinstance(error, _FAILURES):
        raise Stopping from error
    return error


def wait_for(account_id: str, operation: Operation) -> Operation:
    """The operation when it has ended, or as it is when patience does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while operation.state is OperationState.RUNNING and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
        operation = parts().provider.operation(account_id, operation.id)
    return operation


def look_again_in(age: timedelta) -> float:
    """Seconds until it is looked again at what has been under way for so long: the longer, the more."""
    return min(max(age.total_seconds() / 20, 1), 300)
