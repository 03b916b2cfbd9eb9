"""The pages that are made of other articles: home, categories, all by letter, keywords, old addresses."""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from wizard.config import Config
from wizard.content.article import Card
from wizard.content.library import Library
from wizard.content.outline import shorten
from wizard.content.shelf import Category, Named
from wizard.pages import about, listing, machine
from wizard.pages.about import About

_RECENT = 6
_STICKY = 6
_ARTICLES_AT_HOME = 40
_DETAILED = 24
"""Up to so many categories, the home page names some places inside each."""
_PLAIN_LIST = 50
"""Up to so many articles, a list has their first words; a longer one goes by letter."""


class Lists:
    def __init__(self, library: Library, config: Config, render: Callable[..., str]) -> None:
        """render: from a template's name, the way to the root, the address of all articles, and values."""
        self._library, self._config, self._render = library, config, render
        self._a_z = library.shelf.own_address("a-z") if library.articles else ""
        self._category_titles = {
            article.address: category.title for category in library.categories.values() for article in category.articles
        }

    def pages(self) -> Iterator[tuple[str, str]]:
        """(address, HTML) of each."""
        library = self._library
        for address in library.categories:
            yield address, self._home() if address == "/" else self._category(address)
        for old, new in library.redirects.items():
            yield old, self._moved(old, library.articles[new])
        if self._a_z:
            yield self._a_z, self._by_letter()
        keywords = library.shelf.own_address("keywords")
        for name, (word, entries) in library.shelf.keywords.items():
            address = f"{keywords}{name}/"
            yield address, self._keyword(address, word, [library.articles[entry.address] for entry in entries])

    def _home(self) -> str:
        top, articles = self._library.categories["/"], self._library.articles.values()
        categories, more, title = top.children, top.articles, "More articles" if top.children else "Articles"
        if len(categories) == 1 and not more and not categories[0].children:
            categories, more, title = [], categories[0].articles, categories[0].title
        sticky = ([one for one in category.articles if one.sticky] for category in self._library.categories.values())
        return self._render(
            "home",
            "./",
            self._a_z,
            about=about.of_category(self._config.site_name, "/", [], self._config, machine.described(self._library)),
            count=len(articles),
            sticky=listing.in_turn(sticky, _STICKY),
            categories=categories,
            most=3 if len(categories) <= _DETAILED else 0,
            more=more[:_ARTICLES_AT_HOME],
            more_title=title,
            more_left=len(more[_ARTICLES_AT_HOME:]),
            recent=listing.lately(articles, _RECENT) if len(articles) > _RECENT else [],
        )

    def _category(self, address: str) -> str:
        parts = address.strip("/").split("/")
        above = ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts))]
        trail = [(one, self._library.categories[one].title) for one in above]
        category = self._library.categories[address]
        return self._render(
            "category",
            root_of(address),
            self._a_z,
            about=self._about(category.title, address, [*category.children, *category.articles], "", trail),
            category=category,
            trail=trail,
            sticky=[article for article in category.articles if article.sticky][:_STICKY],
            groups=_groups(category.articles),
        )

    def _by_letter(self) -> str:
        articles, categories = self._library.articles.values(), self._library.categories["/"].children
        return self._render(
            "a_z",
            root_of(self._a_z),
            self._a_z,
            about=self._about("All articles, A to Z", self._a_z, categories, "By first letter: "),
            count=len(articles),
            groups=listing.by_letter(articles),
            category_titles=self._category_titles,
        )

    def _keyword(self, address: str, word: str, articles: list[Card]) -> str:
        return self._render(
            "keyword",
            root_of(address),
            self._a_z,
            about=self._about(word, address, articles, f"Articles on {word}: "),
            word=word,
            articles=listing.sorted_by_title(articles),
            groups=_groups(articles),
            category_titles=self._category_titles,
        )

    def _moved(self, old: str, article: Card) -> str:
        root = root_of(old) or "./"
        href = root + quote(article.address[1:])
        return self._render("moved", root, self._a_z, href=href, about=about.of_redirect(article, self._config))

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


def _groups(articles: list[Card]) -> list[listing.Letter]:
    return listing.by_letter(articles) if len(articles) > _PLAIN_LIST else []


def root_of(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1)
