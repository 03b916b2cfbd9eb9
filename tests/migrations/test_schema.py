"""Code and schema agree, and every database comes up to date: old ones, those of several processes, never a newer one."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from tests.helpers import postgres
from wizard.db import Base, Database
from wizard.errors import SetupError
from wizard.migrations import alembic_config, migrate, require_current


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def empty_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        db = Database(f"sqlite:///{tmp_path / 'wizard.db'}")
        yield db
        db.close()
        return
    address, name = request.getfixturevalue("postgres_template"), f"schema_{abs(hash(request.node.nodeid))}"
    postgres.create_database(address, name)
    db = Database(f"{address}/{name}".replace("postgresql:", "postgresql+psycopg:"))
    yield db
    db.close()
    postgres.drop_database(address, name)


def to_revision(db: Database, revision: str) -> None:
    """Ours alone, as an older program left it."""
    with db.engine.execution_options(writes=True).begin() as connection:
        alembic = alembic_config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, revision)


def ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or name in Base.metadata.tables


def test_the_migrations_make_what_the_code_describes(any_db: Database) -> None:
    with any_db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_constraints_have_the_names_that_the_code_gives_them(any_db: Database) -> None:
    found = inspect(any_db.engine)
    for table in Base.metadata.tables.values():
        there = {one["name"] for one in found.get_unique_constraints(table.name)}
        there |= {one["name"] for one in found.get_foreign_keys(table.name)}
        there |= {one["name"] for one in found.get_indexes(table.name)}
        named = {one.name for one in (*table.constraints, *table.indexes) if not str(one.name).startswith("pk_")}
        assert named <= there, table.name


def test_a_database_of_the_first_revision_comes_up_to_date_and_keeps_its_rows(empty_db: Database) -> None:
    to_revision(empty_db, "0001")
    with empty_db.engine.execution_options(writes=True).begin() as connection:
        for statement in FIRST_ROWS.split(";"):
            connection.execute(text(statement))
    migrate(empty_db)
    require_current(empty_db)
    with empty_db.engine.connect() as connection:
        assert connection.scalar(text("select email from login")) == "ana@demo.example"
        assert connection.scalar(text("select count(*) from membership")) == 1
        assert connection.scalar(text("select content_hash from declaration_chain")) == "abc"
        assert connection.execute(text("select holder, email from embedded_account")).one() == ("Old", "")
        handed = connection.execute(text("select id, handed from deletion order by id")).all()
        assert handed == [("dl_1", 0), ("dl_2", 2)], "the closure's own begins again within the closing"
        assert connection.scalar(text("select name from deletion_item")) == "One"
        if empty_db.is_sqlite:
            assert not connection.execute(text("pragma foreign_key_check")).all()
            assert connection.scalar(text("pragma foreign_keys")) == 1


FIRST_ROWS = """
insert into login (id, email, name, password_hash, created_at)
    values ('lg_1', 'ana@demo.example', 'Ana Ruiz', 'hash', '2026-11-21 12:00:00');
insert into membership (login_id, account_id, role) values ('lg_1', 'ac_1', 'viewer');
insert into declaration_chain (sequence, previous_hash, content_hash) values (1, '0', 'abc');
insert into embedded_account (id, name, alias, currency, timezone) values ('ac_1', 'Old', 'OLDE', 'USD', 'UTC');
insert into embedded_contract (id, account_id, name, is_account) values ('ct_1', 'ac_1', 'The whole account', true);
insert into closure_request (id, reference, declaration, account_id, account_name, timezone, contract_id,
    contract_name, login_id, idempotency_key, timing, received_at, charges_end, charges_end_at_the_latest, review_due,
    state, attempt) values ('cr_1', 'AAAA', 1, 'ac_1', 'Old', 'UTC', 'ct_1', 'The whole account', 'lg_1', 'k',
    'immediate', '2026-11-21 12:00:00', '2026-11-21 12:00:00', false, '2026-11-23 12:00:00', 'closing', 3);
insert into closure_event (id, closure_id, state, at) values (1, 'cr_1', 'received', '2026-11-21 12:00:00');
insert into deletion (id, reference, account_id, account_name, timezone, login_id, closure_id, idempotency_key,
    currency, requested_at, attempt)
    values ('dl_1', 'BBBB', 'ac_1', 'Old', 'UTC', 'lg_1', 'cr_1', 'k1', 'USD', '2026-11-21 12:00:00', 1),
    ('dl_2', 'CCCC', 'ac_1', 'Old', 'UTC', 'lg_1', null, 'k2', 'USD', '2026-11-21 12:00:00', 2);
insert into deletion_item (deletion_id, service_id, position, name, place, per_month, state)
    values ('dl_1', 'sv_1', 0, 'One', 'VA1', 100, 'waiting')
"""


def _migrate_alone(url: str) -> None:
    migrate(Database(url))


@pytest.mark.full
def test_several_processes_migrate_at_once_and_again(empty_db: Database) -> None:
    processes = [
        multiprocessing.get_context("spawn").Process(target=_migrate_alone, args=(empty_db.url,)) for _ in "abc"
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    migrate(empty_db)
    require_current(empty_db)


def test_a_newer_schema_is_refused_with_what_to_do(any_db: Database) -> None:
    with any_db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    for call in (migrate, require_current):
        with pytest.raises(SetupError, match="9999, which this program does not know: a newer one"):
            call(any_db)


def test_a_web_process_does_not_start_without_the_tables_of_the_engine(empty_db: Database) -> None:
    to_revision(empty_db, "head")
    with pytest.raises(SetupError, match=r"workflow engine are missing or old .*wizard migrate"):
        require_current(empty_db)


def test_the_tables_of_the_engine_are_left_alone(any_db: Database) -> None:
    schema = None if any_db.is_sqlite else "dbos"
    before = set(inspect(any_db.engine).get_table_names(schema))
    assert "workflow_status" in before
    migrate(any_db)
    assert set(inspect(any_db.engine).get_table_names(schema)) == before
