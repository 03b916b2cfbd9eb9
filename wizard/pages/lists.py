"""The pages that are made of other articles: home, categories, A to Z, search, keywords, old addresses, 404."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

from wizard.content.article import Card
from wizard.content.keywords import Keyword
from wizard.content.library import Library
from wizard.content.outline import shorten
from wizard.content.shelf import Category, Named, Shelf
from wizard.pages import about, listing, machine
from wizard.pages.about import About
from wizard.pages.site import Site, root_of
from wizard.theme import SEARCH_POLICY, policy

_RECENT = 6
_STICKY = 6
_ARTICLES_AT_HOME = 40
_DETAILED = 24
"""Up to so many categories, the home page names some places inside each."""
_PLAIN_LIST = 50
"""Up to so many articles, a list has their first words; a longer one goes by letter."""


class Lists:
    """Renders them for one library."""

    def __init__(self, site: Site, library: Library) -> None:
        self.site, self.library, self.config = site, library, site.config
        shelf = library.shelf
        self._search_address, self._a_z_address = _ways(shelf)
        self._category_titles = {
            article.address: category.title for category in library.categories.values() for article in category.articles
        }

    def pages(self) -> Iterator[tuple[str, str]]:
        """(address, HTML) of each, in a fixed order. Raises SetupError."""
        for address, category in self.library.categories.items():
            yield address, self._home() if address == "/" else self._category(category)
        if self.library.articles:
            yield self._a_z_address, self._a_z()
            yield self._search_address, self._search()
        for keyword in self.library.keywords:
            yield keyword.address, self._keyword(keyword)
        for old, new in self.library.redirects.items():
            yield old, self._moved(old, self.library.articles[new])

    def _page(self, template: str, root: str, about: About, **values: object) -> str:
        return self.site.page(template, root, self._search_address, self._a_z_address, about=about, **values)

    def _home(self) -> str:
        top, articles = self.library.categories["/"], self.library.articles.values()
        categories, more, title = top.children, top.articles, "More articles" if top.children else "Articles"
        if len(categories) == 1 and not more and not categories[0].children:
            categories, more, title = [], categories[0].articles, categories[0].title
        sticky = ([one for one in category.articles if one.sticky] for category in self.library.categories.values())
        return self._page(
            "home",
            "./",
            about.of_category(self.config.site_name, "/", [], self.config, machine.described(self.library)),
            count=len(articles),
            sticky=listing.in_turn(sticky, _STICKY),
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
        trail = [Named(one, self.library.categories[one].title) for one in above]
        crumbs = [*trail, Named(category.address, category.title)]
        titles = _titles([*category.children, *category.articles])
        return self._page(
            "category",
            root_of(category.address),
            about.of_category(category.title, category.address, crumbs, self.config, titles),
            category=category,
            trail=trail,
            sticky=[article for article in category.articles if article.sticky][:_STICKY],
            groups=_groups(category.articles),
        )

    def _a_z(self) -> str:
        title, address, articles = "All articles, A to Z", self._a_z_address, self.library.articles.values()
        described = f"Every article of {self.config.site_name}, by its title."
        return self._page(
            "a_z",
            root_of(address),
            about.of_category(title, address, [Named(address, title)], self.config, described),
            count=len(articles),
            groups=listing.by_letter(articles),
            category_titles=self._category_titles,
        )

    def _search(self) -> str:
        has_several = len(self.library.categories["/"].children) > 1
        values = {"synonyms": self.config.synonyms, "contact": self.config.contact, "categories": has_several}
        title, address = "Search", self._search_address
        described = f"Search the articles of {self.config.site_name}."
        page = about.of_category(title, address, [Named(address, title)], self.config, described)
        own_policy = policy(self.config, SEARCH_POLICY)
        return self._page("search", root_of(address), page, policy=own_policy, **values)

    def _keyword(self, keyword: Keyword) -> str:
        crumbs = [Named(keyword.address, keyword.text)]
        described = f"{keyword.text}: {_titles(keyword.articles)}"
        return self._page(
            "keyword",
            root_of(keyword.address),
            about.of_category(keyword.text, keyword.address, crumbs, self.config, described),
            keyword=keyword,
            groups=_groups(keyword.articles),
            category_titles=self._category_titles,
        )

    def _moved(self, old: str, article: Card) -> str:
        root = root_of(old)
        return self._page(
            "moved", root, about.of_redirect(article, self.config), href=root + quote(article.address[1:])
        )


def not_found(site: Site, shelf: Shelf) -> str:
    """404.html, which a host shows at any depth. Raises SetupError."""
    root = urlsplit(site.config.address).path.rstrip("/") + "/"
    return site.page("404", root, *_ways(shelf), about=About("Page not found", is_hidden=True))


def _ways(shelf: Shelf) -> tuple[str, str]:
    """Addresses of the search page and of A to Z; empty where there is nothing to be found."""
    return (shelf.own_address("search"), shelf.own_address("a-z")) if shelf.entries else ("", "")


def _titles(places: Sequence[Category | Card]) -> str:
    return shorten(", ".join(one.title for one in places), 160)


def _groups(articles: Sequence[Card]) -> list[listing.Letter]:
    return listing.by_letter(articles) if len(articles) > _PLAIN_LIST else []
