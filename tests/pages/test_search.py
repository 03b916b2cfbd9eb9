"""The search index and the list of titles, as a build writes them."""

import json
import os
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from tests.pages.building import built, snapshot, write
from wizard.cli import main
from wizard.errors import SetupError
from wizard.pages import search
from wizard.pages.folder import Folder
from wizard.pages.indexing import indexing


def index(out: Path) -> dict[str, bytes]:
    return {path: content for path, content in snapshot(out).items() if path.startswith(search.BUNDLE)}


def test_two_indexes_of_the_same_pages_are_equal_byte_by_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        built(ROOT / "articles", tmp_path / name, search=True)
    assert index(tmp_path / "one") == index(tmp_path / "two") != {}


def test_the_index_holds_what_the_search_page_loads_and_no_pages_of_pagefinds_own(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", search=True)
    names = {path.removeprefix(f"{search.BUNDLE}/") for path in index(tmp_path / "out")}
    at_top = {name for name in names if "/" not in name and not name.endswith(".pf_meta")}
    assert at_top == {"pagefind.js", "pagefind-entry.json", "wasm.en.pagefind", "categories.json"}
    entry = json.loads((tmp_path / "out" / search.BUNDLE / "pagefind-entry.json").read_text())
    assert entry["languages"]["en"]["page_count"] == len(list((ROOT / "articles").rglob("*.md")))


def test_a_build_without_search_leaves_no_index_not_even_an_old_one(tmp_path: Path) -> None:
    articles, out = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\nWords.\n"}), tmp_path / "out"
    arguments = ["build", "--articles", str(articles), "--out", str(out)]
    assert main(arguments) == 0 and index(out)
    assert main([*arguments, "--no-search"]) == 0 and not index(out)
    assert (out / search.LIST).exists() and (out / "search/index.html").exists()


def test_without_articles_there_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    built(tmp_path / "articles", tmp_path / "out", search=True)
    assert not index(tmp_path / "out")


def test_only_the_search_page_may_run_webassembly_and_the_headers_do_not_forbid_it(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out")
    may = {
        file for file in (tmp_path / "out").rglob("*") if file.is_file() and b"wasm-unsafe-eval" in file.read_bytes()
    }
    names = ("search/index.html", "_headers", "nginx-headers.conf")
    assert may == {tmp_path / "out" / name for name in names}


def test_an_authors_search_page_keeps_its_address(tmp_path: Path) -> None:
    built(write(tmp_path / "articles", {"search.md": "---\ntitle: Finding things\n---\n"}), tmp_path / "out")
    assert "Finding things" in (tmp_path / "out/search/index.html").read_text()
    assert 'type="search"' in (tmp_path / "out/search-2/index.html").read_text()


def test_the_list_names_each_article_once_and_the_important_ones_of_many(tmp_path: Path) -> None:
    files = {f"c/a{n}.md": f"---\ntitle: A{n}\ndate: 2020-01-01\n---\n" for n in range(1100)}
    files |= {
        "c/old.md": "---\ntitle: Old\nsticky: true\nkeywords: aged, ripe\n---\n",
        "new.md": "---\ntitle: New\ndate: 2026-01-01\n---\n",
    }
    built(write(tmp_path / "articles", files), tmp_path / "out")
    listed = json.loads((tmp_path / "out" / search.LIST).read_text())
    assert listed["categories"] == ["C"] and len(listed["articles"]) == 1000
    assert listed["articles"][:2] == [["Old", "/c/old/", 0, "aged, ripe"], ["New", "/new/", -1]]


@pytest.mark.parametrize("has_stray", [False, True], ids=["ours alone", "a stray page"])
@pytest.mark.parametrize("forgets", [False, True], ids=["a build that remembers", "a build that remembers nothing"])
def test_the_index_holds_no_page_of_an_article_that_is_gone(tmp_path: Path, forgets: bool, has_stray: bool) -> None:
    files = {f"{name}.md": f"---\ntitle: {name}\n---\nWords of {name}.\n" for name in ("One", "Two", "Three")}
    articles, out = write(tmp_path / "articles", files), tmp_path / "out"
    arguments = ["build", "--articles", str(articles), "--out"]
    assert main([*arguments, str(out)]) == 0
    (articles / "Two.md").unlink()
    if has_stray:
        write(out, {"stray/index.html": (out / "one/index.html").read_text()})
    assert main([*arguments, str(out), *["--clean"] * forgets]) == 0
    assert main([*arguments, str(tmp_path / "fresh")]) == 0
    assert index(out) == index(tmp_path / "fresh") != {}


def test_pagefinds_failure_is_said_in_its_words_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    words = r"no search index: .*empty or did not contain any html files.* --no-search"
    with pytest.raises(SetupError, match=words), indexing(folder) as put_index:
        put_index()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o644, None], ids=["is not a program", "does not exist"])
def test_where_pagefind_cannot_run_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None
) -> None:
    import pagefind_bin

    if mode is not None:
        (tmp_path / "pagefind").write_text("")
        os.chmod(tmp_path / "pagefind", mode)
    monkeypatch.setattr(pagefind_bin, "this_dir", tmp_path)
    with pytest.raises(SetupError, match="--no-search"), indexing(Folder(tmp_path)):
        pass
