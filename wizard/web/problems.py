"""Errors as pages: what happened, and what to do now. Never a stack, never a dead end."""

import logging
from urllib.parse import quote

from flask import Flask, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException

from wizard.account.cards import holds_card_number
from wizard.errors import NotAllowed, NotFound, ProviderError, Refused, SignInNeeded
from wizard.records import logins
from wizard.web import typed
from wizard.web.api import problems as api
from wizard.web.htmx import full_path, is_fragment, is_poll
from wizard.web.means import house

AWAY = Refused("The account system does not answer.", "Nothing was changed. Wait a minute and try again.")
_DATABASE_AWAY = Refused(
    "The wizard cannot reach its records.",
    "Wait a minute and try again. What you confirmed before is kept, and confirming again does it once.",
)
_OLD_FORM = Refused(
    "This form is no longer valid: it was opened in another session.",
    "Nothing was changed. Look at it and confirm again.",
)
_FOREIGN_FORM = NotAllowed(
    "This form came from another site.", "Nothing was changed. Open the page here and use its own."
)
_LEFT_BEHIND = ("csrf_token", "key", "present_password", "new_password")
"""Fields that do not come back with their form: a page makes them anew, or they are secret."""
_FAULT = Refused(
    "Something went wrong on our side.",
    "Whatever you confirmed is kept if a receipt is shown under My requests. Try again in a minute.",
)
_IN_OUR_WORDS = {
    404: NotFound(),
    405: Refused("This address does not take that.", "Go back and use the page's own buttons."),
    413: Refused("That is too long to be sent.", "Nothing was changed. Go back, shorten it and send it again."),
    429: Refused("Too many requests.", "Wait a minute and try again."),
}


def answer_problems(app: Flask) -> None:
    app.register_error_handler(SignInNeeded, _to_sign_in)
    app.register_error_handler(Refused, lambda problem: page(problem, problem.status))
    app.register_error_handler(ProviderError, lambda _error: page(AWAY, 503))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(NoConnectionLeft, _database_away)
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def page(problem: Refused, status: int) -> ResponseReturnValue:
    """The problem as a page, or as the panel that htmx wants to replace. Polls are told nothing:
    what they would replace is better than that. A program is answered in JSON."""
    if api.is_api():
        return api.answer(problem, status)
    if is_poll():
        return "", status, {"HX-Reswap": "none"}
    if is_fragment():
        return (
            render_template("web/problem_panel.html", problem=problem, id="problem", back=full_path()),
            status,
            {
                "HX-Retarget": "#main > .wide",
                "HX-Reswap": "innerHTML",
            },
        )
    back = full_path() if request.method == "POST" and status not in (404, 405) else ""
    people = _administrators() if isinstance(problem, NotAllowed) else []
    return render_template("web/problem.html", problem=problem, back=back, people=people), status


def _administrators() -> list[str]:
    """Of the account in the address, for those who have a role on it."""
    account_id = (request.view_args or {}).get("account_id") or request.args.get("account", "")
    login = g.get("login")
    with house().means.db.read() as session:
        if login is None or logins.role_on(session, login.id, account_id) is None:
            return []
        return [admin.name for admin in logins.administrators(session, account_id)]


def _to_sign_in(problem: SignInNeeded) -> ResponseReturnValue:
    """To the sign-in page; what was typed into a form goes along, and comes back with the form."""
    if is_poll():
        return "", 401, {"HX-Reswap": "none"}
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return page(_FOREIGN_FORM, _FOREIGN_FORM.status)  # the browser has withheld the session; leave it alone
    entered = {name: values for name, values in request.form.to_dict(flat=False).items() if name not in _LEFT_BEHIND}
    if not entered:
        place = url_for("sign_in.form", next=full_path(), ended=1 if problem.advice or is_fragment() else None)
        return ("", 200, {"HX-Redirect": place}) if is_fragment() else redirect(place, 303)
    said = dict.fromkeys(typed.wrong().values())
    html = render_template(
        "web/sign_in.html",
        message=" ".join([f"{problem.title} {problem.advice}", *said]),
        email="",
        errors={},
        next=full_path(),
        kept=entered,
    )
    return html, 401, {"HX-Retarget": "body", "HX-Reswap": "innerHTML"}


def _old_form(_error: CSRFError) -> ResponseReturnValue:
    """A form of another session: for one of our panels it is shown again, with what was typed."""
    view = current_app.view_functions.get(request.endpoint or "")
    if g.get("login") is None or not getattr(view, "shows_again", False):
        return page(_OLD_FORM, _OLD_FORM.status)
    g.why_again = f"{_OLD_FORM.title} {_OLD_FORM.advice}"
    try:
        response = make_response(view(**(request.view_args or {})))
    except Refused as problem:
        return page(problem, problem.status)
    except ProviderError:
        return page(AWAY, 503)
    response.status_code = _OLD_FORM.status
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code and error.code < 400):
        return error
    if api.is_api():
        return api.answer_http(error)
    problem = _IN_OUR_WORDS.get(error.code or 500)
    return page(problem or Refused(f"{error.name}.", "Go back and try again."), error.code or 500)


def _database_away(error: Exception) -> ResponseReturnValue:
    said = getattr(error, "orig", None) or error  # without the statement, whose values are people's
    logging.getLogger("wizard").error("%s %s: no answer of the database: %s", request.method, _path(), said)
    g.login = None  # who asks stands in the database
    return page(_DATABASE_AWAY, 503)


def _fault(error: Exception) -> ResponseReturnValue:
    logging.getLogger("wizard").error("%s %s failed", request.method, _path(), exc_info=error)
    g.setdefault("login", None)
    return page(_FAULT, 500)


def _path() -> str:
    """For the log: without the token of a link, by which anybody could set a password, or a card's number,
    and on one line."""
    token = (request.view_args or {}).get("token")
    if holds_card_number(request.path):
        return "..."
    return quote(request.path.replace(token, "...") if token else request.path)
