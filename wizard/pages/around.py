"""What stands around the text of an article: its contents, links to its own places, ways to ask and to edit."""

import re
from urllib.parse import quote

from wizard.config import Config
from wizard.content.article import Article, Heading

_HEADING = re.compile(r'<(h[2-6]) id="([^"]+)">(.*?)</\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_FILE = re.compile(r'href="[^"?#]*\.([A-Za-z0-9]{2,4})["?#]')
_LONG = 1200
"""Words from which on a text has contents, however few its headings."""


def contents(article: Article) -> list[Heading]:
    """The headings that a list of contents names; none for a short article."""
    text = "".join([article.intro, *(step.html for step in article.steps), article.outro])
    if len(article.headings) < 2 or (len(article.headings) < 3 and len(text) < 4 * _LONG):
        return []
    there = [one for one in article.headings if one.text and f'id="{one.anchor}"' in text]  # not What Is Next
    main = [one for one in there if one.level == 2]
    if len(main) >= 3:
        return main
    return there if len(there) > 1 and len(text) > 4 * _LONG and _words(text) > _LONG else []


def with_heading_links(html: str) -> str:
    """Each heading is a link to itself: it can be copied, and is read once."""
    return _HEADING.sub(_linked, html) if "<h" in html else html


def attachment_kind(html: str) -> str:
    """`PDF`, from the address that an attachment's link has; nothing where that does not tell."""
    found = _FILE.search(html)
    return found[1].upper() if found else ""


def questions(config: Config, wizard: str) -> tuple[str, str]:
    """(href, text) of where readers with more questions go; empty where there is no such place."""
    if config.contact.startswith("mailto:"):
        return config.contact, f"Write to {config.contact.removeprefix('mailto:').partition('?')[0]}"
    if config.contact:
        return config.contact, "Contact us"
    return (f"{wizard}account/?action=submit-request", "Ask the support team") if wizard else ("", "")


def edit_href(config: Config, article: Article) -> str:
    return config.repo_url and f"{config.repo_url.rstrip('/')}/{quote(article.path)}"


def _linked(found: re.Match[str]) -> str:
    tag, anchor, inner = found.groups()
    if "<a " in inner or "<img" in inner or not inner.strip():
        return found[0]
    return f'<{tag} id="{anchor}"><a class="self" href="#{anchor}">{inner}</a></{tag}>'


def _words(html: str) -> int:
    return len(_TAG.sub(" ", html).split())
