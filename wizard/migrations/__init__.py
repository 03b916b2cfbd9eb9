"""The schema of all that is stored: ours by Alembic, the engine's by its own migrations.

May import: the ground, `providers` and `records` (their tables).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from dbos import DBOS, DBOSClient
from dbos import error as engine_errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from wizard.db import Database
from wizard.errors import SetupError


def migrate(db: Database) -> None:
    """Bring the schema up to date. Several processes may call it at once: one does it.

    Raises SetupError if the database does not answer, does not let us, or is newer than this program.
    """
    with _answering(db), db.hold("migrate"):
        writing = db.engine.execution_options(writes=True)
        with writing.connect() as connection, _tables_may_be_made_anew(connection), connection.begin():
            _refuse_newer(_found(connection))
            alembic = alembic_config()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, "head")
        DBOS.migrate(db.url)


def require_current(db: Database) -> None:
    """Raises SetupError if the schema, ours or the engine's, is older or newer than this program."""
    with _answering(db), db.engine.connect() as connection:
        found = _found(connection)
    _refuse_newer(found)
    wanted = _scripts().get_current_head()
    if found != wanted:
        raise SetupError(
            f"the database's schema is {found or 'empty'}, this program needs {wanted} (run `wizard migrate`)."
        )
    engine = DBOSClient(system_database_url=db.url, lazy=True)
    try:
        engine._sys_db.verify_migrations()  # it has no public way to ask
    except engine_errors.DBOSInitializationError as error:
        raise SetupError(
            "the tables of the workflow engine are missing or old in the database (run `wizard migrate`)."
        ) from error
    finally:
        engine.destroy()


def alembic_config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


@contextmanager
def _tables_may_be_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes a column by making its table anew, which rows of other tables that name its rows
    would forbid; so they are not looked at meanwhile (https://www.sqlite.org/lang_altertable.html#otheralter)."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    raw.execute("pragma foreign_keys = off")
    try:
        yield
    finally:
        raw.execute("pragma foreign_keys = on")


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is not None and found not in known:
        raise SetupError(
            f"the database's schema is {found}, which this program does not know: a newer one has changed it "
            "(install that one, or restore the backup from before the upgrade)."
        )


@contextmanager
def _answering(db: Database) -> Iterator[None]:
    """A database that cannot be reached, or does not let us, is a matter of settings."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        name = db.shown
        said = " ".join(str(error.orig).split())
        if _is_refusal(error):
            raise SetupError(
                f"the database {name} refuses: {said} (make the wizard's role the owner of the database)."
            ) from error
        if isinstance(error, OperationalError) or not _sqlstate(error):
            raise SetupError(f"the database {name} does not answer: {said}") from error
        raise


def _is_refusal(error: DBAPIError) -> bool:
    return _sqlstate(error) == "42501"


def _sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's own code of the error; None where it was never reached, and on SQLite."""
    return getattr(error.orig, "sqlstate", None)
