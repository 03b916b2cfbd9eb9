"""Who has which place in the site. A place is a file or a folder, never both."""

from collections.abc import Iterable, Mapping

from wizard.content.addresses import asset_address, place, redirect_address
from wizard.content.article import Card, Entry
from wizard.content.findings import Finding


class Taken:
    """The places of the site that something lies at; pages come first."""

    def __init__(self, pages: Iterable[str], reserved: frozenset[str]) -> None:
        """pages: their addresses. reserved: first parts of places that are not to be had."""
        self._reserved = reserved
        self._files = {"404.html"}
        self._folders: set[str] = set()
        for page in pages:
            self._take(place(page))

    def copy(self) -> "Taken":
        other = Taken((), self._reserved)
        other._files, other._folders = set(self._files), set(self._folders)
        return other

    def take(self, address: str) -> bool:
        """Whether the place was free; it is taken from now on."""
        file = place(address)
        return file.partition("/")[0] not in self._reserved and self._take(file)

    def _take(self, file: str) -> bool:
        if file in self._files or file in self._folders:
            return False
        new, folder = [], file.rpartition("/")[0]
        while folder and folder not in self._folders:  # what lies above a known folder is known too
            if folder in self._files:
                return False
            new.append(folder)
            folder = folder.rpartition("/")[0]
        self._files.add(file)
        self._folders.update(new)
        return True


def files(paths: Iterable[str], taken: Taken, findings: list[Finding]) -> frozenset[str]:
    """The files beside the articles whose place in the site is free."""
    kept = set()
    for path in paths:
        address = asset_address(path)
        if taken.take(address):
            kept.add(path)
        else:
            what, mend = f"{address} is the place of another file or page; the file is left out", "rename the file"
            findings.append(Finding(path, 0, "address-taken", what, mend))
    return frozenset(kept)


def sources(articles: Mapping[str, Entry], taken: Taken) -> dict[str, str]:
    """Address of an article -> address of its Markdown, which lies where its relative links hold.

    An article whose place is not free (by a permalink it may be read elsewhere) has none.
    """
    wanted = ((address, asset_address(article.path)) for address, article in articles.items())
    return {address: source for address, source in wanted if taken.take(source)}


def redirects(articles: Mapping[str, Card], taken: Taken, findings: list[Finding]) -> dict[str, str]:
    """Old address -> the address of the article that has it now; sorted. No target is ever an old address."""
    found: dict[str, str] = {}
    for address, article in articles.items():
        for old in filter(None, map(redirect_address, article.redirects)):
            if taken.take(old):
                found[old] = address
            elif address not in (old, found.get(old)):
                what = f"redirect_from {old} is the place of a page, a file or another redirect; it is left out"
                findings.append(Finding(article.path, 1, "address-taken", what, "remove it, or correct it"))
    return dict(sorted(found.items()))
