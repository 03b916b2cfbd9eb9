"""Build a site in a test."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.helpers.shared import ROOT
from wizard.config import Config, load
from wizard.pages.build import build

TODAY = date(2026, 11, 21)
OWN = load(ROOT / "wizard.toml", {})


def built(
    articles: Path,
    out: Path,
    today: date = TODAY,
    jobs: int = 1,
    strict: bool = False,
    search: bool = False,
    **settings: object,
) -> str:
    """Build, and return what was printed."""
    stream = io.StringIO()
    config = replace(Config(), articles=articles, out=out, folder=out.parent, **settings)
    build(config, today, jobs, strict, search=search, stream=stream)
    return stream.getvalue()


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
