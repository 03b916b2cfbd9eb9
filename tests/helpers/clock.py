"""A clock that stands still until a test moves it, or runs on from another instant."""

from datetime import UTC, datetime, timedelta

SATURDAY = datetime(2026, 11, 21, 17, 3, tzinfo=UTC)
"""The day of most tests: 21 November 2026, noon in New York, 10 days of 30 remaining."""


class SetClock:
    def __init__(self, now: datetime = SATURDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


class ShiftedClock:
    """Runs like the real one, from `start` on."""

    def __init__(self, start: datetime = SATURDAY) -> None:
        self._shift = start - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._shift
