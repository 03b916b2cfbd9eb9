"""kill -9, of web processes and of workers: nothing is lost, nothing is done twice."""

import threading
from http.client import HTTPException
from urllib.error import URLError

import pytest

from tests.helpers.processes import Answer, Installation, Reader, children, free_port, kill
from tests.helpers.world import wait_until

ANA = "ana@demo.example"


def sent_until_answered(reader: Reader, where: str, form: dict[str, str]) -> Answer:
    """As people do it: the page does not come, so they send it again."""
    for _ in range(15):
        try:
            answer = reader.send(where, form)
        except (URLError, HTTPException, OSError):
            continue
        if answer.status == 200:
            return answer
    raise AssertionError(f"{where} was never answered")


@pytest.mark.full
def test_what_was_confirmed_while_web_processes_and_the_worker_die_is_done_once(installation: Installation) -> None:
    port, installation.deletion_seconds = free_port(), 0.3
    with installation.gunicorn(port, "-w", "3") as web:
        ana = Reader(port, ANA)
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view="
        servers = ana.found_all(f"{address}choose", r'value="([^"]+)">\s*<label for="[^"]+">VA1FERN')
        assert len(servers) == 4
        forms = [ana.form(f"{address}check&service={server}", "Delete ") for server in servers]
        ends = threading.Event()

        def killing() -> None:
            while not ends.wait(1):
                for child in children(web.pid)[:2]:
                    kill(child)

        killer = threading.Thread(target=killing)
        with installation.worker() as first:
            killer.start()
            done = [sent_until_answered(ana, where, form) for where, form in forms[:2]]
            kill(first.pid)
        with installation.worker() as second:
            done += [sent_until_answered(ana, where, form) for where, form in forms[2:]]
            ends.set()
            killer.join()
            kill(second.pid)
        assert len({answer.where for answer in done}) == 4
        with installation.worker():
            places = {answer.where.partition("#")[0] for answer in done}
            wait_until(lambda: all("1 service deleted" in ana.get(place).text for place in places), seconds=40)
    assert len(installation.effects()) == len(set(installation.effects())) == 4


@pytest.mark.full
def test_the_work_of_a_worker_that_is_dead_is_taken_over_by_another(installation: Installation) -> None:
    port, installation.deletion_seconds = free_port(), 4
    with installation.gunicorn(port, "-w", "1"):
        ana = Reader(port, ANA)
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
        with installation.worker("worker-2") as doomed:
            where = ana.submit(address, "Delete ").where.partition("#")[0]
            wait_until(lambda: "1 of 6 done" in ana.get(where).text)
            refused = installation.run("worker", "--recover", "worker-2")
            assert refused.returncode == 2 and "worker-2 runs, and does its work itself" in refused.stderr
            kill(doomed.pid)
            doomed.wait(10)
        installation.deletion_seconds = 0
        with installation.worker("worker-1"):
            unknown = installation.run("worker", "--recover", "worker-3")
            assert unknown.returncode == 2 and "work lies with worker-2 (1)" in unknown.stderr, unknown
            left = len(installation.effects())
            assert 0 < left < 6, "it waits: nobody else takes it up by himself"
            said = installation.done("worker", "--recover", "worker-2")
            assert said.startswith("1 piece of work of worker-2 taken over"), said
            wait_until(lambda: "6 services deleted" in ana.get(where).text, seconds=40)
            assert installation.done("worker", "--recover", "worker-2").startswith("0 pieces")
    assert len(installation.effects()) == len(set(installation.effects())) == 6
