"""Bring the site up to date: read what is new, press the pages that it changes, remove what is gone.

An article's page is pressed again if its file changed, or if the shelf would answer differently to
what it asked; pages of lists are made again if a card changed. What is written differs from what is
there, so the result has the same bytes as a build from nothing.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter

from wizard.config import Config
from wizard.content.addresses import asset_address
from wizard.content.addresses import place as place_of
from wizard.content.article import Article, Card, Entry
from wizard.content.library import Library, assemble
from wizard.content.policy import Policy
from wizard.content.reader import read_article
from wizard.content.scan import Scan
from wizard.content.shelf import Asker, Shelf
from wizard.errors import SetupError
from wizard.pages import headers, machine, memory
from wizard.pages.folder import FIRST, Folder
from wizard.pages.footer import Footer, read_footer
from wizard.pages.heads import Heads
from wizard.pages.lists import Lists, not_found
from wizard.pages.memory import Kept, Memory
from wizard.pages.press import Press
from wizard.pages.search import LIST, title_list
from wizard.pages.site import Site
from wizard.theme import colour, load_theme


@dataclass(slots=True)
class Plan:
    """What is to be read and pressed."""

    heads: Heads
    """Of new and changed files."""
    entries: dict[str, Entry]
    """Of all usable files, by path."""
    shelf: Shelf
    footer: Footer
    stale: list[str]
    """Addresses of the articles to be read."""


def plan(config: Config, rules: Policy, found: Scan, past: Memory, folder: Folder | None) -> Plan:
    """folder: where pages are to stand as they were left."""
    changed, _ = memory.changes(found, past)
    heads = Heads(config.articles)
    entries: dict[str, Entry] = {}
    for path in found.articles:
        kept = past.kept.get(path)
        if kept is None or path in changed:
            head = heads.read(path)
            if head.entry:
                entries[path] = head.entry
        elif kept.entry:
            entries[path] = Entry(*kept.entry)
    shelf = Shelf(entries.values(), found.files, rules.reserved, found.folder)
    is_moved, is_footer_new = _is_moved(found, past, entries, changed), not shelf.holds(past.footer)
    stale = []
    for address, entry in shelf.entries.items():
        kept = past.kept.get(entry.path)
        if (
            kept is None
            or is_footer_new
            or kept.card is None
            or kept.entry[3] != entry.content_hash
            or (is_moved and (kept.entry[1] != address or not shelf.holds(memory.unpack(kept.answers))))
            or (folder and not all(folder.stands(place, past.marks.get(place, (0, 0))) for place in kept.places))
        ):
            stale.append(address)
    return Plan(heads, entries, shelf, read_footer(config, shelf, rules), stale)


def _is_moved(found: Scan, past: Memory, entries: dict[str, Entry], changed: set[str]) -> bool:
    """Whether anything changed that articles ask of the shelf."""
    if past.sources.keys() != found.articles.keys() | found.files.keys() or changed & found.files.keys():
        return True
    for path in changed:
        kept, entry = past.kept.get(path), entries.get(path)
        before = kept.entry if kept else None
        after = entry.plain() if entry else None
        if (before and before[:3] + before[4:]) != (after and after[:3] + after[4:]):
            return True
    return False


def update(
    config: Config, rules: Policy, found: Scan, past: Memory, folder: Folder | None, jobs: int, search: bool = False
) -> tuple[Library, Memory]:
    """Read what is new and, with a folder, bring it up to date. past: with its second part.

    Returns the library, whose findings are all but the overdue, and what is to be remembered.
    Raises OSError, and SetupError where the theme cannot be used, or where there is no article for
    a folder that holds a site.
    """
    seen = memory.sources(found)  # before anything is read: what is saved from now on is new to the next build
    todo = plan(config, rules, found, past, folder)
    site, has_others = None, False
    if folder:
        if not todo.shelf.entries and os.path.exists(f"{folder.root}/index.html"):
            where = f"{config.articles}: holds no article, and {config.out} holds a site"
            raise SetupError(f"{where}; it is left as it is.")
        site = Site(config, load_theme(config), todo.footer, config.folder / ".wizard" / "templates")
        folder.open()
        has_others = _has_others(past, folder)  # before our own writing changes the folders' times
        folder.put(FIRST, not_found(site, todo.shelf).encode())
        if not search or _is_indexed_anew(todo, past):
            for place in past.search:  # rather none than a stale one, should this end here
                folder.remove(place)
            past.search = ()
    press = Press(todo.shelf, rules, todo.heads, site, folder)
    press.all(todo.stale, jobs)
    kept = _kept(found.articles, todo, past, press)
    cards = {address: kept[entry.path].card for address, entry in todo.shelf.entries.items()}
    told = [*found.findings, *(one for each in kept.values() for one in (*each.head_findings, *each.findings))]
    told += todo.footer.findings
    if config.accent and (problem := colour.finding(config.accent)):
        told.append(problem)
    library = assemble(todo.shelf, cards, told, rules, _reader(todo.shelf, rules, todo.heads))
    now = Memory(
        sources=seen,
        findings=tuple(library.findings),
        reviews=tuple((card.path, card.review_by) for card in cards.values() if card.review_by),
        articles=len(cards),
        kept=kept,
        second_guides=_second_guides(library),
        redirects=library.redirects,
        footer=todo.footer.answers,
    )
    if folder and site:
        _press_second_guides(past, now, press, folder)
        for place in _pages(past) - _pages(now):
            folder.remove(place)
        if folder.keep(past.search, past.marks):
            now.search = past.search
        is_indexed = search and bool(library.articles) and not now.search
        with _indexing(folder) if is_indexed and not has_others else nullcontext() as put_index:
            _complete(config, library, found, past, now, site, folder)
            if put_index:
                now.search = put_index()
        _clear(past, folder, has_others)
        if is_indexed and has_others:  # their pages must be gone before
            with _indexing(folder) as put_index:
                now.search = put_index()
        now.marks = folder.marks
        now.folders = folder.folders({"", *(place.rpartition("/")[0] for place in folder.marks)})
        now.pages = now.articles + sum(place.endswith(".html") for place in now.lists) - len(now.redirects)
    return library, now


def _indexing(folder: Folder) -> AbstractContextManager[Callable[[], tuple[str, ...]]]:
    from wizard.pages.indexing import indexing

    return indexing(folder)


def _pages(memory: Memory) -> set[str]:
    """The places of all that is made of one article."""
    return {place for kept in memory.kept.values() for place in kept.places}


def _kept(paths: Iterable[str], todo: Plan, past: Memory, press: Press) -> dict[str, Kept]:
    addresses = {entry.path: entry.address for entry in todo.shelf.entries.values()}
    kept: dict[str, Kept] = {}
    for path in paths:
        head, before = todo.heads.get(path), past.kept.get(path)
        one = kept[path] = Kept(todo.entries[path].plain() if path in todo.entries else None)
        one.head_findings = tuple(head.findings) if head else before.head_findings
        if pressed := press.pressed.get(addresses.get(path, "")):
            one.card, one.findings, one.answers, one.places = pressed
        elif path in addresses and before:
            one.card, one.findings, one.answers, one.places = (
                before.card,
                before.findings,
                before.answers,
                before.places,
            )
    return kept


def _reader(shelf: Shelf, policy: Policy, heads: Heads) -> Callable[[str], Article | None]:
    @cache
    def read(address: str) -> Article | None:
        entry = shelf.entries.get(address)
        opened = heads.whole(entry.path) if entry else None
        if not opened or not opened.entry:
            return None
        return read_article(opened, Asker(shelf), policy)[0]

    return read


def _second_guides(library: Library) -> frozenset[str]:
    firsts = set(library.guides.values())
    return frozenset(card.address for card in library.articles.values() if card.is_guide and card.address not in firsts)


def _press_second_guides(past: Memory, now: Memory, press: Press, folder: Folder) -> None:
    """A page offers its guide as long as no other has its name, which shows only when all are read."""
    for address in sorted((now.second_guides & press.pressed.keys()) | (now.second_guides ^ past.second_guides)):
        if address in press.shelf.entries:
            page = press.article(address, is_guide=address not in now.second_guides)
            folder.put(f"{address[1:]}index.html", page.encode())


def _complete(
    config: Config, library: Library, found: Scan, past: Memory, now: Memory, site: Site, folder: Folder
) -> None:
    """Everything that is not made of one article alone; what is no longer wanted goes."""
    for one in now.kept.values():
        for place in one.places:
            folder.marks.setdefault(place, past.marks.get(place, (0, 0)))
    for path in sorted(library.files):
        place = asset_address(path)[1:]
        if not (found.files[path] == past.sources.get(path) and folder.keep([place], past.marks)):
            folder.copy(place, f"{config.articles}/{path}")
    if _is_listed_anew(now, past) or not folder.keep(past.lists, past.marks):
        now.lists = tuple(_put_lists(config, library, site, folder))
    else:
        now.lists = past.lists


def _is_indexed_anew(todo: Plan, past: Memory) -> bool:
    """Whether a page changed that the search index knows, or one came or went."""
    before = {path for path, kept in past.kept.items() if kept.card}
    return bool(todo.stale) or before != {entry.path for entry in todo.shelf.entries.values()}


def _has_others(past: Memory, folder: Folder) -> bool:
    """Whether there may be files that the last build did not leave."""
    return not folder.is_new and (not past.marks or folder.folders(past.folders) != past.folders)


def _clear(past: Memory, folder: Folder, has_others: bool) -> None:
    """What is no longer wanted goes."""
    folder.settle()
    for place in past.marks.keys() - folder.marks.keys():
        folder.remove(place)
    if has_others:
        folder.remove_others(folder.marks)


def _is_listed_anew(now: Memory, past: Memory) -> bool:
    """Whether anything changed that lists show of articles."""
    before = [_listed(one.card) for one in past.kept.values() if one.card]
    return (
        not past.lists
        or now.redirects != past.redirects
        or now.footer != past.footer
        or before != [_listed(one.card) for one in now.kept.values() if one.card]
    )


_UNLISTED = {"content_hash", "address_line", "links", "anchors"}
_listed = attrgetter(*(each.name for each in fields(Card) if each.name not in _UNLISTED))


def _put_lists(config: Config, library: Library, site: Site, folder: Folder) -> Iterator[str]:
    found = []
    for address, page in Lists(site, library).pages():
        folder.put(place_of(address), page.encode())
        yield place_of(address)
        if address.endswith("/") and address not in library.redirects:
            found.append(address)
    yield FIRST
    for name, content in site.theme.files.contents.items():
        folder.put(f"static/{name}", content)
        yield f"static/{name}"
    folder.put(LIST, title_list(library).encode())
    yield LIST
    for place, text in (headers.files(config) | machine.files(library, [*found, *library.articles], config)).items():
        folder.put(place, text.encode())
        yield place
