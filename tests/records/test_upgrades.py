"""A database of an older version goes on."""

from pathlib import Path

from alembic import command
from sqlalchemy import text

from wizard.db import Database
from wizard.migrations import alembic_config, migrate


def test_accounts_that_are_there_already_get_a_holder_and_an_address_on_file(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/old.db")
    with db.engine.execution_options(writes=True).begin() as connection:
        alembic = alembic_config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0002")
        for account in ("One", "Two"):
            connection.execute(
                text(f"insert into embedded_account values ('{account}', '{account} Ltd', 'A', 'USD', 'UTC')")
            )
        for login, role in (("ana", "account-administrator"), ("vik", "viewer")):
            at = "2026-11-21 00:00:00.000000"
            connection.execute(
                text(f"insert into login values ('{login}', '{login}@x.example', 'N', 'h', null, '{at}')")
            )
            connection.execute(text(f"insert into membership values ('{login}', 'One', '{role}')"))
    migrate(db)
    with db.read() as session:
        found = session.execute(text("select id, holder, email, domains from embedded_account order by id")).all()
    assert found == [("One", "One Ltd", "ana@x.example", ""), ("Two", "Two Ltd", "", "")]
    db.close()
