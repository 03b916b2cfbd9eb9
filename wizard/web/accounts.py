"""Accounts: choose one, see what it is, and use an action outside a guide."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wizard.account.roles import Role
from wizard.actions import index
from wizard.actions.action import Answers
from wizard.actions.context import Context
from wizard.actions.my_services import billed_fact
from wizard.errors import ActionNotSupported, NotFound, ProviderError
from wizard.providers.values import Account
from wizard.records import closures, logins
from wizard.theme.formats import moment
from wizard.web import access, panels
from wizard.web.htmx import is_fragment
from wizard.web.means import house, login, who
from wizard.web.panels import Place

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/account/")
@access.signed_in
def choose() -> ResponseReturnValue:
    action = request.args.get("action", "")
    if action and action not in index.INDEX:
        raise NotFound

    def address(account_id: str) -> str:
        if action:
            return url_for("accounts.action", account_id=account_id, name=action)
        return url_for("accounts.account", account_id=account_id)

    return choose_account(address, None)


def choose_account(address: Callable[[str], str], last: str | None) -> ResponseReturnValue:
    """Go on with the only account, or the one of last time; ask where there are several.

    address: the account's id -> where to go with it.
    """
    with house().means.db.read() as session:
        mine = logins.memberships(session, login().id)
    ids = [membership.account_id for membership in mine]
    if not request.args.get("choose"):
        if last in ids:
            return redirect(address(last), 303)
        if len(ids) == 1:
            return redirect(address(ids[0]), 303)
    accounts = [
        (house().means.provider.account(one.account_id), Role(one.role), address(one.account_id)) for one in mine
    ]
    return render_template("web/accounts.html", accounts=accounts)


@blueprint.get("/account/<account_id>/")
@access.signed_in
def account(account_id: str) -> ResponseReturnValue:
    found, role = access.open_account(account_id)
    context = Context(house().means, login(), role, found, who())
    rows = [("Short name", found.alias, ""), ("Your role", role.title, "")]
    if found.closed_at:
        rows.append(("Closed", moment(found.closed_at, found.timezone), ""))
    else:
        try:
            rows.append(("Billed", billed_fact(context), ""))
        except ProviderError:
            rows.append(("Billed", "The account system does not answer. Try again in a minute.", ""))
    with house().means.db.read() as session:
        several = len(logins.memberships(session, login().id)) > 1
        open_requests = [one for one in closures.of_account(session, account_id) if one.is_open]
    return render_template(
        "web/account.html",
        account=found,
        rows=rows,
        open_requests=open_requests,
        actions=[info for info in index.enabled(house().config) if _offered(info, found)],
        guides=[house().library.articles[address] for address in house().library.guides.values()],
        several=several,
    )


def _offered(info: index.Info, account: Account) -> bool:
    """A closed account can be looked at, and asked about."""
    return info.name != "sign-in" and (not account.closed_at or info.role is Role.VIEWER)


@blueprint.get("/account/<account_id>/<name>/")
@access.signed_in
def action(account_id: str, name: str) -> ResponseReturnValue:
    context = _context(account_id, name)
    place = Place(url_for("accounts.action", account_id=account_id, name=name))
    shown = panels.show(index.load(name), context, place, Answers(request.args.to_dict(flat=False)))
    return _page(context, name, shown)


@blueprint.post("/account/<account_id>/<name>/")
@access.signed_in
@access.shows_again
def send(account_id: str, name: str) -> ResponseReturnValue:
    context = _context(account_id, name)
    place = Place(url_for("accounts.action", account_id=account_id, name=name))
    answer = panels.send(index.load(name), context, place)
    return _page(context, name, answer) if isinstance(answer, panels.Shown) else answer


@blueprint.get("/account/<account_id>/<name>/files/<file_name>")
@access.signed_in
def file(account_id: str, name: str, file_name: str) -> ResponseReturnValue:
    """A file of an action, to keep. It is there as a whole before any of it is sent."""
    context = _context(account_id, name)
    try:
        made = index.load(name).file(context, file_name, Answers(request.args.to_dict(flat=False)))
    except ActionNotSupported as error:
        raise NotFound(f"{index.INDEX[name].title} is not possible here.", "Ask the support team for it.") from error
    return Response(
        made.content,
        content_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )


def _page(context: Context, name: str, shown: panels.Shown) -> ResponseReturnValue:
    title = panels.page_title([shown], index.INDEX[name].title, context)
    if is_fragment():
        return panels.fragment([shown], title)
    page = render_template(
        "web/action.html",
        title=title,
        account=context.account,
        info=index.INDEX[name],
        panels=[shown.html],
        refresh=shown.refresh,
    )
    return page, shown.status


def _context(account_id: str, name: str) -> Context:
    found, role = access.open_account(account_id)
    if name not in index.INDEX or not index.name_is_on(house().config, name):
        raise NotFound("There is no such action.", "Look at what can be done on the account's page.")
    return Context(house().means, login(), role, found, who())
