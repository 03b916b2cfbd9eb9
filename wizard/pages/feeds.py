"""XML for feed readers and search engines: the Atom feed and the sitemap. Both need absolute addresses."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from wizard.config import Config
from wizard.content.article import Card
from wizard.pages.about import absolute, clean

FEED_LENGTH = 20
SITEMAP_LENGTH = 50_000
"""Pages that one sitemap may name, as sitemaps.org has it."""

_LONG_AGO = date(1970, 1, 1)
"""Last change of a site whose articles have no dates: Atom wants one, and the day of building would be none."""

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def feed(articles: Iterable[Card], config: Config) -> str:
    """The articles lately updated, newest first; empty where the site has no address."""
    dated = sorted((one for one in articles if one.updated), key=lambda one: (one.updated, one.address), reverse=True)
    if not config.address:
        return ""
    home, own = escape(absolute(config, "/")), escape(absolute(config, "/feed.xml"))
    name = escape(clean(config.site_name))
    changed = _midnight(dated[0].updated if dated else _LONG_AGO)
    return (
        f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom">\n<title>{name}</title>\n<id>{home}</id>\n'
        f'<link href="{home}"/>\n<link rel="self" type="application/atom+xml" href="{own}"/>\n'
        f"<updated>{changed}</updated>\n<author><name>{name}</name></author>\n"
        f"<generator>KB Wizard</generator>\n{''.join(_entry(one, config) for one in dated[:FEED_LENGTH])}</feed>\n"
    )


def _entry(article: Card, config: Config) -> str:
    address = escape(absolute(config, article.address))
    title, author, summary = (escape(clean(text)) for text in (article.title, article.author, article.summary))
    author = author and f"<author><name>{author}</name></author>\n"
    summary = summary and f"<summary>{summary}</summary>\n"
    return (
        f"<entry>\n<title>{title}</title>\n<id>{address}</id>\n"
        f'<link href="{address}"/>\n<updated>{_midnight(article.updated)}</updated>\n{author}{summary}</entry>\n'
    )


def _midnight(day: date | None) -> str:
    """Atom wants an instant; an article has a day."""
    return f"{day}T00:00:00Z"


def sitemaps(pages: Sequence[tuple[str, date | None]], config: Config) -> dict[str, str]:
    """Name of a file -> its text: `sitemap.xml`, and where it would be too long, the parts that it then names.

    pages: addresses, each with its last change where one is known. Empty where the site has no address.
    """
    if not config.address:
        return {}
    parts = [pages[start : start + SITEMAP_LENGTH] for start in range(0, len(pages), SITEMAP_LENGTH)]
    texts = [_urlset(part, config) for part in parts]
    if len(texts) == 1:
        return {"sitemap.xml": texts[0]}
    files = {f"sitemap-{number}.xml": text for number, text in enumerate(texts, 1)}
    index = "".join(f"<sitemap><loc>{escape(absolute(config, f'/{name}'))}</loc></sitemap>\n" for name in files)
    return {"sitemap.xml": f"{_HEAD}<sitemapindex {_SITEMAPS}>\n{index}</sitemapindex>\n", **files}


def _urlset(pages: Sequence[tuple[str, date | None]], config: Config) -> str:
    places = []
    for address, changed in pages:
        lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
        places.append(f"<url><loc>{escape(absolute(config, address))}</loc>{lastmod}</url>\n")
    return f"{_HEAD}<urlset {_SITEMAPS}>\n{''.join(places)}</urlset>\n"
