"""Fixtures: a world in a database of its own, a live server before it, a browser before that."""

import gc
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from tests.helpers import browser as chrome
from tests.helpers import postgres
from tests.helpers.clock import SATURDAY, SetClock
from tests.helpers.shared import ROOT
from tests.helpers.world import World
from wizard import demo
from wizard.actions.context import Means
from wizard.config import Config, load
from wizard.content.library import Library
from wizard.db import Database
from wizard.migrations import migrate
from wizard.pages.build import build, read_library
from wizard.providers.embedded import EmbeddedProvider
from wizard.records import logins
from wizard.web import limits
from wizard.work import worker as running

REAL_HASHER = logins._HASHER
logins._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
logins._NO_HASH = logins._HASHER.hash("no login has this password")
"""The same hashes in a hundredth of the time; tests of processes and of the hash itself have the real ones."""

running._POLL_SECONDS = 0.03  # a worker inside a test looks for work more often, and so ends sooner

settings.register_profile("usual", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("full", max_examples=500, deadline=None, derandomize=True)

LONGEST_FIRST = {"deployment": 0, "commands": 1, "browser": 2}
NO_BROWSER = "install Chromium (on Debian or Ubuntu: apt-get install chromium)"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also what is slow: PostgreSQL, large properties, every view")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("full" if config.getoption("--full") else "usual")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        slow = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    # a long test that begins when all else is done is waited for alone
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.parent.name, len(LONGEST_FIRST)))
    if not chrome.chromium():
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_collection_finish() -> None:
    """What is imported stays: that it is looked through again and again costs a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not chrome.chromium():
        terminalreporter.write_line(f"The browser tests were skipped: {NO_BROWSER}.")


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """This repository's own settings, with the site built into a folder of the tests."""
    folder = tmp_path_factory.mktemp("site")
    return replace(load(ROOT / "wizard.toml", {}), out=folder / "site", folder=folder, secret_key="tests")


@pytest.fixture(scope="session")
def library(config: Config) -> Library:
    with open("/dev/null", "w") as silence:
        build(config, SATURDAY.date(), jobs=1, search=False, stream=silence)
    return read_library(config)


def _fill(db: Database) -> None:
    migrate(db)
    clock = SetClock()
    demo.fill(Means(db, EmbeddedProvider(db, clock), None, clock, 2))  # nothing is enqueued
    db.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo data, to be copied."""
    file = tmp_path_factory.mktemp("template") / "wizard.db"
    _fill(Database(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The address of a server that has the demo data in its database `template`."""
    postgres.require()
    with postgres.Server() as server:
        postgres.create_database(server.address, "template")
        _fill(Database(f"{server.address}/template".replace("postgresql:", "postgresql+psycopg:")))
        yield server.address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def any_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the demo data: SQLite, and in the full run PostgreSQL as well."""
    if request.param == "sqlite":
        db = Database(f"sqlite:///{_copied(request.getfixturevalue('sqlite_template'), tmp_path)}")
        yield db
        db.close()
        return
    address, name = request.getfixturevalue("postgres_template"), f"test_{abs(hash(request.node.nodeid))}"
    postgres.create_database(address, name, "template")
    db = Database(f"{address}/{name}".replace("postgresql:", "postgresql+psycopg:"))
    yield db
    db.close()
    postgres.drop_database(address, name)


@pytest.fixture(autouse=True)
def at_its_own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that are as slow as the slowest are so in the test of just that."""
    monkeypatch.setattr(limits, "EVEN_SECONDS", 0.0)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Kept over all tests with the statements that it has compiled; each test puts a file of its own there."""
    return Database(f"sqlite:///{tmp_path_factory.mktemp('world') / 'wizard.db'}")


@pytest.fixture
def world(
    config: Config, library: Library, sqlite: Database, sqlite_template: Path, tmp_path: Path, clock: SetClock
) -> Iterator[World]:
    """On SQLite, at noon of 21 November 2026."""
    for left in sqlite.file.parent.iterdir():
        left.unlink()
    _copied(sqlite_template, sqlite.file.parent)
    world = World(replace(config, data=tmp_path / "data"), library, sqlite, clock)
    yield world
    world.close()


@pytest.fixture
def any_world(config: Config, library: Library, any_db: Database, tmp_path: Path, clock: SetClock) -> Iterator[World]:
    """As `world`, on each database."""
    world = World(replace(config, data=tmp_path / "data"), library, any_db, clock)
    yield world
    world.close()


@pytest.fixture
def site(world: World) -> Iterator[str]:
    """The world served, with its worker. Yields the address, without a last slash."""
    with world.served() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # a machine may be busy with three other tests
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome.chromium(), args=chrome.FLAGS)
        yield browser
        browser.close()


def _copied(template: Path, folder: Path) -> Path:
    copy = folder / "wizard.db"
    for end in ("", "-wal"):
        if template.with_name(template.name + end).exists():
            shutil.copyfile(template.with_name(template.name + end), copy.with_name(copy.name + end))
    return copy
