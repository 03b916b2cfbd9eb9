"""Headers on each answer, and CSRF tokens on each form."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect, ValidationError, validate_csrf

from wizard.errors import Invalid, Refused
from wizard.theme import policy
from wizard.web import typed
from wizard.web.access import PLAIN_FILES
from wizard.web.api.problems import BAD_REQUEST, Problem, is_api
from wizard.web.api.views import blueprint as api
from wizard.web.means import house
from wizard.web.sessions import SessionCookie

View = TypeVar("View", bound=Callable)


def framed(rules: str) -> str:
    """A Content-Security-Policy as a header, with what only a header can say."""
    return f"{rules}; form-action 'self'; frame-ancestors 'none'"


def hides_its_address(view: View) -> View:
    """The address of this view is a secret: no other site and no log is told it."""
    view.hides_its_address = True
    return view


def secure(app: Flask) -> None:
    app.session_interface = SessionCookie()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="kb_wizard",
        SESSION_REFRESH_EACH_REQUEST=False,  # it ends when its row says so
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

    forms = CSRFProtect(app)
    forms.exempt(api)  # it goes by tokens alone, and no other site has one to send
    hidden = {name: view for name, view in app.view_functions.items() if hasattr(view, "hides_its_address")}
    for view in hidden.values():
        forms.exempt(view)  # over TLS it asks for the Referer, which browsers leave out there

    @app.before_request
    def check_form_of_hidden_address() -> None:
        if request.endpoint in hidden and request.method == "POST":
            try:
                validate_csrf(request.form.get("csrf_token"))
            except ValidationError as error:
                raise CSRFError(error.args[0]) from None

    @app.before_request
    def refuse_card_numbers() -> None:
        """Where no form can be shown again, a page says it, and nothing is done with what is left."""
        view = app.view_functions.get(request.endpoint or "")
        if typed.wrong() and is_api():
            raise Problem(BAD_REQUEST, typed.MESSAGE, typed.wrong())
        if typed.wrong() and request.method == "POST" and not hasattr(view, "shows_again"):
            raise Invalid(typed.wrong())

    @app.after_request
    def mark_refused_form(response: Response) -> Response:
        if typed.wrong() and request.method == "POST" and response.status_code == 200:
            response.status_code = 422
        return response

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", framed(policy(house().config)))
        if response.location and response.location.startswith(request.host_url):
            response.location = "/" + response.location.removeprefix(request.host_url)  # whatever host was named
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer" if request.endpoint in hidden else "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if (
            request.endpoint == "site.static" and "v" not in request.args
        ):  # only a version makes an address good for long
            response.headers["Cache-Control"] = "no-cache"
        if request.endpoint not in PLAIN_FILES:
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("HX-Request")
            if request.blueprint != api.name:
                response.vary.add("Accept-Language")
        return response
