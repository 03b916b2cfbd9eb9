"""Frozen-Flask, without what it need not do for each page.

Its own way makes a test client, an environment and a response for each page and asks for each file's
type; here a page costs one call of the WSGI app, and the folder puts it down whole.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask
from flask_frozen import Freezer
from werkzeug.test import create_environ

from wizard.pages.folder import Folder


def freeze(render: Callable[[str], str], addresses: Sequence[str], folder: Folder) -> None:
    """Write a page for each address. Raises OSError."""
    app = Flask("wizard.pages", static_folder=None)
    app.config.update(
        FREEZER_DESTINATION=folder.root,
        PROPAGATE_EXCEPTIONS=True,
        FREEZER_REMOVE_EXTRA_FILES=False,  # several processes write into one folder
    )

    @app.get("/<path:path>")
    def page(path: str) -> str:
        return render(f"/{path}")

    freezer = _Freezer(app, folder)

    @freezer.register_generator
    def pages() -> object:
        first, *others = addresses
        yield "page", {"path": first[1:]}  # names the endpoint once; plain addresses are cheaper
        yield from others

    freezer.freeze()


class _Freezer(Freezer):
    def __init__(self, app: Flask, folder: Folder) -> None:
        super().__init__(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        self._folder = folder
        self._environ = create_environ()

    def _build_one(self, url: str, last_modified: object = None) -> Path:
        place = self.urlpath_to_filepath(url)
        environ = {**self._environ, "PATH_INFO": url.encode().decode("latin-1")}
        page = b"".join(self.app(environ, _require_success))
        self._folder.put(place, page)
        return self.root / place


def _require_success(status: str, _headers: list[tuple[str, str]], error: object = None) -> None:
    if not status.startswith("200"):
        raise RuntimeError(f"a page was answered with {status}") from (error[1] if error else None)
