"""Requests per second: the wizard and a bare Flask page on one server, in a process of their own.

`python benchmarks/serving.py DATA` is that server, on the database in DATA; it prints its port and ends with its
input.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from accounts import open_wizard, sign_in
from flask import Flask
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from wizard.app import create_app
from wizard.serve import THREADS

BARE = "/bare/"
_PAGE = "<!doctype html><title>Bare</title><p>" + "A page that is the same for everybody. " * 150


@contextmanager
def serving(data: Path) -> Iterator[int]:
    """Yields the port."""
    command = [sys.executable, __file__, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        yield int(process.stdout.readline())
        process.stdin.close()
        process.wait(20)


def signed_in(port: int) -> dict[str, str]:
    """What a browser sends along after it has signed in."""
    cookies: dict[str, str] = {}

    def send(method: str, path: str, body: str = "") -> str:
        connection = HTTPConnection("127.0.0.1", port)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        connection.request(method, path, body, headers | {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                cookies[key] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return text

    sign_in(send)
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def requests_per_second(port: int, path: str, headers: dict[str, str], clients: int, seconds: float) -> float:
    """Each client has one connection and asks again as soon as it has its answer."""
    counts, end = [0] * clients, time.perf_counter() + seconds

    def ask(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < end:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}: {body[:200]!r}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    began = time.perf_counter()
    _all(threads, threading.Thread.start)
    _all(threads, threading.Thread.join)
    return sum(counts) / (time.perf_counter() - began)


def _all(threads: list[threading.Thread], deed: Callable[[threading.Thread], None]) -> None:
    for thread in threads:
        deed(thread)


def _serve(data: Path) -> None:
    config, means = open_wizard(data)
    bare = Flask("bare")
    bare.add_url_rule("/", "page", lambda: _PAGE)
    app = DispatcherMiddleware(create_app(config, means), {BARE.rstrip("/"): bare})
    server = create_server(app, host="127.0.0.1", port=0, threads=THREADS)
    threading.Thread(target=server.run, daemon=True).start()
    print(server.effective_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
