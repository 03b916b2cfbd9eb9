"""`wizard serve --reload`: what an author saves is on the reader's screen at once, and so is what is wrong with it.

Watches articles, theme and settings (never Python), builds what changed, and tells the pages that are open.
Stands around the app: what is served without it stays as it is.
"""

import io
import json
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from time import monotonic
from typing import Any

from wizard.actions.context import Means
from wizard.app import create_app
from wizard.config import Config
from wizard.content.scan import scan
from wizard.errors import SetupError
from wizard.pages.build import build
from wizard.pages.memory import Past, stamps

_log = logging.getLogger(__name__)
_AT = "/-/reload/"
_FILES = {"reload.js": "text/javascript; charset=utf-8", "reload.css": "text/css; charset=utf-8"}
_PLACE = b"</head>"
_TAGS = (
    f'<link rel="stylesheet" href="{_AT}reload.css"><script defer src="{_AT}reload.js" data-version="%d"></script>'
).encode()
_INTERVAL = 0.1
"""Seconds between two looks; where a look takes long, ten times that."""
_PATIENCE = 8.0
"""Seconds for which a page that asks is kept waiting for something new."""
_WAITING = 3
"""Pages that may wait at once: each holds one of the server's threads."""


class Reloading:
    """A WSGI app."""

    def __init__(self, open_config: Callable[[], Config], means: Means) -> None:
        """open_config: reads the settings, anew each time. Raises SetupError."""
        self._open, self._means = open_config, means
        self.config = open_config()
        self._past = Past(self.config)
        self._news = threading.Condition()
        self._version = 0
        self._lines: list[str] = []
        self._waiting = threading.Semaphore(_WAITING)
        self._settings = self._stamps_of_settings()
        self._files = self._stamps_of_articles()
        self._app: Any = None
        self._build()

    def watch(self, stop: threading.Event) -> None:
        """Until told to stop."""
        pause = _INTERVAL
        while not stop.wait(pause):
            began = monotonic()
            try:
                self.look()
            except Exception as error:  # whatever it was, the author is to be told, and followed further
                _log.exception("a build failed")
                self._tell([f"The build failed: {error!r}. The log says where."])
            pause = max(_INTERVAL, 10 * (monotonic() - began))

    def look(self) -> bool:
        """Build if something changed since the last look. Returns whether it did."""
        settings, files = self._stamps_of_settings(), self._stamps_of_articles()
        if (settings, files) == (self._settings, self._files):
            return False
        is_all = settings != self._settings
        self._settings, self._files = settings, files
        self._build(is_all)
        return True

    def _build(self, is_all: bool = False) -> None:
        said = io.StringIO()
        try:
            if is_all:
                self.config = self._open()
                self._past = Past(self.config)
            library = build(self.config, self._today(), 1, search=False, stream=said, past=self._past).library
            if is_all or self._app is None:
                self._app = create_app(self.config, self._means, library)
            elif library:
                self._app.extensions["wizard"] = replace(self._app.extensions["wizard"], library=library)
            lines = said.getvalue().splitlines()[:-1]
        except SetupError as error:
            if self._app is None:
                raise
            lines = str(error).splitlines()
        self._tell(lines)

    def _tell(self, lines: list[str]) -> None:
        with self._news:
            self._version, self._lines = self._version + 1, lines
            self._news.notify_all()

    def _today(self) -> date:
        return self._means.clock().astimezone(UTC).date()

    def _stamps_of_settings(self) -> list[object]:
        config = self.config
        paths = [*sorted(config.folder.glob("*.toml")), config.theme, config.logo]
        return [stamp for path in paths if path and path.exists() for stamp in stamps(path)]

    def _stamps_of_articles(self) -> object:
        try:
            found = scan(self.config.articles, self.config.out)
        except SetupError:
            return None
        return found.articles, found.files, found.findings

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_AT):
            return self._with_tags(environ, start_response)
        name = path.removeprefix(_AT)
        if name in _FILES:
            content, kind = (Path(__file__).parent / name).read_bytes(), _FILES[name]
        else:
            content, kind = self._state(environ.get("QUERY_STRING", "")), "application/json"
        headers = [("Content-Type", kind), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")]
        start_response("200 OK", headers)
        return [content]

    def _state(self, seen: str) -> bytes:
        """The newest state; a page that has seen it waits for the next one."""
        if seen == str(self._version) and self._waiting.acquire(blocking=False):
            try:
                with self._news:
                    self._news.wait_for(lambda: seen != str(self._version), _PATIENCE)
            finally:
                self._waiting.release()
        return json.dumps({"version": self._version, "lines": self._lines}).encode()

    def _with_tags(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        answer: list[Any] = []

        def hold(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
            answer[:] = [status, headers]

        body = self._app(environ, hold)
        status, headers = answer
        kinds = [value for name, value in headers if name.lower() == "content-type"]
        if not any(kind.startswith("text/html") for kind in kinds) or environ["REQUEST_METHOD"] == "HEAD":
            start_response(status, headers)
            return body
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        content = content.replace(_PLACE, _TAGS % self._version + _PLACE, 1)
        headers = [one for one in headers if one[0].lower() not in ("content-length", "etag", "last-modified")]
        start_response(status, [*headers, ("Content-Length", str(len(content)))])
        return [content]
