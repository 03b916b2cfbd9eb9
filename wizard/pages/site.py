"""The pages of the site, rendered: an article's from the article and what it asks of the shelf, the
lists from the library.

Hrefs are relative, so the files work below any sub-path; only 404.html, which a host shows at any
depth, needs to know the root. No `url_for`: it would be a fifth of the build's time.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.addresses import slug
from wizard.content.article import Article, Card
from wizard.content.library import Library
from wizard.content.outline import shorten
from wizard.content.policy import Policy
from wizard.content.shelf import Asker, Category, Named, Shelf
from wizard.pages import about, around, listing, machine
from wizard.pages.about import About
from wizard.pages.footer import read_footer
from wizard.pages.headers import policy as content_policy
from wizard.theme import environment, load_theme
from wizard.theme.templates import trouble

_RECENT = 6
_STICKY = 6
_ARTICLES_AT_HOME = 40
_DETAILED = 24
"""Up to so many categories, the home page names some places inside each."""
_PLAIN_LIST = 50
"""Up to so many articles, a list has their first words; a longer one goes by letter."""


class Site:
    def __init__(self, config: Config, shelf: Shelf, policy: Policy, compiled: Path | None = None) -> None:
        """compiled: a folder that keeps the templates compiled. Raises SetupError."""
        self._wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
        self._config, self._shelf = config, shelf
        self._base = urlsplit(config.address).path.rstrip("/") + "/"
        self._theme = load_theme(config)
        self._footer = read_footer(config, shelf, policy)
        self._questions = around.questions(config, self._wizard)
        self._templates = environment(
            self._theme,
            compiled,
            footer=self._footer,
            wizard=self._wizard,
            policy=content_policy(config),
            has_feed=bool(config.address),
        )
        self.files = self._theme.files

    def article(self, article: Article, ask: Asker, is_guide: bool) -> str:
        """is_guide: false for one whose name another guide has."""
        root, name = _root(article.address), article.slug
        ask.answers |= self._footer.answers

        def html(marked: str) -> Markup:
            return Markup(marks.on_site(around.with_heading_links(marked), root, self._wizard, name))

        trail = ask("trail", article.path)
        before, following = ask("neighbours", article.path)
        keywords = ask("own_address", "keywords") if article.keywords else ""
        questions, questions_text = self._questions
        return self._render(
            "article",
            root,
            ask("own_address", "a-z"),
            about=about.of_article(article, trail, self._config, ask("source", article.address)),
            article=article,
            trail=trail,
            is_guide=is_guide,
            elsewhere=not self._wizard.startswith("/"),
            html=html,
            contents=around.contents(article),
            attachments=[(one.html, around.attachment_kind(one.html)) for one in article.attachments],
            next=[(one, title) for one in article.next if (title := ask("title", one))],
            before=before,
            following=following,
            keywords=[
                (one, f"{keywords}{slug(one)}/" if ask("has_keyword_page", one) else "") for one in article.keywords
            ],
            questions=questions,
            questions_text=questions_text,
            edit_href=around.edit_href(self._config, article),
        )

    def lists(self, library: Library) -> Iterator[tuple[str, str]]:
        """(address, HTML) of each page that is made of other articles."""
        a_z = self._shelf.own_address("a-z") if library.articles else ""
        category_titles = {
            article.address: category.title for category in library.categories.values() for article in category.articles
        }
        for address in library.categories:
            yield address, self._home(library, a_z) if address == "/" else self._category(library, address, a_z)
        for old, new in library.redirects.items():
            yield old, self._moved(old, library.articles[new], a_z)
        if a_z:
            yield a_z, self._a_z(library, category_titles, a_z)
        keywords = self._shelf.own_address("keywords")
        for name, (word, entries) in self._shelf.keywords.items():
            articles = [library.articles[entry.address] for entry in entries]
            yield f"{keywords}{name}/", self._keyword(f"{keywords}{name}/", word, articles, category_titles, a_z)
        yield "/404.html", self._render("404", self._base, a_z, about=About("Page not found", is_hidden=True))

    def _home(self, library: Library, a_z: str) -> str:
        top, articles = library.categories["/"], library.articles.values()
        categories, more, title = top.children, top.articles, "More articles" if top.children else "Articles"
        if len(categories) == 1 and not more and not categories[0].children:
            categories, more, title = [], categories[0].articles, categories[0].title
        sticky = ([one for one in category.articles if one.sticky] for category in library.categories.values())
        return self._render(
            "home",
            "./",
            a_z,
            about=about.of_category(self._config.site_name, "/", [], self._config, machine.described(library)),
            count=len(articles),
            sticky=listing.in_turn(sticky, _STICKY),
            categories=categories,
            most=3 if len(categories) <= _DETAILED else 0,
            more=more[:_ARTICLES_AT_HOME],
            more_title=title,
            more_left=len(more[_ARTICLES_AT_HOME:]),
            recent=listing.lately(articles, _RECENT) if len(articles) > _RECENT else [],
        )

    def _category(self, library: Library, address: str, a_z: str) -> str:
        parts = address.strip("/").split("/")
        above = ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts))]
        trail = [(one, library.categories[one].title) for one in above]
        category = library.categories[address]
        return self._render(
            "category",
            _root(address),
            a_z,
            about=self._about(category.title, address, [*category.children, *category.articles], "", trail),
            category=category,
            trail=trail,
            sticky=[article for article in category.articles if article.sticky][:_STICKY],
            groups=_groups(category.articles),
        )

    def _a_z(self, library: Library, category_titles: dict[str, str], a_z: str) -> str:
        return self._render(
            "a_z",
            _root(a_z),
            a_z,
            about=self._about("All articles, A to Z", a_z, library.categories["/"].children, "By first letter: "),
            count=len(library.articles),
            groups=listing.by_letter(library.articles.values()),
            category_titles=category_titles,
        )

    def _keyword(self, address: str, word: str, articles: list[Card], category_titles: dict[str, str], a_z: str) -> str:
        return self._render(
            "keyword",
            _root(address),
            a_z,
            about=self._about(word, address, articles, f"Articles on {word}: "),
            word=word,
            articles=listing.sorted_by_title(articles),
            groups=_groups(articles),
            category_titles=category_titles,
        )

    def _moved(self, old: str, article: Card, a_z: str) -> str:
        root = _root(old) or "./"
        href = root + quote(article.address[1:])
        return self._render("moved", root, a_z, href=href, about=about.of_redirect(article, self._config))

    def _about(
        self,
        title: str,
        address: str,
        inside: Sequence[Card | Category],
        begin: str,
        trail: Sequence[Named] = (),
    ) -> About:
        titles = shorten(begin + ", ".join(one.title for one in inside), 160)
        return about.of_category(title, address, [*trail, (address, title)], self._config, titles)

    def _render(self, page: str, root: str, a_z: str, **values: object) -> str:
        """a_z: address of all articles; empty where there is none, and so nothing to be found."""
        a_z_href = a_z and root + quote(a_z[1:])
        try:
            template = self._templates.get_template(f"pages/{page}.html")
            return template.render(root=root, search_href=a_z_href, a_z_href=a_z_href, **values)
        except Exception as error:
            if problem := trouble(error, self._theme.templates):
                raise problem from error
            raise


def _groups(articles: list[Card]) -> list[listing.Letter]:
    return listing.by_letter(articles) if len(articles) > _PLAIN_LIST else []


def _root(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1)
