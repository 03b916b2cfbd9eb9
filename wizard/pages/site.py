"""The pages of the site as a Flask app. Nobody serves it: it is there to be frozen.

Hrefs are relative, so the files work below any sub-path; only 404.html, which a host shows at any
depth, needs to know the root. No `url_for`: it would be a fifth of the build's time.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from flask import Flask, abort, render_template
from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.article import Article
from wizard.content.library import Category, Library
from wizard.content.outline import shorten
from wizard.pages import about, machine
from wizard.pages.about import About
from wizard.pages.headers import policy
from wizard.theme import dress

_RECENT = 5


def make_site(library: Library, config: Config) -> Flask:
    """An app with a page for each address of the library, and 404.html."""
    app = Flask("wizard.pages", static_folder=None)
    wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
    has_feed = bool(config.address) and any(article.updated for article in library.articles.values())
    dress(app, site_name=config.site_name, wizard=wizard, policy=policy(config), has_feed=has_feed)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> str:
        address = f"/{path}"
        if article := library.articles.get(address):
            return _article(article, library, config, wizard)
        if category := library.categories.get(address):
            return _home(library, config) if address == "/" else _category(library, address, category, config)
        if new := library.redirects.get(address):
            return _moved(address, library.articles[new], config)
        if path == "404.html":
            root = urlsplit(config.address).path.rstrip("/") + "/"
            return render_template("pages/404.html", root=root, about=About("Page not found", is_hidden=True))
        abort(404)

    return app


def addresses(library: Library) -> Iterator[str]:
    """Every page's address, in a fixed order."""
    yield from library.categories
    yield from library.articles
    yield "/404.html"


def _home(library: Library, config: Config) -> str:
    articles = library.articles.values()
    dated = sorted((a for a in articles if a.updated), key=lambda a: (a.updated, a.address), reverse=True)
    return render_template(
        "pages/home.html",
        root="./",
        about=about.of_category(config.site_name, "/", [], config, machine.described(library)),
        category=library.categories["/"],
        count=len(articles),
        guides=len(library.guides),
        sticky=[article for article in articles if article.sticky],
        recent=dated[:_RECENT] if len(articles) > _RECENT else [],
    )


def _category(library: Library, address: str, category: Category, config: Config) -> str:
    parts = address.strip("/").split("/")
    above = ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts))]
    trail = [library.categories[one] for one in above if one in library.categories]
    titles = ", ".join(one.title for one in [*category.children, *category.articles])
    return render_template(
        "pages/category.html",
        root=_root(address),
        about=about.of_category(category.title, address, [*trail, category], config, shorten(titles, 160)),
        category=category,
        trail=trail,
    )


def _moved(old: str, article: Article, config: Config) -> str:
    root = _root(old) or "./"
    return render_template(
        "pages/moved.html",
        root=root,
        href=root + quote(article.address[1:]),
        about=about.of_redirect(article, config),
    )


def _article(article: Article, library: Library, config: Config, wizard: str) -> str:
    root = _root(article.address)
    trail = library.trail(article)

    def html(marked: str) -> Markup:
        return Markup(marks.on_site(marked, root, wizard, article.slug))

    return render_template(
        "pages/article.html",
        root=root,
        about=about.of_article(article, trail, config, library.sources.get(article.address, "")),
        article=article,
        trail=trail,
        is_guide=library.guides.get(article.slug) is article,
        elsewhere=not wizard.startswith("/"),
        html=html,
        next=[library.articles[one] for one in article.next if one in library.articles],
    )


def _root(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1)
