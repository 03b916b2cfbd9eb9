"""Links by which a person sets a new password: sent by mail, good once, and not for long.

The link's secret part is stored nowhere. It is worked out from our own key, the row and the
password's present hash when the mail is sent, and again when the link is used; so it is good for
nothing once the password has changed.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base
from wizard.records.ids import new_id
from wizard.records.logins import Login

GOOD_FOR = timedelta(hours=1)


class PasswordLink(Base):
    __tablename__ = "password_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"), index=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    def is_good(self, now: datetime) -> bool:
        return self.used_at is None and now < self.created_at + GOOD_FOR


def add_link(session: Session, login: Login, now: datetime) -> PasswordLink:
    link = PasswordLink(id=new_id("pl"), login_id=login.id, created_at=now)
    session.add(link)
    session.flush()
    return link


def token(session: Session, link_id: str, secret_key: str) -> str:
    """What stands in the address of the mail: the link's id and its secret part."""
    link = session.get_one(PasswordLink, link_id)
    return f"{link.id}.{_signature(link, session.get_one(Login, link.login_id), secret_key)}"


def whose(session: Session, text: str, secret_key: str, now: datetime) -> Login | None:
    """The login that may set a password by this token; None where it is not good, or not any more."""
    found = _find(session, text, secret_key, now, locked=False)
    return found and found[1]


def use(session: Session, text: str, secret_key: str, now: datetime) -> tuple[PasswordLink, Login] | None:
    """The same, and the link is used up: of several who use links of one login at once, one gets it."""
    found = _find(session, text, secret_key, now, locked=True)
    if found:
        found[0].used_at = now
    return found


def _find(
    session: Session, text: str, secret_key: str, now: datetime, locked: bool
) -> tuple[PasswordLink, Login] | None:
    link_id, _, signature = text.partition(".")
    link = session.get(PasswordLink, link_id, with_for_update=locked)
    if link is None:
        return None
    login = session.get_one(Login, link.login_id, with_for_update=locked)
    fits = hmac.compare_digest(_signature(link, login, secret_key).encode(), signature.encode())
    return (link, login) if fits and link.is_good(now) else None


def _signature(link: PasswordLink, login: Login, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), f"password {link.id} {login.password_hash}".encode(), sha256).hexdigest()
