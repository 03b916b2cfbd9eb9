"""How often a thing may be tried."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from wizard.actions.context import Means
from wizard.errors import TooMany
from wizard.records import attempts
from wizard.theme.formats import counted


def count_attempt(means: Means, records: Session, subjects: Mapping[str, str], title: str) -> None:
    """One attempt more of each kind on its subject, before it is looked at: many at once are many.

    Raises TooMany with this title, saying when to try again; then nothing is counted.
    """
    now = means.clock()
    for kind, subject in subjects.items():
        means.db.lock(records, f"attempt {kind} {subject}")
        if until := attempts.blocked_until(records, kind, subject, now):
            raise TooMany(title, f"Try again in {_in_words(int((until - now).total_seconds()))}.")
    for kind, subject in subjects.items():
        attempts.count(records, kind, subject, now)


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return counted(minutes, "minute") if minutes <= 60 else counted(-(-minutes // 60), "hour")
