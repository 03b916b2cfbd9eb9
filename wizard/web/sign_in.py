"""Sign in and out with account credentials."""

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from wizard.errors import TooMany
from wizard.records import attempts
from wizard.records.logins import find_login, password_fits
from wizard.theme.formats import counted
from wizard.web import access
from wizard.web.means import house

blueprint = Blueprint("sign_in", __name__)

_ENDED = "Your session has ended. Nothing was changed. Sign in, and you are back where you were."
_WRONG = "E-mail address and password do not belong together. Check both."


@blueprint.get("/sign-in/")
@access.public
def form() -> ResponseReturnValue:
    return _page(_ENDED if request.args.get("ended") else "", "", {})


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
                minutes = -(-int((until - now).total_seconds()) // 60)
                raise TooMany("Too many attempts to sign in.", f"Try again in {counted(minutes, 'minute')}.", until)
        found = find_login(records, email)
    if not password_fits(found, password) or found is None:
        with means.db.write() as records:
            for kind, subject in subjects.items():
                attempts.failed(records, kind, subject, now)
        return _page("", email, {"password": _WRONG}), 422
    with means.db.write() as records:
        attempts.forget(records, "sign-in", email.lower())
    session.clear()  # a session from before the sign-in must not live on
    session["login"] = found.id
    g.login = found
    session.permanent = True
    if kept := _kept():
        return render_template("web/resume.html", place=_next(), kept=kept)
    return redirect(_next(), 303)


@blueprint.post("/sign-out/")
@access.public
def leave() -> ResponseReturnValue:
    session.clear()
    return redirect(house().site_root, 303)


def _page(message: str, email: str, errors: dict[str, str]) -> str:
    return render_template("web/sign_in.html", message=message, email=email, errors=errors, next=_next(), kept=_kept())


def _kept() -> dict[str, list[str]]:
    """What was typed into a form before its session ended; it waits for the sign-in."""
    fields = request.form.to_dict(flat=False).items()
    return {name.removeprefix("kept."): values for name, values in fields if name.startswith("kept.")}


def _next() -> str:
    """Where to go afterwards: a place of ours only."""
    place = request.args.get("next", "")
    if place.startswith("/") and not place.startswith(("//", "/\\")):
        return place
    return "/account/"
