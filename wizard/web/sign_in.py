"""Sign in and out with account credentials."""

from flask import Blueprint, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from wizard.account.people import LONGEST_EMAIL
from wizard.content.addresses import is_own_place
from wizard.records import attempts, audit, logins
from wizard.records.logins import find_login, password_fits
from wizard.records.sessions import end
from wizard.web import access, sessions, typed
from wizard.web.limits import asker, count_attempt
from wizard.web.means import house, who

blueprint = Blueprint("sign_in", __name__)

_ENDED = "Your session has ended. Nothing was changed. Sign in, and you are back where you were."
_WRONG = "E-mail address and password do not belong together. Check both."


@blueprint.get("/sign-in/")
@access.public
def form() -> ResponseReturnValue:
    return _page(_ENDED if request.args.get("ended") else "", "", {})


@blueprint.post("/sign-in/")
@access.public
@access.shows_again
def enter() -> ResponseReturnValue:
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    if access.is_shown_again():
        return _page(access.why_again(), email, typed.wrong())
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
    subjects = {"sign-in": email.lower(), "sign-in-from": asker()}
    with means.db.write() as records:
        count_attempt(records, subjects, "Too many attempts to sign in.")
        found = find_login(records, email)
    fits = password_fits(found, password)
    with means.db.write() as records:
        login = logins.unchanged(records, found) if found and fits else None
        if login:
            attempts.forget(records, "sign-in", email.lower())
            attempts.take_back(records, "sign-in-from", subjects["sign-in-from"])
            sessions.enter(records, login)
            audit.note(records, who(), "signs in", means.clock())
        else:
            audit.note(records, who(), "is refused at sign-in", means.clock(), subject=found.id if found else "")
    if login is None:
        return _page("", email, {"password": _WRONG}), 422
    if kept := _kept():
        return render_template("web/resume.html", place=_next(), kept=kept)
    return redirect(_next(), 303)


@blueprint.post("/sign-out/")
@access.public
def leave() -> ResponseReturnValue:
    if g.session:
        means = house().means
        with means.db.write() as records:
            end(records, g.login.id, g.session.id)
            audit.note(records, who(), "signs out", means.clock())
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
    return place if is_own_place(place) else "/account/"
