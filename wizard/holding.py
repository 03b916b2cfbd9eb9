"""A name that one process at a time may hold, across transactions: a file's lock, or PostgreSQL's."""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from wizard.errors import SetupError

_LOOK_SECONDS, _ASK_SECONDS = 2.0, 0.2
_LOOKS = 5
"""So often is a lost lock found held before that is believed: the server may notice late that our old
connection is gone."""


class Held(SetupError):
    """Another process holds the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"another process already runs as {name!r} on this database.")


@contextmanager
def hold_file(file: Path, name: str, wait: bool) -> Iterator[None]:
    """Raises Held at once if `wait` is false and another process holds it. A kill lets go."""
    with open(file, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Held(name) from None
        yield


@contextmanager
def hold_advisory(engine: Engine, name: str, wait: bool) -> Iterator[None]:
    """The same on PostgreSQL. The lock lives as long as its connection, and a restart of the server
    ends that: so it is looked after, and taken again."""
    held = _Advisory(engine, name)
    while not held.take():
        if not wait:
            raise Held(name)
        time.sleep(_ASK_SECONDS)
    leave = threading.Event()
    thread = threading.Thread(target=held.look_after, args=(leave,), name=f"hold-{name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leave.set()
        thread.join()
        held.let_go()


def lock_key(name: str) -> int:
    """64 bits: nobody finds a second name with the same key."""
    return int.from_bytes(blake2b(f"kb-wizard {name}".encode(), digest_size=8).digest(), signed=True)


class _Advisory:
    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name, self._key = engine, name, {"key": lock_key(name)}
        self._connection: Connection | None = None
        """None while the lock is not ours."""
        self._held_by_another = 0

    def take(self) -> bool:
        """Asks and does not wait: a statement that waits for a lock holds up `create index concurrently`
        in the process that has it, and so the two would wait for each other."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT", writes=True)
        taken = bool(connection.scalar(text("select pg_try_advisory_lock(:key)"), self._key))
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def look_after(self, leave: threading.Event) -> None:
        while not leave.wait(_LOOK_SECONDS):
            try:
                if self._connection is None:
                    self._take_again()
                else:
                    self._connection.execute(text("select 1"))
            except Exception:  # whatever it is, and the driver's own errors come here bare
                self._drop()  # the next look tries to have it again

    def _take_again(self) -> None:
        if self.take():
            self._held_by_another = 0
            return
        self._held_by_another += 1
        if self._held_by_another == _LOOKS:
            logging.getLogger(__name__).error(
                "while the database was away another process has begun to run as %r; this one ends.", self._name
            )
            os.kill(os.getpid(), signal.SIGTERM)

    def let_go(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute(text("select pg_advisory_unlock(:key)"), self._key)
            self._connection.close()
        except DBAPIError:
            self._drop()  # the lock is gone with the connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
