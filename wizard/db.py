"""The database: one engine, reading and writing sessions, column types, and locks.

SQLite and PostgreSQL behave alike: a write session holds the write lock from its first
statement on SQLite (BEGIN IMMEDIATE), a read session cannot write on either.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, DateTime, Engine, Integer, MetaData, TypeDecorator, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session

from wizard.errors import SetupError


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
            except OSError as error:
                raise SetupError(f"{self.file.parent}: cannot be a folder for the data ({error.strerror}).") from error
        self.engine = _engine(url, self.is_sqlite)
        self._writing = self.engine.execution_options(writes=True)

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
            session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _lock_key(name)})

    @contextmanager
    def hold(self, name: str, wait: bool = True) -> Iterator[None]:
        """Hold `name` against every other process, across transactions.

        Raises SetupError at once if `wait` is false and another process holds it.
        """
        taken = SetupError(f"another process already runs as {name!r} on this database.")
        if self.is_sqlite:
            with open(f"{self.file}.{name}.lock", "w") as handle:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                except BlockingIOError:
                    raise taken from None
                yield
        else:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                call = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
                if connection.scalar(text(f"select {call}(:key)"), {"key": _lock_key(name)}) is False:
                    raise taken
                try:
                    yield
                finally:
                    connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _lock_key(name)})

    def close(self) -> None:
        self.engine.dispose()


def _lock_key(name: str) -> int:
    """64 bits: nobody finds a second name with the same key."""
    return int.from_bytes(blake2b(f"kb-wizard {name}".encode(), digest_size=8).digest(), signed=True)


def _engine(url: str, is_sqlite: bool) -> Engine:
    """hide_parameters: an error must not carry what was stored, such as a hash, into a log."""
    if not is_sqlite:
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)

        @event.listens_for(engine, "begin")
        def begin_postgres(connection: Any) -> None:
            if not connection.get_execution_options().get("writes"):
                connection.exec_driver_sql("set transaction isolation level repeatable read, read only")

        return engine

    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

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
