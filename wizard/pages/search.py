"""What the search page knows before the index: a list of titles. Its template is `search.html`, its
script `search.js`."""

import json

from wizard.content.article import Card
from wizard.content.library import Library

BUNDLE = "static/pagefind"
"""Where the index lies in the site: beside the script that loads it."""
LIST = "static/search.json"
_LISTED = 1000
"""So many titles weigh about 30 KB; every visitor of the search page loads them."""


def title_list(library: Library) -> str:
    """Title, address, category and keywords of the articles that are sticky, guides, or lately updated, as JSON. From it come the first results, and what may have been
    meant by a word that nothing has."""
    categories = [category.title for category in library.categories["/"].children]
    places = {category.address: place for place, category in enumerate(library.categories["/"].children)}
    articles = []
    for article in sorted(library.articles.values(), key=_importance)[:_LISTED]:
        trail = library.shelf.trail(article.path)
        row = [article.title, article.address, places[trail[0].address] if trail else -1]
        articles.append(row + [", ".join(article.keywords)] if article.keywords else row)
    return json.dumps({"categories": categories, "articles": articles}, ensure_ascii=False, separators=(",", ":"))


def _importance(article: Card) -> tuple[bool, bool, int, str]:
    age = -article.updated.toordinal() if article.updated else 0
    return not article.sticky, not article.is_guide, age, article.address
