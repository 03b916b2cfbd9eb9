"""The `wizard` command and build.py, as a stranger runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from wizard.config import Config
from wizard.errors import SetupError

COMMANDS = ("build", "check", "serve", "worker", "migrate", "demo", "audit")


def run(*arguments: str, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | environ,
        timeout=60,
    )


def wizard(*arguments: str, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "wizard", *arguments, cwd=cwd, **environ)


def test_help_names_every_command() -> None:
    said = wizard("--help").stdout
    assert all(command in said for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    result = wizard(command, "--help")
    assert result.returncode == 0 and "--config FILE" in result.stdout and len(result.stdout.splitlines()) > 5


def test_build_py_takes_the_arguments_of_wizard_build() -> None:
    options = {word for word in run("build.py", "--help").stdout.split() if word.startswith("--")}
    assert options == {word for word in wizard("build", "--help").stdout.split() if word.startswith("--")}


def test_a_bare_folder_builds_without_settings(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/hello.md").write_text("# Hello\n\nWords.")
    result = wizard("build", "--articles", "texts", "--out", "public", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (
        'texts/hello.md:1: title-missing: no title; "Hello" is used (add title: to the front matter)' in result.stdout
    )
    assert "<p>Words.</p>" in (tmp_path / "public/hello/index.html").read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".wizard", "public", "texts"]


def test_an_error_in_an_article_is_exit_1_and_a_wrong_call_exit_2(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/a.md").write_text("---\ntitle: A\n---\n[x](gone.md)")
    assert wizard("build", cwd=tmp_path).returncode == 1
    assert wizard("check", cwd=tmp_path).returncode == 1
    assert wizard("build", "--articles", "nowhere", cwd=tmp_path).returncode == 2
    assert wizard("build", "--jobs", "0", cwd=tmp_path).returncode == 2
    assert wizard("build", "--base-url", "help.example", cwd=tmp_path).returncode == 2
    assert wizard("nonsense", cwd=tmp_path).returncode == 2
    refused = wizard("check", "--config", "nowhere.toml", cwd=tmp_path)
    assert (
        refused.returncode == 2
        and "nowhere.toml: cannot be read" in refused.stderr
        and "Traceback" not in refused.stderr
    )
    wrong = run(str(ROOT / "build.py"), "--articles", "nowhere", cwd=tmp_path)
    assert wrong.returncode == 2 and "there is no such folder" in wrong.stderr


def test_check_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/a.md").write_text("---\ntitle: A\n---\n")
    result = wizard("check", cwd=tmp_path)
    assert result.returncode == 0 and result.stdout.startswith("1 articles checked in ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles"]


@pytest.mark.full
def test_migrate_and_demo_can_be_run_again(tmp_path: Path) -> None:
    assert wizard("migrate", cwd=tmp_path).returncode == 0
    for _ in range(2):
        said = wizard("demo", cwd=tmp_path)
        assert said.returncode == 0 and "ana@demo.example" in said.stdout and "reviewer" in said.stdout
    assert "done nothing yet" in wizard("demo", "--log", cwd=tmp_path).stdout


def test_a_wrong_setting_stops_every_command_with_its_name(tmp_path: Path) -> None:
    for command in ("build", "check", "serve", "worker", "migrate", "demo"):
        result = wizard(command, cwd=tmp_path, WIZARD_REVIEW_DAY="3")
        assert result.returncode == 2 and "did you mean WIZARD_REVIEW_DAYS?" in result.stderr, command


def test_the_session_key_is_made_once_and_ours_alone(tmp_path: Path) -> None:
    from wizard.config import Config
    from wizard.keys import secret_key

    config = Config(data=tmp_path / "data")
    first = secret_key(config)
    assert secret_key(config) == first and len(first) > 40
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["session-key"]
    assert (tmp_path / "data/session-key").stat().st_mode & 0o077 == 0


def test_a_web_process_on_an_old_schema_does_not_start(tmp_path: Path) -> None:
    from wizard.app import create_app

    with pytest.raises(SetupError, match="wizard migrate"):
        create_app(Config(data=tmp_path))


def test_findings_come_as_json_alone_and_without_those_that_the_settings_ignore(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/a.md").write_text("---\ntitle: A\n---\n[x](gone.md)\n")
    (tmp_path / "articles/b.md").write_text("---\ntitle: B\n---\n[x](gone.md)\n[a](a.md)\n")
    (tmp_path / "wizard.toml").write_text('[ignore]\nlink-broken = ["a.md"]\norphan = "*"\n')
    checked = wizard("check", "--format", "json", cwd=tmp_path)
    assert [(one["path"], one["code"]) for one in json.loads(checked.stdout)] == [("articles/b.md", "link-broken")]
    assert checked.returncode == 1
    built = wizard("build", "--format", "github", "--no-search", cwd=tmp_path, WIZARD_IGNORE='{"link-broken": ["*"]}')
    assert built.returncode == 0 and "::error" not in built.stdout
    refused = wizard("build", cwd=tmp_path, WIZARD_IGNORE='{"link-borken": ["*"]}')
    assert refused.returncode == 2 and "did you mean link-broken?" in refused.stderr
