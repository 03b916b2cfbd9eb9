"""`wizard serve` as a process: start, work, Ctrl-C, and kill -9 in the middle of a deletion."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.helpers.shared import ROOT
from tests.helpers.world import wait_until
from wizard.demo import PASSWORD


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serving(folder: Path, port: int, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """`wizard serve --demo` on our own articles, with its data in `folder`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard", "serve", "--demo", "--port", str(port), "--config", str(ROOT / "wizard.toml")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=os.environ | {"WIZARD_DATA": str(folder / "data"), "WIZARD_OUT": str(folder / "site")} | environ,
    )
    try:
        wait_until(lambda: answers(port) or process.poll() is not None)
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def answers(port: int) -> bool:
    try:
        build_opener().open(f"http://127.0.0.1:{port}/", timeout=2).close()
    except OSError:
        return False
    return True


class Reader:
    """Signs in and sends forms over real HTTP, with a cookie jar and no JavaScript."""

    def __init__(self, port: int, email: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.submit("/sign-in/", "Sign in", email=email, password=PASSWORD)

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """(address in the end, text)"""
        data = urlencode(form).encode() if form is not None else None
        with self.opener.open(self.base + path, data, timeout=10) as answer:
            return answer.geturl().removeprefix(self.base), answer.read().decode()

    def submit(self, path: str, button: str, **form: str) -> tuple[str, str]:
        text = self.get(path)[1]
        for found in re.finditer(r'<form method="post"(?: action="([^"]+)")?.*?</form>', text, re.DOTALL):
            if button in found[0] and "Sign out" not in found[0]:
                hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0]))
                return self.get((found[1] or path).replace("&amp;", "&"), hidden | form)
        raise AssertionError(f"no {button!r} at {path}")


def effects(folder: Path) -> list[str]:
    """The provider's log, a line for each thing done."""
    result = subprocess.run(
        [sys.executable, "-m", "wizard", "demo", "--log", "--config", str(ROOT / "wizard.toml")],
        capture_output=True,
        text=True,
        env=os.environ | {"WIZARD_DATA": str(folder / "data")},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_a_kill_in_the_middle_of_a_deletion_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port, WIZARD_PROVIDER_DELETION_SECONDS="0.7") as process:
        ana = Reader(port, "ana@demo.example")
        account = re.search(r'href="/account/(ac_\w+)/">Fernhill', ana.get("/account/")[1])
        assert account
        address = f"/account/{account[1]}/delete-services/?view=check&all=1"
        where, _ = ana.submit(address, "Delete 6 services")
        where = where.partition("#")[0]
        wait_until(lambda: "2 of 6 done" in ana.get(where)[1])
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with serving(tmp_path, port, WIZARD_PROVIDER_DELETION_SECONDS="0.7"):
        wait_until(lambda: "6 services deleted" in ana.get(where)[1], seconds=30)
    log = effects(tmp_path)
    assert len(log) == 6 and len({line.split("  ")[2] for line in log}) == 6, log


@pytest.mark.full
def test_it_tells_all_that_one_needs_and_ctrl_c_in_a_deletion_ends_it_cleanly_until_the_next_start(
    tmp_path: Path,
) -> None:
    port = free_port()
    with serving(tmp_path, port, WIZARD_PROVIDER_DELETION_SECONDS="1") as process:
        ana = Reader(port, "ana@demo.example")
        account = re.search(r'href="/account/(ac_\w+)/">Fernhill', ana.get("/account/")[1])
        assert account
        where, _ = ana.submit(f"/account/{account[1]}/delete-services/?view=check&all=1", "Delete 6 services")
        where = where.partition("#")[0]
        wait_until(lambda: "1 of 6 done" in ana.get(where)[1])
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=15)
        assert process.returncode == 0 and "Traceback" not in said, said
        told = [f"http://127.0.0.1:{port}/", f"process {process.pid}", str(tmp_path / "data")]
        for words in [*told, "ana@demo.example", "vik@demo.example", "rae@demo.example"]:
            assert words in said
    with serving(tmp_path, port, WIZARD_PROVIDER_DELETION_SECONDS="0"):
        wait_until(lambda: "6 services deleted" in ana.get(where)[1], seconds=30)
    assert len(effects(tmp_path)) == 6


@pytest.mark.full
def test_links_in_mails_lead_to_where_it_listens(tmp_path: Path) -> None:
    port, outbox = free_port(), tmp_path / "data" / "outbox"
    with serving(tmp_path, port):
        ana = Reader(port, "ana@demo.example")
        account = re.search(r'href="/account/(ac_\w+)/">Fernhill', ana.get("/account/")[1])
        assert account
        address = f"/account/{account[1]}/request-closure/"
        scope = re.search(r'name="scope"[^>]*value="([^"]+)"', ana.get(address)[1])
        assert scope
        receipt, _ = ana.submit(f"{address}?view=check&scope={scope[1]}&when=immediate", "Send closure request")
        wait_until(lambda: list(outbox.glob("*.eml")))
    (file,) = outbox.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert f"<http://127.0.0.1:{port}{receipt}>" in message.get_body(("plain",)).get_content()


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with serving(tmp_path, taken.getsockname()[1]) as process:
            said, _ = process.communicate(timeout=20)
    assert process.returncode == 2 and "choose another with --port" in said and "Traceback" not in said
