"""The files of a folder, each with a stamp that changes when the file does."""

import os
from dataclasses import dataclass, field

from wizard.content.findings import Finding
from wizard.errors import SetupError

Stamp = tuple[int, int, int, int]
"""Size, times of the last change to content and to the file's entry (both in ns), and inode."""


@dataclass(slots=True)
class Scan:
    folder: str
    articles: dict[str, Stamp] = field(default_factory=dict)
    """Path relative to the folder -> its stamp, in the order of the paths."""
    files: dict[str, Stamp] = field(default_factory=dict)
    """The same of all other files."""
    findings: list[Finding] = field(default_factory=list)


def scan(folder: str | os.PathLike[str], but: str | os.PathLike[str] = "") -> Scan:
    """Hidden files, links that lead out of the folder, and the folder `but` are left out.

    Raises SetupError if the folder cannot be read.
    """
    if not os.path.isdir(folder):
        raise SetupError(f"{folder}: there is no such folder of articles (name one with --articles).")
    found = Scan(os.fspath(folder))
    left_out = os.path.realpath(but) if but else ""
    articles: dict[str, Stamp] = {}
    _enter(found.folder, "", os.path.realpath(folder), left_out, articles, found)
    found.articles = dict(sorted(articles.items()))
    found.files = dict(sorted(found.files.items()))
    return found


def _enter(folder: str, before: str, root: str, left_out: str, articles: dict[str, Stamp], found: Scan) -> None:
    """before: the path of `folder` from the top, ending in `/` (or empty)."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith("."):
                    continue
                path = before + name
                if not path.isprintable() and path.encode(errors="replace").decode() != path:
                    shown = path.encode(errors="replace").decode()
                    what, mend = "has a name that is not UTF-8", "rename it"
                    found.findings.append(Finding(shown, 0, "file-unreadable", what, mend))
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if f"{root}/{path}" != left_out:
                        _enter(entry.path, f"{path}/", root, left_out, articles, found)
                elif not entry.is_symlink() or _leads_inside(entry.path, root):
                    stat = entry.stat()
                    stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
                    kind = articles if name.lower().endswith((".md", ".markdown")) else found.files
                    kind[path] = stamp
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        found.findings.append(Finding(before.rstrip("/") or ".", 0, "file-unreadable", what, "correct its rights"))


def _leads_inside(link: str, root: str) -> bool:
    target = os.path.realpath(link)
    return target.startswith(f"{root}{os.sep}") and os.path.isfile(target)
