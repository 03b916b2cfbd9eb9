"""Whether an article's Markdown says what its HTML said, as our own reader reads both."""

from collections.abc import Collection
from html.parser import HTMLParser

from wizard.content.article import Article
from wizard.content.policy import Policy
from wizard.content.reader import head_of, read_article
from wizard.content.shelf import Asker, Shelf

_WITHIN_WORDS = frozenset(
    "a abbr acronym b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)


def read_alike(path: str, one: str, other: str, files: set[str]) -> bool:
    """Two texts of a file, front matter included: as articles they have the same words in the same
    order, and `one` has no step less and every place that a link can lead to in `other`.

    files: paths of the images that stand beside the article.
    """
    first, second = (read_text(path, text, files) for text in (one, other))
    return (
        _words(first) == _words(second)
        and len(first.steps) >= sum(bool(visible_text(step.html)) for step in second.steps)
        and first.anchors >= second.anchors
        and [link.target for link in first.links if link.anchor]
        == [link.target for link in second.links if link.anchor]
    )


def read_text(path: str, text: str, files: Collection[str] = ()) -> Article:
    """A text as the only article of a library."""
    head = head_of(path, text.encode())
    shelf = Shelf([head.entry], files, Policy().reserved)
    return read_article(head, Asker(shelf), Policy())[0]


def visible_text(html: str) -> str:
    """What a reader of the page sees as words, descriptions of images included, spaces as one."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.parts).split())


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.parts.append(f" {dict(attrs).get('alt') or ''} ")
        elif tag not in _WITHIN_WORDS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHIN_WORDS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _words(article: Article) -> str:
    parts = [article.intro, *(step.html for step in article.steps), article.outro, article.next_html]
    return visible_text("<hr>".join(parts))
