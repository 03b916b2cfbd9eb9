"""The pages of the site as a Flask app. Nobody serves it: it is there to be frozen.

Hrefs are relative, so the files work below any sub-path; only 404.html, which a host shows at any
depth, needs to know the root. No `url_for`: it would be a fifth of the build's time.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask, abort, render_template
from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.addresses import free_address
from wizard.content.article import Article
from wizard.content.library import Library
from wizard.pages.headers import policy
from wizard.theme import SEARCH_POLICY, dress

_RECENT = 5


def make_site(library: Library, config: Config) -> Flask:
    """An app with a page for each address of the library, and 404.html."""
    app = Flask("wizard.pages", static_folder=None)
    wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
    search = free_address("search", library.places)
    dress(app, site_name=config.site_name, wizard=wizard, policy=policy(config))

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> str:
        address = f"/{path}"
        if article := library.articles.get(address):
            return _article(article, library, wizard)
        if category := library.categories.get(address):
            return _home(library) if address == "/" else _category(library, address, category)
        if address == search:
            return _search(search, library, config)
        if path == "404.html":
            return render_template("pages/404.html", root=urlsplit(config.address).path.rstrip("/") + "/")
        abort(404)

    return app


def addresses(library: Library) -> Iterator[str]:
    """Every page's address, in a fixed order."""
    yield from library.categories
    yield from library.articles
    yield free_address("search", library.places)
    yield "/404.html"


def _home(library: Library) -> str:
    articles = library.articles.values()
    dated = sorted((a for a in articles if a.updated), key=lambda a: (a.updated, a.address), reverse=True)
    return render_template(
        "pages/home.html",
        root="./",
        category=library.categories["/"],
        count=len(articles),
        guides=len(library.guides),
        sticky=[article for article in articles if article.sticky],
        recent=dated[:_RECENT] if len(articles) > _RECENT else [],
    )


def _category(library: Library, address: str, category: object) -> str:
    parts = address.strip("/").split("/")
    above = ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts))]
    return render_template(
        "pages/category.html",
        root=_root(address),
        category=category,
        trail=[library.categories[one] for one in above if one in library.categories],
    )


def _search(address: str, library: Library, config: Config) -> str:
    return render_template(
        "pages/search.html",
        root=_root(address),
        policy=policy(config, SEARCH_POLICY),
        synonyms=config.synonyms,
        categories=len(library.categories["/"].children) > 1,
        contact=config.contact,
        a_z_href=_root(address) + free_address("a-z", library.places)[1:],
    )


def _article(article: Article, library: Library, wizard: str) -> str:
    root = _root(article.address)

    def html(marked: str) -> Markup:
        return Markup(marks.on_site(marked, root, wizard, article.slug))

    return render_template(
        "pages/article.html",
        root=root,
        article=article,
        trail=library.trail(article),
        is_guide=library.guides.get(article.slug) is article,
        elsewhere=not wizard.startswith("/"),
        html=html,
        next=[library.articles[one] for one in article.next if one in library.articles],
    )


def _root(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1)
