"""Static pages are in the site's own form, whoever reads them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from tests.pages.building import built, write


def site(folder: Path, articles: int, **settings: object) -> Path:
    files = {
        f"tips/tip-{number}.md": f"---\ntitle: Tip {number}\ndate: 2026-11-05\n---\n\nA tip.\n"
        for number in range(articles)
    }
    built(write(folder / "articles", files), folder / "site", **settings)
    return folder / "site"


@pytest.mark.parametrize(("locale", "day"), [("en", "5 November 2026"), ("en_US", "November 5, 2026")])
@pytest.mark.parametrize(("articles", "jobs"), [(1, 1), (50, 2)])
def test_dates_have_the_form_of_the_sites_locale(
    tmp_path: Path, locale: str, day: str, articles: int, jobs: int
) -> None:
    out = site(tmp_path, articles, jobs=jobs, locale=locale)
    for number in range(articles):
        assert f'<time datetime="2026-11-05">{day}</time>' in (out / f"tips/tip-{number}/index.html").read_text()


def test_another_locale_makes_every_page_anew(tmp_path: Path) -> None:
    site(tmp_path, 1)
    page = site(tmp_path, 1, locale="en_US") / "tips/tip-0/index.html"
    assert "November 5, 2026" in page.read_text()


def test_our_own_form_needs_no_babel(tmp_path: Path) -> None:
    code = "import sys; from wizard.cli import main; assert main() == 0; assert not [name for name in sys.modules if 'babel' in name]"
    command = ["build", "--articles", str(ROOT / "articles"), "--out", str(tmp_path / "site")]
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
