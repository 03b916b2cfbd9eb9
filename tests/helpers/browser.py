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
