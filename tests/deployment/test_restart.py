"""What heals by itself: PostgreSQL restarted under a running wizard; and gunicorn's --preload."""

import time
from pathlib import Path

import psycopg
import pytest

from tests.helpers import postgres
from tests.helpers.processes import Installation, Reader, free_port
from tests.helpers.world import wait_until
from wizard.holding import lock_key
from wizard.work.recovery import lock_name

pytestmark = pytest.mark.full
ANA = "ana@demo.example"


def test_preloaded_web_processes_enqueue_and_the_worker_does_it(installation: Installation) -> None:
    port = free_port()
    with installation.gunicorn(port, "-w", "2", "--preload"), installation.worker():
        ana = Reader(port, ANA)
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
        where = ana.submit(address, "Delete ").where.partition("#")[0]
        wait_until(lambda: "6 services deleted" in ana.get(where).text)


def test_a_restart_of_postgresql_is_survived_by_web_and_worker(tmp_path: Path) -> None:
    postgres.require()
    with postgres.Server() as server:
        postgres.create_database(server.address, "kb")
        installed = Installation(tmp_path, f"{server.address}/kb", deletion_seconds=1)
        installed.done("demo")
        port = free_port()
        with installed.gunicorn(port, "-w", "2"), installed.worker():
            ana = Reader(port, ANA)
            address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
            where = ana.submit(address, "Delete ").where.partition("#")[0]
            wait_until(lambda: "1 of 6 done" in ana.get(where).text)
            server.stop()
            away = ana.get(where)
            assert away.status == 503 and "cannot reach its records" in away.text, away
            time.sleep(9)  # longer than a provider is asked again, and than one look after the worker's name
            server.start()
            wait_until(lambda: "6 services deleted" in ana.get(where).text)
            with psycopg.connect(f"{server.address}/kb") as connection:
                held = postgres.HOLDERS.format(key=lock_key(lock_name("worker-1")))
                wait_until(lambda: connection.execute(held).fetchone())
            assert installed.run("worker").returncode == 2, "its name is held again"
        assert len(installed.effects()) == len(set(installed.effects())) == 6
