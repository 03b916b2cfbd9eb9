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
from dbos import DBOS
from sqlalchemy.exc import OperationalError

from wizard.db import Database
from wizard.errors import SetupError


def migrate(db: Database) -> None:
    """Bring the schema up to date. Several processes may call it at once: one does it."""
    with _answering(db), db.hold("migrate"):
        with db.engine.execution_options(writes=True).begin() as connection:
            alembic = _alembic()
            alembic.attributes["connection"] = connection
            command.upgrade(alembic, "head")
        DBOS.migrate(db.url)


def require_current(db: Database) -> None:
    """Raises SetupError if the schema is older or newer than this program."""
    wanted = ScriptDirectory.from_config(_alembic()).get_current_head()
    with _answering(db), db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise SetupError(
            f"the database's schema is {found or 'empty'}, this program needs {wanted} (run `wizard migrate`)."
        )


@contextmanager
def _answering(db: Database) -> Iterator[None]:
    """A database that cannot be reached is a matter of settings."""
    try:
        yield
    except OperationalError as error:
        name = db.engine.url.render_as_string(hide_password=True)
        raise SetupError(f"the database {name} does not answer: {' '.join(str(error.orig).split())}") from error


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
