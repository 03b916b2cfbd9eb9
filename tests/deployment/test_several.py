"""Several web processes and people at once: what two confirm is done once, and both hear the truth."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.helpers.processes import Answer, Installation, Reader, free_port
from tests.helpers.world import wait_until

ANA, LOU, RAE = "ana@demo.example", "lou@demo.example", "rae@demo.example"
CLOSE = "Send closure request"


def at_once(*deeds: Callable[[], Answer]) -> list[Answer]:
    start = Barrier(len(deeds))

    def do(deed: Callable[[], Answer]) -> Answer:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


@pytest.mark.full
def test_two_people_confirm_one_deletion_at_once_and_it_is_done_once(installation: Installation) -> None:
    port = free_port()
    with installation.gunicorn(port, "-w", "2"):
        ana, lou = Reader(port, ANA), Reader(port, LOU)
        address = f"/account/{ana.account('Larkspur')}/delete-services/?view=check&all=1"
        (where, hers), (_, his) = ana.form(address, "Delete "), lou.form(address, "Delete ")
        same = hers | {"csrf_token": his["csrf_token"]}
        answers = at_once(
            lambda: ana.send(where, hers),
            lambda: lou.send(where, his),
            lambda: lou.send(where, same),
            lambda: ana.send(where, hers),
        )
        done = {answer.where.partition("#")[0] for answer in answers if answer.status == 200}
        refused = [answer for answer in answers if answer.status != 200]
        assert len(done) == 1, "one deletion, whoever came first"
        assert {answer.status for answer in refused} == {409}
        assert all("is being deleted already" in answer.text for answer in refused)
        with installation.worker():
            wait_until(lambda: "services deleted" in ana.get(min(done)).text)
    log = installation.effects()
    assert log and len(log) == len(set(log)), log
    assert all(" asked 1x" in line for line in installation.done("demo", "--log").splitlines())


@pytest.mark.full
def test_two_people_declare_one_closure_at_once_and_hold_one_receipt(installation: Installation) -> None:
    port = free_port()
    with installation.gunicorn(port, "-w", "4"), installation.worker():
        ana, lou = Reader(port, ANA), Reader(port, LOU)
        account = ana.account("Larkspur")
        scope = ana.found(f"/account/{account}/request-closure/", 'name="scope" value="([^"]+)"')
        address = f"/account/{account}/request-closure/?view=check&scope={scope}&when=immediate"
        (where, hers), (_, his) = ana.form(address, CLOSE), lou.form(address, CLOSE)
        answers = at_once(*[lambda: ana.send(where, hers), lambda: lou.send(where, his)] * 3)
        assert {answer.status for answer in answers} == {200}
        assert len({answer.where.partition("#")[0] for answer in answers}) == 1, "one receipt"
        rae = Reader(port, RAE)
        assert rae.get("/staff/").text.count("/staff/requests/") == 1
        wait_until(installation.effects)
    assert len(installation.effects()) == 1, "the provider was told once when charges end"


@pytest.mark.full
def test_two_reviewers_decide_at_once_and_one_of_them_hears_that_it_is_decided(installation: Installation) -> None:
    port = free_port()
    with installation.gunicorn(port, "-w", "4"), installation.worker():
        ana = Reader(port, ANA)
        account = ana.account("Larkspur")
        scope = ana.found(f"/account/{account}/request-closure/", 'name="scope" value="([^"]+)"')
        ana.submit(f"/account/{account}/request-closure/?view=check&scope={scope}&when=immediate", CLOSE)
        one, two = Reader(port, RAE), Reader(port, RAE)
        request = one.found("/staff/", "(/staff/requests/[^/]+/)")
        (where, hers), (_, his) = one.form(request, "Approve"), two.form(request, "Approve")
        approve, decline = {"decision": "approve"}, {"decision": "decline", "reason": "It is not authentic."}
        answers = at_once(lambda: one.send(where, hers | approve), lambda: two.send(where, his | decline))
        assert sorted(answer.status for answer in answers) == [200, 409]
        (late,) = [answer for answer in answers if answer.status == 409]
        assert "This request is already" in late.text and "Nothing was done twice" in late.text
