"""One person's sign-in, and its role on each account."""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.account.roles import Role, StaffRole
from wizard.db import Base
from wizard.records.ids import new_id

_HASHER = PasswordHasher()
_NO_HASH = _HASHER.hash("no login has this password")

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
"""Characters."""


class Login(Base):
    __tablename__ = "login"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case."""
    name: Mapped[str]
    password_hash: Mapped[str]
    staff_role: Mapped[str | None]
    created_at: Mapped[datetime]


class Membership(Base):
    __tablename__ = "membership"

    login_id: Mapped[str] = mapped_column(ForeignKey("login.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]


def add_login(
    session: Session, email: str, name: str, password: str, now: datetime, staff_role: StaffRole | None = None
) -> Login:
    return add_login_with_hash(session, email, name, hash_password(password), now, staff_role)


def add_login_with_hash(
    session: Session, email: str, name: str, password_hash: str, now: datetime, staff_role: StaffRole | None = None
) -> Login:
    """password_hash: made before, outside of the transaction."""
    login = Login(
        id=new_id("lg"),
        email=email.strip().lower(),
        name=name,
        password_hash=password_hash,
        staff_role=staff_role,
        created_at=now,
    )
    session.add(login)
    session.flush()
    return login


def find_login(session: Session, email: str) -> Login | None:
    return session.scalars(select(Login).where(Login.email == email.strip().lower())).one_or_none()


def hash_password(password: str) -> str:
    """What is stored of it. Slow on purpose: call it outside of a transaction."""
    return _HASHER.hash(password)


def wrong_with(password: str, email: str) -> str:
    """Why this cannot be the new password of the login with this address; empty: it can."""
    if not password:
        return "Enter a new password."
    if len(password) < SHORTEST_PASSWORD:
        return f"A password has at least {SHORTEST_PASSWORD} characters. This one has {len(password)}."
    if len(password) > LONGEST_PASSWORD:
        return f"A password has at most {LONGEST_PASSWORD} characters. This one has {len(password)}."
    if password.strip().lower() == email:
        return "Your e-mail address is not a secret. Choose something else as your password."
    return ""


def password_fits(login: Login | None, password: str) -> bool:
    """Takes as long for a login that does not exist as for one that does."""
    try:
        return _HASHER.verify(login.password_hash if login else _NO_HASH, password) and login is not None
    except (VerificationError, InvalidHashError):
        return False


def unchanged(session: Session, login: Login) -> Login | None:
    """The login, locked; None where its password has changed, or it has gone, since it was read."""
    now = session.get(Login, login.id, with_for_update=True)
    return now if now and now.password_hash == login.password_hash else None


def add_member(session: Session, login: Login, account_id: str, role: Role) -> None:
    session.add(Membership(login_id=login.id, account_id=account_id, role=role))


def role_on(session: Session, login_id: str, account_id: str) -> Role | None:
    row = session.get(Membership, (login_id, account_id))
    return Role(row.role) if row else None


def memberships(session: Session, login_id: str) -> list[Membership]:
    found = select(Membership).where(Membership.login_id == login_id).order_by(Membership.account_id)
    return list(session.scalars(found))


def administrators(session: Session, account_id: str) -> list[Login]:
    """The logins that may do everything on the account, by name."""
    return list(
        session.scalars(
            select(Login)
            .join(Membership, Membership.login_id == Login.id)
            .where(Membership.account_id == account_id, Membership.role == Role.ACCOUNT_ADMINISTRATOR)
            .order_by(Login.name)
        )
    )
