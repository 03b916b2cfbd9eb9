"""An installation of the wizard as an operator has it: real processes before one database."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.helpers.shared import ROOT
from tests.helpers.world import wait_until
from wizard.demo import PASSWORD


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answers(port: int) -> bool:
    try:
        build_opener().open(f"http://127.0.0.1:{port}/", timeout=2).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True


class Process(subprocess.Popen[str]):
    """Its output goes into a file: a pipe that nobody reads fills up, and then the process stands still."""

    def __init__(self, call: list[str], log: Path, **options: Any) -> None:
        self._log = log
        with open(log, "w") as output:
            super().__init__(call, stdout=output, stderr=subprocess.STDOUT, text=True, **options)

    @property
    def said(self) -> str:
        return self._log.read_text()

    def ended(self) -> str:
        """All that it said, once it has ended."""
        self.wait(20)
        return self.said


@dataclass
class Installation:
    """With our own articles and settings, and its data in `folder`.

    database_url: of PostgreSQL; empty: SQLite. deletion_seconds: how long the platform takes for one service.
    """

    folder: Path
    database_url: str = ""
    deletion_seconds: float = 0.0

    @property
    def environ(self) -> dict[str, str]:
        return (
            os.environ
            | {"WIZARD_DATA": str(self.folder / "data"), "WIZARD_OUT": str(self.folder / "site")}
            | {"WIZARD_PROVIDER_DELETION_SECONDS": str(self.deletion_seconds)}
            | ({"WIZARD_DATABASE_URL": self.database_url} if self.database_url else {})
        )

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """A `wizard` command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "wizard", *arguments, "--config", str(ROOT / "wizard.toml")],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environ | environ,
            timeout=120,
        )

    def done(self, *arguments: str) -> str:
        """What a `wizard` command says that must succeed."""
        result = self.run(*arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def effects(self) -> list[str]:
        """What the provider did, each with how often it was asked: `delete service VA1FERNWEB01`."""
        lines = [line.split("  ") for line in self.done("demo", "--log").splitlines() if "UTC" in line]
        return [
            " ".join(words.strip() for words in (line[1], *[word for word in line[2:] if word][:1])) for line in lines
        ]

    @contextmanager
    def serve(self, port: int, *arguments: str) -> Iterator[Process]:
        """`wizard serve`."""
        call = [sys.executable, "-m", "wizard", "serve", "--port", str(port), *arguments]
        with self._process([*call, "--config", str(ROOT / "wizard.toml")], lambda _: answers(port)) as process:
            yield process

    @contextmanager
    def gunicorn(self, port: int, *arguments: str) -> Iterator[Process]:
        """As the README says it, on a port of its own."""
        call = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--no-control-socket", *arguments]
        with self._process([*call, "wizard.app:create_app()"], lambda _: answers(port), ROOT) as process:
            yield process

    @contextmanager
    def worker(self, name: str = "worker-1") -> Iterator[Process]:
        call = [sys.executable, "-m", "wizard", "worker", "--name", name, "--config", str(ROOT / "wizard.toml")]
        with self._process(call, lambda process: process.said) as process:
            assert f"Worker {name}: process {process.pid}" in process.said, process.said
            yield process

    @contextmanager
    def _process(
        self, call: list[str], is_ready: Callable[[Process], object], folder: Path | None = None
    ) -> Iterator[Process]:
        process = Process(call, self.folder / f"{token_hex(4)}.log", cwd=folder or self.folder, env=self.environ)
        try:
            wait_until(lambda: is_ready(process) or process.poll() is not None)
            yield process
        finally:
            below = children(process.pid)
            process.kill()
            for child in below:
                kill(child)
            process.wait(10)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def kill(pid: int) -> None:
    """As the system does it when memory runs out."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    where: str
    """The address in the end, without its host."""
    text: str


class Reader:
    """Signs in and sends forms over real HTTP, with a cookie jar and no JavaScript."""

    def __init__(self, port: int, email: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        self.submit("/sign-in/", "Sign in", email=email, password=PASSWORD)

    def get(self, path: str) -> Answer:
        return self.send(path, None)

    def send(self, path: str, form: dict[str, str] | None) -> Answer:
        data = urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(self.base + path, data, timeout=60) as answer:
                return Answer(answer.status, answer.geturl().removeprefix(self.base), answer.read().decode())
        except HTTPError as error:
            with error:
                return Answer(error.code, path, error.read().decode())

    def form(self, path: str, button: str) -> tuple[str, dict[str, str]]:
        """Where the form with this button goes, and its hidden fields."""
        text = self.get(path).text
        for found in re.finditer(r'<form method="post"(?: action="([^"]+)")?.*?</form>', text, re.DOTALL):
            if button in found[0] and "Sign out" not in found[0]:
                hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0]))
                return unescape(found[1] or path), hidden
        raise AssertionError(f"no {button!r} at {path}: {text}")

    def submit(self, path: str, button: str, **form: str) -> Answer:
        where, hidden = self.form(path, button)
        return self.send(where, hidden | form)

    def found(self, path: str, pattern: str) -> str:
        """What the group of `pattern` is on the page."""
        text = self.get(path).text
        match = re.search(pattern, text)
        assert match, f"no {pattern} at {path}: {text}"
        return match[1]

    def found_all(self, path: str, pattern: str) -> list[str]:
        return re.findall(pattern, self.get(path).text)

    def account(self, name: str) -> str:
        """The id of the account whose name begins so."""
        return self.found("/account/", rf'href="/account/(ac_\w+)/">{name}')
