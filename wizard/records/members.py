"""The members of an account: who has which role on it, changed one at a time, and never without an administrator."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wizard.account.roles import Role
from wizard.db import Database
from wizard.records.logins import Login, Membership


def lock(db: Database, session: Session, account_id: str) -> None:
    """Nobody else changes the account's members, or invites some, until this transaction ends."""
    db.lock(session, f"members {account_id}")


def of_account(session: Session, account_id: str) -> list[tuple[Login, Role]]:
    """By name."""
    rows = session.execute(
        select(Login, Membership.role)
        .join(Membership, Membership.login_id == Login.id)
        .where(Membership.account_id == account_id)
        .order_by(Login.name, Login.email)
    )
    return [(login, Role(role)) for login, role in rows]


def change_role(session: Session, login_id: str, account_id: str, role: Role) -> None:
    session.get_one(Membership, (login_id, account_id)).role = role


def remove(session: Session, login_id: str, account_id: str) -> None:
    session.execute(delete(Membership).where(Membership.login_id == login_id, Membership.account_id == account_id))
