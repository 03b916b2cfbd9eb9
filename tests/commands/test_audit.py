"""`wizard audit`: who changed what, a line each."""

from pathlib import Path

import pytest

from tests.commands.test_commands import wizard
from tests.helpers.world import ADMIN, World
from wizard.records import audit
from wizard.records.audit import Who
from wizard.records.logins import find_login


@pytest.mark.full
def test_the_audit_is_printed_one_line_a_deed_newest_last(world: World, tmp_path: Path) -> None:
    account = world.account("fernhill")
    with world.db.write() as session:
        ana = find_login(session, ADMIN)
        assert ana
        audit.note(session, Who(ana.id, "192.0.2.1"), "deletes 2 services", world.clock(), account, "de_1", "k1")
        audit.note(session, Who(None, "192.0.2.2"), "asks\nfor  a link", world.clock())
    environ = {"WIZARD_DATABASE_URL": f"sqlite:///{world.db.file}"}
    first = f"2026-11-21 17:03:00 UTC  ana@demo.example  192.0.2.1  deletes 2 services  {account}  de_1  k1"
    second = "2026-11-21 17:03:00 UTC  -  192.0.2.2  asks for a link  -  -  -"
    said = wizard("audit", cwd=tmp_path, **environ)
    assert said.returncode == 0 and said.stdout.splitlines() == [first, second]
    assert wizard("audit", "--account", account, cwd=tmp_path, **environ).stdout.splitlines() == [first]
    other = wizard("audit", "--account", "ac_0", cwd=tmp_path, **environ)
    assert (other.returncode, other.stdout, other.stderr) == (0, "", "wizard: nothing is noted there.\n")


@pytest.mark.full
def test_without_its_tables_the_audit_says_what_to_do(tmp_path: Path) -> None:
    said = wizard("audit", cwd=tmp_path)
    assert said.returncode == 2 and "wizard migrate" in said.stderr and "Traceback" not in said.stderr
