"""No text takes more than its length: four times as much takes about four times as long.

What is fast enough at its full length needs no second look; only what is slow is compared with a part
of itself, by the processor's time.
"""

from collections.abc import Callable
from time import process_time

import pytest

from tests.content.reading import read

_FAST = 0.4
"""Seconds that no text of this length takes unless something grows with its square."""

PIECES = {
    "brackets": ("[", 4000),
    "images in images": ("![[![[", 4000),
    "links that do not close": ("[a](", 20_000),
    "links to nowhere": ("[a](<b", 20_000),
    "stars": ("*a ", 20_000),
    "stars and lines": ("*a_ **b__ ", 20_000),
    "ticks": ("`a ``b ", 20_000),
    "tags that do not close": ("<a ", 40_000),
    "quotes that do not close": ('<a href="', 40_000),
    "tags in a block": ("<div><a <img ", 40_000),
    "comments that do not close": ("<div><!-- ", 40_000),
    "scripts that do not close": ("<div><script ", 40_000),
    "attributes": ("<p><a " + "x='\"' " * 3, 40_000),
    "elements in elements": ("<div>", 40_000),
    "lists in lists": ("<ul><li>", 40_000),
    "addresses of mail": ("<li@x>", 60_000),
    "ordered lists right in lists": ("<ol>", 40_000),
    "ends of what is not open": ("<ol></b>", 80_000),
    "items right in items": ("<ol><li>a", 40_000),
    "links in links": ("<a><div>", 40_000),
    "bold that does not close": ("<p><b id=x>", 20_000),
    "paragraphs in HTML": ("<p>a", 40_000),
    "tables in tables": ("<table><tr><td>", 20_000),
    "headings of one title": ("## Steps\n\n", 20_000),
    "headings with places": ("## A {#", 20_000),
    "headings with a gap": ("## a" + " " * 100 + "b\n\n", 40_000),
    "steps": ("1. a\n", 20_000),
    "steps with one action": ("1. [a](action:usage-history)\n", 40_000),
    "links to a place that is not there": ("[a](#b)\n\n", 20_000),
    "quotes": ("> a\n\n", 20_000),
    "deep quotes": ("> " * 50 + "a\n\n", 20_000),
    "a table": ("| a | b |\n", 20_000),
    "spaces": (" " * 100, 40_000),
    "lines": ("a\n", 20_000),
    "callouts": ("> [!NOTE]\n> a\n\n", 20_000),
    "colon blocks": (":::note\na\n", 2000),
    "footnotes": ("[^a]: b\n", 20_000),
    "footnotes that do not close": ("a[^", 5000),
    "template tags": ("{{ {% {: ", 20_000),
    "template tags in links": ("[a]({{ site.url }}", 20_000),
    "references": ("[a b][c d]", 20_000),
    "frames": ("<iframe src=//x.example>", 20_000),
}
BEGINNINGS = {
    "a table": "| a | b |\n|---|---|\n",
    "footnotes that do not close": "[^x]: y\n\n",
    "headings with a gap": "",
}


HEADS = {
    "keys that nobody knows": ("---\n", "k{}: v\n", "---\n"),
    "keys that nobody knows, in JSON": ('{{{\n"title": "T"', ',\n"k{}": "v"', "\n}}}\n"),
    "keys that are given twice": ('{{{\n"title": "T"', ',\n"k{}": "v",\n"k{}": "w"', "\n}}}\n"),
    "next articles that are not there": ("---\ntitle: T\nnext:\n", "- a{}\n", "---\n"),
    "attachments that are not there": ("---\ntitle: T\nattachments:\n", "- {{url: a{}}}\n", "---\n"),
    "redirects": ("---\ntitle: T\nredirect_from:\n", "- /a{}/\n", "---\n"),
    "what is next": ("---\ntitle: T\n---\n## What is next\n\n", "- T\n", ""),
}


@pytest.mark.parametrize("html", [False, pytest.param(True, marks=pytest.mark.full)], ids=["Markdown", "HTML"])
@pytest.mark.parametrize("name", PIECES)
def test_a_text_takes_no_more_than_its_length(name: str, html: bool) -> None:
    piece, length = PIECES[name]
    times = length // len(piece)
    head = f"---\ntitle: T\ncontentIsHTML: {str(html).lower()}\n---\n" + BEGINNINGS.get(name, "")
    assert grows_with_its_length(lambda times: head + piece * times, times)


@pytest.mark.full
@pytest.mark.parametrize("name", HEADS)
def test_nor_does_what_is_said_of_it(name: str) -> None:
    head, piece, end = HEADS[name]
    assert grows_with_its_length(lambda times: head + "".join(piece.format(n, n) for n in range(times)) + end, 8000)


def grows_with_its_length(text: Callable[[int], str], times: int) -> bool:
    def seconds(times: int) -> float:
        whole = text(times)
        begun = process_time()
        read(whole, with_front_matter=True)
        return process_time() - begun

    def ratio() -> float:
        whole = seconds(times)
        return 0 if whole < _FAST else min(whole, seconds(times)) / min(seconds(times // 4) for _ in range(2))

    # 4 where it grows with the length, 16 with its square; a busy machine may be wrong once, not three times
    return any(ratio() < 8 for _ in range(3))
