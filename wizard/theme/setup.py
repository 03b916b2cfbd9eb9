"""Give a Flask app our templates, filters and static files."""

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from wizard.theme import formats

if TYPE_CHECKING:
    from flask import Flask

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'"
"""Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""


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


def environment(compiled: Path | None = None, **values: object) -> Environment:
    """Our templates without Flask. compiled: a folder that keeps them compiled.

    values: what every template may use, besides `asset`.
    """
    cache = None
    if compiled:
        compiled.mkdir(parents=True, exist_ok=True)
        cache = FileSystemBytecodeCache(str(compiled))
    made = Environment(loader=_loader(), autoescape=True, bytecode_cache=cache)
    _furnish(made, values)
    return made


def dress(app: "Flask", **values: object) -> None:
    """Give a Flask app our templates. values: as for `environment`."""
    app.jinja_loader = _loader()
    _furnish(app.jinja_env, values)


def _loader() -> FileSystemLoader:
    return FileSystemLoader(_HERE / "templates")


def _furnish(made: Environment, values: dict[str, object]) -> None:
    made.undefined = StrictUndefined
    made.trim_blocks = made.lstrip_blocks = True
    made.filters.update(formats.FILTERS)
    made.globals.update(asset=Assets(), **values)
