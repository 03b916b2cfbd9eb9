"""The theme of a site: its templates and its static files, for the static pages and for the wizard."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment

from wizard.config import Config
from wizard.theme.files import StaticFiles, read_files
from wizard.theme.templates import check, furnish

if TYPE_CHECKING:
    from flask import Flask

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
"""Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""
SEARCH_POLICY = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"
"""That of the search page, whose engine is WebAssembly."""


def policy(config: Config, base: str = POLICY) -> str:
    """For a site of these settings: a wizard at another address may be asked for live states, and allowed videos framed."""
    parts = [base]
    if (wizard := urlsplit(config.wizard_url)).netloc:
        parts.append(f"connect-src 'self' {wizard.scheme}://{wizard.netloc}")
    if config.video_hosts:
        parts.append(" ".join(["frame-src", *(f"https://{host}" for host in config.video_hosts)]))
    return "; ".join(parts)


class Assets:
    """Addresses of static files, with a version so that a browser may keep them for good."""

    def __init__(self, files: StaticFiles) -> None:
        self._versions = {name: sha256(content).hexdigest()[:8] for name, content in files.contents.items()}
        self.sheets = tuple(self(name) for name in files.sheets)
        self.accent = self("theme.css") if "theme.css" in self._versions else ""
        self.htmx = self(
            next(name for name in self._versions if name.startswith("vendor/htmx@") and name.endswith(".js"))
        )
        self.logo = files.logo and self(files.logo.name)

    def __call__(self, name: str) -> str:
        """`static/<name>?v=<version>`, to stand behind the way to the root. Raises KeyError."""
        return f"static/{name}?v={self._versions[name]}"


@dataclass(frozen=True, slots=True)
class Theme:
    files: StaticFiles
    templates: Path
    """The project's folder of templates, which need not be there."""
    globals: dict[str, object]

    def furnish(self, env: Environment, **values: object) -> None:
        """values: what every template may use, besides what the theme gives itself."""
        furnish(env, self.templates).globals.update(self.globals, **values)


def load_theme(config: Config) -> Theme:
    """Ours, with the project's own over it. Raises SetupError where that cannot be used."""
    files, templates = read_files(config), config.theme / "templates"
    check(templates)
    values = {"asset": Assets(files), "logo": files.logo, "site_name": config.site_name}
    return Theme(files, templates, values)


def dress(app: "Flask", theme: Theme, footer: Callable[[str], str], **values: object) -> None:
    """Give a Flask app the theme. footer: from the way to the site's root to the foot of a page.
    values: what every template of this app may use besides."""
    theme.furnish(app.jinja_env, footer=footer, **values)
