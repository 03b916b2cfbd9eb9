"""A build that is killed leaves the old file or the new one in each place, never half a page."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from tests.pages.building import write

ARTICLES = {f"c{n % 9}/a{n}.md": f"---\ntitle: A{n}\n---\n" + f"Words of {n}. " * 600 for n in range(120)}


def start(project: Path, out: str = "out") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "wizard", "build", "--no-search", "--jobs", "2", "--out", out]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=project, env=environ, stdout=subprocess.DEVNULL, start_new_session=True)


def shown(folder: Path) -> dict[str, bytes]:
    """All files that a host would serve."""
    files = (file for file in folder.rglob("*") if file.is_file())
    names = {file.relative_to(folder).as_posix(): file for file in files}
    return {name: file.read_bytes() for name, file in names.items() if not name.startswith(".")}


@pytest.mark.parametrize(
    "is_first",
    [pytest.param(True, id="the first build", marks=pytest.mark.full), pytest.param(False, id="a build over another")],
)
def test_a_killed_build_leaves_whole_files_and_the_next_one_ends_it(tmp_path: Path, is_first: bool) -> None:
    project = write(tmp_path, {"wizard.toml": 'site_name = "Old"\n'})
    write(project / "articles", ARTICLES)
    if not is_first:
        assert start(project).wait() == 0
    old = shown(project / "out")
    write(project, {"wizard.toml": 'site_name = "New"\n'})
    began = time.monotonic()
    assert start(project, "fresh").wait() == 0
    lasts, new = time.monotonic() - began, shown(project / "fresh")
    for share in (0.5, 0.75, 0.9):
        process = start(project)
        time.sleep(lasts * share)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for name, content in shown(project / "out").items():
            assert content in (old.get(name), new.get(name)), f"{name} is neither the old nor the new file"
    assert start(project).wait() == 0
    assert shown(project / "out") == new and sorted(path.name for path in project.iterdir()) == sorted(
        [".wizard", "articles", "fresh", "out", "wizard.toml"]
    )
    assert not [path for path in (project / "out").iterdir() if path.name.startswith(".")]
