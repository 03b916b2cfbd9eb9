"""`wizard build`: what it writes, what it says, and what it never does."""

import gzip
import io
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.helpers.shared import CORPUS, ROOT, SEED, needs_corpus, needs_seed
from tests.pages.building import TODAY, built, snapshot, write
from tests.pages.crawl import dead_links, read
from wizard.config import Claim, Config, load
from wizard.errors import SetupError
from wizard.pages.build import build, read_library


def test_our_own_articles_are_clean(tmp_path: Path) -> None:
    said = built(ROOT / "articles", tmp_path / "out", wizard_url="/")
    count = len(list((ROOT / "articles").rglob("*.md")))
    assert re.fullmatch(
        rf"\d+ pages from {count} articles, \d+ files written in \d+\.\d\d s, 0 warnings, 0 errors\n", said
    )


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
        text = file.read_text().replace('<script type="module"', "")  # the search page's own
        assert not re.search(
            r"Guide me|action:|/guide/|My account|<script(?! type=.application/ld)|hx-|kb-(root|step|action|off):", text
        ), file


def test_only_guide_articles_load_htmx_and_only_with_a_wizard(tmp_path: Path) -> None:
    out = tmp_path / "out"
    config = replace(Config(), articles=ROOT / "articles", out=out, wizard_url="/")
    config = replace(config, folder=tmp_path)
    build(config, TODAY, 1, search=False, stream=io.StringIO())
    library = read_library(config)
    guides = {article.address for article in library.articles.values() if article.is_guide}
    assert {"/accounts/closing-your-account/"} <= guides < set(library.articles)
    pages = {f"/{file.parent.relative_to(out).as_posix()}/": file.read_text() for file in out.rglob("index.html")}
    assert {address for address, text in pages.items() if "<script defer" in text} == guides
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
        frame = re.sub(r'<article class="text".*</article>', "", html, flags=re.DOTALL).encode()
        weight = len(gzip.compress(frame)) + len(gzip.compress(css))
        assert weight <= 8 * 1024, (page, weight)


def test_every_page_has_a_policy_and_nothing_inline(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="/")
    for file in (tmp_path / "out").rglob("*.html"):
        text = file.read_text()
        assert "default-src 'self'; object-src 'none'; base-uri 'none'" in text.replace("&#39;", "'")
        text = re.sub('<script type="application/ld[+]json">[^<]*</script>', "", text)  # data, which nothing runs
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|<style", text), file


def test_only_videos_of_hosts_that_are_allowed_may_be_framed(tmp_path: Path) -> None:
    video = '<iframe src="//player.example/1"></iframe>'
    files = {"a.md": f"---\ntitle: A\n---\n{video}\n[B](b.md)", "b.md": f"---\ntitle: B\n---\n{video}\n[A](a.md)"}
    articles = write(tmp_path / "articles", files)
    assert built(articles, tmp_path / "framed", video_hosts=("player.example",)).count("frame-linked") == 0
    page, headers = ((tmp_path / "framed" / name).read_text() for name in ("a/index.html", "_headers"))
    assert "frame-src https://player.example" in page and "frame-src https://player.example" in headers
    assert '<iframe class="video wide-video" src="https://player.example/1"' in page
    assert built(articles, tmp_path / "linked").count("frame-linked") == 2
    assert "frame" not in (tmp_path / "linked/a/index.html").read_text().partition("<body")[2].replace("Page on", "")


def test_what_only_a_header_can_say_lies_beside_the_pages(tmp_path: Path) -> None:
    built(ROOT / "articles", tmp_path / "out", wizard_url="https://my.example/")
    for name in ("_headers", "nginx-headers.conf"):
        text = (tmp_path / "out" / name).read_text()
        assert (
            "frame-ancestors 'none'" in text and "connect-src 'self' https://my.example" in text and "nosniff" in text
        )


def test_an_attachment_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "articles/x").mkdir(parents=True)
    head = "title: A\nattachments: [{file_name: A <form>, url: f.pdf}, {file_name: Bad, url: 'javascript:alert(1)'}]"
    (tmp_path / "articles/x/a.md").write_text(f"---\n{head}\n---\n")
    (tmp_path / "articles/x/f.pdf").write_text("pdf")
    built(tmp_path / "articles", tmp_path / "out")
    page = (tmp_path / "out/x/a/index.html").read_text()
    assert '<a href="../../x/f.pdf">A &lt;form&gt;</a>' in page and "javascript" not in page


def test_an_attachment_that_is_an_action_which_is_not_live_is_its_name(tmp_path: Path) -> None:
    head = "title: A\nattachments: [{file_name: Ledger, url: 'action:usage-history'}]"
    built(write(tmp_path / "articles", {"a.md": f"---\n{head}\n---\n"}), tmp_path / "out")
    assert "<li>Ledger</li>" in (tmp_path / "out/a/index.html").read_text()


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
    build(config, TODAY, 1, search=False, stream=io.StringIO())
    guide = read_library(config).guide("closing-your-account")
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
    config = replace(Config(), articles=CORPUS, out=tmp_path / "out", folder=tmp_path)
    build(config, TODAY, 2, search=False, stream=io.StringIO())
    library = read_library(config)
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
