"""What the workflows work with. Workflows are plain functions, so the worker hands these over once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from dbos import DBOS
from dbos import error as engine_errors
from sqlalchemy.exc import InterfaceError, OperationalError

from wizard.clock import Clock
from wizard.db import Database
from wizard.providers.interface import Provider
from wizard.providers.values import Operation, OperationState
from wizard.work.post_office import PostOffice
from wizard.work.queue import Queue

P = ParamSpec("P")
R = TypeVar("R")

STEADY = {"retries_allowed": True, "max_attempts": 12, "interval_seconds": 0.5, "backoff_rate": 2.0}
"""For steps that need our own database: a quarter of an hour, for without it nothing can be decided."""
_FIRST_WAIT_SECONDS, _WAIT_GROWS = 0.5, 3
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
_stopped = threading.Event()


def hand_over(parts: Parts | None) -> None:
    """Called by the worker before it starts, and with None when it stops."""
    _parts[:] = [parts] if parts else []
    if parts:
        _stopped.clear()
    else:
        _stopped.set()


def parts() -> Parts:
    """Asked for anew by each piece of work. Raises Stopping once the worker stops."""
    if not _parts:
        raise Stopping
    return _parts[0]


def pause(seconds: float) -> None:
    """Wait. Raises Stopping as soon as the worker stops, for nobody should wait for one that waits."""
    if _stopped.wait(seconds):
        raise Stopping


def asks_provider(tries: int = 4) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A step that asks the provider: four tries take some seven seconds, seven take three minutes, then the
    workflow decides. While our own database is away no try counts, for that says nothing of the provider."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @DBOS.step(**STEADY, should_retry=_is_our_own)
        @wraps(function)
        def step(*args: P.args, **kwargs: P.kwargs) -> R:
            for turn in range(tries - 1):
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if _is_our_own(error):
                        raise
                    pause(_FIRST_WAIT_SECONDS * _WAIT_GROWS**turn)
            return function(*args, **kwargs)

        return step

    return decorate


def _is_our_own(error: BaseException) -> bool:
    """The embedded provider lives in our own database, and says why it does not answer."""
    return any(isinstance(one, OperationalError | InterfaceError) for one in (error, error.__cause__))


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
        pause(_POLL_SECONDS)
        operation = parts().provider.operation(account_id, operation.id)
    return operation


def look_again_in(age: timedelta) -> float:
    """Seconds until it is looked again at what has been under way for so long: the longer, the more."""
    return min(max(age.total_seconds() / 20, 1), 300)
