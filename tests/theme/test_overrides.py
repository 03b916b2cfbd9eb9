"""A project's own theme folder: templates in place of ours, styles after ours, files, a logo."""

import re
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from tests.pages.building import built, write
from tests.pages.crawl import dead_links
from tests.pages.samples import png
from wizard.config import Config
from wizard.errors import SetupError
from wizard.theme import load_theme
from wizard.theme.files import read_files
from wizard.theme.templates import OURS

DOCUMENT = ROOT / "docs/theming.md"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write(tmp_path / "articles", {"x/a.md": "---\ntitle: A\n---\nText.\n", "b.md": "---\ntitle: B\n---\n"})


def test_a_template_of_ones_own_extends_ours_and_stands_on_every_page_of_its_kind(
    tmp_path: Path, articles: Path
) -> None:
    files = {
        "templates/pages/article.html": '{% extends "original/pages/article.html" %}\n'
        "{% block after %}<p>Printed on recycled bits: {{ article.title }}</p>{{ super() }}{% endblock %}",
        "templates/layout.html": '{% extends "original/layout.html" %}{% block footer %}Our foot{% endblock %}',
    }
    built(articles, tmp_path / "out", theme=write(tmp_path / "theme", files))
    article = (tmp_path / "out/x/a/index.html").read_text()
    assert "recycled bits: A" in article and "Our foot" in article and ">A</h1>" in article
    home = (tmp_path / "out/index.html").read_text()
    assert "recycled bits" not in home and "Our foot" in home


BROKEN = {
    "a tag that never ends": ("pages/article.html", "<p>\n{% if x %}", "pages/article.html:2: Unexpected end"),
    "a filter that there is not": (
        "pages/home.html",
        "\n\n{{ 1 | mony }}",
        "pages/home.html:3: No filter named 'mony'",
    ),
    "a template that there is not": (
        "pages/home.html",
        '{% extends "original/pages/hom.html" %}',
        "pages/home.html:1: there is no template original/pages/hom.html (did you mean pages/home.html?)",
    ),
    "a template that extends itself": (
        "pages/home.html",
        '{% extends "pages/home.html" %}',
        "names itself (write original/pages/home.html for ours)",
    ),
    "a name that is none of ours": (
        "pages/artcle.html",
        "x",
        "artcle.html: takes the place of no template of ours (did you mean pages/article.html?)",
    ),
    "a block that there is not": (
        "pages/article.html",
        '{% extends "original/pages/article.html" %}\n{% block contnts %}{% endblock %}',
        "pages/article.html:2: no block to replace is named contnts (did you mean contents?)",
    ),
}


@pytest.mark.parametrize(("name", "source", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_template_is_told_with_its_line(tmp_path: Path, name: str, source: str, told: str) -> None:
    write(tmp_path, {f"templates/{name}": source})
    with pytest.raises(SetupError) as problem:
        load_theme(Config(theme=tmp_path))
    assert told in str(problem.value) and str(problem.value).startswith(str(tmp_path))


def test_a_template_may_name_one_of_its_own(tmp_path: Path) -> None:
    source = '{% extends "original/pages/home.html" %}{% block main %}{% include "ours.html" %}{% endblock %}'
    load_theme(Config(theme=write(tmp_path, {"templates/pages/home.html": source, "templates/ours.html": "x"})))


@pytest.mark.parametrize("number", [1, 60], ids=["in one process", "in several"])
def test_what_fails_while_a_page_is_made_is_told_with_its_line(tmp_path: Path, number: int) -> None:
    articles = write(tmp_path / "articles", {f"a{one}.md": f"---\ntitle: A{one}\n---\n" for one in range(number)})
    source = '{% extends "original/pages/article.html" %}\n{% block meta %}\n{{ article.autor }}\n{% endblock %}'
    theme = write(tmp_path / "theme", {"templates/pages/article.html": source})
    with pytest.raises(SetupError, match=r"pages/article.html:3: .*has no attribute 'autor'"):
        built(articles, tmp_path / "out", jobs=2, theme=theme)
    built(articles, tmp_path / "out")  # the folder is known as ours


def test_styles_come_after_ours_and_files_lie_beside_them(tmp_path: Path, articles: Path) -> None:
    theme = write(
        tmp_path / "theme",
        {
            "brand.css": "h1 { color: red }",
            "static/fonts/x.txt": "font",
            "static/icon.svg": "<svg/>",
            ".hidden.css": "",
        },
    )
    built(articles, tmp_path / "out", theme=theme, accent="#7a3b8f")
    page = (tmp_path / "out/x/a/index.html").read_text()
    assert page.index("static/base.css") < page.index("static/theme.css") < page.index("static/brand.css")
    static = tmp_path / "out/static"
    assert (static / "fonts/x.txt").read_text() == "font" and (static / "icon.svg").read_text() == "<svg/>"
    assert "--accent: #7a3b8f" in (static / "theme.css").read_text() and ".hidden" not in page
    assert dead_links(tmp_path / "out") == []


def test_a_style_with_the_name_of_one_of_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="base.css: has the name of a file of ours"):
        read_files(Config(theme=write(tmp_path, {"base.css": ""})))


def test_without_an_accent_there_is_no_further_stylesheet(tmp_path: Path, articles: Path) -> None:
    built(articles, tmp_path / "out")
    assert "theme.css" not in (tmp_path / "out/index.html").read_text()


def test_an_accent_that_cannot_be_read_is_a_warning_and_a_darker_one_is_used(tmp_path: Path, articles: Path) -> None:
    said = built(articles, tmp_path / "out", accent="#99ffdd")
    assert "wizard.toml:0: accent-contrast: accent #99ffdd is too light for text on paper: 1.0:1" in said
    assert "#007d54 is used" in said and "#007d54" in (tmp_path / "out/static/theme.css").read_text()


@pytest.mark.parametrize(
    ("name", "content", "width"),
    [
        ("mark.png", png(64, 32), "64"),
        ("mark.svg", b"<svg viewBox='0 0 48 24'/>", "64"),
        ("mark.SVG", b'<svg width="10" height="40"/>', "8"),
        ("mark.webp", b"RIFF", None),
    ],
)
def test_a_logo_has_its_place_before_it_is_there(
    tmp_path: Path, articles: Path, name: str, content: bytes, width: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    built(articles, tmp_path / "out", logo=tmp_path / name)
    page = (tmp_path / "out/x/a/index.html").read_text()
    size = f' width="{width}"' if width else ""
    assert f'alt=""{size} height="32">Knowledge base</a>' in page and "../../static/logo." in page
    assert dead_links(tmp_path / "out") == []


@pytest.mark.parametrize(("name", "told"), [("none.png", "cannot be read"), ("logo.pdf", "give a picture")])
def test_a_logo_that_cannot_be_used_is_told(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(SetupError, match=told):
        read_files(Config(logo=tmp_path / name))


def test_the_footer_is_markdown_whose_links_lead_to_the_same_place_from_every_page(
    tmp_path: Path, articles: Path
) -> None:
    said = built(articles, tmp_path / "out", footer="[A](x/a.md), [B](/b/) and <b onclick='x'>us</b>")
    assert "0 errors" in said
    assert '<a href="../../x/a/">A</a>, <a href="../../b/">B</a> and <b>us</b>' in (
        tmp_path / "out/x/a/index.html"
    ).read_text().replace(' target="_blank"', "")
    assert '<a href="./b/">B</a>' in (tmp_path / "out/index.html").read_text()
    assert dead_links(tmp_path / "out") == []


def test_a_page_is_made_again_where_the_footers_article_has_moved(tmp_path: Path, articles: Path) -> None:
    built(articles, tmp_path / "out", footer="[A](x/a.md)")
    write(articles, {"x/a.md": "---\ntitle: A\npermalink: /moved/\n---\nText.\n"})
    built(articles, tmp_path / "out", footer="[A](x/a.md)")
    assert '<a href="../moved/">A</a>' in (tmp_path / "out/b/index.html").read_text()


def test_an_article_is_made_again_where_a_page_of_ours_makes_way(tmp_path: Path, articles: Path) -> None:
    built(articles, tmp_path / "out")
    write(articles, {"a-z.md": "---\ntitle: Own\n---\n"})
    built(articles, tmp_path / "out")
    assert 'href="../a-z-2/"' in (tmp_path / "out/b/index.html").read_text()


def test_a_link_of_the_footer_that_leads_nowhere_is_told(tmp_path: Path, articles: Path) -> None:
    said = built(articles, tmp_path / "out", footer="[Terms](/terms/)")
    assert "wizard.toml:0: link-broken: footer: /terms/ leads nowhere" in said


def test_the_list_of_blocks_in_the_documents_is_right() -> None:
    rows = re.findall(r"^\| `([a-z_/0-9]+\.html)` \| [^|]+ \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    blocks = {name: set(re.findall(r"{% block (\w+) %}", (OURS / name).read_text())) for name, _ in rows}
    assert {
        "layout.html",
        "web/wizard.html",
        *(f"pages/{file.name}" for file in (OURS / "pages").glob("*.html")),
    } <= set(blocks)
    for name, told in rows:
        frame = blocks["layout.html"] if name != "layout.html" else set()
        assert set(re.findall(r"`(\w+)`", told)) == blocks[name] - frame, name


def test_a_link_to_nothing_in_the_theme_is_said_and_one_that_leads_above_itself_is_not_followed(
    tmp_path: Path, articles: Path
) -> None:
    theme = write(tmp_path / "theme", {"own.css": "a { color: red }"})
    (theme / "again").symlink_to(theme)
    built(articles, tmp_path / "out", theme=theme)
    (theme / "gone.css").symlink_to(tmp_path / "nowhere.css")
    with pytest.raises(SetupError, match="gone.css: cannot be read"):
        built(articles, tmp_path / "out", theme=theme)
