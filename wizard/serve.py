"""`wizard serve` and `wizard worker`: processes that run until they are told to stop."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC
from types import FrameType

from waitress.server import create_server

from wizard import demo
from wizard.actions.context import Means
from wizard.app import create_app, make_means
from wizard.config import WORKER, Config
from wizard.db import Database
from wizard.errors import SetupError
from wizard.migrations import migrate, require_current
from wizard.pages.build import build
from wizard.reloading import Reloading
from wizard.work.parts import Parts
from wizard.work.post_office import HERE, PostOffice
from wizard.work.recovery import take_over
from wizard.work.worker import worker

THREADS = 8
_LONGEST_BODY = 1024 * 1024
"""Bytes of a request that are taken in at all, so that nobody fills the disk. What the app allows is less."""


class _Stop(SystemExit):
    """Ctrl-C, or the service manager's request to end. A SystemExit, for the server's loop lets no
    other exception through."""


def serve(
    config: Config, host: str, port: int, with_demo: bool, open_config: Callable[[], Config] | None = None
) -> None:
    """Build, migrate, then serve the site and the wizard, with the worker, until told to stop.

    open_config: reads the settings anew; with it, what authors save is built and shown at once.
    Raises SetupError if it cannot start.
    """
    _log()
    means = make_means(config)
    if not open_config:
        build(config, means.clock().astimezone(UTC).date())
    migrate(means.db)
    if with_demo:
        demo.fill(means)
    app = Reloading(open_config, means) if open_config else create_app(config, means)
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            max_request_body_size=_LONGEST_BODY,
            ident=None,
            clear_untrusted_proxy_headers=not config.proxies,
        )
    except OSError as error:
        raise SetupError(
            f"port {port} on {host} cannot be used: {error.strerror} (choose another with --port)."
        ) from error
    here = _address(host, port)
    with _until_stopped(), worker(_parts(means, config, here), WORKER):
        print(_greeting(config, here, with_demo), flush=True)
        stop = threading.Event()
        if isinstance(app, Reloading):
            threading.Thread(target=app.watch, args=(stop,), daemon=True).start()
        server.run()  # returns when told to stop
        stop.set()
        server.close()
    means.queue.destroy()
    means.db.close()


def work(config: Config, name: str) -> None:
    """Run the durable work alone. Raises SetupError if it cannot start."""
    _log()
    means = make_means(config)
    migrate(means.db)
    with _until_stopped(), worker(_parts(means, config, HERE), name):
        print(f"Worker {name}: process {os.getpid()}. Ctrl-C ends it.", flush=True)
        try:
            threading.Event().wait()
        except _Stop:
            pass


def recover(config: Config, name: str) -> int:
    """Hand on the work of a dead worker. Returns how many pieces. Raises SetupError if it lives."""
    db = Database(config.database)
    require_current(db)
    taken = take_over(db, name)
    db.close()
    return taken


class _until_stopped:
    """Ctrl-C and SIGTERM end what is inside by _Stop; a second one ends at once."""

    def __enter__(self) -> None:
        self._before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise _Stop(0)


def _parts(means: Means, config: Config, here: str) -> Parts:
    return Parts(means.db, means.provider, means.queue, PostOffice(config, here), means.clock)


def _address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there."""
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"


def _log() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def _greeting(config: Config, here: str, with_demo: bool) -> str:
    data = "PostgreSQL" if config.database.startswith("postgresql") else config.database.removeprefix("sqlite:///")
    lines = ["", f"  Site and wizard  {here}"]
    if with_demo:
        first, *others = demo.sign_in_lines()
        lines += [f"  Demo sign-ins    {first}", *(f"                   {line}" for line in others)]
    lines += [f"  Worker           process {os.getpid()}", f"  Data             {data}", "  Ctrl-C ends it.", ""]
    return "\n".join(lines)
