"""`wizard import zendesk`: a help center's articles become Markdown files with front matter."""

import posixpath
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import unquote, urljoin, urlsplit

import yaml

from wizard.importing import body, export, images
from wizard.importing.export import Entry
from wizard.importing.files import Put, put
from wizard.importing.markdown import to_markdown
from wizard.importing.places import Places
from wizard.importing.same import read_alike

_PATH = re.compile(r"/[^\s\\?#\x00-\x1f]+")


def run(source: Path, articles: Path, fetch_images: bool = False, stream: TextIO = sys.stdout) -> bool:
    """Write the articles of the export `source` into the folder `articles`, and print what was done.

    Returns whether all of it could be done. Raises SetupError if `source` is no export.
    """
    return _Import(source, articles, fetch_images, stream).run()


class _Import:
    def __init__(self, source: Path, articles: Path, fetch_images: bool, stream: TextIO) -> None:
        self.export = export.read(source)
        self.places = Places.of(self.export)
        self.articles, self.fetch_images, self.stream = articles, fetch_images, stream
        self.counts: Counter[str] = Counter()
        self.problems = list(self.export.problems)

    def run(self) -> bool:
        for problem in self.problems:
            self._say(problem)
        for entry in self.export.entries:
            self._write(entry)
        self._say_locales()
        self._sum_up()
        return not self.problems

    def _write(self, entry: Entry) -> None:
        path = self.places.of_entry(entry)
        text, is_html = article_text(entry, path, lambda href: self.places.link(href, entry), self._image_of(entry))
        try:
            done = put(self.articles, path, text.encode())
        except OSError as error:
            self._fail(f"{self.articles / path}: cannot be written ({error.strerror}); the article is left out")
            return
        self.counts[done] += 1
        self.counts["html"] += is_html
        if done == Put.TAKEN:
            self._fail(
                f"{self.articles / path}: is there already, with other content, and stays as it is "
                "(move it away to import it again)"
            )

    def _image_of(self, entry: Entry) -> Any:
        """What becomes of an image's address in this article."""

        def image(src: str) -> str:
            try:
                url = urljoin(entry.url, src.strip())
                if not self.fetch_images:
                    return url
                name, is_new = images.fetch(url, self.articles, self.places.of_entry(entry))
            except ValueError:
                return src
            except images.NotFetched as error:
                self.counts["not fetched"] += 1
                self._say(f"{entry.where}: the image {url[:200]} {error}; its address stays")
                return url
            self.counts["fetched"] += is_new
            return name

        return image

    def _say_locales(self) -> None:
        others = Counter(entry.locale for entry in self.export.entries if entry.locale != self.places.main)
        for locale, number in sorted(others.items()):
            folder = next(path for (_, one), path in self.places.paths.items() if one == locale).partition("/")[0]
            shown = f"in {locale}" if locale else "without a locale"
            self._say(f"{_counted(number, 'article')} {shown}: in the folder {self.articles / folder}")

    def _sum_up(self) -> None:
        said = [
            f"{_counted(self.counts[Put.WRITTEN], 'article')} written",
            f"{self.counts[Put.UNCHANGED]} unchanged",
            f"{_counted(self.export.drafts, 'draft')} left out",
        ]
        if self.counts["html"]:
            said.append(f"{self.counts['html']} kept as HTML, which Markdown cannot say without loss")
        if self.fetch_images:
            said.append(f"{_counted(self.counts['fetched'], 'image')} fetched, {self.counts['not fetched']} not")
        self._say(", ".join([*said, _counted(len(self.problems), "error")]))

    def _fail(self, problem: str) -> None:
        self.problems.append(problem)
        self._say(problem)

    def _say(self, line: str) -> None:
        print(line, file=self.stream)


def article_text(entry: Entry, path: str, link: Any, image: Any) -> tuple[str, bool]:
    """The text of an article's file, and whether its body had to stay HTML."""
    values = _front_matter(entry)
    files: set[str] = set()

    def seen(src: str) -> str:
        name = image(src)
        files.add(posixpath.join(posixpath.dirname(path), unquote(name)))
        return name

    html = body.read(entry.body, link, seen)
    as_html = _file(values | {"contentIsHTML": True}, html)
    try:
        as_markdown = _file(values, to_markdown(html))
    except RecursionError:
        return as_html, True
    return (as_markdown, False) if read_alike(path, as_markdown, as_html, files) else (as_html, True)


def _file(values: dict[str, Any], text: str) -> str:
    head = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{head}---\n\n{text.strip(chr(10))}\n" if text.strip() else f"---\n{head}---\n"


def _front_matter(entry: Entry) -> dict[str, Any]:
    """What is known of the article, by our keys, in the order of our own articles."""
    path = unquote(urlsplit(entry.url).path, errors="replace")
    values = {
        "title": entry.title,
        "date": entry.day,
        "author": entry.author,
        "keywords": list(entry.labels),
        "sticky": entry.promoted,
        "comments": None if entry.comments is None else "open" if entry.comments else "closed",
        "votes": {"up": entry.up, "down": entry.down} if entry.up or entry.down else None,
        "redirect_from": [path] if _PATH.fullmatch(path) and ".." not in path.split("/") else [],
    }
    return {key: value for key, value in values.items() if value}


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
