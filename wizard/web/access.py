"""Who may enter: each view carries one rule, and a view without one keeps the app from starting."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, g, request

from wizard.account.roles import Role, StaffRole
from wizard.errors import NotFound, SignInNeeded
from wizard.providers.values import Account
from wizard.records import logins
from wizard.web import sessions, typed
from wizard.web.api import bearer
from wizard.web.means import house, login

View = TypeVar("View", bound=Callable)

PLAIN_FILES = ("site.static", "site.file")
"""Views that send files, the same to everybody."""


def public(view: View) -> View:
    """Everybody. The reason should be plain from the view's name."""
    return _with_rule(view, lambda: None)


def signed_in(view: View) -> View:
    """Any login. What belongs to an account is checked by `open_account`."""
    return _with_rule(view, _require_login)


def staff(*roles: StaffRole) -> Callable[[View], View]:
    """Staff of one of these roles; for everybody else the page does not exist."""

    def require() -> None:
        _require_login()
        if login().staff_role not in roles:
            raise NotFound

    return lambda view: _with_rule(view, require)


def token(role: Role) -> Callable[[View], View]:
    """Who sends an API token of the account in the address, with at least this role. A session is no token."""
    return lambda view: _with_rule(view, lambda: bearer.require(role))


def shows_again(view: View) -> View:
    """This view can show its form again with what was typed, if it is sent in vain."""
    view.shows_again = True
    return view


def is_shown_again() -> bool:
    """The form that was sent is to be shown, not done: the session began after it was opened, or a card's
    number was typed into it."""
    return "resume" in request.form or "why_again" in g or bool(typed.wrong())


def why_again() -> str:
    return g.get("why_again", "")


def guard(app: Flask) -> None:
    """Check every request against its view's rule. Call after all views are there."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "access_rule")]
    if bare:
        raise LookupError(f"views without an access rule: {', '.join(bare)}")

    @app.before_request
    def enforce() -> None:
        g.session, g.login = (None, None) if request.endpoint in PLAIN_FILES else sessions.current()
        if request.endpoint not in PLAIN_FILES:
            typed.drop_card_numbers()
        if request.endpoint:
            app.view_functions[request.endpoint].access_rule()


def open_account(account_id: str) -> tuple[Account, Role]:
    """The account and the login's role on it. Raises NotFound for another's, as for none."""
    with house().means.db.read() as records:
        role = logins.role_on(records, login().id, account_id)
    if role is None:
        raise NotFound("There is no such account.", "Check the address, or sign in with the login that belongs to it.")
    return house().means.provider.account(account_id), role


def _with_rule(view: View, rule: Callable[[], None]) -> View:
    view.access_rule = rule
    return view


def _require_login() -> None:
    if g.login is None:
        if request.method in ("GET", "HEAD"):
            raise SignInNeeded
        request.get_data(parse_form_data=True)  # it goes along to the sign-in; what is too long for that is refused
        raise SignInNeeded("Your session has ended.", "Nothing was changed. Sign in, and you are back where you were.")
