"""Where everything stands, known from the heads of all articles before any body is read.

Whatever an article's page needs to know of the others, it asks here through an Asker, which keeps
the answers: while they stay the same, and the file does, so does the page.
"""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from wizard.content.addresses import category_address, category_title
from wizard.content.article import Entry
from wizard.content.findings import Finding
from wizard.content.images import Size, image_size
from wizard.content.keywords import Keyword, keywords
from wizard.content.taken import Taken, sources

Answers = dict[tuple[str, str], object]
"""(what was asked, of what) -> the answer, in plain values."""


class Named(NamedTuple):
    address: str
    title: str


@dataclass(slots=True)
class Category:
    """A folder of articles. The articles folder itself is the root category, address `/`."""

    address: str
    title: str
    articles: list[Entry] = field(default_factory=list)
    """In a Library these are Cards."""
    children: list["Category"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Articles here and below."""
        return len(self.articles) + sum(child.count for child in self.children)


class Shelf:
    """All articles that have a place, by address, in the order of their paths."""

    def __init__(
        self, entries: Iterable[Entry], files: Collection[str], reserved: frozenset[str], folder: str = ""
    ) -> None:
        """files: paths of those beside the articles, in `folder`; without it no image is measured."""
        self.findings: list[Finding] = []
        entries = list(entries)
        self._folders = _folders(entries)
        self.entries = self._without_collisions(entries, reserved)
        self._reserved = reserved
        self.files, self.folder = files, folder
        self._sizes: dict[str, Size | None] = {}

    @cached_property
    def categories(self) -> dict[str, Category]:
        """By address; those without any article below are not there, but for the root."""
        categories = {"/": Category("/", "")}
        for address in sorted(self._folders):
            category = categories[address] = Category(address, category_title(self._folders[address]))
            categories[_parent(address)].children.append(category)
        for entry in self.entries.values():
            categories[category_address(entry.path)].articles.append(entry)
        for category in categories.values():
            category.articles.sort(key=lambda entry: (not entry.sticky, entry.title.casefold()))
            category.children.sort(key=lambda child: child.title.casefold())
        for address in sorted(categories, reverse=True):
            if address != "/" and not categories[address].count:
                gone = categories.pop(address)
                categories[_parent(address)].children.remove(gone)
        return categories

    @property
    def sources(self) -> dict[str, str]:
        """Address of each article -> address of its Markdown in the site."""
        return self._layout[0]

    def taken(self) -> Taken:
        """The places that pages and articles' Markdown have; to be filled further."""
        return self._layout[1].copy()

    @cached_property
    def keywords(self) -> dict[str, Keyword]:
        """Folded text -> each keyword that has a page."""
        return keywords(self.entries.values(), self.own_address("keywords"))

    def own_pages(self) -> Iterator[str]:
        """Addresses of the pages that no file of the author's stands behind."""
        if self.entries:
            yield self.own_address("search")
            yield self.own_address("a-z")
        for keyword in self.keywords.values():
            yield keyword.address

    # What an article may ask. Answers are plain values, so that they can be kept.

    def file(self, path: str) -> tuple[str, str] | None:
        """The file at this path, else in whatever case: its path as it is, and its address if it is an article."""
        exact = path if path in self._addresses or path in self.files else self._folded.get(path.lower())
        return (exact, self._addresses.get(exact, "")) if exact else None

    def size(self, path: str) -> Size | None:
        """Of an image, as it is shown."""
        if path not in self._sizes:
            self._sizes[path] = image_size(Path(self.folder, path)) if self.folder else None
        return self._sizes[path]

    def is_page(self, address: str) -> bool:
        return address in self.entries or address in self._folders or address == "/"

    def near(self, name: str) -> str | None:
        """A path with this file name, in lower case."""
        return self._by_name.get(name)

    def titled(self, title: str) -> str | None:
        """The address of the article with this title, folded."""
        return self._titles.get(title)

    def title(self, address: str) -> str | None:
        entry = self.entries.get(address)
        return entry.title if entry else None

    def source(self, address: str) -> str:
        """The address of an article's Markdown; empty where something else lies there."""
        return self.sources.get(address, "")

    def trail(self, path: str) -> tuple[Named, ...]:
        """The categories above an article, from the outermost, without the root."""
        parts = category_address(path).split("/")
        above = ("/".join(parts[: end + 1]) + "/" for end in range(1, len(parts) - 1))
        return tuple(Named(address, self.categories[address].title) for address in above)

    def neighbours(self, path: str) -> tuple[Named | None, Named | None]:
        """The articles before and after in the category."""
        order = self.categories[category_address(path)].articles
        place = self._places[path]
        before = order[place - 1] if place else None
        after = order[place + 1] if place + 1 < len(order) else None
        return tuple(one and Named(one.address, one.title) for one in (before, after))

    def keyword_address(self, text: str) -> str:
        """Of the keyword's page; empty where it has none."""
        keyword = self.keywords.get(text.casefold())
        return keyword.address if keyword else ""

    def own_address(self, name: str) -> str:
        """Where a page of our own lies: `/search/`; with a number where authors have taken that."""
        number, free = 1, name
        while free in self._firsts:
            number += 1
            free = f"{name}-{number}"
        return f"/{free}/"

    def holds(self, answers: Answers) -> bool:
        """Whether all would be answered the same today."""
        return all(getattr(self, what)(name) == answer for (what, name), answer in answers.items())

    @cached_property
    def _layout(self) -> tuple[dict[str, str], Taken]:
        places = Taken(["/", *self.entries, *self._folders, *self.own_pages()], self._reserved)
        return sources(self.entries, places), places

    @cached_property
    def _firsts(self) -> set[str]:
        return {address.split("/")[1] for address in (*self.entries, *self._folders)}

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {entry.path: entry.address for entry in self.entries.values()}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {path.lower(): path for path in (*self._addresses, *self.files)}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {posixpath.basename(path): original for path, original in self._folded.items()}

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {entry.title.casefold(): entry.address for entry in self.entries.values()}

    @cached_property
    def _places(self) -> dict[str, int]:
        """Path of each article -> its place in its category."""
        return {
            entry.path: place for category in self.categories.values() for place, entry in enumerate(category.articles)
        }

    def _without_collisions(self, entries: Sequence[Entry], reserved: frozenset[str]) -> dict[str, Entry]:
        kept: dict[str, Entry] = {}
        for entry in entries:
            first = entry.address.split("/")[1]
            if holder := kept.get(entry.address):
                taken = f"is the address of {holder.path} too"
            elif entry.address in self._folders:
                taken = "is the address of a category"
            elif first in reserved:
                taken = f"begins with /{first}/, which belongs to the wizard"
            else:
                kept[entry.address] = entry
                continue
            what, mend = f"{entry.address} {taken}; the article is left out", "rename the file or set permalink:"
            self.findings.append(Finding(entry.path, entry.address_line, "address-taken", what, mend))
        return kept


class Asker:
    """Asks the shelf for one article, and keeps the answers."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.answers: Answers = {}

    def __call__(self, what: str, name: str) -> object:
        """what: the name of a method of Shelf that takes one text."""
        answer = self.answers[what, name] = getattr(self._shelf, what)(name)
        return answer


def _folders(entries: Iterable[Entry]) -> dict[str, str]:
    """Address of each category -> its folder's own name."""
    folders: dict[str, str] = {}
    for folder in sorted({entry.path.rpartition("/")[0] for entry in entries} - {""}):
        while folder:
            folders.setdefault(category_address(f"{folder}/x"), folder.rpartition("/")[2])
            folder = folder.rpartition("/")[0]
    return folders


def _parent(address: str) -> str:
    return address.rstrip("/").rpartition("/")[0] + "/"
