"""The files of the site, beside the wizard: what you see is what you deploy."""

import os
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from wizard.theme import SEARCH_POLICY, policy
from wizard.web import access
from wizard.web.means import house
from wizard.web.security import framed

blueprint = Blueprint("site", __name__)


_OURS = ("index.html", "404.html")
_SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
"""For what authors attach: a document that could run scripts must not run them beside the wizard."""


_FOR_GOOD = 365 * 24 * 3600
"""Seconds that a browser may keep a file whose address carries a version."""


@blueprint.get("/static/<path:file_name>")
@access.public
def static(file_name: str) -> ResponseReturnValue:
    """The theme's, whether a site was built or not; or what lies there beside them."""
    content = house().files.contents.get(file_name)
    if content is None:
        return file(f"static/{file_name}")
    response = Response(content, mimetype=guess_type(file_name)[0] or "application/octet-stream")
    response.cache_control.public, response.cache_control.max_age = True, _FOR_GOOD
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
@access.public
def file(path: str) -> ResponseReturnValue:
    if moved := house().library.redirects.get(f"/{path}"):
        return redirect(quote(moved), 301)
    out = house().config.out.resolve()
    found = safe_join(str(out), path)
    if found and not any(part.startswith(".") for part in Path(path).parts):
        if os.path.isdir(found):
            if path and not path.endswith("/"):
                return redirect(f"/{path}/", 301)
            path, found = f"{path}index.html", f"{found}/index.html"
        if os.path.isfile(found):
            return _sent(out, path)
    if (out / "404.html").is_file():
        return send_from_directory(out, "404.html", max_age=0), 404
    return "Page not found. The site has not been built: run `wizard build`.\n", 404, {"Content-Type": "text/plain"}


def _sent(out: Path, path: str) -> Response:
    response = send_from_directory(out, path, max_age=0)
    if (response.mimetype or "").endswith(("html", "xml")) and Path(path).name not in _OURS:
        response.headers["Content-Security-Policy"] = _SANDBOX
    elif f"/{path}" == f"{house().library.shelf.own_address('search')}index.html":
        response.headers["Content-Security-Policy"] = framed(policy(house().config, SEARCH_POLICY))
    return response
