"""`wizard serve --reload`: what is saved is on the open page, and so is what is wrong with it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.test import Client

from tests.helpers.server import served
from tests.helpers.world import World
from tests.pages.building import write
from wizard.config import load
from wizard.reloading import Reloading

ARTICLE = "---\ntitle: {0}\n---\nWords of {0}.\n\n1. Look at your [usage history](action:usage-history).\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {"wizard.toml": 'wizard_url = "/"\nsite_name = "One"\n', "articles/a.md": ARTICLE.format("Apples")}
    return write(tmp_path / "project", files)


@pytest.fixture
def reloading(world: World, project: Path) -> Reloading:
    return Reloading(partial(load, project / "wizard.toml", {}), world.means)


def state(reloading: Reloading) -> tuple[int, list[str]]:
    found = json.loads(Client(reloading).get("/-/reload/state?-1").data)
    return found["version"], found["lines"]


def text(reloading: Reloading, path: str) -> str:
    with Client(reloading).get(path) as answer:
        return answer.text


def test_nothing_is_built_while_nothing_is_saved(reloading: Reloading) -> None:
    before = state(reloading)
    assert not reloading.look() and state(reloading) == before


def test_a_saved_article_is_built_and_its_guide_says_the_same(reloading: Reloading, project: Path) -> None:
    assert "Words of Apples" in text(reloading, "/a/")
    write(project, {"articles/a.md": ARTICLE.format("Pears")})
    assert reloading.look() and "Words of Pears" in text(reloading, "/a/")
    assert reloading._app.extensions["wizard"].library.guide("a").title == "Pears"


def test_settings_and_theme_are_followed_too(reloading: Reloading, project: Path) -> None:
    write(project, {"wizard.toml": 'wizard_url = "/"\nsite_name = "Two"\n'})
    assert reloading.look() and "<title>Two</title>" in text(reloading, "/").replace("\n", "")
    assert "Two" in text(reloading, "/sign-in/")
    write(project, {"theme/more.css": "h1 { color: red }"})
    assert reloading.look() and "static/more.css" in text(reloading, "/a/")


TROUBLE = {
    "an article": (
        "articles/a.md",
        "---\ntitle: A\n---\n[x](gone.md)",
        "articles/a.md:4: link-broken: gone.md leads nowhere",
    ),
    "settings": ("wizard.toml", 'site_nme = "x"', "site_nme is not a setting; did you mean site_name?"),
    "settings that are no TOML": ("wizard.toml", "site_name = ", "is not TOML"),
    "a template": ("theme/templates/pages/home.html", "{% if %}", "theme/templates/pages/home.html:1:"),
}


@pytest.mark.parametrize(("path", "content", "told"), TROUBLE.values(), ids=TROUBLE)
def test_what_is_wrong_is_told_and_what_was_built_stays(
    reloading: Reloading, project: Path, path: str, content: str, told: str
) -> None:
    assert state(reloading)[1] == []
    write(project, {path: content})
    assert reloading.look() and any(told in line for line in state(reloading)[1])
    assert "<h1" in text(reloading, "/a/")


def test_a_folder_of_articles_that_goes_and_comes_back_is_followed(reloading: Reloading, project: Path) -> None:
    (project / "articles").rename(project / "away")
    assert reloading.look() and "there is no such folder" in state(reloading)[1][0]
    (project / "away").rename(project / "articles")
    assert reloading.look() and state(reloading)[1] == []


def test_files_are_served_as_they_are_and_pages_with_the_script(reloading: Reloading) -> None:
    assert "/-/reload/reload.js" in text(reloading, "/a/") and "/-/reload/" in text(reloading, "/nowhere/")
    assert "/-/reload/" not in text(reloading, "/static/base.css") and "/-/reload/" not in text(reloading, "/llms.txt")
    assert "location.reload" in text(reloading, "/-/reload/reload.js")
    with Client(reloading).head("/a/") as head:
        assert head.status_code == 200 and head.data == b""


def test_a_page_that_has_seen_all_waits_for_what_is_new(reloading: Reloading, project: Path) -> None:
    version = state(reloading)[0]
    answers: list[dict] = []
    ask = threading.Thread(
        target=lambda: answers.append(json.loads(Client(reloading).get(f"/-/reload/state?{version}").data))
    )
    ask.start()
    write(project, {"articles/a.md": ARTICLE.format("Pears")})
    reloading.look()
    ask.join(5)
    assert answers[0]["version"] == version + 1


@contextmanager
def watching(reloading: Reloading) -> Iterator[str]:
    stop = threading.Event()
    thread = threading.Thread(target=reloading.watch, args=(stop,))
    thread.start()
    try:
        with served(reloading) as address:
            yield address
    finally:
        stop.set()
        thread.join(10)


@pytest.mark.browser
def test_the_open_page_follows_what_is_saved(reloading: Reloading, project: Path, chromium: Browser) -> None:
    with watching(reloading) as address:
        page = chromium.new_page()
        page.goto(f"{address}/a/")
        expect(page.get_by_text("Words of Apples")).to_be_visible()
        write(project, {"articles/a.md": ARTICLE.format("Pears") + "\n[x](gone.md)\n"})
        expect(page.get_by_text("Words of Pears")).to_be_visible()
        expect(page.get_by_label("What is wrong with the articles")).to_contain_text("articles/a.md:8: link-broken")
        write(project, {"articles/a.md": ARTICLE.format("Plums")})
        expect(page.get_by_text("Words of Plums")).to_be_visible()
        expect(page.get_by_label("What is wrong with the articles")).to_have_count(0)
        page.close()
