"""Builds into one folder take turns: two at once would take away what the other has written aside."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Wait until no other build writes into the folder, which is made where it is not there.

    A lock on the folder leaves no file behind, and ends with the last process of its build, however
    that ends. Raises OSError if the folder cannot be made or read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY) if fcntl else None
    try:
        if fcntl:
            with suppress(OSError):  # some network drives cannot lock
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        if lock is not None:
            os.close(lock)
