"""Errors as pages: what happened, and what to do now. Never a stack, never a dead end."""

import logging

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from wizard.errors import NotAllowed, NotFound, ProviderError, Refused, SignInNeeded
from wizard.records import logins
from wizard.web.means import house

AWAY = Refused(
    "The account system does not answer.",
    "Nothing was changed. Wait a minute and try again; what you have entered so far is kept.",
)
_FORM_TOO_OLD = Refused(
    "This form is no longer valid.",
    "Nothing was changed. It was opened in another session; go back, open it again and confirm there.",
)
_FAULT = Refused(
    "Something went wrong on our side.",
    "Whatever you confirmed is kept if a receipt is shown under My requests. Try again in a minute.",
)


def answer_problems(app: Flask) -> None:
    app.register_error_handler(SignInNeeded, _to_sign_in)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(ProviderError, lambda _error: page(AWAY, 503))
    app.register_error_handler(CSRFError, lambda _error: page(_FORM_TOO_OLD, 400))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def is_fragment() -> bool:
    """htmx asks for a panel alone."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def page(problem: Refused, status: int) -> ResponseReturnValue:
    """The problem as a page, or as the panel that htmx wants to replace."""
    back = request.path if request.method == "POST" else ""
    if back and request.args.get("account"):
        back += f"?account={request.args['account']}"
    if is_fragment():
        target = request.headers.get("HX-Target", "").partition("#")[2] or "main"
        return render_template("web/problem_panel.html", problem=problem, id=target, back=back), status
    people = _administrators() if isinstance(problem, NotAllowed) else []
    return render_template("web/problem.html", problem=problem, back=back, people=people), status


def _administrators() -> list[str]:
    account_id = (request.view_args or {}).get("account_id") or request.args.get("account", "")
    with house().means.db.read() as session:
        return [admin.name for admin in logins.administrators(session, account_id)]


def _to_sign_in(problem: SignInNeeded) -> ResponseReturnValue:
    place = url_for("sign_in.form", next=request.full_path.rstrip("?"), ended=1 if problem.advice else None)
    if is_fragment():
        return "", 200, {"HX-Redirect": place}
    return redirect(place, 303)


def _refused(problem: Refused) -> ResponseReturnValue:
    return page(problem, problem.status)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code and error.code < 400):
        return error
    if error.code == 404:
        return page(NotFound(), 404)
    return page(Refused(f"{error.name}.", str(error.description)), error.code or 500)


def _fault(error: Exception) -> ResponseReturnValue:
    logging.getLogger("wizard").error("%s %s failed", request.method, request.path, exc_info=error)
    g.setdefault("login", None)
    return page(_FAULT, 500)
