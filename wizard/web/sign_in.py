"""Sign in and out with account credentials."""

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from wizard.errors import TooMany
from wizard.records import attempts
from wizard.records.logins import find_login, password_fits
from wizard.theme.formats import clock_time
from wizard.web import access
from wizard.web.means import house

blueprint = Blueprint("sign_in", __name__)

_ENDED = "Your session has ended. Nothing was changed. Sign in, and you are back where you were."
_WRONG = "E-mail address and password do not belong together. Check both."


@blueprint.get("/sign-in/")
@access.public
def form() -> ResponseReturnValue:
    message = _ENDED if request.args.get("ended") else ""
    return _page(message, "", {})


@blueprint.post("/sign-in/")
@access.public
def enter() -> ResponseReturnValue:
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    errors = {}
    if not email:
        errors["email"] = "Enter your e-mail address."
    if not password:
        errors["password"] = "Enter your password."
    if errors:
        return _page("", email, errors), 422
    means = house().means
    now = means.clock()
    subjects = {"sign-in": email.lower(), "sign-in-from": request.remote_addr or ""}
    with means.db.read() as records:
        for kind, subject in subjects.items():
            if until := attempts.blocked_until(records, kind, subject, now):
                raise TooMany(
                    "Too many attempts to sign in.", f"Wait until {clock_time(until, 'UTC')} (UTC) and try again.", until
                )
        found = find_login(records, email)
    if not password_fits(found, password):
        with means.db.write() as records:
            for kind, subject in subjects.items():
                attempts.failed(records, kind, subject, now)
        return _page("", email, {"password": _WRONG}), 422
    with means.db.write() as records:
        attempts.forget(records, "sign-in", email.lower())
    session.clear()  # a session from before the sign-in must not live on
    session["login"] = found.id if found else None
    session.permanent = True
    return redirect(_next(), 303)


@blueprint.post("/sign-out/")
@access.public
def leave() -> ResponseReturnValue:
    session.clear()
    return redirect(house().site_root, 303)


def _page(message: str, email: str, errors: dict[str, str]) -> str:
    return render_template("web/sign_in.html", message=message, email=email, errors=errors, next=_next())


def _next() -> str:
    """Where to go afterwards: a place of ours only."""
    place = request.args.get("next", "")
    if place.startswith("/") and not place.startswith(("//", "/\\")):
        return place
    return "/account/"
