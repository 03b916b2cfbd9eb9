"""A PostgreSQL server for the length of the tests, in a folder of its own."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest


def require() -> None:
    """Skips the test where it is not installed."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed: `apt-get install postgresql` (Debian, Ubuntu)")


def binaries() -> Path | None:
    """The folder of initdb and postgres, of the newest version that is installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    on_path = shutil.which("initdb")
    return Path(found[-1]).parent if found else Path(on_path).parent if on_path else None


class Server:
    """On a free port, in a folder of its own; `address` is that of its databases, without a name."""

    def __init__(self) -> None:
        self._where = Path(tempfile.mkdtemp(prefix="kb-wizard-pg-", dir="/tmp"))
        self._user = _other_user(self._where)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"postgresql://kb@127.0.0.1:{self._port}"

    def __enter__(self) -> "Server":
        options = ["-U", "kb", "-A", "trust", "-E", "UTF8", "--no-sync"]
        call = [binaries() / "initdb", "-D", self._where / "data", *options]
        subprocess.run(call, check=True, capture_output=True, user=self._user, cwd=self._where)
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        shutil.rmtree(self._where, ignore_errors=True)

    def start(self) -> None:
        options = ["-p", str(self._port), "-k", self._where, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        call = [binaries() / "postgres", "-D", self._where / "data", *options]
        self._process = subprocess.Popen(call, user=self._user, cwd=self._where, stderr=subprocess.DEVNULL)
        _wait(f"{self.address}/postgres")

    def stop(self) -> None:
        """At once: who is connected is not waited for."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(20)


def create_database(address: str, name: str, template: str = "template0") -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}" template "{template}"')


def drop_database(address: str, name: str) -> None:
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)')


HOLDERS = (
    "select pid from pg_locks where locktype = 'advisory' and objsubid = 1 and granted"
    " and (classid::bigint << 32) | objid::bigint = {key}"
)
"""The backend that holds the lock of this key; the workflow engine holds locks of its own."""


def _other_user(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root: then as `postgres`, or as `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        return entry.pw_uid
    return None


def _wait(address: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
