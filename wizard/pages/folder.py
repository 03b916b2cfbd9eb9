"""The folder that a site is written into: each file stands there whole or not at all.

A new file is written aside and then moved into its place; one that is there already with the same
bytes is left alone. Where nothing is there yet, all is written aside and moved at the end. A folder
that holds something else is never touched.
"""

import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from wizard.errors import SetupError

Mark = tuple[int, int]
"""Size, and time of the last change in ns, of a file as we left it."""

ASIDE = ".wizard-"
"""Files on their way; hidden, so no host serves them, and removed by the next build if a kill left them."""
FIRST = "404.html"
"""The page by which a folder is known as ours; it stands there before any other."""


class Folder:
    def __init__(self, root: Path) -> None:
        """Nothing is written before `open`."""
        self.final = self.root = os.path.abspath(root)
        """root: where files are written until `settle`."""
        self.marks: dict[str, Mark] = {}
        """Place, relative to the root with `/` -> the mark of each file that was put."""
        self.written = 0
        """How many of them differed from what was there."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was there when it was opened."""
        return self.root != self.final

    def open(self) -> None:
        """Raises OSError."""
        os.makedirs(self.final, exist_ok=True)
        if not any(not name.startswith(".") for name in os.listdir(self.final)):
            self.root = f"{self.final}/{ASIDE}new"
            shutil.rmtree(self.root, ignore_errors=True)
            for entry in os.scandir(self.final):
                if entry.name.startswith(ASIDE) and entry.is_file(follow_symlinks=False):
                    os.unlink(entry.path)
            os.mkdir(self.root)

    def settle(self) -> None:
        """Move what was written aside into its place, the first page first. Raises OSError."""
        if not self.is_new:
            return
        for name in sorted(os.listdir(self.root), key=lambda name: name != FIRST):
            os.rename(f"{self.root}/{name}", f"{self.final}/{name}")
        os.rmdir(self.root)
        self.root = self.final

    def put(self, place: str, content: bytes) -> None:
        """Raises OSError."""
        target = f"{self.root}/{place}"
        if self.is_new:
            self.marks[place] = _write_new(target, content)
            self.written += 1
            return
        if _content(target) != content:
            self._write(target, content)
            self.written += 1
        self.marks[place] = mark(target)

    def keep(self, places: Collection[str], marks: dict[str, Mark]) -> bool:
        """Take over files that stand as they were left; false, and none, where one does not."""
        if not all(place in marks and self.stands(place, marks[place]) for place in places):
            return False
        self.marks |= {place: marks[place] for place in places}
        return True

    def copy(self, place: str, source: str) -> None:
        """Raises OSError."""
        with open(source, "rb") as file:
            self.put(place, file.read())

    def take(self, place: str, source: str) -> None:
        """Move a file of the same disk here. Raises OSError."""
        target = f"{self.root}/{place}"
        there = _content(target)
        if there is None or there != _content(source):
            self._move(source, target)
            self.written += 1
        self.marks[place] = mark(target)

    def stands_whole(self, marks: dict[str, Mark], folders: dict[str, int]) -> bool:
        """Whether all files, and nothing else, are there as they were left."""
        return self.folders(folders) == folders and all(self.stands(place, kept) for place, kept in marks.items())

    def folders(self, names: Iterable[str]) -> dict[str, int]:
        """When each of these folders last changed, in ns; those that are not there are left out."""
        times = {}
        for name in names:
            try:
                times[name] = os.stat(f"{self.root}/{name}").st_mtime_ns
            except OSError:
                pass
        return times

    def stands(self, place: str, kept: Mark) -> bool:
        """Whether the file at this place is as it was left."""
        try:
            return mark(f"{self.root}/{place}") == kept
        except OSError:
            return False

    def remove_others(self, wanted: Collection[str]) -> int:
        """Remove every file but these and hidden ones. Returns how many. Raises OSError."""
        removed = 0
        for folder, _, names in os.walk(self.root, topdown=False):
            before = os.path.relpath(folder, self.root).replace(os.sep, "/")
            before = "" if before == "." else f"{before}/"
            for name in names:
                place = before + name
                if place not in wanted and (not place.startswith(".") or place.startswith(ASIDE)):
                    os.unlink(f"{self.root}/{place}")
                    removed += 1
            if before and (not before.startswith(".") or before.startswith(ASIDE)) and not os.listdir(folder):
                os.rmdir(folder)
        return removed

    def remove(self, place: str) -> None:
        """Remove the file at this place, if there is one, and folders above that are empty then. Raises OSError."""
        target = f"{self.root}/{place}"
        if os.path.isfile(target):
            os.unlink(target)
        while (place := place.rpartition("/")[0]) and os.path.isdir(f"{self.root}/{place}"):
            if os.listdir(f"{self.root}/{place}"):
                break
            os.rmdir(f"{self.root}/{place}")

    def _write(self, target: str, content: bytes) -> None:
        aside = f"{self.root}/{ASIDE}{os.getpid()}"
        with open(aside, "wb") as file:
            file.write(content)
        self._move(aside, target)

    def _move(self, aside: str, target: str) -> None:
        try:
            os.replace(aside, target)
        except OSError:
            self._make_way(target)
            os.replace(aside, target)

    def _make_way(self, target: str) -> None:
        """Folders above the target, in the place of files that are no longer wanted; and no folder at it."""
        if os.path.isdir(target):
            shutil.rmtree(target)
        above = os.path.dirname(target)
        try:
            os.makedirs(above, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            for parent in reversed(Path(target).relative_to(self.root).parents):
                if os.path.isfile(f"{self.root}/{parent}"):
                    os.unlink(f"{self.root}/{parent}")
            os.makedirs(above, exist_ok=True)


def _write_new(target: str, content: bytes) -> Mark:
    """Without the layers of `open`, which cost as much as the writing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        file = os.open(target, flags, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        file = os.open(target, flags, 0o666)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        stat = os.fstat(file)
    finally:
        os.close(file)
    return stat.st_size, stat.st_mtime_ns


def _content(path: str) -> bytes | None:
    """None where no file can be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def mark(path: str) -> Mark:
    stat = os.stat(path)
    return stat.st_size, stat.st_mtime_ns


def require_ours(out: Path) -> None:
    """Raises SetupError if `out` holds what we did not make."""
    if not out.exists():
        return
    if not out.is_dir():
        raise SetupError(f"{out}: is a file, not a folder (name another with --out).")
    there = [path for path in out.iterdir() if not path.name.startswith(".")]
    page = out / FIRST
    if there and not (page.is_file() and b'content="KB Wizard"' in page.read_bytes()):
        raise SetupError(
            f"{out}: holds files that `wizard build` did not write, and it removes what is not its own "
            "(name an empty folder with --out)."
        )
