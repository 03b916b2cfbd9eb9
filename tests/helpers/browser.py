"""Chromium, driven by Playwright; axe on what it shows."""

import shutil

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
VIEWS = [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, all of its rules on."""
    results = Axe().run(page)
    return [
        f"{found['id']}: {found['help']} at {[node['target'] for node in found['nodes']][:3]}"
        for found in results.response["violations"]
    ]
