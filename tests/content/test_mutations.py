"""Real articles, changed at random: whatever comes in, findings and harmless, well-formed HTML come out."""

from dataclasses import replace

import pytest

from tests.content.harmless import wrong
from tests.content.mutations import mutated
from tests.content.reading import library, policy
from tests.helpers.shared import CORPUS, ROOT
from wizard.content.findings import CODES

HOST = "player.example"
RULES = replace(policy(), video_hosts=(HOST,))
SEED = 20261121


def sources() -> list:
    """Our own articles, and the corpus where it is beside the project."""
    return sorted([*(ROOT / "articles").rglob("*.md"), *(CORPUS.rglob("*.md") if CORPUS.exists() else ())])


def read_all(number: int, seed: int) -> None:
    together = 10  # files in one folder, so that they link and collide
    files: dict[str, str | bytes] = {}
    for count, (name, content) in enumerate(mutated(sources(), number, seed), 1):
        files[f"{count % together}/{name}"] = content
        if count % together and count < number:
            continue
        read = library(files, RULES)
        assert all(one.code in CODES and one.what and "\n" not in one.text() for one in read.findings), files
        for article in read.articles.values():
            steps = [html for step in article.steps for html in (step.html, step.words)]
            attached = [one.html for one in article.attachments]
            for html in (article.intro, *steps, article.outro, article.next_html, *attached):
                assert wrong(html, (HOST,)) == [], files[article.path]
            assert [step.number for step in article.steps] == list(range(1, len(article.steps) + 1))
        files.clear()


@pytest.mark.full
def test_five_hundred_changed_articles_are_read() -> None:
    read_all(500, SEED)


@pytest.mark.full
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_changed_articles_are_read(part: int) -> None:
    read_all(1000, SEED + 1 + part)
