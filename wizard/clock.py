"""Time is passed in. Only the entry points know `utc_now`; rules and tests take any Clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present instant, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)
