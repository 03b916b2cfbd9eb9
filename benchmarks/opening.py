"""Server time of a page: the whole GET through the app, without a network; and the database's plan for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from wizard.db import Database

_WARM = 3


@dataclass(frozen=True, slots=True)
class Opened:
    seconds: list[float]
    processor: list[float]
    """Seconds of processor time of these: on a machine with other work they say more."""
    size: int
    """Bytes of the page."""


def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in(lambda method, path, body="": _send(client, method, path, body))
    return client


def open_pages(client: FlaskClient, paths: list[str], rounds: int) -> dict[str, Opened]:
    """Each in every round, after some that are not timed."""
    found = {path: Opened([], [], len(_send(client, "GET", path))) for path in paths}
    for number in range(_WARM + rounds):
        for path in paths:
            began, worked = time.perf_counter(), time.thread_time()
            _send(client, "GET", path)
            if number >= _WARM:
                found[path].seconds.append(time.perf_counter() - began)
                found[path].processor.append(time.thread_time() - worked)
    return found


def plans(db: Database, deed: Callable[[], object], table: str) -> list[str]:
    """How the database finds what `deed` asks of a table, one line for each part of a plan."""
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if table in statement and statement.startswith("SELECT"):
            asked[statement] = parameters

    event.listen(db.engine, "before_cursor_execute", note)
    deed()
    event.remove(db.engine, "before_cursor_execute", note)
    explain = "explain query plan " if db.is_sqlite else "explain "
    with db.engine.connect() as connection:
        rows = [connection.exec_driver_sql(explain + one, given).all() for one, given in asked.items()]
    return [str(row[-1]) for found in rows for row in found]


def _send(client: FlaskClient, method: str, path: str, body: str = "") -> str:
    answer = client.open(path, method=method, data=body, content_type="application/x-www-form-urlencoded")
    if answer.status_code >= 400:
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text[:200]}")
    return answer.text
