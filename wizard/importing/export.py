"""The article list of a Zendesk help center, as its API gives it, read and checked.

What is not as it should be is said in `problems`, with its place, and left out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wizard.content.frontmatter import shown
from wizard.errors import SetupError

_NAMES = {str: "text", int: "a whole number", bool: "true or false", list: "a list", dict: "a table"}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T|\s|$)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of the export, in one locale."""

    where: str
    """Its place in the file, for messages."""
    id: int
    title: str
    body: str
    """HTML."""
    locale: str
    url: str
    """Its old address; may be empty."""
    section: int | None
    day: date | None
    """When it was last edited."""
    labels: tuple[str, ...]
    promoted: bool
    comments: bool | None
    author: str
    up: int
    down: int
    """Votes."""


@dataclass(frozen=True, slots=True)
class _Folder:
    name: str
    category: int | None = None
    parent: int | None = None


@dataclass(slots=True)
class Export:
    entries: list[Entry] = field(default_factory=list)
    """Sorted by id, so that an article that comes later takes no name from one that was there."""
    drafts: int = 0
    problems: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    """Hosts under which the help center's own pages lie."""
    sections: dict[tuple[int, str], _Folder] = field(default_factory=dict)
    """By id and locale; the locale "" holds the first that was seen."""
    categories: dict[tuple[int, str], _Folder] = field(default_factory=dict)
    users: dict[int, str] = field(default_factory=dict)

    def folders(self, entry: Entry) -> list[str]:
        """Names of the category and the sections above an article, from the outermost."""
        names: list[str] = []
        place, seen, section = entry.section, set(), None
        while place is not None and place not in seen:
            seen.add(place)
            section = _named(self.sections, place, entry.locale)
            names.insert(0, section.name if section else str(place))
            place = section.parent if section else None
        category = _named(self.categories, section.category, entry.locale) if section else None
        return [category.name, *names] if category else names


def read(path: Path) -> Export:
    """Raises SetupError where the file is no export of articles."""
    raw = _json(path)
    pages = raw if isinstance(raw, list) else [raw]
    if not pages or not all(isinstance(page, dict) and isinstance(page.get("articles"), list) for page in pages):
        raise SetupError(
            f"{path}: is not an article list of the Help Center API "
            '(give {"articles": [...]} as it answers, or a list of such pages).'
        )
    export = Export()
    for page, where in _places(path, raw):
        _add_folders(export, page, where)
    found: dict[tuple[int, str], Entry] = {}
    for page, where in _places(path, raw):
        for number, item in enumerate(page["articles"], 1):
            try:
                entry = _entry(item, f"{where}articles[{number}]", export)
            except _Wrong as wrong:
                export.problems.append(str(wrong))
                continue
            if entry and found.setdefault((entry.id, entry.locale), entry) != entry and not _same(entry, found):
                what = f"{entry.where}: the article stands in the export before, with other content"
                export.problems.append(f"{what} (export again; the first is taken)")
    export.entries = sorted(found.values(), key=lambda entry: (entry.id, entry.locale))
    return export


class _Wrong(Exception):
    pass


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SetupError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path}: is not UTF-8 (save the export as UTF-8).") from error
    except json.JSONDecodeError as error:
        raise SetupError(f"{path}:{error.lineno}: is not JSON: {error.msg} (export it again).") from error
    except (ValueError, RecursionError) as error:
        raise SetupError(f"{path}: is not JSON that can be read: {error} (export it again).") from error


def _places(path: Path, raw: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Each page with how messages name it."""
    if isinstance(raw, dict):
        yield raw, f"{path}: "
    else:
        for number, page in enumerate(raw, 1):
            yield page, f"{path}: page {number}: "


def _add_folders(export: Export, page: dict[str, Any], where: str) -> None:
    """The sections, categories and users that came with a page of articles."""
    for kind, into in (("sections", export.sections), ("categories", export.categories), ("users", export.users)):
        items = page.get(kind)
        for number, item in enumerate(items if isinstance(items, list) else [], 1):
            place = f"{where}{kind}[{number}]"
            try:
                one, name = _field(item, "id", int, place, True), _line(_field(item, "name", str, place, True))
                if into is export.users:
                    export.users[one] = name
                    continue
                folder = _Folder(
                    name, _field(item, "category_id", int, place), _field(item, "parent_section_id", int, place)
                )
                into.setdefault((one, _field(item, "locale", str, place) or ""), folder)
                into.setdefault((one, ""), folder)
            except _Wrong as wrong:
                export.problems.append(str(wrong))


def _entry(item: Any, where: str, export: Export) -> Entry | None:
    """None for a draft. Raises _Wrong."""
    number = _field(item, "id", int, where, True)
    where = f"{where} (id {number})"
    title = _line(_field(item, "title", str, where) or "")
    if not title:
        raise _Wrong(f"{where}: the article has no title (give it one in the help center); it is left out")
    url = (_field(item, "html_url", str, where) or "").strip()
    host = _host(url, where)
    if _field(item, "draft", bool, where):
        export.drafts += 1
        return None
    if (segment := _field(item, "user_segment_id", int, where)) is not None:
        who = f"only readers of the user segment {segment} may see it, and a site is for everybody"
        raise _Wrong(f'{where}: "{title}": {who} (open it to everyone, or leave it there); it is left out')
    if host:
        export.hosts.add(host)
    total, balance = (_field(item, name, int, where) or 0 for name in ("vote_count", "vote_sum"))
    closed = _field(item, "comments_disabled", bool, where)
    labels = _field(item, "label_names", list, where) or []
    if not all(isinstance(label, str) for label in labels):
        raise _Wrong(f"{where}: label_names is {shown(labels)} (give a list of texts); the article is left out")
    edited = [_field(item, name, str, where) for name in ("edited_at", "updated_at", "created_at")]
    return Entry(
        where=where,
        id=number,
        title=title,
        body=_clean(_field(item, "body", str, where) or ""),
        locale=_line(_field(item, "locale", str, where) or "").lower(),
        url=url,
        section=_field(item, "section_id", int, where),
        day=_day(next(filter(None, edited), None), where),
        labels=tuple(filter(None, map(_line, labels))),
        promoted=bool(_field(item, "promoted", bool, where)),
        comments=None if closed is None else not closed,
        author=export.users.get(_field(item, "author_id", int, where) or 0, ""),
        up=max(0, (total + balance) // 2),
        down=max(0, (total - balance) // 2),
    )


def _field(item: Any, name: str, kind: type, where: str, required: bool = False) -> Any:
    """The value of a field, None where it is not there. Raises _Wrong."""
    if not isinstance(item, dict):
        raise _Wrong(f"{where}: is {shown(item)} (give a table with fields); it is left out")
    value = item.get(name)
    if type(value) is not kind and (value is not None or required):
        what = "is missing" if value is None else f"is {shown(value)}"
        raise _Wrong(f"{where}: {name} {what} (give {_NAMES[kind]}); it is left out")
    return value


def _host(url: str, where: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        raise _Wrong(f"{where}: html_url is {shown(url)} (give an address); it is left out") from None


def _day(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(_DAY.match(text)[1])
    except (TypeError, ValueError):
        raise _Wrong(f"{where}: the date is {shown(text)} (give it as 2026-11-21T12:00:00Z); it is left out") from None


def _same(entry: Entry, found: dict[tuple[int, str], Entry]) -> bool:
    """The same article twice, as pages give it when one was added while they were read."""
    first = found[entry.id, entry.locale]
    return (entry.title, entry.body) == (first.title, first.body)


def _named(folders: dict[tuple[int, str], _Folder], number: int | None, locale: str) -> _Folder | None:
    return None if number is None else folders.get((number, locale)) or folders.get((number, ""))


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Without what no file can hold: halves of characters, and signs that mean nothing."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text.encode("utf-8", "replace").decode())
