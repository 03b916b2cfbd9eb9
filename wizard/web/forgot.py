"""A forgotten password: ask for a link by mail, and set a new one by it."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wizard.account.people import LONGEST_EMAIL
from wizard.records import audit, password_links
from wizard.records.logins import Login, find_login, hash_password, wrong_with
from wizard.web import access, typed
from wizard.web.limits import asker, count_attempt, even_pace
from wizard.web.means import house, who
from wizard.web.new_password import take_effect
from wizard.web.security import hides_its_address

blueprint = Blueprint("forgot", __name__, url_prefix="/sign-in")


@blueprint.get("/forgot/")
@access.public
def form() -> ResponseReturnValue:
    return _form("", {}, is_sent="sent" in request.args)


@blueprint.post("/forgot/")
@access.public
@access.shows_again
def ask() -> ResponseReturnValue:
    email = request.form.get("email", "").strip()
    if access.is_shown_again():
        return _form(email, typed.wrong())
    if "@" not in email:
        return _form(email, {"email": "Enter your e-mail address, such as name@example.com."}), 422
    if len(email) > LONGEST_EMAIL:
        return _form("", {"email": f"An e-mail address has at most {LONGEST_EMAIL} characters."}), 422
    means = house().means
    now = means.clock()
    subjects = {"forgot": email.lower(), "forgot-from": asker()}
    with even_pace(), means.db.write() as records:
        count_attempt(records, subjects, "Too many requests for a new password.")
        found = find_login(records, email)
        audit.note(records, who(), "asks for a password link", now, subject=found.id if found else "")
        if found:
            link = password_links.add_link(records, found, now)
            values = {"name": found.name, "password_link": link.id}
            means.post(records, found.email, "password-link", values)
    return redirect(url_for("forgot.form", sent=1), 303)


@blueprint.get("/password/<token>/")
@access.public
@hides_its_address
def link(token: str) -> ResponseReturnValue:
    """Changes nothing: mail programs look at links before their readers do."""
    login = _whose(token)
    return _set_form(login, "") if login else _gone()


@blueprint.post("/password/<token>/")
@access.public
@hides_its_address
def set_password(token: str) -> ResponseReturnValue:
    login, password, means = _whose(token), request.form.get("new_password", ""), house().means
    if login is None:
        return _gone()
    if fault := wrong_with(password, login.email):
        return _set_form(login, fault), 422
    password_hash = hash_password(password)
    with means.db.write() as records:
        used = password_links.use(records, token, _key(), means.clock())
        if used:
            take_effect(records, used[1], password_hash, "sets a new password by a link", used[0].id)
    if used is None:
        return _gone()
    return redirect(url_for("my_login.page", done="password"), 303)


def _form(email: str, errors: dict[str, str], is_sent: bool = False) -> str:
    return render_template("web/forgot.html", email=email, errors=errors, is_sent=is_sent)


def _whose(token: str) -> Login | None:
    with house().means.db.read() as records:
        return password_links.whose(records, token, _key(), house().means.clock())


def _key() -> str:
    return str(current_app.secret_key)


def _set_form(login: Login, fault: str) -> str:
    errors = {"new_password": fault} if fault else {}
    return render_template("web/new_password.html", email=login.email, errors=errors)


def _gone() -> ResponseReturnValue:
    return render_template("web/link_gone.html"), 410
