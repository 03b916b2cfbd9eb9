"""Build the site: see what is new, bring the folder up to date, say what is wrong with the articles.

Where nothing is new, nothing is loaded that reading or rendering would need.
"""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TextIO

from wizard.actions.index import policy
from wizard.config import Config
from wizard.content.findings import Finding, count, overdue
from wizard.content.report import lines, require_codes, told
from wizard.content.scan import scan
from wizard.errors import SetupError
from wizard.locales import written_in
from wizard.pages import memory
from wizard.pages.folder import Folder, require_ours
from wizard.pages.memory import Memory
from wizard.pages.turns import turn

if TYPE_CHECKING:
    from wizard.content.library import Library


@dataclass(frozen=True, slots=True)
class Built:
    pages: int
    """0 where a strict build wrote nothing."""
    written: int
    """Files that differed from what was there."""
    errors: int
    library: "Library | None"
    """As it was read; None where nothing was new."""


def build(
    config: Config,
    today: date,
    jobs: int = 0,
    strict: bool = False,
    clean: bool = False,
    search: bool = True,
    stream: TextIO = sys.stdout,
    past: memory.Past | None = None,
    form: str = "text",
) -> Built:
    """Write the site into `config.out`, print all findings and one line that sums up.

    today: against which review dates are held. jobs: processes; 0 is one per processor.
    strict: with an error nothing is written. clean: as if nothing were remembered.
    search: with a search index. past: where it is at hand already.
    form: how findings are printed; in `json` they are all that is. Raises SetupError.
    """
    began = time.perf_counter()
    require_codes(config.ignore)
    found = scan(config.articles, config.out)
    past, library = past or memory.Past(config, clean), None
    require_ours(config.out)
    folder = Folder(config.out)
    if past.is_current(found) and _stands(past.memory, folder, search):
        now = past.memory
    else:
        from wizard.pages.update import update

        jobs = jobs or _processors()
        try:
            if strict:
                library, now = update(config, policy(config), found, past.whole(), None, jobs)
            if not strict or not count(told(now.findings, config.ignore))[1]:
                with turn(config.out), written_in(config.locale):
                    library, now = update(config, policy(config), found, past.whole(), folder, jobs, search)
                    past.replace(now)
        except OSError as error:
            where = error.filename or config.out
            raise SetupError(f"{where}: the site cannot be written ({error.strerror}).") from error
    warnings, errors = print_findings(_all(now, today), config, stream, form)
    did = f"{now.pages} pages from {now.articles} articles, {_counted(folder.written, 'file')} written"
    if not now.pages:
        did = f"nothing written, {now.articles} articles read"
    if form != "json":
        _sum_up(did, began, warnings, errors, stream)
    return Built(now.pages, folder.written, errors, library)


def check(config: Config, today: date, stream: TextIO = sys.stdout, form: str = "text") -> int:
    """Print all findings, write nothing. Returns the number of errors."""
    began = time.perf_counter()
    require_codes(config.ignore)
    now = _survey(config, _processors())[1]
    warnings, errors = print_findings(_all(now, today), config, stream, form)
    if form != "json":
        _sum_up(f"{now.articles} articles checked", began, warnings, errors, stream)
    return errors


def read_library(config: Config) -> "Library":
    """The library as it stands, without writing anything."""
    return _survey(config, 1)[0]


def _survey(config: Config, jobs: int) -> "tuple[Library, Memory]":
    from wizard.pages.update import update

    return update(config, policy(config), scan(config.articles, config.out), memory.Past(config).whole(), None, jobs)


def _stands(past: Memory, folder: Folder, search: bool) -> bool:
    """Whether the site stands as the last build left it, with a search index or without."""
    return bool(past.search) == search and folder.stands_whole(past.marks, past.folders)


def _all(now: Memory, today: date) -> list[Finding]:
    return sorted({*now.findings, *overdue(now.reviews, today)})


def print_findings(findings: Sequence[Finding], config: Config, stream: TextIO, form: str) -> tuple[int, int]:
    """All that the settings do not ignore; returns (warnings, errors)."""
    left = told(findings, config.ignore)
    for line in lines(left, f"{config.articles}/", form):
        print(line, file=stream)
    return count(left)


def _sum_up(did: str, began: float, warnings: int, errors: int, stream: TextIO) -> None:
    told = f"{_counted(warnings, 'warning')}, {_counted(errors, 'error')}"
    print(f"{did} in {time.perf_counter() - began:.2f} s, {told}", file=stream)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _processors() -> int:
    """Those that this process may use; where the system does not tell (macOS), all that there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
