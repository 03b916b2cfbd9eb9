"""What a build does to the folder that it writes into."""

import filecmp
import os
import shutil
from pathlib import Path
from threading import Thread

import pytest

from tests.helpers.shared import ROOT
from tests.pages.building import built, snapshot, write
from wizard.errors import SetupError
from wizard.pages.turns import turn


def test_the_pages_ignore_file_survives_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles", {"a/one.md": "---\ntitle: One\n---\n", "a/two.md": "---\ntitle: Two\n---\n"}
    )
    out = write(tmp_path / "out", {".gitignore": "*\n"})
    built(articles, out)
    assert (out / "a/two/index.html").exists()
    (articles / "a/two.md").unlink()
    built(articles, out)
    assert not (out / "a/two").exists() and (out / "a/one/index.html").exists()
    assert (out / ".gitignore").read_text() == "*\n"


def test_a_folder_that_holds_something_else_is_never_touched(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"})
    home = write(tmp_path / "home", {"thesis.txt": "years of work"})
    with pytest.raises(SetupError, match="name an empty folder"):
        built(articles, home)
    assert snapshot(home) == {"thesis.txt": b"years of work"}


def test_a_site_within_the_folder_of_its_articles_is_none_of_them(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"})
    for _ in range(2):
        assert "from 1 articles" in built(articles, articles / "deep/site")
    assert (articles / "deep/site/a/index.html").exists() and not (articles / "deep/site/deep").exists()


def test_files_that_did_not_change_are_not_written_again(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\nOne.", "b.md": "---\ntitle: B\n---\n"})
    built(articles, tmp_path / "out")
    before = {path: os.stat(path).st_mtime_ns for path in (tmp_path / "out").rglob("*.html")}
    write(articles, {"a.md": "---\ntitle: A\n---\nTwo."})
    built(articles, tmp_path / "out")
    changed = {path.parent.name for path, time in before.items() if os.stat(path).st_mtime_ns != time}
    assert changed == {"a", "out"}


def test_an_article_can_take_the_place_of_a_file_and_back(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n[x](x)", "x": "plain file"})
    built(articles, tmp_path / "out")
    (articles / "x").unlink()
    write(articles, {"x.md": "---\ntitle: X\n---\n", "a.md": "---\ntitle: A\n---\n[x](x.md)"})
    built(articles, tmp_path / "out")
    assert (tmp_path / "out/x/index.html").exists()


def test_with_an_error_the_rest_is_written_and_with_strict_nothing(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n[x](gone.md)", "b.md": "---\ntitle: [\n---\n"}
    )
    said = built(articles, tmp_path / "out")
    assert "a.md:4: link-broken: gone.md leads nowhere" in said and "b.md:3: front-matter" in said
    assert said.splitlines()[-1].endswith("s, 0 warnings, 2 errors") and (tmp_path / "out/a/index.html").exists()
    said = built(articles, tmp_path / "strict", strict=True)
    assert said.splitlines()[-1].startswith("nothing written") and not (tmp_path / "strict").exists()


def test_an_empty_folder_makes_a_site_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    said = built(tmp_path / "articles", tmp_path / "out")
    assert said.startswith("2 pages from 0 articles")
    assert "There are no articles yet" in (tmp_path / "out/index.html").read_text()


def test_a_folder_that_has_become_empty_takes_no_site_away(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    built(ROOT / "articles", tmp_path / "out")
    with pytest.raises(SetupError, match="holds no article"):
        built(tmp_path / "articles", tmp_path / "out")
    assert (tmp_path / "out/accounts/closing-your-account/index.html").exists()


def test_links_that_lead_nowhere_or_to_themselves_are_left_out(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.md").write_text("---\ntitle: A\n---\n![x](gone.png)")
    (articles / "gone.md").symlink_to("nowhere.md")
    (articles / "gone.png").symlink_to("nowhere.png")
    (articles / "round.md").symlink_to("round.md")
    said = built(articles, tmp_path / "out")
    assert "from 1 articles" in said and "image-missing" in said


def test_a_keyword_too_long_for_a_file_has_its_page(tmp_path: Path) -> None:
    text = f"---\ntitle: T\nkeywords: [{'k' * 5000}, {'k' * 4999}]\n---\n"
    built(write(tmp_path / "articles", {"a.md": text, "b.md": text}), tmp_path / "out")
    assert len(list((tmp_path / "out/keywords").iterdir())) == 2


def test_an_image_that_may_not_be_read_is_a_finding_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n![P](p.svg)\n", "p.svg": "<svg>"})
    monkeypatch.setattr(
        os, "access", lambda path, _how: not str(path).endswith("p.svg")
    )  # the owner of all may read all
    assert f"{articles}/p.svg:0: file-unreadable: cannot be read" in built(articles, tmp_path / "out")
    assert (tmp_path / "out/a/index.html").is_file() and not (tmp_path / "out/p.svg").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SetupError, match="cannot be written"):
        built(ROOT / "articles", tmp_path / "file/site")


def test_pages_of_the_site_stand_whole_while_a_build_goes_on(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"})
    built(articles, tmp_path / "out")
    leftovers = [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")]
    assert leftovers == [], "what is written beside the folder is gone afterwards"
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    assert not filecmp.dircmp(tmp_path / "out", tmp_path / "copy").diff_files


def test_what_a_build_left_that_ended_while_it_moved_its_files_is_gone_after_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles, out = write(tmp_path / "articles", {"a/b.md": "---\ntitle: A\n---\n"}), tmp_path / "out"
    rename, moved = os.rename, []

    def move_two(source: str, target: str) -> None:
        if len(moved) == 2:
            raise KeyboardInterrupt
        rename(source, target)
        moved.append(target)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "rename", move_two)
        built(articles, out)
    assert (out / ".wizard-new").is_dir()
    built(articles, out)
    assert not list(out.glob(".wizard*")) and (out / "a/b/index.html").is_file()


def test_two_builds_into_one_folder_take_turns(tmp_path: Path) -> None:
    articles, out = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"}), tmp_path / "out"
    second = Thread(target=built, args=(articles, out))
    with turn(out):
        second.start()
        second.join(0.3)
        assert second.is_alive() and not list(out.iterdir())
    second.join()
    assert (out / "a/index.html").is_file()
