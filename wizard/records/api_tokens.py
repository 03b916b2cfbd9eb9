"""Personal tokens of the API: made by a login for one of its accounts, shown once, kept as a hash."""

import secrets
import string
from datetime import datetime, timedelta
from hashlib import sha256
from zlib import crc32

from sqlalchemy import ForeignKey, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.account.roles import Role
from wizard.db import Base
from wizard.records.account import KeptAccount
from wizard.records.ids import new_id

PREFIX = "kbw_"
LONGEST_NAME = 80
"""Characters."""
USE_NOTED_EVERY = timedelta(minutes=5)
_DIGITS = string.ascii_letters + string.digits
_RANDOM, _CHECK = 32, 6


class ApiToken(Base):
    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("login_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"))
    name: Mapped[str]
    """What it is for, in its owner's words."""
    account_id: Mapped[str]
    account_name: Mapped[str]
    timezone: Mapped[str]
    role: Mapped[str]
    """The most that it may; less where the login's own role has become less."""
    digest: Mapped[str] = mapped_column(unique=True)
    """sha256 of the token: it is random enough that no slower hash is needed."""
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """At most USE_NOTED_EVERY behind."""

    def is_good(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


def new_token() -> str:
    """`kbw_`, 32 random characters, and 6 that check them, so that a scanner knows a leaked one for sure."""
    body = "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return f"{PREFIX}{body}{_check_part(body)}"


def is_well_formed(token: str) -> bool:
    body, check = token.removeprefix(PREFIX)[:_RANDOM], token[-_CHECK:]
    return len(token) == len(PREFIX) + _RANDOM + _CHECK and token.startswith(PREFIX) and _check_part(body) == check


def add_token(
    session: Session,
    token: str,
    login_id: str,
    name: str,
    account: KeptAccount,
    role: Role,
    key: str,
    now: datetime,
    good_for: timedelta,
) -> ApiToken:
    row = ApiToken(
        id=new_id("at"),
        login_id=login_id,
        name=name,
        account_id=account.id,
        account_name=account.name,
        timezone=account.timezone,
        role=role,
        digest=_digest(token),
        idempotency_key=key,
        created_at=now,
        expires_at=now + good_for,
        ended_at=None,
        last_used_at=None,
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, token: str, now: datetime) -> ApiToken | None:
    """The row of a token that is good now."""
    if not is_well_formed(token):
        return None
    row = session.scalars(select(ApiToken).where(ApiToken.digest == _digest(token))).one_or_none()
    return row if row and row.is_good(now) else None


def by_key(session: Session, login_id: str, key: str) -> ApiToken | None:
    return session.scalars(
        select(ApiToken).where(ApiToken.login_id == login_id, ApiToken.idempotency_key == key)
    ).one_or_none()


def of_login(session: Session, login_id: str) -> list[ApiToken]:
    """Those that were not ended, newest first; the expired among them."""
    return list(
        session.scalars(
            select(ApiToken)
            .where(ApiToken.login_id == login_id, ApiToken.ended_at.is_(None))
            .order_by(ApiToken.created_at.desc(), ApiToken.id)
        )
    )


def cap(session: Session, login_id: str, account_id: str, role: Role | None, now: datetime) -> None:
    """The login's role on the account has become this one; None: it has none any more. No token of it for
    the account may do more, also if the login's role grows again."""
    there = select(ApiToken).where(
        ApiToken.login_id == login_id, ApiToken.account_id == account_id, ApiToken.ended_at.is_(None)
    )
    for token in session.scalars(there):
        if role:
            token.role = role.capped(Role(token.role))
        else:
            token.ended_at = now


def is_use_to_note(token: ApiToken, now: datetime) -> bool:
    return token.last_used_at is None or token.last_used_at <= now - USE_NOTED_EVERY


def note_use(session: Session, token: ApiToken, now: datetime) -> None:
    """Of many requests at once, one writes."""
    long_ago = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= now - USE_NOTED_EVERY)
    session.execute(update(ApiToken).where(ApiToken.id == token.id, long_ago).values(last_used_at=now))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _check_part(body: str) -> str:
    number, digits = crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
