"""All articles of a folder, cross-checked."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from wizard.content import taken
from wizard.content.addresses import asset_address
from wizard.content.article import Article, Card
from wizard.content.checks import check
from wizard.content.findings import Finding, overdue
from wizard.content.keywords import Keyword
from wizard.content.policy import Policy
from wizard.content.reader import Head, read_article, read_head
from wizard.content.scan import scan
from wizard.content.shelf import Asker, Category, Shelf


@dataclass
class Library:
    shelf: Shelf
    articles: dict[str, Card]
    """By address, in the order of the files. Where `load` made the library, these are whole Articles."""
    guides: dict[str, str]
    """Slug -> address, of the articles with live steps."""
    files: frozenset[str]
    """Paths of the files beside the articles that an article uses."""
    redirects: dict[str, str]
    """Old address -> address of the article, sorted."""
    findings: list[Finding]
    """In order of path and line."""
    read: Callable[[str], Article | None]
    """The whole article at an address; None where its file is gone."""

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Those of the shelf, with cards in them."""
        made: dict[str, Category] = {}
        for address, category in self.shelf.categories.items():
            made[address] = replace(category, articles=[self.articles[one.address] for one in category.articles])
        for category in made.values():
            category.children = [made[child.address] for child in category.children]
        return made

    @cached_property
    def keywords(self) -> list[Keyword]:
        """Those that have a page, with cards in them."""
        found = self.shelf.keywords.values()
        return [replace(one, articles=[self.articles[entry.address] for entry in one.articles]) for one in found]

    def about(self, product: str) -> list[Card]:
        """The articles whose `related-products` name it, in large or small letters, one of it or several."""
        wanted = _forms(product)
        return [card for card, forms in self._products if forms & wanted]

    @cached_property
    def _products(self) -> list[tuple[Card, set[str]]]:
        """The articles that say what they are about, and every form of that."""
        cards = (card for card in self.articles.values() if card.products)
        return [(card, set().union(*map(_forms, card.products))) for card in cards]

    def guide(self, slug: str) -> Article | None:
        """The guide of this name; its steps do the thing."""
        address = self.guides.get(slug)
        return self.read(address) if address else None


def assemble(
    shelf: Shelf,
    cards: Mapping[str, Card],
    found: Iterable[Finding],
    policy: Policy,
    read: Callable[[str], Article | None],
) -> Library:
    """found: what is wrong with single articles. cards: of all articles of the shelf, by address."""
    articles = {address: cards[address] for address in shelf.entries}
    findings = [*found, *shelf.findings, *check(articles, policy)]
    used = {link.address for article in articles.values() for link in article.links}
    files = [path for path in shelf.files if asset_address(path) in used and _is_readable(path, shelf, findings)]
    places = shelf.taken()
    guides = _guides(articles.values(), findings)
    kept = taken.files(files, places, findings)
    redirects = taken.redirects(articles, places, findings)
    return Library(shelf, articles, guides, kept, redirects, sorted(set(findings)), read)


def load(folder: Path, policy: Policy, today: date) -> Library:
    """Read every `.md` file below `folder`, in this process. Raises SetupError if the folder cannot be read."""
    found = scan(folder)
    findings = list(found.findings)
    heads: dict[str, Head] = {path: read_head(folder, path) for path in found.articles}
    entries = [head.entry for head in heads.values() if head.entry]
    shelf = Shelf(entries, found.files, policy.reserved, found.folder)
    findings += [finding for head in heads.values() for finding in head.findings]
    articles: dict[str, Article] = {}
    for address, entry in shelf.entries.items():
        articles[address], told = read_article(heads[entry.path], Asker(shelf), policy)
        findings += told
    reviews = [(one.path, one.review_by) for one in articles.values() if one.review_by]
    findings += overdue(reviews, today)
    return assemble(shelf, articles, findings, policy, articles.get)


def _forms(name: str) -> set[str]:
    """A name as it is, and without what may make it several: `mailboxes`, `mailboxe`, `mailbox`."""
    name = " ".join(name.casefold().split())
    return {form for form in (name, name.removesuffix("s"), name.removesuffix("es")) if form}


def _is_readable(path: str, shelf: Shelf, findings: list[Finding]) -> bool:
    if os.access(f"{shelf.folder}/{path}", os.R_OK):
        return True
    findings.append(Finding(path, 0, "file-unreadable", "cannot be read: Permission denied", "correct its rights"))
    return False


def _guides(articles: Iterable[Card], findings: list[Finding]) -> dict[str, str]:
    guides: dict[str, str] = {}
    paths: dict[str, str] = {}
    for article in articles:
        if not article.is_guide:
            continue
        if holder := paths.get(article.slug):
            what = f"the guide /guide/{article.slug}/ belongs to {holder}"
            findings.append(Finding(article.path, 1, "address-taken", what, "rename the file or set permalink:"))
        else:
            guides[article.slug], paths[article.slug] = article.address, article.path
    return guides
