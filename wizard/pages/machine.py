"""The files that machines ask for at the root of the site. All come from the articles alone, so they are
the same at each build."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urljoin, urlsplit

from wizard.config import Config
from wizard.content.article import Card
from wizard.content.library import Library
from wizard.content.shelf import Category
from wizard.pages.about import absolute, clean
from wizard.pages.feeds import feed, sitemaps
from wizard.theme.formats import counted


def files(library: Library, pages: Iterable[str], config: Config) -> dict[str, str]:
    """Name -> text. pages: addresses of all pages that a reader may look for, without 404 and redirects."""
    updated = {address: article.updated for address, article in library.articles.items()}
    texts = {
        "feed.xml": feed(library.articles.values(), config),
        **sitemaps([(page, updated.get(page)) for page in pages], config),
        "robots.txt": robots(config),
        "llms.txt": llms(library, config),
        "_redirects": redirects(library.redirects, config),
    }
    return {name: text for name, text in texts.items() if text}


def robots(config: Config) -> str:
    """Everyone may read everything."""
    sitemap = f"\nSitemap: {absolute(config, '/sitemap.xml')}\n" if config.address else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def redirects(moved: Mapping[str, str], config: Config) -> str:
    """Old address, new address and status, one a line, for the hosts that read it.
    moved: old address -> new; both plain paths, so that none can end its line."""
    below = urlsplit(config.address).path.rstrip("/")
    return "".join(f"{below}{quote(old)} {below}{quote(new)} 301\n" for old, new in moved.items())


def llms(library: Library, config: Config) -> str:
    """What the site holds, for language models: a list of all articles as Markdown, by category."""
    lines = [f"# {clean(config.site_name)}", "", f"> {described(library)}"]
    for category, title in _sections(library):
        lines += ["", f"## {title}", ""]
        lines += [_entry(article, library, config) for article in category.articles]
    return "\n".join(lines) + "\n"


def described(library: Library) -> str:
    """The whole site in a sentence or two."""
    subjects = ", ".join(clean(child.title) for child in library.categories["/"].children)
    about = f"{counted(len(library.articles), 'article')}{': ' if subjects else ''}{subjects}."
    guides = f" {counted(len(library.guides), 'guide')} whose steps can be done at once." if library.guides else ""
    return about + guides


def _sections(library: Library) -> Iterator[tuple[Category, str]]:
    for category in library.categories.values():
        if category.articles:
            trail = library.shelf.trail(category.articles[0].path)
            yield category, " / ".join(clean(title) for _, title in trail) or "Articles"


def _entry(article: Card, library: Library, config: Config) -> str:
    address = library.shelf.source(article.address) or article.address
    title = re.sub(r"([\\\[\]])", r"\\\1", clean(article.title))
    notes = [clean(article.summary)] if article.summary else []
    if config.wizard_url and library.guides.get(article.slug) == article.address:
        wizard = urljoin(config.address, config.wizard_url.rstrip("/") + "/")
        notes.append(f"Guide: {wizard}guide/{quote(article.slug)}/")
    entry = f"- [{title}]({absolute(config, address) or quote(address[1:])})"
    return f"{entry}: {' '.join(notes)}" if notes else entry
