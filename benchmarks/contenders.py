"""The floor and the builds of KB Wizard, over one folder of articles."""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from itertools import count
from pathlib import Path

from measure import Contender

ROOT = Path(__file__).parents[1]
FLOOR = "floor: markdown-it-py alone, 2 processes"
COLD = "wizard build, from nothing, no search index"
WITH_SEARCH = "wizard build, from nothing, with search index"
LINE = "one line more in one article"
TITLE = "one title changed"
NOTHING = "nothing changed"
_JOBS = "2"
_BUILD = [sys.executable, str(ROOT / "build.py"), "--jobs", _JOBS]
_FRONT_MATTER = re.compile(r"\s*(?:(---|\+\+\+)\n.*?\n\1[ \t]*\n|\{\{\{.*?\n[ \t]*\}\}\}[ \t]*\n)", re.DOTALL)
_TITLE = re.compile(r"""^([ \t]*"?title"?[ \t]*[:=][ \t]*["']?)""", re.MULTILINE)


def article_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.md"))


def body(file: Path) -> str:
    """The article's text without its front matter."""
    text = file.read_text("utf-8-sig", errors="replace")  # reading makes each line end in \n
    found = _FRONT_MATTER.match(text)
    return text[found.end() :] if found else text


def floor(folder: Path, work: Path, mark: str = "") -> Contender:
    bodies = work / "bodies"
    for file in article_files(folder):
        copy = bodies / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(body(file))
    command = [sys.executable, str(ROOT / "benchmarks" / "floor.py"), str(bodies)]
    return Contender(mark + FLOOR, lambda _out: [command], work)


def from_nothing(folder: Path, work: Path, mark: str = "") -> list[Contender]:
    """Builds into a new folder, that remember nothing."""
    project = _project(work / "cold", folder)

    def contender(name: str, *options: str) -> Contender:
        return Contender(
            mark + name, lambda out: [_BUILD + _known(*options) + ["--out", str(out)]], project, accepted=(0, 1)
        )

    rows = [contender(COLD, "--clean", "--no-search")]
    if _known("--no-search"):
        rows.append(contender(WITH_SEARCH, "--clean"))
    return rows


def after_a_change(folder: Path, work: Path, mark: str = "") -> list[Contender]:
    """Builds that come after another, into the same folder."""
    project = _project(work / "again", Path("articles"))
    shutil.copytree(folder, project / "articles")
    command = _BUILD + _known("--no-search")
    subprocess.run(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    article = _usual(project / "articles")
    numbers = count(1)

    def add_line() -> None:
        with article.open("a") as file:
            file.write(f"\nOne line more, the {next(numbers)}th.\n")

    def change_title() -> None:
        text = _TITLE.sub(rf"\g<1>Changed {next(numbers)} ", article.read_text("utf-8-sig"), count=1)
        article.write_text(text)

    changes = {LINE: add_line, TITLE: change_title, NOTHING: lambda: None}
    return [
        Contender(mark + name, lambda _out: [command], project, change, accepted=(0, 1))
        for name, change in changes.items()
    ]


def _project(where: Path, articles: Path) -> Path:
    where.mkdir(parents=True)
    (where / "wizard.toml").write_text(f'wizard_url = "/"\narticles = {json.dumps(str(articles))}\n')
    return where


def _usual(folder: Path) -> Path:
    """The article of middling size that has a title."""
    files = [file for file in article_files(folder) if _TITLE.search(file.read_text("utf-8-sig", errors="replace"))]
    return sorted(files, key=lambda file: (file.stat().st_size, file))[len(files) // 2]


def _known(*options: str) -> list[str]:
    """Those options that this version of `wizard build` takes."""
    return [option for option in options if option in _help()]


@cache
def _help() -> str:
    return subprocess.run([*_BUILD, "--help"], capture_output=True, text=True).stdout
