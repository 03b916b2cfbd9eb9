"""Freeze the pages into a folder: a new file stands there whole or not at all.

Everything is written beside the folder first, then each file that differs is moved into place and
what is no longer wanted is removed. A folder that holds something else is never touched.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from filecmp import cmp
from multiprocessing import get_context
from pathlib import Path

from flask import Flask
from flask_frozen import Freezer

from wizard.config import Config
from wizard.content.addresses import asset_address
from wizard.content.library import Library
from wizard.errors import SetupError
from wizard.pages import headers
from wizard.pages.search import BUNDLE, LIST, title_list, write_index
from wizard.pages.site import addresses, make_site
from wizard.theme import STATIC

KEPT = ".gitignore"


def freeze(library: Library, config: Config, out: Path, jobs: int, search: bool) -> int:
    """Write the site into `out` with `jobs` processes. Returns how many pages there are.

    search: with a search index, which without any article there is not.

    Raises SetupError if `out` is a folder that we did not make, or cannot be written.
    """
    try:
        _require_ours(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            fresh = Path(scratch)
            pages = list(addresses(library))
            _freeze_pages(make_site(library, config), pages, fresh, jobs)
            _copy_files(library, fresh)
            headers.write(config, fresh)
            (fresh / LIST).write_text(title_list(library), "utf-8")
            if search and library.articles:
                write_index(fresh, fresh / BUNDLE)
            _move_into_place(fresh, out)
    except OSError as error:
        raise SetupError(f"{error.filename or out}: the site cannot be written ({error.strerror}).") from error
    return len(pages)


def _require_ours(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise SetupError(f"{out}: is a file, not a folder (name another with --out).")
    there = [path for path in out.iterdir() if not path.name.startswith(".")]
    mark = out / "404.html"
    if there and not (mark.is_file() and b'content="KB Wizard"' in mark.read_bytes()):
        raise SetupError(
            f"{out}: holds files that `wizard build` did not write, and it removes what is not its own "
            "(name an empty folder with --out)."
        )


def _freeze_pages(app: Flask, pages: Sequence[str], fresh: Path, jobs: int) -> None:
    if jobs < 2 or len(pages) < 50:  # below that, starting processes costs more than it saves
        _freeze_some(app, pages, fresh)
        return
    context = get_context("fork")
    workers = [context.Process(target=_freeze_some, args=(app, pages[part::jobs], fresh)) for part in range(jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a process that writes pages has failed; its error stands above")


def _freeze_some(app: Flask, pages: Sequence[str], fresh: Path) -> None:
    app.config.update(
        FREEZER_DESTINATION=str(fresh.resolve()),
        FREEZER_REMOVE_EXTRA_FILES=False,  # several processes write into one folder
    )
    freezer = Freezer(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)

    @freezer.register_generator
    def page() -> Iterator[object]:
        first, *others = pages
        yield "page", {"path": first[1:]}  # names the endpoint once; plain addresses are cheaper
        yield from others

    freezer.freeze()


def _copy_files(library: Library, fresh: Path) -> None:
    """Static files, and the images and attachments that articles use."""
    shutil.copytree(STATIC, fresh / "static")
    for path in library.files:
        target = fresh / asset_address(path)[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(library.folder / path, target)


def _move_into_place(fresh: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    wanted = set()
    for file in sorted(path for path in fresh.rglob("*") if path.is_file()):
        name = file.relative_to(fresh)
        wanted.add(name)
        target = out / name
        if target.is_file() and cmp(file, target, shallow=False):
            continue
        if target.is_dir():
            shutil.rmtree(target)
        for parent in reversed(target.relative_to(out).parents):
            if (out / parent).is_file():
                (out / parent).unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)
    _remove_others(out, wanted)


def _remove_others(out: Path, wanted: set[Path]) -> None:
    for folder, _, names in os.walk(out, topdown=False):
        for name in names:
            path = Path(folder, name)
            relative = path.relative_to(out)
            if relative not in wanted and not relative.parts[0].startswith("."):
                path.unlink()
        if Path(folder) != out and not any(Path(folder).iterdir()):
            Path(folder).rmdir()
