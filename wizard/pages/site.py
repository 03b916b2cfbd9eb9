"""The pages of the site, rendered: an article's from the article and what it asks of the shelf, the
lists from the library.

Hrefs are relative, so the files work below any sub-path; only 404.html, which a host shows at any
depth, needs to know the root. No `url_for`: it would be a fifth of the build's time.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.article import Article, Card
from wizard.content.library import Library
from wizard.content.outline import shorten
from wizard.content.shelf import Asker
from wizard.pages import about, machine
from wizard.pages.about import About
from wizard.pages.headers import policy
from wizard.theme import environment

_RECENT = 5


class Site:
    def __init__(self, config: Config, compiled: Path | None = None) -> None:
        """compiled: a folder that keeps the templates compiled."""
        self._wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
        self._config = config
        self._base = urlsplit(config.address).path.rstrip("/") + "/"
        self._templates = environment(
            compiled,
            site_name=config.site_name,
            wizard=self._wizard,
            policy=policy(config),
            has_feed=bool(config.address),
        )

    def article(self, article: Article, ask: Asker, is_guide: bool) -> str:
        """is_guide: false for one whose name another guide has."""
        root = _root(article.address)

        def html(marked: str) -> Markup:
            return Markup(marks.on_site(marked, root, self._wizard, article.slug))

        trail = ask("trail", article.path)
        before, after = ask("neighbours", article.path)
        return self._render(
            "article",
            root=root,
            about=about.of_article(article, trail, self._config, ask("source", article.address)),
            article=article,
            trail=trail,
            is_guide=is_guide,
            elsewhere=not self._wizard.startswith("/"),
            html=html,
            next=[(one, title) for one in article.next if (title := ask("title", one))],
            before=before,
            after=after,
        )

    def lists(self, library: Library) -> Iterator[tuple[str, str]]:
        """(address, HTML) of each page that is made of other articles."""
        for address in library.categories:
            yield address, self._home(library) if address == "/" else self._category(library, address)
        for old, new in library.redirects.items():
            yield old, self._moved(old, library.articles[new])
        yield "/404.html", self._render("404", root=self._base, about=About("Page not found", is_hidden=True))

    def _home(self, library: Library) -> str:
        articles = library.articles.values()
        dated = sorted((a for a in articles if a.updated), key=lambda a: (a.updated, a.address), reverse=True)
        return self._render(
            "home",
            root="./",
            about=about.of_category(self._config.site_name, "/", [], self._config, machine.described(library)),
            category=library.categories["/"],
            count=len(articles),
            guides=len(library.guides),
            sticky=[article for article in articles if article.sticky],
            recent=dated[:_RECENT] if len(articles) > _RECENT else [],
        )

    def _category(self, library: Library, address: str) -> str:
        parts = address.strip("/").split("/")
        above = ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts))]
        trail = [(one, library.categories[one].title) for one in above]
        category = library.categories[address]
        titles = shorten(", ".join(one.title for one in [*category.children, *category.articles]), 160)
        crumbs = [*trail, (address, category.title)]
        return self._render(
            "category",
            root=_root(address),
            about=about.of_category(category.title, address, crumbs, self._config, titles),
            category=category,
            trail=trail,
        )

    def _moved(self, old: str, article: Card) -> str:
        root = _root(old) or "./"
        href = root + quote(article.address[1:])
        return self._render("moved", root=root, href=href, about=about.of_redirect(article, self._config))

    def _render(self, page: str, **values: object) -> str:
        return self._templates.get_template(f"pages/{page}.html").render(**values)


def _root(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1)
