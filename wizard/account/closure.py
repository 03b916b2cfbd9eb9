"""Closure requests: their states, and the dates that they promise."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wizard.account.periods import day_start, local_day, month


class State(StrEnum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    CLOSING = "closing"
    CLOSED = "closed"
    DECLINED = "declined"


NEXT = {
    State.RECEIVED: {State.IN_REVIEW},
    State.IN_REVIEW: {State.APPROVED, State.DECLINED, State.CLOSED},
    State.APPROVED: {State.SCHEDULED, State.CLOSING, State.CLOSED},
    State.SCHEDULED: {State.CLOSING, State.CLOSED},
    State.CLOSING: {State.CLOSED},
    State.CLOSED: set(),
    State.DECLINED: set(),
}
"""State -> the states that may follow it. A package's request ends with the whole account, from any state."""

OPEN = frozenset(state for state, following in NEXT.items() if following)
"""States in which a closure request still has something to come."""


class Timing(StrEnum):
    IMMEDIATE = "immediate"
    END_OF_PERIOD = "end_of_period"


@dataclass(frozen=True, slots=True)
class ChargesEnd:
    at: datetime
    """The instant (UTC) from which nothing is charged any more."""
    at_the_latest: bool
    """Charges may end before: as soon as the last billed service is deleted."""


def review_due(now: datetime, zone: str, review_days: int) -> datetime:
    """The end (UTC) of the day on which the review is due: `review_days` days after today."""
    return day_start(local_day(now, zone) + timedelta(days=review_days + 1), zone)


def charges_end(
    timing: Timing,
    now: datetime,
    zone: str,
    review_days: int,
    services_billed: int,
    committed_until: date | None = None,
) -> ChargesEnd:
    """When charges end for a closure request declared `now`.

    At the end of the period: the end of the calendar month. Immediate: now if no service is
    billed any more; otherwise when the last is deleted, at the latest when the review is due:
    nobody pays for a slow review. committed_until: the last day of a term that was agreed to;
    charges end no earlier than with that day.
    """
    end = _uncommitted(timing, now, zone, review_days, services_billed)
    if committed_until is None:
        return end
    term_end = day_start(committed_until + timedelta(days=1), zone)
    return end if term_end <= end.at else ChargesEnd(term_end, at_the_latest=False)


def _uncommitted(timing: Timing, now: datetime, zone: str, review_days: int, services_billed: int) -> ChargesEnd:
    if timing is Timing.END_OF_PERIOD:
        return ChargesEnd(day_start(month(local_day(now, zone)).end, zone), at_the_latest=False)
    if services_billed == 0:
        return ChargesEnd(now, at_the_latest=False)
    return ChargesEnd(review_due(now, zone, review_days), at_the_latest=True)
