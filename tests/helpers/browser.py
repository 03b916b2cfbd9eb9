"""Chromium, driven by Playwright; axe on what it shows."""

import shutil

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
VIEWS = [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def violations(page: Page, scheme: str = "light") -> list[str]:
    """What axe finds on the page as it stands: by all of its rules, and in the dark by those that
    colours can break. The script is loaded once a page."""
    options = {"resultTypes": ["violations"]}
    if scheme == "dark":
        options["runOnly"] = ["color-contrast", "link-in-text-block"]
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:3]}" for one in found]


def check_page(page: Page, stop: str, views: list[tuple[int, str]] = VIEWS) -> list[str]:
    """What is wrong with the page in any view: axe's findings, and scrolling sideways."""
    wrong = []
    for width, scheme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        wrong += [f"{stop} at {width} {scheme}: {found}" for found in violations(page, scheme)]
    page.set_viewport_size({"width": 320, "height": 900})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{stop} scrolls sideways at 320")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong
