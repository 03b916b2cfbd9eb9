"""Build the site: load the articles, say what is wrong with them, freeze the pages."""

import os
import sys
import time
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from wizard.actions.index import policy
from wizard.config import Config
from wizard.content.findings import count
from wizard.content.library import Library, load
from wizard.content.report import lines, told
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
    config: Config, today: date, jobs: int = 0, strict: bool = False, stream: TextIO = sys.stdout, form: str = "text"
) -> Built:
    """Write the site into `config.out`, print all findings and one line that sums up.

    today: against which review dates are held. jobs: processes; 0 is one per processor.
    strict: with an error nothing is written. form: how findings are printed; in `json` they are all
    that is. Raises SetupError.
    """
    began = time.perf_counter()
    jobs = jobs or _processors()
    library = read_library(config, today, jobs)
    warnings, errors = print_findings(library, config, stream, form)
    if not library.articles and any(config.out.glob("*/**/index.html")):
        raise SetupError(f"{config.articles}: holds no article, and {config.out} holds a site; it is left as it is.")
    pages = 0 if strict and errors else freeze(library, config, config.out, jobs)
    seconds = time.perf_counter() - began
    did = f"{pages} pages from {len(library.articles)} articles in {seconds:.2f} s"
    if strict and errors:
        did = f"nothing written, {len(library.articles)} articles read in {seconds:.2f} s"
    if form != "json":
        print(f"{did}, {_counted(warnings, 'warning')}, {_counted(errors, 'error')}", file=stream)
    return Built(library, pages, errors)


def check(config: Config, today: date, stream: TextIO = sys.stdout, form: str = "text") -> int:
    """Print all findings, write nothing. Returns the number of errors."""
    began = time.perf_counter()
    library = read_library(config, today, _processors())
    warnings, errors = print_findings(library, config, stream, form)
    seconds = time.perf_counter() - began
    did = f"{len(library.articles)} articles checked in {seconds:.2f} s"
    if form != "json":
        print(f"{did}, {_counted(warnings, 'warning')}, {_counted(errors, 'error')}", file=stream)
    return errors


def print_findings(library: Library, config: Config, stream: TextIO, form: str) -> tuple[int, int]:
    """All findings that the settings do not ignore; returns (warnings, errors)."""
    findings = told(library.findings, config.ignore)
    for line in lines(findings, f"{config.articles}/", form):
        print(line, file=stream)
    return count(findings)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _processors() -> int:
    """Those that this process may use; where the system does not tell (macOS), all that there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
