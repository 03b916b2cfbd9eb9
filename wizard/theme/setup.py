"""Give a Flask app our templates, filters and static files."""

import re
from hashlib import sha256
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined

from wizard.theme import formats

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
"""Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""
SEARCH_POLICY = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'"
"""That of the search page, whose engine is WebAssembly."""


class Assets:
    """Addresses of static files, with a version so that a browser may keep them for good."""

    def __init__(self) -> None:
        self._versions = {
            path.relative_to(STATIC).as_posix(): sha256(path.read_bytes()).hexdigest()[:8]
            for path in STATIC.rglob("*")
            if path.is_file()
        }

    def __call__(self, name: str) -> str:
        """`static/<name>?v=<version>`, to stand behind the way to the root. Raises KeyError."""
        return f"static/{name}?v={self._versions[name]}"

    @property
    def htmx(self) -> str:
        """The vendored htmx."""
        return self(next(name for name in self._versions if re.fullmatch(r"vendor/htmx@.*\.js", name)))


def dress(app: Flask, **values: object) -> None:
    """values: what every template of this app may use, besides `asset`."""
    app.jinja_loader = FileSystemLoader(_HERE / "templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(asset=Assets(), **values)
