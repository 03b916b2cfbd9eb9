"""All articles of a folder, loaded and cross-checked."""

import os
from collections import ChainMap
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from wizard.content.addresses import RESERVED, asset_address, category_address, category_title
from wizard.content.article import Article
from wizard.content.checks import check
from wizard.content.findings import Finding
from wizard.content.links import Places
from wizard.content.policy import Policy
from wizard.content.reader import Head, read_article, read_head
from wizard.errors import SetupError


@dataclass(slots=True)
class Category:
    """A folder of articles. The articles folder itself is the root category, address `/`."""

    address: str
    title: str
    articles: list[Article] = field(default_factory=list)
    children: list["Category"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Articles here and below."""
        return len(self.articles) + sum(child.count for child in self.children)


@dataclass(slots=True)
class Library:
    folder: Path
    articles: dict[str, Article]
    """By address, in the order of the files."""
    categories: dict[str, Category]
    """By address; those without any article below are not there, but for the root."""
    guides: dict[str, Article]
    """By slug: the articles with live steps."""
    files: frozenset[str]
    """Paths of the files beside the articles that an article uses."""
    findings: list[Finding]
    """In order of path and line."""

    @property
    def places(self) -> Container[str]:
        """The addresses that are taken."""
        return ChainMap(self.articles, self.categories)

    def trail(self, article: Article) -> list[Category]:
        """The categories above an article, from the outermost, without the root."""
        address = category_address(article.path)
        parts = address.strip("/").split("/")
        steps = ["/" + "/".join(parts[: end + 1]) + "/" for end in range(len(parts))]
        return [self.categories[step] for step in steps if step in self.categories and step != "/"]


def load(folder: Path, policy: Policy, today: date, jobs: int = 1) -> Library:
    """Read every `.md` file below `folder`.

    jobs: processes that read bodies. Raises SetupError if the folder cannot be read.
    """
    if not folder.is_dir():
        raise SetupError(f"{folder}: there is no such folder of articles (name one with --articles).")
    findings: list[Finding] = []
    paths, files = _scan(folder, findings)
    heads = []
    for path in paths:
        head, found = read_head(folder, path)
        findings += found
        if head:
            heads.append(head)
    folders = _folders(heads)
    heads = _without_collisions(heads, set(folders), findings)
    places = Places.of(
        {head.path: head.address for head in heads},
        {head.title.casefold(): head.address for head in heads},
        files,
        {"/", *folders},
    )
    articles = {}
    for article, found in _read_all(heads, partial(read_article, places=places, policy=policy), jobs):
        articles[article.address] = article
        findings += found
    used = {link.address for article in articles.values() for link in article.links}
    used_files = [path for path in sorted(files) if asset_address(path) in used]
    guides = _guides(articles.values(), findings)
    findings += check(articles, policy, today)
    return Library(
        folder=folder,
        articles=articles,
        categories=_categories(articles.values(), folders),
        guides=guides,
        files=_without_taken_places(used_files, {"/", *folders, *articles}, findings),
        findings=sorted(set(findings)),
    )


def _scan(folder: Path, findings: list[Finding]) -> tuple[list[str], set[str]]:
    """Paths of the articles, sorted, and of all other files. Hidden ones and links out are left out."""
    articles, files = [], set()
    root = folder.resolve()

    def unreadable(error: OSError) -> None:
        path = Path(error.filename).relative_to(folder).as_posix()
        findings.append(Finding(path, 0, "file-unreadable", f"cannot be read: {error.strerror}", "correct its rights"))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(where, name)
            if name.startswith(".") or (file.is_symlink() and not _leads_inside(file, root)):
                continue
            path = file.relative_to(folder).as_posix()
            if name.lower().endswith((".md", ".markdown")):
                articles.append(path)
            else:
                files.add(path)
    return sorted(articles), files


def _leads_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # it leads nowhere, or to itself
        return False


def _read_all(heads: Sequence[Head], read: partial, jobs: int) -> Iterable[tuple[Article, list[Finding]]]:
    if jobs < 2 or len(heads) < 50:  # below that, starting processes costs more than it saves
        return map(read, heads)
    with get_context("fork").Pool(jobs) as pool:
        return pool.map(read, heads, chunksize=max(1, len(heads) // (jobs * 4)))


def _folders(heads: Iterable[Head]) -> dict[str, str]:
    """Address of each category -> its folder's own name."""
    folders: dict[str, str] = {}
    for head in heads:
        path = head.path
        while "/" in path:
            folders.setdefault(category_address(path), path.rpartition("/")[0].rpartition("/")[2])
            path = path.rpartition("/")[0]
    return folders


def _without_collisions(heads: list[Head], folders: set[str], findings: list[Finding]) -> list[Head]:
    kept: dict[str, Head] = {}
    for head in heads:
        first = head.address.strip("/").partition("/")[0]
        holder = kept.get(head.address)
        if holder:
            taken = f"is the address of {holder.path} too"
        elif head.address in folders:
            taken = "is the address of a category"
        elif first in RESERVED or head.address == "/404.html/":
            taken = f"begins with /{first}/, which belongs to the wizard"
        else:
            kept[head.address] = head
            continue
        line = head.front.lines.get("permalink", 1)
        what, mend = f"{head.address} {taken}; the article is left out", "rename the file or set permalink:"
        findings.append(Finding(head.path, line, "address-taken", what, mend))
    return list(kept.values())


def _without_taken_places(paths: Iterable[str], pages: set[str], findings: list[Finding]) -> frozenset[str]:
    """The files whose place in the site is free: no page lies there, and no other file."""
    places = {f"{address[1:]}index.html" for address in pages} | {"404.html"}
    folders = {folder for place in places for folder in _above(place)}
    kept = set()
    for path in paths:
        place = asset_address(path)[1:]
        is_taken = place in places or place in folders or any(folder in places for folder in _above(place))
        if is_taken or place.partition("/")[0] in RESERVED:
            what, mend = f"/{place} is the place of another file or page; the file is left out", "rename the file"
            findings.append(Finding(path, 0, "address-taken", what, mend))
        else:
            kept.add(path)
            places.add(place)
            folders.update(_above(place))
    return frozenset(kept)


def _above(place: str) -> list[str]:
    parts = place.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _guides(articles: Iterable[Article], findings: list[Finding]) -> dict[str, Article]:
    guides: dict[str, Article] = {}
    for article in articles:
        if not article.is_guide:
            continue
        if holder := guides.get(article.slug):
            what = f"the guide /guide/{article.slug}/ belongs to {holder.path}"
            findings.append(Finding(article.path, 1, "address-taken", what, "rename the file or set permalink:"))
        else:
            guides[article.slug] = article
    return guides


def _categories(articles: Iterable[Article], folders: dict[str, str]) -> dict[str, Category]:
    categories = {"/": Category("/", "")}
    for address in sorted(folders):
        category = categories[address] = Category(address, category_title(folders[address]))
        parent = address.rstrip("/").rpartition("/")[0] + "/"
        categories[parent].children.append(category)
    for article in articles:
        categories[category_address(article.path)].articles.append(article)
    for category in categories.values():
        category.articles.sort(key=lambda article: (not article.sticky, article.title.casefold()))
        category.children.sort(key=lambda child: child.title.casefold())
    empty = [address for address, category in categories.items() if address != "/" and not category.count]
    for address in empty:
        gone = categories.pop(address)
        parent = categories.get(address.rstrip("/").rpartition("/")[0] + "/")
        if parent:
            parent.children.remove(gone)
    return categories
