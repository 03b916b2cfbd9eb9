"""The benchmark runs, and the articles that it invents are sound. What it measures is not asserted."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from tests.pages.building import built, snapshot


def run(script: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", ROOT / "benchmarks" / script, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environ,
        timeout=120,
    )


def invented(folder: Path, articles: int = 30, seed: int = 1) -> Path:
    run("corpus.py", "--articles", str(articles), "--seed", str(seed), "--out", str(folder)).check_returncode()
    return folder


def test_invented_articles_have_no_finding_and_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first = invented(tmp_path / "one")
    assert snapshot(first) == snapshot(invented(tmp_path / "again"))
    assert snapshot(first) != snapshot(invented(tmp_path / "other", seed=2))
    said = built(first, tmp_path / "site", wizard_url="/")
    assert re.search(r"from 30 articles, .*, 0 warnings, 0 errors\n\Z", said), said


@pytest.mark.full
def test_a_large_base_has_the_size_that_the_readme_says(tmp_path: Path) -> None:
    files = list(invented(tmp_path / "articles", articles=745).rglob("*.md"))
    assert len(files) == 745 and 4.03e6 < sum(file.stat().st_size for file in files) < 4.09e6
    assert len({file.parent for file in files}) == 29


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    ran = run("corpus.py", "--articles", "3", "--out", str(tmp_path))
    assert ran.returncode == 2 and "is not empty" in ran.stderr
    assert snapshot(tmp_path) == {"thesis.txt": b"years of work"}


def test_contenders_run_in_every_round_and_an_optional_one_that_fails_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from measure import Contender, take_turns
    from table import ratio, table

    def does(name: str, code: str, **more: bool) -> Contender:
        return Contender(name, lambda _out: [[sys.executable, "-S", "-c", code]], tmp_path, **more)

    fails = "raise ValueError('no such thing')"
    both = [does("good", "open('runs', 'a').write('x')"), does("bad", fails, is_optional=True)]
    results = take_turns(both, 2, tmp_path)
    assert (tmp_path / "runs").read_text() == "xxx", "one run that is not timed, and two that are"
    assert list(results) == ["good"] and len(results["good"].wall) == 2
    assert "bad is left out" in capsys.readouterr().err
    assert ratio(results["good"], results["good"]) == 1 and "| good |" in table(results, "good")
    with pytest.raises(SystemExit, match="bad: .* no such thing"):
        take_turns([does("bad", fails)], 1, tmp_path)


@pytest.mark.full
def test_the_benchmark_prints_a_row_for_each_contender() -> None:
    ran = run("build.py", "--articles", "12", "--repeat", "1", PATH="")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("12 articles, ")
    rows = [line.split("|")[1].split(",")[0].strip() for line in ran.stdout.splitlines() if line.startswith("| ")]
    expected = ["floor: markdown-it-py alone", "wizard build", "one line more in one article", "one title changed"]
    assert [row for row in dict.fromkeys(rows) if row] == [*expected, "nothing changed"]


@pytest.mark.full
def test_the_measure_of_scale_says_how_many_times_as_long_each_row_takes() -> None:
    ran = run("scale.py", "--articles", "6", "--times", "2", "--repeat", "1")
    assert ran.returncode == 0, ran.stderr
    assert len(re.findall(r"^\| .* \| \d+\.\d\d \|$", ran.stdout, re.MULTILINE)) == 5


@pytest.mark.full
def test_the_measure_of_the_live_wizard_prints_its_rows_with_ratios_and_the_plan(tmp_path: Path) -> None:
    few = "--services 60 --used 2 --months 1 --deletions 3 --clients 2 --seconds 0.2 --repeat 1".split()
    ran = run("acting.py", *few, "--keep", str(tmp_path / "kept"))
    assert ran.returncode == 0, ran.stderr
    rows = re.findall(r"^\| (.+?) \| [\d,.]+ \| .+? \| [\d,.]+ \| \d+\.\d\d \|$", ran.stdout, re.MULTILINE)
    assert len(rows) == 2 + 4 * 2 and len(set(rows)) == len(rows)
    assert "SEARCH embedded_usage_month USING PRIMARY KEY (account_id=? AND month>? AND month<?)" in ran.stdout
