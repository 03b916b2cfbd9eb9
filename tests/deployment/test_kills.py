"""kill -9, of web processes and of workers: nothing is lost, nothing is done twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

import pytest

from tests.helpers.processes import Answer, Installation, Reader, children, free_port, kill
from tests.helpers.world import wait_until

ANA = "ana@demo.example"


def sent_until_answered(reader: Reader, where: str, form: dict[str, str]) -> Answer:
    """As people do it: the page does not come, so they send it again."""
    end = time.monotonic() + 60
    while True:
        try:
            answer = reader.send(where, form)
            assert answer.status == 200, answer
            return answer
        except (HTTPException, OSError):
            assert time.monotonic() < end, f"{where} was never answered"
            time.sleep(0.2)


def sent_through_kills(web: int, reader: Reader, where: str, form: dict[str, str]) -> str:
    """Every web process dies while it may be at it. Returns the address of what was answered."""
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(sent_until_answered, reader, where, form)
        time.sleep(0.03)
        for child in children(web):
            kill(child)
        return answer.result().where.partition("#")[0]


@pytest.mark.full
def test_what_was_confirmed_while_web_processes_and_the_worker_die_is_done_once(installation: Installation) -> None:
    port, installation.deletion_seconds = free_port(), 0.3
    with installation.gunicorn(port, "-w", "2") as web:
        ana = Reader(port, ANA)
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view="
        servers = ana.found_all(f"{address}choose", r'value="([^"]+)">\s*<label for="[^"]+">VA1FERN')
        assert len(servers) == 4
        forms = [ana.form(f"{address}check&service={server}", "Delete ") for server in servers]
        with installation.worker() as doomed:
            places = {sent_through_kills(web.pid, ana, where, form) for where, form in forms[:2]}
            kill(doomed.pid)
        places |= {sent_through_kills(web.pid, ana, where, form) for where, form in forms[2:]}
        assert len(places) == 4
        with installation.worker():
            wait_until(lambda: all("1 service deleted" in ana.get(place).text for place in places))
    assert len(installation.effects()) == len(set(installation.effects())) == 4


@pytest.mark.full
def test_the_work_of_a_worker_that_is_dead_is_taken_over_by_another(installation: Installation) -> None:
    port, installation.deletion_seconds = free_port(), 1.2  # within the worker's patience: one after the other
    with installation.gunicorn(port, "-w", "1"):
        ana = Reader(port, ANA)
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
        with installation.worker("worker-2") as doomed:
            where = ana.submit(address, "Delete ").where.partition("#")[0]
            wait_until(lambda: "1 of 6 done" in ana.get(where).text)
            kill(doomed.pid)
            doomed.wait(10)
        installation.deletion_seconds = 0
        with installation.worker("worker-1"):
            refused = installation.run("worker", "--recover", "worker-1")
            assert refused.returncode == 2 and "worker-1 runs, and does its work itself" in refused.stderr
            unknown = installation.run("worker", "--recover", "worker-3")
            assert unknown.returncode == 2 and "work lies with worker-2 (1)" in unknown.stderr, unknown
            left = len(installation.effects())
            assert 0 < left < 6, "it waits: nobody else takes it up by himself"
            said = installation.done("worker", "--recover", "worker-2")
            assert said.startswith("1 piece of work of worker-2 taken over"), said
            wait_until(lambda: "6 services deleted" in ana.get(where).text)
            assert installation.done("worker", "--recover", "worker-2").startswith("0 pieces")
    assert len(installation.effects()) == len(set(installation.effects())) == 6
