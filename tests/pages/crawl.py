"""Follow every link of a built site, as a plain file server would answer it."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("href", "src", "hx-get") and value:
                self.links.append(unescape(value))
            elif value and (name == "id" or (name, tag) == ("name", "a")):
                self.ids.add(value)


def read(file: Path) -> _Page:
    page = _Page()
    page.feed(file.read_text("utf-8"))
    return page


def dead_links(out: Path, below: str = "/", wizard: str = "") -> list[str]:
    """Links of the site in `out`, served below the path `below`, that lead nowhere.

    wizard: links that begin with this path are the live wizard's, and not followed.
    """
    pages = {file: read(file) for file in out.rglob("*.html")}
    dead = []
    for file, page in pages.items():
        where = below + file.relative_to(out).as_posix().removesuffix("index.html")
        for link in page.links:
            target = urlsplit(urljoin(f"https://site.example{where}", link))
            if target.netloc != "site.example":
                continue
            if wizard and re.match(rf"{wizard}(guide|account|requests)/", target.path):
                continue
            path = unquote(target.path)
            if not path.startswith(below):
                dead.append(f"{where}: {link} leaves the site")
                continue
            found = out / path.removeprefix(below)
            found = found / "index.html" if path.endswith("/") else found
            if not found.is_file():
                dead.append(f"{where}: {link}")
            elif target.fragment and found in pages and unquote(target.fragment) not in pages[found].ids:
                dead.append(f"{where}: {link} has no such place")
    return dead
