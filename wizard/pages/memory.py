"""What a build remembers, so that the next one does only what is new.

It lies in `.wizard/` beside `wizard.toml`, one file for each pair of articles and output folders,
and is nothing but a help: without it, or with one that cannot be read, everything is built.
"""

import os
import pickle
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import blake2b
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from wizard.config import Config
from wizard.content.article import Card
from wizard.content.findings import Finding
from wizard.content.scan import Scan, Stamp
from wizard.content.shelf import Answers, Named
from wizard.pages.folder import Mark

_FRESH = 2_000_000_000
"""Nanoseconds within which a file may change again without a new time on some file systems."""
_DIGEST = 16
"""Bytes at the start of the file: the hash of the others."""
_PUBLISHING = (
    "__init__.py",
    "content",
    "pages",
    "theme",
    "actions/index.py",
    "config.py",
    "locales.py",
    "account/periods.py",
    "money.py",
)
_LIBRARIES = (
    "markdown_it",
    "mdit_py_plugins",
    "nh3",
    "jinja2",
    "yaml",
    "frontmatter",
    "flask_frozen",
    "pagefind_bin",
    "babel",
)


@dataclass(slots=True)
class Kept:
    """What is kept of one article."""

    entry: tuple[Any, ...] | None = None
    """Of its Entry; None where the front matter was unusable."""
    card: Card | None = None
    """None where it has no place."""
    head_findings: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: bytes = b""
    """Packed: they are most of what is kept, and seldom asked for."""
    places: tuple[str, ...] = ()
    """Of the files in the site that were made of it."""

    def plain(self) -> tuple[Any, ...]:
        """The values alone, in order."""
        return self.entry, self.card and self.card.plain(), *_OTHERS(self)

    @classmethod
    def of(cls, plain: tuple[Any, ...]) -> "Kept":
        """From its plain values."""
        entry, card, *others = plain
        return cls(entry, card and Card.of(card), *others)


_OTHERS = attrgetter(*(each.name for each in fields(Kept)[2:]))


@dataclass(slots=True)
class Memory:
    ground: str = ""
    sources: dict[str, Stamp | bytes] = field(default_factory=dict)
    """Path of each file below the articles folder -> its stamp, or the hash of one that was too fresh."""
    marks: dict[str, Mark] = field(default_factory=dict)
    """Place of each file of the site -> its mark."""
    folders: dict[str, int] = field(default_factory=dict)
    """Each folder of the site -> the time of its last change, in ns: a stray file changes it."""
    lists: tuple[str, ...] = ()
    """Places of what is made of cards and of the ground: all but articles and their files."""
    redirects: dict[str, str] = field(default_factory=dict)
    """Old address -> address of the article: some of what lists are made of."""
    search: tuple[str, ...] = ()
    """Places of the search index."""
    findings: tuple[Finding, ...] = ()
    """All but those that depend on the day."""
    reviews: tuple[tuple[str, date], ...] = ()
    articles: int = 0
    pages: int = 0
    second_guides: frozenset[str] = frozenset()
    """Addresses of guides whose name another guide has."""
    footer: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What the foot of every page asked of the shelf, and the answers."""
    kept: dict[str, Kept] = field(default_factory=dict)
    """By path. The second part: read only when something is new."""


class Past:
    """What the last build of these articles into this folder remembers, if the ground is still the same."""

    def __init__(self, config: Config, clean: bool = False) -> None:
        """clean: remember nothing."""
        self._config, self._stream = config, BytesIO()
        self._ground = ground(config)
        self.memory = Memory() if clean else self._recall()
        if self.memory.ground != self._ground:
            self.memory, self._stream = Memory(), BytesIO()

    def is_current(self, found: Scan) -> bool:
        """Whether the articles folder is as it was."""
        return bool(self.memory.ground) and changes(found, self.memory) == (set(), set())

    def whole(self) -> Memory:
        """With its second part."""
        while self._stream.tell() < len(self._stream.getbuffer()):
            values = _Plain(self._stream).load()
            self.memory.kept |= {path: Kept.of(plain) for path, plain in values.items()}
        return self.memory

    def replace(self, now: Memory) -> None:
        """Keep this from now on, whole or not at all."""
        self.memory, self._stream = now, BytesIO()
        now.ground = self._ground
        first = {name: getattr(now, name) for name in Memory.__slots__ if name != "kept"}
        path = _path(self._config)
        aside = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(aside, "wb") as file:
                file.write(bytes(_DIGEST))
                hashing = _Hashing(file)
                pickle.dump(first, hashing, 5)
                for paths in _parts(list(now.kept)):
                    pickle.dump({path: now.kept[path].plain() for path in paths}, hashing, 5)
                file.seek(0)
                file.write(hashing.hash.digest())
            os.replace(aside, path)
        except OSError:  # the next build builds everything
            with suppress(OSError):
                path.unlink()

    def _recall(self) -> Memory:
        try:
            content = _path(self._config).read_bytes()
            if content[:_DIGEST] != _digest(memoryview(content)[_DIGEST:]):
                return Memory()
            self._stream = BytesIO(content)
            self._stream.seek(_DIGEST)
            return Memory(**_Plain(self._stream).load())
        except (OSError, pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError):
            return Memory()


def ground(config: Config) -> str:
    """All that every page depends on: the settings, the theme, this program and its libraries."""
    here = Path(__file__).parents[1]
    code = [stamp for part in _PUBLISHING for stamp in stamps(here / part)]
    theme = [stamp for path in (config.theme, config.logo) if path and path.exists() for stamp in stamps(path)]
    libraries = [stamp for name in _LIBRARIES for stamp in _library_stamp(name)]
    return _digest(repr((sys.version, config, theme, code, libraries)).encode()).hex()


def sources(found: Scan) -> dict[str, Stamp | bytes]:
    """To be remembered: stamps, but of files that are too fresh for one their hash."""
    now = time.time_ns()
    kept: dict[str, Stamp | bytes] = {}
    for path, stamp in (*found.articles.items(), *found.files.items()):
        kept[path] = stamp if now - max(stamp[1], stamp[2]) > _FRESH else _hash_of(found, path)
    return kept


def changes(found: Scan, memory: Memory) -> tuple[set[str], set[str]]:
    """Paths of the files that are new or changed, and of those that are gone."""
    now = {**found.articles, **found.files}
    changed = {path for path, stamp in now.items() if not _is_same(found, path, stamp, memory.sources.get(path))}
    return changed, memory.sources.keys() - now.keys()


def _is_same(found: Scan, path: str, stamp: Stamp, kept: Stamp | bytes | None) -> bool:
    return _hash_of(found, path) == kept if isinstance(kept, bytes) else stamp == kept


def _hash_of(found: Scan, path: str) -> bytes:
    try:
        with open(f"{found.folder}/{path}", "rb") as file:
            return _digest(file.read())
    except OSError:
        return b""


def pack(answers: Answers) -> bytes:
    return pickle.dumps(answers, 5)


def unpack(packed: bytes) -> Answers:
    return _Plain(BytesIO(packed)).load() if packed else {}


def _parts(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    """A few hundred at a time: pickle remembers each value that it has written."""
    return (paths[start : start + 500] for start in range(0, len(paths), 500))


class _Hashing:
    """Writes to a file and hashes what it writes, so that the whole is never held."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = blake2b(digest_size=_DIGEST)

    def write(self, part: bytes) -> None:
        self.hash.update(part)
        self._file.write(part)


_ALLOWED = {("datetime", "date"): date} | {(one.__module__, one.__name__): one for one in (Finding, Named)}


class _Plain(pickle.Unpickler):
    """Reads plain values and nothing that could run: the file may come from anywhere."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is not remembered")
        return _ALLOWED[module, name]


def _path(config: Config) -> Path:
    pair = f"{os.path.abspath(config.articles)}\n{os.path.abspath(config.out)}"
    return config.folder / ".wizard" / f"build-{_digest(pair.encode()).hex()[:12]}"


def _digest(content: bytes | memoryview) -> bytes:
    return blake2b(content, digest_size=_DIGEST).digest()


def stamps(path: Path) -> list[tuple[str, int, int]]:
    """Of a file, or of all files of a folder: path, size and time of the last change in ns.

    A link to a folder is followed, but not one that leads to a folder above it.
    """
    if path.is_dir():
        there = [Path(one) for one in sorted(os.scandir(path), key=lambda entry: entry.name)]
        return [stamp for below in there if not _leads_above(below) for stamp in stamps(below)]
    try:
        stat = path.stat()
    except OSError:  # a link to nothing: whoever reads it says so
        return [(str(path), 0, 0)]
    return [] if path.suffix == ".pyc" else [(str(path), stat.st_size, stat.st_mtime_ns)]


def _leads_above(path: Path) -> bool:
    return path.is_symlink() and path.parent.resolve().is_relative_to(os.path.realpath(path))


def _library_stamp(name: str) -> list[tuple[str, int]]:
    from importlib.util import find_spec

    spec = find_spec(name)
    return [(name, os.stat(spec.origin).st_mtime_ns)] if spec and spec.origin else []
