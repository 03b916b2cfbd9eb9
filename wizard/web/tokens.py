"""Personal API tokens of the login: list them, make one, end one."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from wizard.account.roles import Role
from wizard.actions.action import Answers
from wizard.errors import NotFound, ProviderError
from wizard.providers.values import Account
from wizard.records import api_tokens, audit, logins
from wizard.records.api_tokens import LONGEST_NAME, ApiToken
from wizard.web import access, typed
from wizard.web.means import house, login, who

blueprint = Blueprint("tokens", __name__, url_prefix="/login/tokens")

LIFETIMES = {"30": "30 days", "90": "90 days", "365": "1 year"}
"""Days that a token can be good for, and how it is said."""
_MAY = {
    Role.VIEWER: "Reads the account, its services and usage.",
    Role.BILLING_MANAGER: "Reads. Nothing in the API needs this role today.",
    Role.ACCOUNT_ADMINISTRATOR: "Reads, and deletes services.",
}


@dataclass
class Wish:
    """The form, as it was sent."""

    name: str = ""
    account_id: str = ""
    role: str = Role.VIEWER
    days: str = "90"
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/")
@access.signed_in
def mine() -> ResponseReturnValue:
    return _page(Wish())


@blueprint.post("/")
@access.signed_in
@access.shows_again
def make() -> ResponseReturnValue:
    form = Answers(request.form.to_dict(flat=False))
    wish = Wish(form.one("name"), form.one("account"), form.one("role"), form.one("days"))
    if access.is_shown_again():
        wish.errors = typed.wrong()
        return _page(wish)
    wish.errors = _wrong_with(wish)
    if not form.key():
        wish.errors["name"] = "This form is not complete. Nothing was made; send it again."
    if wish.errors:
        return _page(wish), 422
    token = _made(wish, house().means.provider.account(wish.account_id), form.key())
    return render_template("web/token_made.html", token=token)


@blueprint.get("/api/")
@access.public
def guide() -> ResponseReturnValue:
    """What the repository has as `docs/api.md`."""
    text = files("wizard.web.api").joinpath("guide.md").read_text("utf-8")
    html = MarkdownIt("commonmark").render(text).replace("<pre>", '<pre tabindex="0">')
    return render_template("web/api_guide.html", guide=Markup(html))


@blueprint.get("/<token_id>/")
@access.signed_in
def one(token_id: str) -> ResponseReturnValue:
    with house().means.db.read() as session:
        return render_template("web/token.html", token=_own(session.get(ApiToken, token_id)), role_title=_title)


@blueprint.post("/<token_id>/")
@access.signed_in
def end(token_id: str) -> ResponseReturnValue:
    """Ended once; again, it stays ended."""
    now = house().means.clock()
    with house().means.db.write() as session:
        token = _own(session.get(ApiToken, token_id, with_for_update=True))
        if token.ended_at is None:
            token.ended_at = now
            audit.note(session, who(), "ends an API token", now, token.account_id, token.id)
    return redirect(url_for("tokens.mine"), 303)


def _made(wish: Wish, account: Account, key: str) -> str:
    """The token; empty where this form has made it already: it is shown once."""
    means = house().means
    now, text = means.clock(), api_tokens.new_token()
    with means.db.write() as session:
        means.db.lock(session, f"token {login().id}")
        if api_tokens.by_key(session, login().id, key):
            return ""
        good_for = timedelta(days=int(wish.days))
        row = api_tokens.add_token(session, text, login().id, wish.name, account, Role(wish.role), key, now, good_for)
        audit.note(session, who(), "makes an API token", now, account.id, row.id, key)
    return text


def _wrong_with(wish: Wish) -> dict[str, str]:
    errors = {}
    if not wish.name:
        errors["name"] = "Enter a name that says what will use the token."
    elif len(wish.name) > LONGEST_NAME:
        errors["name"] = f"A name has at most {LONGEST_NAME} characters."
    with house().means.db.read() as session:
        own = logins.role_on(session, login().id, wish.account_id)
    if own is None:
        errors["account"] = "Choose one of your accounts."
    if wish.role not in list(Role):
        errors["role"] = "Choose a role."
    elif own and not own.includes(Role(wish.role)):
        errors["role"] = f"Your own role on this account is {own.title.lower()}. Choose that one or less."
    if wish.days not in LIFETIMES:
        errors["days"] = "Choose how long it is good for."
    return errors


def _page(wish: Wish) -> str:
    with house().means.db.read() as session:
        tokens = api_tokens.of_login(session, login().id)
        mine = logins.memberships(session, login().id)
    try:
        accounts = [(one, house().means.provider.account(one.account_id)) for one in mine]
    except ProviderError:
        accounts = None
    highest = max((Role(one.role) for one in mine), key=list(Role).index, default=None)
    if len(mine) == 1:
        wish.account_id = mine[0].account_id
    return render_template(
        "web/tokens.html",
        tokens=tokens,
        now=house().means.clock(),
        role_title=_title,
        accounts=accounts
        and [(found.id, found.name, f"You are {_title(one.role).lower()}.", "") for one, found in accounts],
        roles=[(role, role.title, about, "") for role, about in _MAY.items() if highest and highest.includes(role)],
        lifetimes=[(days, text, "", "") for days, text in LIFETIMES.items()],
        wish=wish,
        warning=access.why_again(),
        away=accounts is None,
        key=secrets.token_urlsafe(18),
    )


def _own(token: ApiToken | None) -> ApiToken:
    if token is None or token.login_id != login().id:
        raise NotFound("There is no such token.", "Yours are listed under API tokens.")
    return token


def _title(role: str) -> str:
    return Role(role).title
