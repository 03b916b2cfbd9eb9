"""A new password takes effect: every session that the old one opened is shut. API tokens stay; the mail says so."""

from sqlalchemy.orm import Session

from wizard.records import attempts, audit, sessions
from wizard.records.logins import Login
from wizard.theme.formats import moment
from wizard.web.means import house, who
from wizard.web.sessions import enter


def take_effect(records: Session, login: Login, password_hash: str, what: str, subject: str = "") -> None:
    """All sessions of the login end, and this browser gets a fresh one. A mail tells of it.

    login: locked, and of this session. what, subject: for the audit.
    """
    means = house().means
    now = means.clock()
    login.password_hash = password_hash
    sessions.end_all(records, login.id)
    enter(records, login)
    for kind in ("sign-in", "forgot"):
        attempts.forget(records, kind, login.email)
    means.post(records, login.email, "password-changed", {"name": login.name, "when": moment(now, "UTC")})
    audit.note(records, who(), what, now, subject=subject)
