"""Which file each article becomes, and how a link to its old address is written from another."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize
from urllib.parse import quote, urljoin, urlsplit

from wizard.content.addresses import RESERVED, WIZARD, article_address, category_address, slug
from wizard.importing.export import Entry, Export

_ARTICLE = re.compile(r"/hc/(?:([\w-]+)/)?articles/(\d+)(?:[-/].*)?")
_HOSTILE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST = 100
"""Bytes of a file's or folder's name, well below what any file system takes."""


@dataclass(frozen=True, slots=True)
class Places:
    main: str
    """The locale of most articles; it has no folder of its own."""
    paths: dict[tuple[int, str], str]
    """Id and locale -> path below the articles folder."""
    hosts: frozenset[str]

    @classmethod
    def of(cls, export: Export) -> "Places":
        counted = Counter(entry.locale for entry in export.entries)
        main = counted.most_common(1)[0][0] if counted else ""
        folders = {(one.id, one.locale): _folder(export, one, main) for one in export.entries}
        taken = {address for folder in folders.values() for address in _addresses(folder)}
        paths = {}
        for entry in export.entries:
            key = (entry.id, entry.locale)
            name = _short(slug(entry.title))
            path = f"{folders[key]}{name if name != '-' else entry.id}.md"
            while article_address(path) in taken or _is_ours(path):
                path = f"{path.removesuffix('.md')}-{entry.id}.md"
            taken.add(article_address(path))
            paths[key] = path
        return cls(main, paths, frozenset(export.hosts))

    def of_entry(self, entry: Entry) -> str:
        return self.paths[entry.id, entry.locale]

    def link(self, href: str, entry: Entry) -> str:
        """`href` as the file of `entry` has to write it: a path to another file, or a whole address."""
        href = href.strip()
        if href.startswith("#"):
            return href
        try:
            whole = urljoin(entry.url, href)
            parts = urlsplit(whole)
        except ValueError:
            return href
        found = _ARTICLE.fullmatch(parts.path)
        if found and parts.netloc.lower() in self.hosts | {""}:
            locales = ((found[1] or "").lower(), entry.locale, self.main)
            others = (locale for number, locale in self.paths if number == int(found[2]))
            path = next(
                (self.paths[key] for one in (*locales, *others) if (key := (int(found[2]), one)) in self.paths), ""
            )
            if path:
                anchor = f"#{parts.fragment}" if parts.fragment else ""
                if path == self.of_entry(entry) and anchor:
                    return anchor
                return quote(posixpath.relpath(path, posixpath.dirname(self.of_entry(entry)) or ".")) + anchor
        return whole


def _folder(export: Export, entry: Entry, main: str) -> str:
    """`Billing/Invoices/`, below the locale's own folder where it is not the main one."""
    names = [_name(name) for name in export.folders(entry)]
    if entry.locale != main:
        names.insert(0, _name(entry.locale or "no-locale"))
    if names and slug(names[0]) in RESERVED | WIZARD:
        names[0] += " articles"
    return "".join(f"{name}/" for name in names)


def _name(text: str) -> str:
    name = _short(_HOSTILE.sub("-", normalize("NFC", text)).strip(" .-"))
    return name or "untitled"


def _short(name: str) -> str:
    return name.encode()[:_LONGEST].decode(errors="ignore").strip(" .-") or "-" * (name == "-")


def _addresses(folder: str) -> Iterable[str]:
    while folder:
        yield category_address(folder)
        folder = folder.rstrip("/").rpartition("/")[0]
        folder += "/" if folder else ""


def _is_ours(path: str) -> bool:
    address = article_address(path)
    return address.strip("/").partition("/")[0] in RESERVED | WIZARD
