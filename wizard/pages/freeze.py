"""Frozen-Flask, without what it need not do for each page.

Its own way makes a test client, an environment, a request and a response for each page, and asks for
each file's type. Here a page costs one match of its address and one call of the view, and the folder
puts it down whole.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flask import Flask
from flask_frozen import Freezer

from wizard.pages.folder import Folder


def freeze(render: Callable[[str], str], addresses: Iterable[str], folder: Folder) -> None:
    """Write a page for each address. Raises OSError, and what `render` raises."""
    app = Flask("wizard.pages", static_folder=None)
    app.config.update(
        FREEZER_DESTINATION=folder.root,
        FREEZER_REMOVE_EXTRA_FILES=False,  # several processes write into one folder
    )

    @app.get("/<path:path>")
    def page(path: str) -> str:
        return render(f"/{path}")

    freezer = _Freezer(app, folder)

    @freezer.register_generator
    def pages() -> Iterator[object]:
        others = iter(addresses)
        for first in others:
            yield "page", {"path": first[1:]}  # names the endpoint once; plain addresses are cheaper
            yield from others

    freezer.freeze()


class _Freezer(Freezer):
    def __init__(self, app: Flask, folder: Folder) -> None:
        super().__init__(app, with_static_files=False, with_no_argument_rules=False, log_url_for=False)
        self._folder = folder
        self._root = Path(folder.root)
        self._urls = app.url_map.bind("")

    @property
    def root(self) -> Path:
        """Where pages are written: asked for each page, and made once."""
        return self._root

    def _build_one(self, url: str, last_modified: object = None) -> Path:
        endpoint, values = self._urls.match(url)
        place = self.urlpath_to_filepath(url)
        self._folder.put(place, self.app.view_functions[endpoint](**values).encode())
        return self._root / place
