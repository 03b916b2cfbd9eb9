"""PostgreSQL by one variable, with each form of its address, and when it is away."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.helpers import postgres
from tests.helpers.processes import Installation, Reader, free_port
from tests.helpers.world import wait_until

pytestmark = pytest.mark.full


@pytest.fixture
def database(postgres_template: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    name = f"empty_{abs(hash(str(tmp_path)))}"
    postgres.create_database(postgres_template, name)
    yield f"{postgres_template}/{name}"
    postgres.drop_database(postgres_template, name)


def test_one_variable_moves_everything_to_postgresql(database: str, tmp_path: Path) -> None:
    port, installed = free_port(), Installation(tmp_path, database)
    with installed.serve(port, "--demo") as process:
        ana = Reader(port, "ana@demo.example")
        address = f"/account/{ana.account('Fernhill')}/delete-services/?view=check&all=1"
        where = ana.submit(address, "Delete 6 services").where.partition("#")[0]
        wait_until(lambda: "6 services deleted" in ana.get(where).text)
        process.terminate()
        said = process.ended()
    assert process.returncode == 0 and "Data             PostgreSQL" in said and "Traceback" not in said, said
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["session-key"]
    assert not list(tmp_path.rglob("*.db*"))
    with closing(psycopg.connect(database)) as connection:
        found = connection.execute(
            "select table_schema from information_schema.tables where table_name in ('deletion', 'workflow_status')"
        )
        assert sorted(row[0] for row in found) == ["dbos", "public"], "the engine's tables are in the same database"


@pytest.mark.parametrize("form", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_form_of_the_address_leads_there(database: str, tmp_path: Path, form: str) -> None:
    url = database.replace("postgresql", form) + "?sslmode=prefer&connect_timeout=3"
    assert "up to date" in Installation(tmp_path, url).done("migrate")


def test_it_is_reached_through_its_socket(database: str, tmp_path: Path) -> None:
    with closing(psycopg.connect(database)) as connection:
        (folder,) = connection.execute("show unix_socket_directories").fetchone() or ("",)
    _, _, port, name = re.split(r"//|:(?=\d)|/", database.replace("postgresql://", "x//"))[-4:]
    installed = Installation(tmp_path, f"postgresql:///{name}?host={folder}&port={port}&user=kb")
    assert "up to date" in installed.done("migrate")
    with installed.worker():
        pass


def said_of(tmp_path: Path, url: str, command: str) -> subprocess.CompletedProcess[str]:
    return Installation(tmp_path, url).run(command)


@pytest.mark.parametrize("command", ["migrate", "worker", "demo"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda url: re.sub(r"@127.0.0.1:\d+", ":topsecret@127.0.0.1:1", url), "does not answer"),
        (lambda url: re.sub("[^/]+$", "nowhere", url), '"nowhere" does not exist'),
        (lambda url: f"{url}?sslmode=require&password=topsecret", "SSL"),
        (lambda url: f"{url}?sslmodes=require&password=topsecret", '"sslmodes"'),
        (lambda url: re.sub(r"@127.0.0.1:\d+", ":topsecret#x@host:number", url), "cannot be read"),
        (lambda url: "postgresql://kb:topsecret@127.0.0.1", "names no database"),
    ],
    ids=["away", "no such database", "no TLS there", "unknown option", "unreadable", "no name"],
)
def test_an_address_that_does_not_lead_there_is_said_in_a_sentence_without_the_password(
    database: str, tmp_path: Path, change: Callable[[str], str], words: str, command: str
) -> None:
    result = said_of(tmp_path, change(database), command)
    assert result.returncode == 2 and words in result.stderr, result
    assert len(result.stderr.splitlines()) == 1 and "Traceback" not in result.stderr
    assert "topsecret" not in result.stdout + result.stderr


def test_a_wrong_password_and_a_role_that_may_not_create_are_said(database: str, tmp_path: Path) -> None:
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute("create role weak login")
        try:
            result = said_of(tmp_path, database.replace("kb@", "weak@"), "migrate")
        finally:
            connection.execute("drop role weak")
    assert result.returncode == 2 and "permission denied" in result.stderr and "owner" in result.stderr, result
    assert len(result.stderr.splitlines()) == 1
    result = said_of(tmp_path, database.replace("kb@", "nobody:topsecret@"), "migrate")
    assert result.returncode == 2 and '"nobody" does not exist' in result.stderr and "topsecret" not in result.stderr
