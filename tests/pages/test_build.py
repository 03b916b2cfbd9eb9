"""`wizard build`: what it writes, what it says, and what it never does."""

import filecmp
import gzip
import io
import os
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.helpers.shared import CORPUS, ROOT, SEED, needs_corpus, needs_seed
from tests.pages.crawl import dead_links, read
from wizard.config import Claim, Config, load
from wizard.errors import SetupError
from wizard.pages.build import build

TODAY = date(2026, 11, 21)
OWN = load(ROOT / "wizard.toml", {})


def built(
    articles: Path, out: Path, today: date = TODAY, jobs: int = 1, strict: bool = False, **settings: object
) -> str:
    """Build, and return what was printed."""
    stream = io.StringIO()
    build(replace(Config(), articles=articles, out=out, **settings), today, jobs, strict, stream)  # type: ignore[arg-type]
    return stream.getvalue()


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_our_own_articles_are_clean(tmp_path: Path) -> None:
    said = built(ROOT / "articles", tmp_path / "out", wizard_url="/")
    assert re.fullmatch(r"14 pages from 8 articles in \d+\.\d\d s, 0 warnings, 0 errors\n", said)


def test_two_builds_are_equal_byte_by_byte_with_one_process_or_several(tmp_path: Path) -> None:
    articles = write(
        tmp_path / "articles", {f"c{n % 7}/a{n}.md": f"---\ntitle: A{n}\n---\n1. One.\n" for n in range(80)}
    )
    for jobs in (1, 1, 3):
        built(articles, tmp_path / f"out-{jobs}", jobs=jobs, wizard_url="/")
    assert snapshot(tmp_path / "out-1") == snapshot(tmp_path / "out-3")
    assert len(snapshot(tmp_path / "out-3")) > 88


@pytest.mark.parametrize("wizard_url", ["", "/", "https://my.example/wizard/"])
@pytest.mark.parametrize("below", ["/", "/kb/"])
def test_no_link_is_dead_with_and_without_a_wizard_below_any_path(tmp_path: Path, wizard_url: str, below: str) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url=wizard_url, address=f"https://site.example{below}")
    assert dead_links(tmp_path / "out", below, wizard=wizard_url if wizard_url == "/" else "") == []


def test_without_a_wizard_nothing_offers_one(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out")
    for file in (tmp_path / "out").rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"Guide me|action:|/guide/|My account|<script|hx-|kb-(root|step|action|off):", text), file


def test_only_guide_articles_load_htmx_and_only_with_a_wizard(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="/")
    with_script = {file.parent.name for file in (tmp_path / "out").rglob("*.html") if "<script" in file.read_text()}
    assert with_script == {
        "closing-your-account",
        "roles-and-permissions",
        "adding-or-removing-services",
        "cancelling-services",
        "understanding-usage-history",
        "retrieving-your-data",
    }
    elsewhere = tmp_path / "elsewhere"
    built(ROOT / "articles", elsewhere, wizard_url="https://my.example/", address="https://help.example/")
    page = (elsewhere / "accounts/closing-your-account/index.html").read_text()
    assert 'hx-get="https://my.example/guide/closing-your-account/live"' in page and "mode:cors" in page
    assert "connect-src &#39;self&#39; https://my.example" in page


def test_an_article_page_costs_at_most_8_kb_above_its_own_body(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="/")
    css = (tmp_path / "out/static/base.css").read_bytes()
    for page in (tmp_path / "out").glob("*/*/index.html"):
        html = page.read_text()
        frame = re.sub(r'<article class="text">.*</article>', "", html, flags=re.DOTALL).encode()
        weight = len(gzip.compress(frame)) + len(gzip.compress(css))
        assert weight <= 8 * 1024, (page, weight)


def test_every_page_has_a_policy_and_nothing_inline(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="/")
    for file in (tmp_path / "out").rglob("*.html"):
        text = file.read_text()
        assert "default-src 'self'; object-src 'none'; base-uri 'none'" in text.replace("&#39;", "'")
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|<style", text), file


def test_what_only_a_header_can_say_lies_beside_the_pages(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="https://my.example/")
    for name in ("_headers", "nginx-headers.conf"):
        text = (tmp_path / "out" / name).read_text()
        assert (
            "frame-ancestors 'none'" in text and "connect-src 'self' https://my.example" in text and "nosniff" in text
        )


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


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SetupError, match="cannot be written"):
        built(ROOT / "articles", tmp_path / "file/site")


def test_an_attachment_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "articles/x").mkdir(parents=True)
    head = "title: A\nattachments: [{file_name: A <form>, url: f.pdf}, {file_name: Bad, url: 'javascript:alert(1)'}]"
    (tmp_path / "articles/x/a.md").write_text(f"---\n{head}\n---\n")
    (tmp_path / "articles/x/f.pdf").write_text("pdf")
    built(tmp_path / "articles", tmp_path / "out")
    page = (tmp_path / "out/x/a/index.html").read_text()
    assert '<a href="../../x/f.pdf">A &lt;form&gt;</a>' in page and "javascript" not in page


def test_images_and_attachments_that_articles_use_are_copied(tmp_path: Path) -> None:
    files = {
        "A B/one.md": "---\ntitle: One\nattachments: [{file_name: Form, url: f.pdf}]\n---\n![A map](../img/m.png)",
        "A B/f.pdf": "pdf",
        "img/m.png": "png",
        "img/unused.png": "png",
    }
    built(write(tmp_path / "articles", files), tmp_path / "out")
    assert (tmp_path / "out/a-b/f.pdf").read_text() == "pdf" and (tmp_path / "out/img/m.png").exists()
    assert not (tmp_path / "out/img/unused.png").exists() and dead_links(tmp_path / "out") == []


def test_the_404_page_knows_the_root_at_any_depth(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", address="https://help.example/kb/")
    assert 'href="/kb/static/base.css' in (tmp_path / "out/404.html").read_text()


def test_htmx_is_the_file_that_its_checksum_names() -> None:
    from hashlib import sha256

    folder = ROOT / "wizard/theme/static/vendor/htmx@4.0.1"
    digest, name = (folder / "SHA256SUMS").read_text().split()
    assert sha256((folder / name).read_bytes()).hexdigest() == digest


def closing_seed() -> str:
    """The real closing article; where it is missing, one of our own in the same form with the same traps."""
    return SEED.read_text() if SEED.exists() else (Path(__file__).parent / "closing-stand-in.md").read_text()


@pytest.mark.parametrize("source", ["own", pytest.param("seed", marks=needs_seed)])
def test_the_closing_article_builds_unedited_on_a_bare_folder(tmp_path: Path, source: str) -> None:
    text = SEED.read_text() if source == "seed" else (Path(__file__).parent / "closing-stand-in.md").read_text()
    said = built(write(tmp_path / "articles", {"closing-your-account.md": text}), tmp_path / "out")
    assert said.splitlines()[-1].endswith("1 warning, 0 errors") and "date-unclear" in said
    page = read(tmp_path / "out/closing-your-account/index.html")
    html = (tmp_path / "out/closing-your-account/index.html").read_text()
    assert {f"step-{number}" for number in range(1, 5)} <= page.ids and "step-5" not in page.ids
    assert {"exceptions", "final-invoice", "prerequisites"} <= page.ids
    assert "Guide me" not in html and "VA1ABCDVPN01" in html
    assert dead_links(tmp_path / "out") == []


@pytest.mark.parametrize("source", ["own", pytest.param("seed", marks=needs_seed)])
def test_with_claims_the_closing_article_becomes_a_guide_unedited(tmp_path: Path, source: str) -> None:
    text = SEED.read_text() if source == "seed" else (Path(__file__).parent / "closing-stand-in.md").read_text()
    links = dict(re.findall(r"^\[(\d)\]: (\S+)$", text, re.MULTILINE))
    articles = write(tmp_path / "articles", {"closing-your-account.md": text})
    (tmp_path / "wizard.toml").write_text(
        'wizard_url = "/"\n'
        + "".join(
            f'[[claims]]\nlink = "{links[number]}"\naction = "{action}"\narticles = ["closing-*"]\n'
            for number, action in {
                "2": "usage-history",
                "3": "retrieve-data",
                "4": "delete-services",
                "7": "request-closure",
            }.items()
        )
    )
    config = replace(load(tmp_path / "wizard.toml", {}), articles=articles, out=tmp_path / "out")
    result = build(config, TODAY, 1, False, io.StringIO())
    guide = result.library.guides["closing-your-account"]
    assert [step.actions for step in guide.steps] == [
        ("usage-history",),
        ("retrieve-data",),
        ("delete-services",),
        ("request-closure",),
    ]
    html = (tmp_path / "out/closing-your-account/index.html").read_text()
    assert "Guide me" in html and 'href="/guide/closing-your-account/usage-history/#usage-history"' in html
    assert "[help@ctl.io]" not in html and "mailto:help@" not in html.replace("hr", "")


@needs_corpus
def test_every_article_of_the_corpus_builds(tmp_path: Path) -> None:
    config = replace(Config(), articles=CORPUS, out=tmp_path / "out")
    library = build(config, TODAY, 2, False, io.StringIO()).library
    assert len(library.articles) == 232
    told = {(one.path, one.what.split(" ")[0]) for one in library.findings if one.code.startswith("link")}
    path_of = {article.address: article.path for article in library.articles.values()}
    for dead in dead_links(tmp_path / "out"):
        page, _, link = dead.removesuffix(" has no such place").partition(": ")
        assert {(path_of[page], link), (path_of[page], unquote(link))} & told, f"no finding tells of {dead}"


def test_a_claim_that_changes_something_must_name_its_articles(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"})
    with pytest.raises(SetupError, match="name its articles"):
        built(articles, tmp_path / "out", claims=(Claim("https://x.example", "delete-services"),))


def test_pages_of_the_site_stand_whole_while_a_build_goes_on(tmp_path: Path) -> None:
    articles = write(tmp_path / "articles", {"a.md": "---\ntitle: A\n---\n"})
    built(articles, tmp_path / "out")
    leftovers = [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")]
    assert leftovers == [], "what is written beside the folder is gone afterwards"
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    assert not filecmp.dircmp(tmp_path / "out", tmp_path / "copy").diff_files
