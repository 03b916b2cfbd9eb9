"""The browser's side of a session: its token in the cookie, and who asks by it."""

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from wizard.records import sessions
from wizard.records.logins import Login
from wizard.records.sessions import SEEN_EVERY, LoginSession
from wizard.web.browsers import in_words
from wizard.web.means import house


class SessionCookie(SecureCookieSessionInterface):
    """For TLS alone where the wizard's address is, and wherever the reader's browser speaks it."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return super().get_cookie_secure(app) or request.is_secure


def current() -> tuple[LoginSession, Login] | tuple[None, None]:
    """The session that this request belongs to, and whose it is."""
    token = session.get("token")
    if not token:
        return None, None
    means = house().means
    now = means.clock()
    with means.db.read() as records:
        found = sessions.find(records, token, now)
    if found is None:
        session.clear()
        return None, None
    if now >= found[0].seen_at + SEEN_EVERY:
        with means.db.write() as records:
            sessions.see(records, found[0].id, now)
    return found


def enter(records: Session, login: Login) -> None:
    """A fresh session for this login, with fresh tokens in its forms; what this browser had before ends."""
    if g.session:
        sessions.end(records, g.session.login_id, g.session.id)
    now = house().means.clock()
    browser = in_words(request.headers.get("User-Agent", ""))
    session.clear()
    session["token"] = sessions.begin(records, login.id, request.remote_addr or "", browser, now)
    session.permanent = True
    g.login = login
