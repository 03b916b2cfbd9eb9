"""Building again: after any change the site has the bytes of a build from nothing."""

import io
import os
import pickle
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.pages.building import TODAY, built, snapshot, write
from wizard.config import Claim, Config
from wizard.pages.build import build
from wizard.pages.memory import Past
from wizard.pages.press import Press

NAMES = ["a/one", "a/two", "b/one", "b/c/three", "four", "five"]
IMAGE = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def article(title: str, words: str, sticky: bool = False) -> str:
    links = "[one](/a/one.md) [up](../five.md) ![A picture](/img/p.gif) [site](https://x.example/ledger)"
    keywords = "[cancel, close]" if sticky else "[close]"
    head = (
        f"title: {title}\nsticky: {str(sticky).lower()}\nkeywords: {keywords}\ndate: 2026-11-{len(words) % 20 + 1:02}"
    )
    return (
        f"---\n{head}\n---\n{words} {links}\n\n1. [Look](action:usage-history)\n\n## What is next?\n\n- Two\n- Five\n"
    )


changes = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(["One", "Two", "Five"]), st.text("xyz ", max_size=9), st.booleans()),
    st.tuples(st.just("append"), st.sampled_from(NAMES), st.sampled_from(["\nMore.\n", "\n## A heading\n", "\n[gone](gone.md)\n"])),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES)),
    st.tuples(st.just("break"), st.sampled_from(NAMES)),
    st.tuples(st.just("picture"), st.booleans()),
    st.tuples(st.just("setting"), st.sampled_from(["site_name", "wizard_url", "claims", "address"])),
    st.tuples(st.just("meddle"), st.sampled_from(["remove", "alter", "stray"])),
)  # fmt: skip


def change(folder: Path, config: Config, what: str, *values: object) -> Config:
    articles, out = folder / "articles", config.out
    path = articles / f"{values[0]}.md"
    if what == "write":
        write(articles, {f"{values[0]}.md": article(str(values[1]), str(values[2]), bool(values[3]))})
    elif what == "setting":
        other = {
            "site_name": "Another",
            "wizard_url": "" if config.wizard_url else "/",
            "claims": (Claim("https://x.example/ledger", "usage-history"),),
            "address": "https://help.example/kb/",
        }
        return replace(config, **{values[0]: other[str(values[0])]})
    elif what == "picture":
        (articles / "img").mkdir(exist_ok=True)
        (articles / "img/p.gif").write_bytes(IMAGE if values[0] else IMAGE[:6] + b"\x02" + IMAGE[7:])
    elif what == "meddle":
        pages = sorted(out.rglob("index.html"))
        if values[0] == "remove":
            pages[-1].unlink()
        elif values[0] == "alter":
            pages[-1].write_text("not ours")
        else:
            (pages[-1].parent / "stray.html").write_text("a stray")
    elif not path.exists():
        pass
    elif what == "append":
        path.write_text(path.read_text() + str(values[1]))
    elif what == "break":
        path.write_text("---\ntitle: [\n---\n")
    elif what == "touch":
        os.utime(path)
    elif what == "delete":
        path.unlink()
    elif what == "rename" and values[0] != values[1]:
        (articles / f"{values[1]}.md").parent.mkdir(parents=True, exist_ok=True)
        path.replace(articles / f"{values[1]}.md")
    return config


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates are the same in each example."""
    return tmp_path_factory.mktemp("templates")


def said(config: Config, **options: bool) -> str:
    stream = io.StringIO()
    build(config, TODAY, 1, search=False, stream=stream, **options)
    return stream.getvalue().rpartition("\n")[0].rpartition("\n")[0]


@pytest.mark.full
@settings(
    max_examples=10 + settings.default.max_examples // 10,  # each is a dozen builds
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failing list of changes is short enough
)
@given(done=st.lists(changes, min_size=1, max_size=6))
def test_after_any_changes_the_site_is_that_of_a_build_from_nothing(compiled: Path, done: list[tuple]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / ".wizard").mkdir()
        (folder / ".wizard/templates").symlink_to(compiled)
        write(folder / "articles", {f"{one}.md": article(one.title(), "Words.") for one in (*NAMES, "always")})
        config = replace(Config(), articles=folder / "articles", out=folder / "out", folder=folder)
        said(config)
        for one in done:
            config = change(folder, config, *one)
            again = said(config)
            fresh = replace(config, out=folder / "fresh")
            assert again == said(fresh, clean=True)
            assert snapshot(config.out) == snapshot(fresh.out), one


def test_nothing_is_read_or_written_where_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = write(tmp_path / "articles", {"a.md": article("A", "Words."), "b.md": article("B", "Words.")})
    built(articles, tmp_path / "out")
    monkeypatch.setitem(__import__("sys").modules, "wizard.pages.update", None)  # importing it would fail
    assert ", 0 files written in " in built(articles, tmp_path / "out")


def test_a_page_is_pressed_again_only_where_what_it_asked_is_answered_anew(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {f"a/{n}.md": f"---\ntitle: {n}\n---\n[x](4.md)" for n in range(9)})
    built(articles, tmp_path / "out")
    for page in (tmp_path / "out").rglob("*.html"):
        os.utime(page, ns=(1, 1))
    write(articles, {"a/8.md": "---\ntitle: 8\n---\nOther words."})
    said = built(articles, tmp_path / "out")
    assert ", 5 files written in " in said, "the page, its source, and its summary in three lists"


@pytest.mark.parametrize("harm", [b"", b"short", b"\0" * 99, pickle.dumps(os.system)])
def test_a_memory_that_cannot_be_read_is_no_memory(tmp_path: Path, harm: bytes) -> None:
    articles = write(tmp_path / "articles", {"a.md": article("A", "Words.")})
    built(articles, tmp_path / "out")
    [memory] = (tmp_path / ".wizard").glob("build-*")
    memory.write_bytes(harm)
    assert ", 0 files written in " in built(articles, tmp_path / "out")


def test_a_memory_runs_nothing(tmp_path: Path) -> None:
    from wizard.pages.memory import _digest

    articles = write(tmp_path / "articles", {"a.md": article("A", "Words.")})
    built(articles, tmp_path / "out")
    [memory] = (tmp_path / ".wizard").glob("build-*")

    class Evil:
        def __reduce__(self) -> tuple:
            return (os.mkdir, (str(tmp_path / "evil"),))

    body = pickle.dumps(Evil())
    memory.write_bytes(_digest(body) + body)
    config = replace(Config(), articles=articles, out=tmp_path / "out", folder=tmp_path)
    assert not Past(config).memory.marks and not (tmp_path / "evil").exists()


def test_where_nothing_can_be_remembered_everything_is_built(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": article("A", "Words.")})
    (tmp_path / ".wizard").write_text("a file, where a folder should be")
    for _ in range(2):
        assert "from 1 articles" in built(articles, tmp_path / "out", search=True)
    assert (tmp_path / "out/static/pagefind/pagefind.js").exists()


def test_what_is_saved_while_a_build_goes_on_is_on_the_page_after_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = write(tmp_path / "articles", {"a.md": article("A", "Words.")})
    press = Press.article

    def press_and_save(*values: object, **others: object) -> str:
        page = press(*values, **others)
        write(articles, {"a.md": article("A", "Others")})
        return page

    with monkeypatch.context() as patched:
        patched.setattr(Press, "article", press_and_save)
        built(articles, tmp_path / "out")
    built(articles, tmp_path / "out")
    assert "Others" in (tmp_path / "out/a/index.html").read_text()
