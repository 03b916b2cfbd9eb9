"""The commands of docs/deploy.md that back up and restore, as they are written there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.helpers import postgres
from tests.helpers.processes import Installation
from tests.helpers.shared import ROOT


def told(beginning: str) -> str:
    """The command of docs/deploy.md that begins so."""
    found = re.search(rf"^    ({re.escape(beginning)}.*)$", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE)
    assert found, beginning
    return found[1]


@pytest.mark.full
def test_a_backup_of_sqlite_is_whole_and_can_be_worked_with(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    installed = Installation(tmp_path)
    installed.done("demo")
    command = told('python3 -c "import sqlite3').replace("/backup/", f"{tmp_path}/backup/")
    subprocess.run(["bash", "-c", command], check=True, cwd=tmp_path)
    for file in (tmp_path / "data").glob("wizard.db*"):
        file.unlink()
    (tmp_path / "backup/wizard.db").rename(tmp_path / "data/wizard.db")
    assert "up to date" in installed.done("migrate")
    assert "done nothing yet" in installed.done("demo", "--log")


@pytest.mark.full
def test_a_backup_of_postgresql_is_whole_and_can_be_worked_with(postgres_template: str, tmp_path: Path) -> None:
    tools = postgres.binaries()
    name = f"restored_{abs(hash(str(tmp_path)))}"
    dump = told("pg_dump").replace("/backup/", f"{tmp_path}/")
    restore = told("pg_restore").replace("/backup/", f"{tmp_path}/")
    for command, url in ((dump, f"{postgres_template}/template"), (restore, f"{postgres_template}/{name}")):
        if command == restore:
            postgres.create_database(postgres_template, name)
        filled = shlex.split(command.replace("$WIZARD_DATABASE_URL", url))
        subprocess.run([f"{tools}/{filled[0]}", *filled[1:]], check=True, capture_output=True)
    installed = Installation(tmp_path, f"{postgres_template}/{name}")
    assert "up to date" in installed.done("migrate")
    assert "done nothing yet" in installed.done("demo", "--log")
    with installed.worker():
        pass
    postgres.drop_database(postgres_template, name)
