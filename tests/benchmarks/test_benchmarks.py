"""The benchmark runs, and the articles that it invents are sound. What it measures is not asserted."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.helpers.shared import ROOT
from tests.pages.building import built, snapshot


def run(script: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", ROOT / "benchmarks" / script, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environ,
        timeout=60,
    )


def test_invented_articles_have_no_finding_and_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    for folder, seed in (("one", "1"), ("again", "1"), ("other", "2")):
        run("corpus.py", "--articles", "30", "--seed", seed, "--out", str(tmp_path / folder)).check_returncode()
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "again") != snapshot(tmp_path / "other")
    said = built(tmp_path / "one", tmp_path / "site", wizard_url="/")
    assert re.search(r"from 30 articles .*, 0 warnings, 0 errors\n\Z", said), said


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    ran = run("corpus.py", "--articles", "3", "--out", str(tmp_path))
    assert ran.returncode == 2 and "is not empty" in ran.stderr
    assert snapshot(tmp_path) == {"thesis.txt": b"years of work"}


def test_the_benchmark_prints_a_row_for_each_contender(tmp_path: Path) -> None:
    ran = run("build.py", "--articles", "12", "--repeat", "1", PATH="")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("12 articles, ")
    rows = [line.split("|")[1].split(",")[0].strip() for line in ran.stdout.splitlines() if line.startswith("| ")]
    expected = ["floor: markdown-it-py alone", "wizard build", "one line more in one article", "one title changed"]
    assert [row for row in dict.fromkeys(rows) if row] == [*expected, "nothing changed"]
