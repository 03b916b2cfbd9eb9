"""What the workflows work with. Workflows are plain functions, so the worker hands these over once."""

from dataclasses import dataclass

from wizard.clock import Clock
from wizard.db import Database
from wizard.providers.interface import Provider
from wizard.work.post_office import PostOffice
from wizard.work.queue import Queue


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
