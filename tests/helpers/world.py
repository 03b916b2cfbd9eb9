"""A world: demo accounts and logins in a database of their own, the app, and a worker to start."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property, partial
from html import unescape
from tempfile import mkdtemp

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.helpers.server import in_a_thread, served
from wizard.actions.context import Means
from wizard.app import create_app
from wizard.clock import Clock
from wizard.config import Config
from wizard.content.library import Library
from wizard.db import Database
from wizard.providers.embedded.effects import log
from wizard.providers.embedded.provider import EmbeddedProvider, Settings
from wizard.providers.embedded.tables import AccountRow, ServiceRow
from wizard.providers.values import Service, every
from wizard.records import sessions
from wizard.records.logins import find_login
from wizard.work.parts import Parts
from wizard.work.post_office import PostOffice
from wizard.work.queue import Queue
from wizard.work.worker import worker

ADMIN, VIEWER, OTHER_ADMIN, REVIEWER = (f"{name}@demo.example" for name in ("ana", "vik", "lou", "rae"))

_COMPILED = FileSystemBytecodeCache(mkdtemp(prefix="kb-wizard-templates-"))
_FREE: dict[str, list[Flask]] = {}
"""Apps that no world uses now, by their settings. To make one takes longer than most tests: its routes
and templates stay, and what it works with is each world's own."""


@dataclass
class World:
    config: Config
    library: Library
    db: Database
    clock: Clock
    deletion_seconds: float = 0.0
    _give_back: Callable[[], object] = field(default=lambda: None, repr=False)

    @cached_property
    def provider(self) -> EmbeddedProvider:
        return EmbeddedProvider(self.db, self.clock, Settings(self.deletion_seconds))

    @cached_property
    def means(self) -> Means:
        return Means(self.db, self.provider, Queue(self.db), self.clock, self.config.review_days)

    @cached_property
    def app(self) -> Flask:
        free = _FREE.setdefault(f"{id(self.library)} {replace(self.config, data=None)}", [])
        if free:
            app = free.pop()
            app.extensions["wizard"] = replace(app.extensions["wizard"], config=self.config, means=self.means)
        else:
            app = create_app(self.config, self.means, self.library)
            app.jinja_env.bytecode_cache = _COMPILED
        self._give_back = partial(free.append, app)
        return app

    def account(self, name: str) -> str:
        """Its id: `fernhill` or `larkspur`."""
        with self.db.read() as session:
            return session.scalars(select(AccountRow.id).where(AccountRow.name.ilike(f"{name}%"))).one()

    def service(self, name: str) -> str:
        with self.db.read() as session:
            return session.scalars(select(ServiceRow.id).where(ServiceRow.name == name)).one()

    def services(self, account: str) -> list[Service]:
        """What is there on `fernhill` or `larkspur`."""
        return every(lambda after: self.provider.services(self.account(account), after))

    def hold(self, name: str, reason: str | None) -> None:
        """The platform refuses to delete this service, for this reason; None: no longer."""
        with self.db.write() as session:
            session.scalars(select(ServiceRow).where(ServiceRow.name == name)).one().hold = reason

    def effects(self) -> list[tuple[str, str, int]]:
        """(what the provider did, to what, how often it was asked)"""
        with self.db.read() as session:
            return [(row.effect, row.subject, row.calls) for row in log(session)]

    @property
    def parts(self) -> Parts:
        """What the worker works with."""
        return Parts(self.db, self.provider, self.means.queue, PostOffice(self.config), self.clock)

    def outbox(self) -> list[EmailMessage]:
        """The mails that left, without a mail server; oldest first."""
        files = sorted((self.config.data / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    @contextmanager
    def worker(self, name: str = "test") -> Iterator[None]:
        with in_a_thread(worker(self.parts, name, drain_seconds=0)):
            yield
        # the engine does not wait for them: what is left of one test would go on in the next
        wait_until(lambda: not any(one.name.startswith("dbos-executor") for one in threading.enumerate()))

    @contextmanager
    def served(self) -> Iterator[str]:
        """By waitress, with its worker. Yields the address, without a last slash."""
        with self.worker(), served(self.app) as address:
            yield address

    def visit(self, email: str | None = None) -> "Visitor":
        """A browser without JavaScript, in a session of this login that outlives the time a test lets
        pass. (Signing in itself is slow on purpose, and tested by itself.)"""
        visitor = Visitor(self.app.test_client())
        if email:
            with self.db.write() as records, visitor.client.session_transaction() as session:
                login = find_login(records, email)
                assert login, email
                session["token"] = sessions.begin(records, login.id, "127.0.0.1", "A browser", self.clock())
                for row in sessions.of_login(records, login.id, self.clock()):
                    row.expires_at = self.clock() + timedelta(days=1000)
        return visitor

    def close(self) -> None:
        self._give_back()
        self.means.queue.destroy()
        self.db.close()


class Visitor:
    """Gets pages and sends forms as a browser would: with the page's CSRF token and hidden fields."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, buffered=True, **options)  # files are closed at once

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, f"{path} has no form"
        return found[1]

    def send(self, path: str, form: Mapping[str, object], **options: object) -> TestResponse:
        """POST with a token, and without following what comes."""
        return self.client.post(path, data={"csrf_token": self.token("/sign-in/"), **form}, buffered=True, **options)

    def submit(self, path: str, button: str = "", **form: object) -> TestResponse:
        """Send the POST form of the page at `path` that has this button, hidden fields and all."""
        page = self.get(path)
        assert page.status_code == 200, (page.status_code, page.text)
        return self.send_form(page.text, button, path, **form)

    def send_form(self, page: str, button: str, path: str = "", **form: object) -> TestResponse:
        """Send the POST form with this button of a page that is there already; `path` is its address."""
        for found in re.finditer(r'<form method="post"(?: action="([^"]+)")?.*?</form>', page, re.DOTALL):
            if button in found[0] and "Sign out" not in found[0]:
                fields = re.findall(r'type="(?:hidden|text|email)"[^>]* name="([^"]+)"[^>]* value="([^"]*)"', found[0])
                fields += re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', found[0], re.DOTALL)
                data: dict[str, list[str]] = {}
                for name, value in fields:
                    data.setdefault(name, []).append(unescape(value))
                return self.client.post(unescape(found[1] or path), data=data | form)
        raise AssertionError(f"no form with {button!r}:\n{page}")


def words(answer: TestResponse) -> str:
    """What the page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


def wait_until(what: Callable[[], object], seconds: float = 60) -> None:
    """Until it is so; an error if it does not come true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"it did not come true within {seconds} s"
        time.sleep(0.05)
