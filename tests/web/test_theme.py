"""The wizard looks as the site does."""

import re
from dataclasses import replace
from pathlib import Path

from tests.helpers.world import ADMIN, REVIEWER, World
from tests.pages.building import write


def test_the_projects_theme_dresses_the_wizard_too_whether_a_site_was_built_or_not(
    world: World, tmp_path: Path
) -> None:
    files = {"logo.svg": "<svg viewBox='0 0 2 1'/>", "theme/brand.css": "h1 {}"}
    write(tmp_path, files | {"theme/templates/layout.html": '{% extends "original/layout.html" %}'})
    world.config = replace(
        world.config,
        out=tmp_path / "none",
        logo=tmp_path / "logo.svg",
        theme=tmp_path / "theme",
        accent="#7a3b8f",
        footer="[Invoices](billing/your-final-invoice.md)",
    )
    visitor = world.visit()
    page = visitor.get("/sign-in/").text
    assert '<a href="/billing/your-final-invoice/">Invoices</a>' in page and 'width="64" height="32"' in page
    order = [page.index(f"/static/{name}") for name in ("base.css", "theme.css", "wizard.css", "brand.css")]
    assert order == sorted(order)
    answer = visitor.get(re.search(r'href="(/static/theme.css[^"]+)"', page)[1])
    assert (
        answer.status_code == 200 and "#7a3b8f" in answer.text and "max-age=31536000" in answer.headers["Cache-Control"]
    )
    assert (
        visitor.get("/static/logo.svg").mimetype == "image/svg+xml" and visitor.get("/static/no.css").status_code == 404
    )


def test_staff_see_every_component_and_customers_see_none(world: World) -> None:
    page = world.visit(REVIEWER).get("/staff/components/").text
    assert 'id="component-search_field"' in page and "Delete 2 services" in page and " autofocus" not in page
    assert world.visit(ADMIN).get("/staff/components/").status_code == 404


def test_the_wizard_lets_the_videos_of_the_site_be_framed(world: World) -> None:
    world.config = replace(world.config, video_hosts=("player.example.com",), wizard_url="https://my.example/")
    with world.app.test_client().get("/") as answer:
        header = answer.headers["Content-Security-Policy"]
    assert "frame-src https://player.example.com" in header and "connect-src 'self' https://my.example" in header
