"""`wizard init`, `wizard new` and `wizard import`, as a stranger runs them."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.commands.test_commands import run, wizard
from tests.content.reading import policy
from tests.importing.helpcenter import article, page
from tests.pages.building import TODAY, snapshot, write
from wizard.content.library import load
from wizard.errors import SetupError
from wizard.starter.init import PROJECT
from wizard.starter.new import new_article


def test_each_command_explains_itself() -> None:
    said = wizard("--help").stdout
    for command, argument in (("init", "DIR"), ("new", "--in CATEGORY"), ("import", "--fetch-images")):
        assert f"  {command} " in said
        assert argument in wizard(command, "--help").stdout


def test_a_new_project_has_no_findings_and_builds(tmp_path: Path) -> None:
    done = wizard("init", "kb", cwd=tmp_path)
    assert done.returncode == 0 and "kb/.gitignore\n" in done.stdout, done.stderr
    kb = tmp_path / "kb"
    assert (kb / ".gitignore").read_text().split() == ["site/", "data/", ".wizard/"]
    assert wizard("check", cwd=kb).stdout.endswith(" 0 warnings, 0 errors\n")
    assert wizard("build", "--strict", cwd=kb).returncode == 0
    assert "Guide me" in (kb / "site/checking-your-services/index.html").read_text()
    assert "<table>" in (kb / "site/how-services-are-billed/index.html").read_text()


@pytest.mark.full
def test_a_new_project_is_served_with_demo_accounts(tmp_path: Path) -> None:
    import subprocess

    from tests.helpers.processes import Reader, answers, free_port
    from tests.helpers.world import wait_until

    wizard("init", str(tmp_path))
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard", "serve", "--demo", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: answers(port) or process.poll() is not None)
        reader = Reader(port, "vik@demo.example")
        answer = reader.get("/guide/checking-your-services/")
        assert "Checking your services" in answer.text and "usage history" in answer.text, answer
    finally:
        process.kill()
        process.communicate(timeout=10)


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"kb/thesis.txt": "years of work", "file": ""})
    for name in ("kb", "file"):
        refused = wizard("init", name, cwd=tmp_path)
        assert refused.returncode == 2 and f"wizard: {name}: is there already, and not empty" in refused.stderr
    assert snapshot(tmp_path) == {"kb/thesis.txt": b"years of work", "file": b""}


@pytest.mark.full
def test_the_wheel_holds_the_files_of_a_start(tmp_path: Path) -> None:
    from zipfile import ZipFile

    from tests.helpers.shared import ROOT

    made = run(
        "-W", "ignore", "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "-q", "-w", str(tmp_path)
    )
    if "hatchling" in made.stderr:
        pytest.skip("hatchling is not installed beside the tests")
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    wanted = [
        path.relative_to(PROJECT.parents[1]) for path in PROJECT.parent.rglob("*") if path.suffix not in (".pyc", "")
    ]
    names = ZipFile(wheel).namelist()
    assert not {f"wizard/{path}" for path in wanted} - set(names) and "wizard/starter/project/dot-gitignore" in names


def test_a_new_article_gives_no_finding_but_that_nothing_leads_to_it(tmp_path: Path) -> None:
    done = wizard("new", 'Paying: "how" & when 🎉', "--in", "billing/invoices", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "articles/billing/invoices/paying-how-when.md\n"
    write(tmp_path, {"articles/other.md": "---\ntitle: Other\nsticky: true\n---\n"})
    library = load(tmp_path / "articles", policy(), TODAY)
    assert [one.code for one in library.findings] == ["orphan"]
    found = library.articles["/billing/invoices/paying-how-when/"]
    assert found.title == 'Paying: "how" & when 🎉' and found.updated is not None
    assert [one.text for one in found.headings] == ["Overview", "Prerequisites", "Steps", "What Is Next?"]
    assert len(found.steps) == 1 and found.next_html


def test_a_new_article_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write(tmp_path, {"articles/a-title.md": "years of work"})
    refused = wizard("new", "A title", cwd=tmp_path)
    assert refused.returncode == 2 and "articles/a-title.md: is there already" in refused.stderr
    assert snapshot(tmp_path) == {"articles/a-title.md": b"years of work"}


def test_a_category_that_is_there_is_found_by_its_name_or_address(tmp_path: Path) -> None:
    write(tmp_path, {"Data & Backup/Tapes/x.md": ""})
    path = new_article(tmp_path, "One", "data-backup/tapes/New Ones", date(2026, 11, 21))
    assert path == tmp_path / "Data & Backup/Tapes/New Ones/one.md"


@pytest.mark.parametrize(
    ("title", "category", "message"),
    [
        ("...", "", "has no letter or digit"),
        ("x", "../up", "is no name for a category"),
        ("x", "a/./b", "is no name for a category"),
        ("x", "a\\b", "is no name for a category"),
        ("x", "a\nb", "is no name for a category"),
        ("Account", "", "belongs to the wizard"),
        ("x", "Staff", "belongs to the wizard"),
        ("x\udc80", "", "is not UTF-8"),
        ("x", "taken", "is there already|cannot be written"),
    ],
)
def test_what_cannot_be_an_article_is_refused(tmp_path: Path, title: str, category: str, message: str) -> None:
    write(tmp_path, {"articles/taken": "a file"})
    with pytest.raises(SetupError, match=message):
        new_article(tmp_path / "articles", title, category, date(2026, 11, 21))
    assert snapshot(tmp_path) == {"articles/taken": b"a file"}


@pytest.mark.full
def test_import_says_by_its_exit_status_whether_all_is_there(tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    export.write_text(json.dumps(page(article(1, "One"))))
    for expected in ("1 article written", "0 articles written, 1 unchanged"):
        done = wizard("import", "zendesk", "export.json", "--articles", "texts", cwd=tmp_path)
        assert done.returncode == 0 and done.stdout.startswith(expected), done.stderr
    (tmp_path / "texts/Billing/Invoices & payments/one.md").write_text("mine")
    assert wizard("import", "zendesk", "export.json", "--articles", "texts", cwd=tmp_path).returncode == 1
    export.write_text("no")
    refused = wizard("import", "zendesk", "export.json", cwd=tmp_path)
    assert refused.returncode == 2 and "wizard: export.json:1: is not JSON" in refused.stderr
    assert wizard("import", "confluence", "export.json", cwd=tmp_path).returncode == 2
