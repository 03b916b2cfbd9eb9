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
from wizard.pages import around, listing
from wizard.pages.footer import footer
from wizard.pages.headers import policy
from wizard.pages.own import own_pages
from wizard.theme import dress, load_theme
from wizard.theme.templates import trouble

_RECENT = 6
_STICKY = 6
_ARTICLES_AT_HOME = 40
_DETAILED = 24
"""Up to so many categories, the home page names some places inside each."""
_PLAIN_LIST = 50
"""Up to so many articles, a list has their first words; a longer one goes by letter."""


class Pages:
    """Renders each page of a library."""

    def __init__(self, library: Library, config: Config) -> None:
        self.library, self.config = library, config
        self.wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
        self.own = own_pages(library)
        self.keywords = listing.keywords(library, self.own.keywords)
        self.by_address = {keyword.address: keyword for keyword in self.keywords.values()}
        self.beside = listing.neighbours(library.categories.values())
        self.category_titles = {
            article.address: category.title for category in library.categories.values() for article in category.articles
        }

    def addresses(self) -> Iterator[str]:
        """Every page's address, in a fixed order."""
        yield from self.library.categories
        yield from self.library.articles
        if self.library.articles:
            yield self.own.a_z
        yield from self.by_address
        yield "/404.html"

    def render(self, address: str) -> str | None:
        """The page at an address; None where there is none."""
        if article := self.library.articles.get(address):
            return self._article(article)
        if category := self.library.categories.get(address):
            return self._home() if address == "/" else self._category(category)
        if keyword := self.by_address.get(address):
            return self._keyword(keyword)
        if address == self.own.a_z:
            return self._a_z()
        if address == "/404.html":
            return self._page("pages/404.html", urlsplit(self.config.address).path.rstrip("/") + "/")
        return None

    def _page(self, template: str, root: str, **values: object) -> str:
        """Without an article there is nothing to be found, and no way to search."""
        a_z_href = root + quote(self.own.a_z[1:]) if self.library.articles else ""
        return render_template(template, root=root, search_href=a_z_href, a_z_href=a_z_href, **values)

    def _home(self) -> str:
        top, articles = self.library.categories["/"], self.library.articles.values()
        categories, more, title = top.children, top.articles, "More articles" if top.children else "Articles"
        if len(categories) == 1 and not more and not categories[0].children:
            categories, more, title = [], categories[0].articles, categories[0].title
        return self._page(
            "pages/home.html",
            "./",
            count=len(articles),
            sticky=listing.in_turn(
                ([one for one in category.articles if one.sticky] for category in self.library.categories.values()),
                _STICKY,
            ),
            categories=categories,
            most=3 if len(categories) <= _DETAILED else 0,
            more=more[:_ARTICLES_AT_HOME],
            more_title=title,
            more_left=len(more[_ARTICLES_AT_HOME:]),
            recent=listing.lately(articles, _RECENT) if len(articles) > _RECENT else [],
        )

    def _category(self, category: Category) -> str:
        parts = category.address.strip("/").split("/")
        above = ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts))]
        return self._page(
            "pages/category.html",
            _root(category.address),
            category=category,
            trail=[self.library.categories[one] for one in above if one in self.library.categories],
            sticky=[article for article in category.articles if article.sticky][:_STICKY],
            groups=_groups(category.articles),
        )

    def _a_z(self) -> str:
        articles = self.library.articles.values()
        groups = listing.by_letter(articles)
        root = _root(self.own.a_z)
        return self._page(
            "pages/a_z.html", root, count=len(articles), groups=groups, category_titles=self.category_titles
        )

    def _keyword(self, keyword: listing.Keyword) -> str:
        groups = _groups(keyword.articles)
        root = _root(keyword.address)
        return self._page(
            "pages/keyword.html", root, keyword=keyword, groups=groups, category_titles=self.category_titles
        )

    def _article(self, article: Article) -> str:
        root, slug, library = _root(article.address), article.slug, self.library

        def html(marked: str) -> Markup:
            return Markup(marks.on_site(around.with_heading_links(marked), root, self.wizard, slug))

        before, following = self.beside.get(article.address, (None, None))
        questions, questions_text = around.questions(self.config, self.wizard)
        return self._page(
            "pages/article.html",
            root,
            article=article,
            trail=library.trail(article),
            is_guide=library.guides.get(slug) is article,
            elsewhere=not self.wizard.startswith("/"),
            html=html,
            contents=around.contents(article),
            attachments=[(one.html, around.attachment_kind(one.html)) for one in article.attachments],
            next=[library.articles[one] for one in article.next if one in library.articles],
            before=before,
            following=following,
            keywords=[(text, self._keyword_address(text)) for text in article.keywords],
            questions=questions,
            questions_text=questions_text,
            edit_href=around.edit_href(self.config, article),
        )

    def _keyword_address(self, text: str) -> str:
        keyword = self.keywords.get(text.casefold())
        return keyword.address if keyword else ""


def make_site(library: Library, config: Config) -> Flask:
    """An app with a page for each address of the library, and 404.html."""
    app = Flask("wizard.pages", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.extensions["pages"] = pages = Pages(library, config)
    app.extensions["theme"] = theme = load_theme(config)
    dress(app, theme, footer(config, library), wizard=pages.wizard, policy=policy(config))

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> str:
        try:
            return pages.render(f"/{path}") or abort(404)
        except Exception as error:
            if problem := trouble(error, theme.templates):
                raise problem from error
            raise

    return app


def _groups(articles: list[Article]) -> list[listing.Letter]:
    return listing.by_letter(articles) if len(articles) > _PLAIN_LIST else []


def _root(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1)
