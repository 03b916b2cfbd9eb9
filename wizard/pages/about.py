"""What a page says of itself in its head, to those who do not read the page: search engines, previews, feed readers."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urljoin

from markupsafe import Markup

from wizard.config import Config
from wizard.content.article import Article, Card
from wizard.content.shelf import Named

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class About:
    title: str
    kind: str = "website"
    """As Open Graph has it: `website` or `article`."""
    description: str = ""
    canonical: str = ""
    """Absolute address of the page; like all that needs one, empty where the site has no address."""
    image: str = ""
    modified: str = ""
    """`2026-11-21`"""
    markdown: str = ""
    """Href of the article's Markdown, from the root."""
    data: Markup = Markup()
    """JSON-LD."""
    is_hidden: bool = False
    """No search engine is to keep this page."""


def of_article(article: Article, trail: Sequence[Named], config: Config, source: str = "") -> About:
    """trail: the categories above. source: address of the article's Markdown, if there is one."""
    canonical = absolute(config, article.address)
    return About(
        title=article.title,
        kind="article",
        description=article.summary,
        canonical=canonical,
        image=_image(article, config),
        modified=article.updated.isoformat() if article.updated else "",
        markdown=quote(source[1:]),
        data=_json_ld(
            _article(article, canonical, config), _breadcrumbs([*trail, (article.address, article.title)], config)
        ),
    )


def of_category(title: str, address: str, trail: Sequence[Named], config: Config, description: str = "") -> About:
    """A page that leads to articles. trail: the places above and the page itself; empty for the home page."""
    return About(
        title=title,
        description=description,
        canonical=absolute(config, address),
        data=_json_ld(_breadcrumbs(trail, config)) if trail else Markup(),
    )


def of_redirect(article: Card, config: Config) -> About:
    return About(title=article.title, canonical=absolute(config, article.address), is_hidden=True)


def absolute(config: Config, address: str) -> str:
    """`https://help.example/kb/billing/`; empty where the site has no address."""
    return config.address and config.address.rstrip("/") + quote(address)


def clean(text: str) -> str:
    """The text on one line, without the characters that no XML and no plain text may hold."""
    return " ".join((text if text.isprintable() else _not_in_xml().sub(" ", text)).split())


@cache
def _not_in_xml() -> re.Pattern[str]:
    """Made when it is needed: it takes as long as a page."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _image(article: Article, config: Config) -> str:
    first = next((link for link in article.links if link.is_image), None)
    if not first or not config.address:
        return ""
    return absolute(config, first.address) if first.address else urljoin(config.address, first.target)


def _article(article: Article, canonical: str, config: Config) -> dict[str, object]:
    facts = {
        "@type": "Article",
        "headline": article.title,
        "description": article.summary,
        "dateModified": article.updated.isoformat() if article.updated else "",
        # A name alone: whether a person or an organization wrote it, the front matter does not say.
        "author": article.author,
        "keywords": list(article.keywords),
        "mainEntityOfPage": canonical,
    }
    site = {"@type": "WebSite", "name": config.site_name, "url": absolute(config, "/")}
    return {**_known(facts), "isPartOf": _known(site)}


def _breadcrumbs(trail: Sequence[Named], config: Config) -> dict[str, object]:
    """From the home page down to the page itself; nothing without absolute addresses."""
    if not config.address:
        return {}
    places = [("/", config.site_name), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": title, "item": absolute(config, address)}
            for number, (address, title) in enumerate(places, 1)
        ],
    }


def _known(facts: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value}


def _json_ld(*things: dict[str, object]) -> Markup:
    """For a `<script>` of its own type, which no browser runs; no `<` in it can end the element."""
    known = [thing for thing in things if thing]
    if not known:
        return Markup()
    data = {"@context": "https://schema.org", "@graph": known}
    return Markup(_JSON.encode(data).replace("<", "\\u003c"))
