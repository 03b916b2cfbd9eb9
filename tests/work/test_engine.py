"""What the workflow engine and the database must be told, or they lose or block: each has bitten once."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from dbos import DBOS, DBOSPortableJSONSerializer
from sqlalchemy import event, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from tests.helpers import postgres
from tests.helpers.world import World, wait_until
from tests.work.test_workflows import begin_deletion, ended
from wizard import holding
from wizard.db import Database
from wizard.holding import Held, lock_key
from wizard.records.deletions import Deletion
from wizard.work import delete_services
from wizard.work.queue import VERSION, client


def listed(list_workflows: Callable[..., list]) -> list:
    """What the engine knows. It is asked from a thread of its own: the browser of other tests leaves a loop in ours,
    in which it does not answer."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(list_workflows, load_input=False).result()


def test_versions_are_ours_and_not_a_hash_of_the_source(world: World) -> None:
    deletion = begin_deletion(world, "VA1FERNWEB01")
    with client(world.db) as engine:
        (waiting,) = listed(engine.list_workflows)
        assert waiting.app_version is None, "whichever program is there when it begins may begin it"
    with world.worker("a-name"):
        wait_until(lambda: ended(world, deletion))
        assert DBOS.application_version == VERSION and len(VERSION) < 10
        wait_until(lambda: not any(one.status != "SUCCESS" for one in listed(DBOS.list_workflows)))
        (done,) = listed(DBOS.list_workflows)
        assert (done.app_version, done.executor_id) == (VERSION, "a-name")


def test_what_is_stored_for_the_engine_is_portable_json_without_anything_but_ids(any_world: World) -> None:
    deletion = begin_deletion(any_world, "VA1FERNWEB01")
    schema = "" if any_world.db.is_sqlite else "dbos."
    with any_world.db.engine.connect() as connection:
        found = connection.execute(text(f"select * from {schema}workflow_status")).mappings().one()
        inputs = found["inputs"] or connection.scalar(text(f"select inputs from {schema}workflow_input"))
    assert found["serialization"] == DBOSPortableJSONSerializer().name() == "portable_json"
    assert deletion in inputs and len(inputs) < 100


def test_each_connection_to_sqlite_keeps_what_was_committed(world: World) -> None:
    """Ours, and the engine's own for the same file."""
    seen: list[tuple[str, int, int]] = []

    def look(raw: Any, *_others: Any) -> None:
        asked = [
            raw.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
        seen.append(tuple(asked))

    event.listen(Engine, "checkout", look)
    try:
        with world.worker():
            deletion = begin_deletion(world, "VA1FERNWEB01")
            wait_until(lambda: ended(world, deletion))
    finally:
        event.remove(Engine, "checkout", look)
    assert {(mode, sync, wait) for mode, sync, wait in seen} == {("wal", 2, 30000)}, set(seen)


def test_enqueuing_inside_a_transaction_that_has_written_waits_for_nobody(any_world: World) -> None:
    with any_world.db.write() as session:
        session.execute(text("update login set name = 'Ana' where email = 'ana@demo.example'"))
        deletion = Deletion(id="dl_x", handed=0)
        any_world.means.queue.delete_services(session, deletion)
    with client(any_world.db) as engine:
        assert [one.workflow_id for one in engine.list_workflows(load_input=False)] == ["dl_x-1"]


def test_a_web_process_runs_no_part_of_the_engine(world: World) -> None:
    before = set(threading.enumerate())
    assert world.visit("ana@demo.example").get("/account/").status_code == 200
    begin_deletion(world, "VA1FERNWEB01")
    assert set(threading.enumerate()) <= before


def test_eight_threads_that_need_three_connections_each_do_not_wait_for_each_other(any_db: Database) -> None:
    ready = threading.Barrier(8)

    def reads_within_reads(_number: int) -> int:
        with ExitStack() as open_sessions:
            for _ in range(3):
                session = open_sessions.enter_context(any_db.read())
                session.execute(select(1))
                ready.wait(20)
            return 3

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(reads_within_reads, range(8))) == 24


def test_a_name_is_held_by_one_and_free_again_after_it(any_db: Database) -> None:
    with (
        any_db.hold("a-name", wait=False),
        any_db.hold("another", wait=False),
        pytest.raises(Held, match="a-name"),
        any_db.hold("a-name", wait=False),
    ):
        pass
    with any_db.hold("a-name", wait=False):
        pass


HOLDERS = postgres.HOLDERS.format(key=lock_key("a-name"))
END_THEM = f"select pg_terminate_backend(pid) from ({HOLDERS}) held"
ONLY_POSTGRES = pytest.mark.parametrize("any_db", [pytest.param("postgres", marks=pytest.mark.full)], indirect=True)
"""A file's lock has no connection."""


@ONLY_POSTGRES
def test_a_name_outlives_the_connection_that_held_it(any_db: Database) -> None:
    with any_db.hold("a-name", wait=False), any_db.engine.connect() as connection:
        before = connection.scalar(text(HOLDERS))
        connection.execute(text(END_THEM))
        wait_until(lambda: connection.scalar(text(HOLDERS)) not in (None, before))


@ONLY_POSTGRES
def test_a_process_whose_name_another_has_taken_meanwhile_ends(
    any_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[tuple[int, int]] = []
    monkeypatch.setattr(holding, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(holding.os, "kill", lambda *call: ended.append(call))
    take_it = text("select pg_try_advisory_lock(:key)").bindparams(key=lock_key("a-name"))
    with any_db.hold("a-name", wait=False), any_db.engine.connect() as connection:
        while not connection.scalar(take_it):
            connection.execute(text(END_THEM))
        wait_until(lambda: ended)
    assert ended == [(os.getpid(), signal.SIGTERM)]


def test_work_that_failed_because_our_own_database_was_away_begins_again_with_the_next_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_ids: str) -> None:
        raise OperationalError("select", {}, Exception("the database is away"))

    deletion = begin_deletion(world, "VA1FERNWEB01")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(delete_services, "_next", away)
        with world.worker(), client(world.db) as engine:
            wait_until(lambda: engine.list_workflows(status="ERROR", load_input=False))
    assert not ended(world, deletion)
    with world.worker():
        wait_until(lambda: ended(world, deletion))
    assert world.effects() == [("delete service", "VA1FERNWEB01", 1)]
