"""`wizard serve` as a process: start, work, Ctrl-C, and kill -9 in the middle of a deletion."""

import re
import signal
import socket
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.helpers.processes import Installation, Reader, free_port
from tests.helpers.world import wait_until


@pytest.mark.full
def test_a_kill_in_the_middle_of_a_deletion_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    port, installed = free_port(), Installation(tmp_path, deletion_seconds=0.7)
    with installed.serve(port, "--demo") as process:
        ana = Reader(port, "ana@demo.example")
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
        where = ana.submit(address, "Delete 6 services").where.partition("#")[0]
        wait_until(lambda: "2 of 6 done" in ana.get(where).text)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with installed.serve(port):
        wait_until(lambda: "6 services deleted" in ana.get(where).text)
    log = installed.effects()
    assert len(log) == 6 and len(set(log)) == 6, log


@pytest.mark.full
def test_it_tells_all_that_one_needs_and_ctrl_c_in_a_deletion_ends_it_cleanly_until_the_next_start(
    tmp_path: Path,
) -> None:
    port, installed = free_port(), Installation(tmp_path, deletion_seconds=1)
    with installed.serve(port, "--demo") as process:
        ana = Reader(port, "ana@demo.example")
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
        where = ana.submit(address, "Delete 6 services").where.partition("#")[0]
        wait_until(lambda: "1 of 6 done" in ana.get(where).text)
        process.send_signal(signal.SIGINT)
        said = process.ended()
        assert process.returncode == 0 and "Traceback" not in said, said
        told = [f"http://127.0.0.1:{port}/", f"process {process.pid}", str(tmp_path / "data")]
        for words in [*told, "ana@demo.example", "vik@demo.example", "rae@demo.example"]:
            assert words in said
    installed.deletion_seconds = 0
    with installed.serve(port):
        wait_until(lambda: "6 services deleted" in ana.get(where).text)
    assert len(installed.effects()) == 6


@pytest.mark.full
def test_links_in_mails_lead_to_where_it_listens(tmp_path: Path) -> None:
    port, installed = free_port(), Installation(tmp_path)
    outbox = tmp_path / "data" / "outbox"
    with installed.serve(port, "--demo"):
        ana = Reader(port, "ana@demo.example")
        address = f"/account/{ana.account('Fernhill')}/request-closure/"
        scope = re.search(r'name="scope"[^>]*value="([^"]+)"', ana.get(address).text)
        assert scope
        check = f"{address}?view=check&scope={scope[1]}&when=immediate"
        receipt = ana.submit(check, "Send closure request").where
        wait_until(lambda: list(outbox.glob("*.eml")))
    (file,) = outbox.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert f"<http://127.0.0.1:{port}{receipt}>" in message.get_body(("plain",)).get_content()


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with Installation(tmp_path).serve(taken.getsockname()[1]) as process:
            said = process.ended()
    assert process.returncode == 2 and "choose another with --port" in said and "Traceback" not in said


@pytest.mark.full
def test_a_body_that_no_form_has_is_refused_before_it_is_taken_in(tmp_path: Path) -> None:
    port = free_port()
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n"
    with Installation(tmp_path).serve(port), socket.create_connection(("127.0.0.1", port), 10) as caller:
        caller.sendall(head)
        assert b" 413 " in caller.recv(100)
