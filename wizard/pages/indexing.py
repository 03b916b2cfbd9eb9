"""The search index of a built site, by Pagefind: small files of which a search loads only a few.

Only what templates mark with `data-pagefind-body` is in it.
"""

import gzip
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from wizard.errors import SetupError
from wizard.pages.folder import ASIDE, Folder
from wizard.pages.search import BUNDLE

_SIGNATURE = b"pagefind_dcd"
_NO_CONTENT = ".mark, .hidden, .live, .guide-me, .contents"
_MEND = "build without a search index: --no-search"


@contextmanager
def indexing(folder: Folder) -> Iterator[Callable[[], tuple[str, ...]]]:
    """Pagefind reads the pages that stand in `folder`, while the building goes on.

    What is given waits for it, puts its index into the folder, and returns the places. The same pages
    give the same bytes. Raises SetupError if Pagefind cannot run here, or fails.
    """
    made = Path(folder.root, f"{ASIDE}index")
    command = [_pagefind(), "--site", folder.root, "--output-path", made, "--exclude-selectors", _NO_CONTENT, "--quiet"]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    except OSError as error:
        raise SetupError(f"Pagefind, which makes the search index, cannot run: {error.strerror} ({_MEND}).") from error
    with process:
        try:
            yield partial(_put, process, made, folder)
        finally:
            process.kill()  # where all went well it has ended
            shutil.rmtree(made, ignore_errors=True)


def _put(process: "subprocess.Popen[str]", made: Path, folder: Folder) -> tuple[str, ...]:
    said, _ = process.communicate()
    if process.returncode:
        last = said.strip().rpartition("\n")[2] or f"exit status {process.returncode}"
        raise SetupError(f"Pagefind has made no search index: {last.strip()} ({_MEND}).")
    _drop_what_nothing_loads(made)
    (made / "categories.json").write_text(_categories(made), "utf-8")
    files = [file for file in sorted(made.rglob("*")) if file.is_file()]
    places = tuple(f"{BUNDLE}/{file.relative_to(made).as_posix()}" for file in files)
    for place, file in zip(places, files, strict=True):
        folder.take(place, str(file))
    return places


def _pagefind() -> Path:
    try:
        from pagefind_bin import get_executable

        return get_executable()
    except (ImportError, FileNotFoundError) as error:
        raise SetupError(
            f"Pagefind, which makes the search index, does not exist for this system ({_MEND})."
        ) from error


def _categories(made: Path) -> str:
    """Category -> ids of its articles, as JSON. Pagefind's own filters stand in another order each time."""
    categories: dict[str, list[str]] = {}
    for file in sorted((made / "fragment").iterdir()):
        about = json.loads(gzip.decompress(file.read_bytes())[len(_SIGNATURE) :])["meta"]
        categories.setdefault(about.get("category", ""), []).append(file.stem)
    return json.dumps(dict(sorted(categories.items())), ensure_ascii=False, separators=(",", ":"))


def _drop_what_nothing_loads(made: Path) -> None:
    """Pagefind's own pages, its worker, and its program for languages that no page has."""
    entry = json.loads((made / "pagefind-entry.json").read_text())
    programs = {f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in entry["languages"].values()}
    for file in made.iterdir():
        wanted = {"pagefind.js", "pagefind-entry.json", *programs}
        if file.is_file() and file.suffix != ".pf_meta" and file.name not in wanted:
            file.unlink()
