"""Headers on each answer, and CSRF tokens on each form."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from wizard.errors import Refused
from wizard.theme import policy
from wizard.web.access import PLAIN_FILES
from wizard.web.api.views import blueprint as api
from wizard.web.means import house


def framed(rules: str) -> str:
    """A Content-Security-Policy as a header, with what only a header can say."""
    return f"{rules}; form-action 'self'; frame-ancestors 'none'"


def secure(app: Flask) -> None:
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="kb_wizard",
        WTF_CSRF_TIME_LIMIT=None,  # a form is good for as long as its session
        MAX_CONTENT_LENGTH=256 * 1024,
    )

    @app.before_request
    def refuse_nul() -> None:
        """No text has one, and PostgreSQL stores none."""
        values = (request.args, request.form)
        texts = [text for fields in values for field in fields.lists() for text in (field[0], *field[1])]
        if any("\0" in text for text in [request.path, *texts]):
            raise Refused("This address or form holds a character that no text has.", "Nothing was changed.")

    CSRFProtect(app).exempt(api)  # it goes by tokens alone, and no other site has one to send

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", framed(policy(house().config)))
        if response.location and response.location.startswith(request.host_url):
            response.location = "/" + response.location.removeprefix(request.host_url)  # whatever host was named
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if (
            request.endpoint == "site.static" and "v" not in request.args
        ):  # only a version makes an address good for long
            response.headers["Cache-Control"] = "no-cache"
        if request.endpoint not in PLAIN_FILES:
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("HX-Request")
        return response
