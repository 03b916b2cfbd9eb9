"""The login's own page: who one is, the password, and where one is signed in."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wizard.account.roles import Role
from wizard.errors import NotFound, ProviderError
from wizard.records import attempts, audit, logins, sessions
from wizard.records.logins import hash_password, password_fits, wrong_with
from wizard.theme.formats import first_up
from wizard.web import access, typed
from wizard.web.limits import count_attempt
from wizard.web.means import house, login, who
from wizard.web.new_password import take_effect

blueprint = Blueprint("my_login", __name__, url_prefix="/login")

_WRONG = {"present_password": "This is not your present password."}
_OTHERS = "others"
_DONE = {
    "password": "Your new password is set. You are signed in here; everywhere else you were signed out.",
    "ended": "The session has ended.",
    _OTHERS: "You are signed in here, and nowhere else.",
    "left": "You have left the account. Only an administrator of it can bring you back.",
}


@blueprint.get("/")
@access.signed_in
def page() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/")
@access.signed_in
@access.shows_again
def send() -> ResponseReturnValue:
    if access.is_shown_again():
        return _page(typed.wrong())
    return _end(request.form["end"]) if "end" in request.form else _change_password()


def _change_password() -> ResponseReturnValue:
    present, new = request.form.get("present_password", ""), request.form.get("new_password", "")
    errors = {} if present else {"present_password": "Enter your present password."}
    if fault := wrong_with(new, login().email):
        errors["new_password"] = fault
    if errors:
        return _page(errors), 422
    means = house().means
    with means.db.write() as records:
        count_attempt(records, {"password": login().id}, "Too many attempts to change the password.")
    if not password_fits(login(), present):
        return _page(_WRONG), 422
    password_hash = hash_password(new)
    with means.db.write() as records:
        own = logins.unchanged(records, login())
        if own:
            attempts.forget(records, "password", own.id)
            take_effect(records, own, password_hash, "sets a new password")
    if own is None:
        return _page(_WRONG), 422
    return redirect(url_for("my_login.page", done="password"), 303)


def _end(which: str) -> ResponseReturnValue:
    """One session of the login's own, by its id, or all but this one."""
    means = house().means
    with means.db.write() as records:
        if which == _OTHERS:
            number = sessions.end_all(records, login().id, but=g.session.id)
            audit.note(records, who(), f"ends {audit.several(number, 'other session')}", means.clock())
        elif sessions.end(records, login().id, which):
            audit.note(records, who(), "ends a session", means.clock(), subject=which)
    return redirect(url_for("my_login.page", done=_OTHERS if which == _OTHERS else "ended"), 303)


def _page(errors: dict[str, str]) -> str:
    means = house().means
    with means.db.read() as records:
        roles = [f"{Role(one.role).title}, {_name(one.account_id)}" for one in logins.memberships(records, login().id)]
        found = sessions.of_login(records, login().id, means.clock())
    if login().staff_role:
        roles.insert(0, f"{first_up(login().staff_role)}, staff")
    return render_template(
        "web/my_login.html",
        roles=roles,
        sessions=found,
        this=g.session.id,
        done=_DONE.get(request.args.get("done", ""), ""),
        warning=access.why_again(),
        errors=errors,
    )


def _name(account_id: str) -> str:
    """The page is there for its password also when the provider is away."""
    try:
        return house().means.provider.account(account_id).name
    except (ProviderError, NotFound):
        return f"account {account_id}"
