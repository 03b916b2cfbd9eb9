"""An app served by waitress, as `wizard serve` does it, inside a test."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

T = TypeVar("T")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Yields the address, without a last slash. At the end nothing of it is left open."""
    channels: dict[int, object] = {}
    server = create_server(app, map=channels, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels))
        thread.join(10)
        server.task_dispatcher.shutdown()


@contextmanager
def in_a_thread(context: AbstractContextManager[T]) -> Iterator[T]:
    """Enter and leave `context` in a thread of its own: Playwright's event loop lives in the test's,
    and the workflow engine does not start beside one."""
    entered, leave = threading.Event(), threading.Event()
    values: list[T] = []
    errors: list[Exception] = []

    def hold() -> None:
        try:
            with context as value:
                values.append(value)
                entered.set()
                leave.wait()
        except Exception as error:  # raised again where it is waited for
            errors.append(error)
        entered.set()

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait()
    try:
        if values:
            yield values[0]
    finally:
        leave.set()
        thread.join(20)
        for error in errors:
            raise error
