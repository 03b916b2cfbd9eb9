"""Videos and other pages inside an article: in a frame where the settings allow their host, else a link.

The sanitiser lets no frame pass. An allowed one goes through it as a marked link, which no author
can write, and becomes a frame afterwards.
"""

import re
from html import escape
from urllib.parse import urlsplit

from wizard.content.article import Link
from wizard.content.links import Resolver
from wizard.content.marks import FRAME

_MARKED = re.compile(rf'<a href="{FRAME}(\d*)x(\d*):([^"]*)" title="([^"]*)">[^<]*</a>')
_LEFT = re.compile(rf'="{FRAME}\d*x\d*:')
_VIDEO = re.compile(r"video|vimeo|youtu|wistia|loom|vidyard|dailymotion|stream", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")
_SANDBOX = "allow-scripts allow-same-origin allow-popups allow-presentation"


def frame(values: dict[str, str], line: int, resolver: Resolver) -> str:
    """What stands for an `<iframe>` with these attributes until `settle`."""
    src = values.get("src", "")
    try:
        parts = urlsplit(f"https:{src}" if src.startswith("//") else src)
    except ValueError:
        parts = urlsplit("")
    if not src or (parts.scheme and not parts.netloc):
        resolver.find(line, "html-removed", "<iframe> is taken out", "say it in words, or link to it")
        return ""
    host = parts.netloc.lower()
    is_allowed = host in resolver.policy.video_hosts and parts.scheme.lower() in ("http", "https")
    kind = "Video" if is_allowed or _VIDEO.search(host) else "Page"
    name = values.get("title") or f"{kind} on {host or 'this site'}"
    if is_allowed:
        resolver.links.append(Link(src, line, name))
        sizes = (found[0] if (found := _NUMBER.fullmatch(values.get(key, ""))) else "" for key in ("width", "height"))
        place = escape(parts._replace(scheme="", netloc="").geturl())
        return f'<a href="{FRAME}{"x".join(sizes)}:{host}{place}" title="{escape(name)}">{escape(name)}</a>'
    what = f"the frame of {host or src} became a link"
    resolver.find(line, "frame-linked", what, f"to show it in the page, add {host or 'its host'} to video_hosts")
    return link_to(src, name, line, resolver)


def media(values: dict[str, str], line: int, resolver: Resolver) -> str:
    """What stands for a `<video>`, `<audio>` or `<source>`: a link to its file."""
    src = values.get("src", "")
    return link_to(src, values.get("title") or src.rpartition("/")[2], line, resolver) if src else ""


def link_to(href: str, text: str, line: int, resolver: Resolver) -> str:
    placed = resolver.link(href, line, text)
    return escape(text) if placed is None else f'<a href="{escape(placed)}">{escape(text)}</a>'


def settle(html: str) -> str:
    """Sanitised HTML with its allowed frames in place."""
    return _LEFT.sub('="https://', _MARKED.sub(_frame, html)) if FRAME in html else html


def _frame(found: re.Match[str]) -> str:
    width, height, address, title = found.groups()
    sizes = f' width="{width}" height="{height}"' if width and height else ""
    return (
        f'<iframe class="video{"" if sizes else " wide-video"}" src="https://{address}" title="{title}"{sizes} loading="lazy"'
        f' sandbox="{_SANDBOX}" referrerpolicy="strict-origin-when-cross-origin" allowfullscreen></iframe>'
    )
