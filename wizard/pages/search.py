"""The search index of a built site, by Pagefind: small files of which a search loads only a few.

Only what templates mark with `data-pagefind-body` is in it. The search page is `search.html`,
its script `search.js`.
"""

import gzip
import json
import subprocess
from pathlib import Path

from wizard.content.article import Card
from wizard.content.library import Library
from wizard.errors import SetupError

BUNDLE = "static/pagefind"
"""Where the index lies in the site: beside the script that loads it."""
LIST = "static/search.json"
_LISTED = 1000
"""So many titles weigh about 30 KB; every visitor of the search page loads them."""
_SIGNATURE = b"pagefind_dcd"
_NO_CONTENT = ".mark, .hidden, .live, .guide-me, .contents"
_MEND = "build without a search index: --no-search"


def title_list(library: Library) -> str:
    """What the search page knows before the index: title, address, category and keywords of the articles that
    are sticky, guides, or lately updated, as JSON. From it come the first results, and what may have been
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


def write_index(site: Path, bundle: Path) -> None:
    """Index the pages in `site`; the new folder `bundle` then holds what the search page loads, and no more.

    The same pages give the same bytes. Raises SetupError if Pagefind cannot run here, or fails.
    """
    command = [_pagefind(), "--site", site, "--output-path", bundle, "--exclude-selectors", _NO_CONTENT, "--quiet"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise SetupError(f"Pagefind, which makes the search index, cannot run: {error.strerror} ({_MEND}).") from error
    if ran.returncode:
        said = (ran.stderr + ran.stdout).strip().splitlines() or [f"exit status {ran.returncode}"]
        raise SetupError(f"Pagefind has made no search index: {said[-1].strip()} ({_MEND}).")
    _drop_what_nothing_loads(bundle)
    (bundle / "categories.json").write_text(_categories(bundle), "utf-8")


def _pagefind() -> Path:
    try:
        from pagefind_bin import get_executable

        return get_executable()
    except (ImportError, FileNotFoundError) as error:
        raise SetupError(
            f"Pagefind, which makes the search index, does not exist for this system ({_MEND})."
        ) from error


def _categories(bundle: Path) -> str:
    """Category -> ids of its articles, as JSON. Pagefind's own filters stand in another order each time."""
    categories: dict[str, list[str]] = {}
    for file in sorted((bundle / "fragment").iterdir()):
        about = json.loads(gzip.decompress(file.read_bytes())[len(_SIGNATURE) :])["meta"]
        categories.setdefault(about.get("category", ""), []).append(file.stem)
    return json.dumps(dict(sorted(categories.items())), ensure_ascii=False, separators=(",", ":"))


def _drop_what_nothing_loads(bundle: Path) -> None:
    """Pagefind's own pages, its worker, and its program for languages that no page has."""
    entry = json.loads((bundle / "pagefind-entry.json").read_text())
    programs = {f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in entry["languages"].values()}
    for file in bundle.iterdir():
        wanted = {"pagefind.js", "pagefind-entry.json", *programs}
        if file.is_file() and file.suffix != ".pf_meta" and file.name not in wanted:
            file.unlink()
