"""Sign in and out with account credentials."""

import re

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from wizard.errors import TooMany
from wizard.records import attempts
from wizard.records.logins import LONGEST_EMAIL, find_login, password_fits
from wizard.theme.formats import counted
from wizard.web import access
from wizard.web.means import house

blueprint = Blueprint("sign_in", __name__)

_ENDED = "Your session has ended. Nothing was changed. Sign in, and you are back where you were."
_OWN_PLACE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""A path of this host. Browsers read backslashes as slashes, and take no notice of control characters."""
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
    elif len(email) > LONGEST_EMAIL:
        errors["email"] = f"An e-mail address has at most {LONGEST_EMAIL} characters."
    if not password:
        errors["password"] = "Enter your password."
    if errors:
        return _page("", email, errors), 422
    means = house().means
    now = means.clock()
    subjects = {"sign-in": email.lower(), "sign-in-from": request.remote_addr or ""}
    with means.db.write() as records:  # counted before the password is looked at: many at once are many
        for kind, subject in subjects.items():
            means.db.lock(records, f"attempt {kind} {subject}")
            if until := attempts.blocked_until(records, kind, subject, now):
                minutes = -(-int((until - now).total_seconds()) // 60)
                raise TooMany("Too many attempts to sign in.", f"Try again in {counted(minutes, 'minute')}.")
        for kind, subject in subjects.items():
            attempts.count(records, kind, subject, now)
        found = find_login(records, email)
    if not password_fits(found, password) or found is None:
        return _page("", email, {"password": _WRONG}), 422
    with means.db.write() as records:
        attempts.forget(records, "sign-in", email.lower())
        attempts.take_back(records, "sign-in-from", subjects["sign-in-from"])
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
    return place if _OWN_PLACE.fullmatch(place) else "/account/"
