"""What the workflows work with. Workflows are plain functions, so the worker hands these over once."""

from dataclasses import dataclass

from wizard.clock import Clock
from wizard.db import Database
from wizard.providers.interface import Provider


@dataclass(frozen=True, slots=True)
class Parts:
    db: Database
    provider: Provider
    clock: Clock


_parts: list[Parts] = []


def hand_over(parts: Parts | None) -> None:
    """Called by the worker before it starts and after it stops."""
    _parts[:] = [parts] if parts else []


def parts() -> Parts:
    return _parts[0]
