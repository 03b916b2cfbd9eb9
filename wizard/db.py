"""The database: one engine, reading and writing sessions, column types, and locks.

SQLite and PostgreSQL behave alike: a write session holds the write lock from its first
statement on SQLite (BEGIN IMMEDIATE), a read session cannot write on either.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, Session

from wizard.errors import SetupError
from wizard.holding import hold_advisory, hold_file, lock_key

_POOL = {"pool_size": 5, "max_overflow": 20}
"""Connections of a process: 5 stay open. 25 are as many as the 8 threads of `wizard serve` can ask for
at once, 3 each, so that none waits for another's."""
_ANSWER_SECONDS = 5
"""PostgreSQL that does not answer is away; a request does not wait longer."""


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite would lose the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"an instant needs its time zone: {value!r}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Whole(TypeDecorator[int]):
    """A 64-bit whole number; SQLite would store any text or fraction."""

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Any) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"a whole number is needed, not {value!r}")
        return value


class Base(DeclarativeBase):
    """All tables, ours and the embedded provider's, in one metadata."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcInstant, int: Whole}


class Database:
    """url: as SQLAlchemy takes it. The tables are made by `wizard.migrations`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.file = Path(url.removeprefix("sqlite:///"))
            try:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                if not self.file.exists():
                    self.file.touch(mode=0o600)  # for us only, and SQLite's files beside it follow
            except OSError as error:
                raise SetupError(f"{self.file.parent}: cannot be a folder for the data ({error.strerror}).") from error
        self.engine = _engine(url, self.is_sqlite)
        self._writing = self.engine.execution_options(writes=True)

    @property
    def shown(self) -> str:
        """Its address as people may see it: no password, wherever that stands."""
        url = self.engine.url.set(drivername=self.engine.dialect.name, query={})
        return url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment and cannot write."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: commits at the end, rolls back on an exception.

        On SQLite one writer at a time; on PostgreSQL lock what must not change meanwhile
        (`with_for_update`, `lock`).
        """
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def lock(self, session: Session, name: str) -> None:
        """Hold `name` against every other write session until this one ends."""
        if not self.is_sqlite:
            session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": lock_key(name)})

    def hold(self, name: str, wait: bool = True) -> AbstractContextManager[None]:
        """Hold `name` against every other process, across transactions.

        Raises Held at once if `wait` is false and another process holds it.
        """
        if self.is_sqlite:
            return hold_file(Path(f"{self.file}.{name}.lock"), name, wait)
        return hold_advisory(self.engine, name, wait)

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str, is_sqlite: bool) -> Engine:
    """hide_parameters: an error must not carry what was stored, such as a hash, into a log."""
    if not is_sqlite:
        engine = _postgres(url)

        @event.listens_for(engine, "begin")
        def begin_postgres(connection: Any) -> None:
            if not connection.get_execution_options().get("writes"):
                connection.exec_driver_sql("set transaction isolation level repeatable read, read only")

        return engine

    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True, **_POOL)

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we begin by ourselves, see begin_sqlite
        raw.execute("pragma journal_mode = wal")
        raw.execute("pragma synchronous = full")
        raw.execute("pragma foreign_keys = on")

    @event.listens_for(engine, "begin")
    def begin_sqlite(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql(f"pragma query_only = {'off' if writes else 'on'}")
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


def _postgres(url: str) -> Engine:
    """pool_pre_ping: after a restart of the server, what was open is opened anew."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:  # what they say may hold a part of the password
        raise SetupError(
            "database_url cannot be read (write postgresql://user:password@host:5432/name; in the password, "
            "% / ? # @ are written %25 %2F %3F %23 %40)."
        ) from error
    if not parts.database:
        raise SetupError("database_url names no database (write postgresql://user@host/name).")
    waits = {} if "connect_timeout" in parts.query else {"connect_timeout": _ANSWER_SECONDS}
    return create_engine(parts, pool_pre_ping=True, connect_args=waits, hide_parameters=True, **_POOL)
