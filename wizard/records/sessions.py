"""Sessions: who is signed in, from where, and by which browser.

The browser's cookie holds a random token; here stands its hash, so that nobody who reads the
table can sign in by it. A session that has ended has no row.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base
from wizard.records.ids import new_id
from wizard.records.logins import Login

LASTS = timedelta(hours=12)
"""From the sign-in, whatever is done meanwhile."""
SEEN_EVERY = timedelta(minutes=5)
"""So exact is `seen_at`; more would be a write for each page."""


class LoginSession(Base):
    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id", ondelete="CASCADE"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str]
    """The network address that the sign-in came from."""
    browser: Mapped[str]
    """In words: `Firefox on Windows`."""


def begin(session: Session, login_id: str, address: str, browser: str, now: datetime) -> str:
    """A new one; those that have run out go. Returns the token for the cookie, which is kept nowhere."""
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            id=new_id("se"),
            token_hash=_hash(token),
            login_id=login_id,
            begun_at=now,
            seen_at=now,
            expires_at=now + LASTS,
            address=address,
            browser=browser,
        )
    )
    return token


def find(session: Session, token: str, now: datetime) -> tuple[LoginSession, Login] | None:
    """The session of this token and whose it is; None where it has ended."""
    found = session.execute(
        select(LoginSession, Login)
        .join(Login, Login.id == LoginSession.login_id)
        .where(LoginSession.token_hash == _hash(token), LoginSession.expires_at > now)
    ).one_or_none()
    return found and (found[0], found[1])


def see(session: Session, session_id: str, now: datetime) -> None:
    """It is in use. One that has ended meanwhile stays so."""
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


def of_login(session: Session, login_id: str, now: datetime) -> Sequence[LoginSession]:
    """Those that go on, the newest first."""
    return session.scalars(
        select(LoginSession)
        .where(LoginSession.login_id == login_id, LoginSession.expires_at > now)
        .order_by(LoginSession.begun_at.desc(), LoginSession.id)
    ).all()


def end(session: Session, login_id: str, session_id: str) -> bool:
    """Whether the login had it."""
    gone = delete(LoginSession).where(LoginSession.id == session_id, LoginSession.login_id == login_id)
    return session.execute(gone).rowcount > 0


def end_all(session: Session, login_id: str, but: str = "") -> int:
    """All of the login's, but the one with this id. Returns how many that were."""
    gone = delete(LoginSession).where(LoginSession.login_id == login_id, LoginSession.id != but)
    return session.execute(gone).rowcount


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
