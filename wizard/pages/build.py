"""Build the site: load the articles, say what is wrong with them, freeze the pages."""

import os
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from wizard.actions.index import policy
from wizard.config import Config
from wizard.content.findings import count
from wizard.content.library import Library, load
from wizard.errors import SetupError
from wizard.pages.freeze import freeze


@dataclass(frozen=True, slots=True)
class Built:
    library: Library
    pages: int
    """0 where nothing was written."""
    errors: int


def read_library(config: Config, today: date, jobs: int = 1) -> Library:
    return load(config.articles, policy(config), today, jobs)


def build(
    config: Config,
    today: date,
    jobs: int = 0,
    strict: bool = False,
    stream: TextIO = sys.stdout,
    search: bool = True,
) -> Built:
    """Write the site into `config.out`, print all findings and one line that sums up.

    today: against which review dates are held. jobs: processes; 0 is one per processor.
    strict: with an error nothing is written. search: with a search index. Raises SetupError.
    """
    began = time.perf_counter()
    jobs = jobs or _processors()
    library = read_library(config, today, jobs)
    warnings, errors = print_findings(library, config.articles, stream)
    if not library.articles and any(config.out.glob("*/**/index.html")):
        raise SetupError(f"{config.articles}: holds no article, and {config.out} holds a site; it is left as it is.")
    pages = 0 if strict and errors else freeze(library, config, config.out, jobs, search)
    seconds = time.perf_counter() - began
    did = f"{pages} pages from {len(library.articles)} articles in {seconds:.2f} s"
    if strict and errors:
        did = f"nothing written, {len(library.articles)} articles read in {seconds:.2f} s"
    print(f"{did}, {_counted(warnings, 'warning')}, {_counted(errors, 'error')}", file=stream)
    return Built(library, pages, errors)


def check(config: Config, today: date, stream: TextIO = sys.stdout) -> int:
    """Print all findings, write nothing. Returns the number of errors."""
    began = time.perf_counter()
    library = read_library(config, today, _processors())
    warnings, errors = print_findings(library, config.articles, stream)
    seconds = time.perf_counter() - began
    print(
        f"{len(library.articles)} articles checked in {seconds:.2f} s, "
        f"{_counted(warnings, 'warning')}, {_counted(errors, 'error')}",
        file=stream,
    )
    return errors


def print_findings(library: Library, folder: Path, stream: TextIO) -> tuple[int, int]:
    """One line each; returns (warnings, errors)."""
    for finding in library.findings:
        prefix = "" if finding.path == "wizard.toml" else f"{folder}/"
        print(finding.text(prefix), file=stream)
    return count(library.findings)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _processors() -> int:
    """Those that this process may use; where the system does not tell (macOS), all that there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
