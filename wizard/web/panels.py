"""An action's panel on a page: shown for a GET, sent by a POST, alone where htmx asks for it."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode, urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from wizard.actions.action import Action, Answers, Fact, Panel, Status
from wizard.actions.context import Context
from wizard.content.addresses import is_own_place
from wizard.errors import ActionNotSupported, Invalid, ProviderError, Refused, Stale
from wizard.records import logins
from wizard.theme.formats import clock_time
from wizard.web import access, typed
from wizard.web.htmx import full_path, is_fragment, is_poll, is_typing, page_path
from wizard.web.means import house
from wizard.web.problems import AWAY


@dataclass(frozen=True, slots=True)
class Place:
    """The page that panels stand on."""

    path: str
    query: dict[str, str] = field(default_factory=dict)
    """What the address always carries: the account, where the path does not name it."""
    onward: str = ""
    """Where to go when this is done; empty: nowhere else."""

    def address(self, action: str, /, **more: str | list[str]) -> str:
        query = self.always(action) | more
        return f"{self.path}?{urlencode(query, doseq=True)}" if query else self.path

    def always(self, action: str) -> dict[str, str]:
        """The query that each address of this action's panel has."""
        return self.query | {"action": action} if self.query else {}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the panel component shows around an action's own content."""

    id: str
    title: str
    fact: str
    """The fact that was checked; empty on the way to a deed, where something else comes first."""
    checked: str
    warning: str
    """Why a form that was sent is shown again, and nothing was done; empty where it was not."""
    errors: dict[str, str]
    focus: bool
    """It takes the place of a form that was sent: the reader's focus goes with it."""


@dataclass(frozen=True, slots=True)
class Shown:
    html: Markup
    status: int
    title: str
    """Of the panel, for the page's title; empty where the page's own says it."""
    refresh: bool = False


def show(action: Action, context: Context, place: Place, query: Answers) -> Shown:
    """The panel for this query; what stands in the way of it, instead of it."""
    context.is_typing = is_typing()
    try:
        panel = action.show(context, query)
        wrong = {name: text for name, text in typed.wrong().items() if query.all(name)}
        return _render(action, context, place, query, replace(panel, errors=panel.errors | wrong))
    except ActionNotSupported:
        return _not_here(action, context, 200)
    except ProviderError:
        return _problem(action, AWAY, 503, full_path())
    except Stale as problem:
        return _problem(action, problem, problem.status, place.address(action.name))


def send(action: Action, context: Context, place: Place) -> ResponseReturnValue | Shown:
    """Do what was confirmed: a redirect to what comes of it, or the panel again with what is wrong.

    After a sign-in in between, with a form of another session, or with a card's number in it, nothing
    is done: the form is shown again with what was entered.
    """
    query, form = Answers(request.args.to_dict(flat=False)), Answers(request.form.to_dict(flat=False))
    merged = Answers(request.args.to_dict(flat=False) | request.form.to_dict(flat=False))
    if access.is_shown_again():
        return show(action, context, place, merged)
    try:
        outcome = action.submit(context, query, form)
        if outcome.look:
            return show(action, context, place, merged)
        back = place.address(action.name, **outcome.query) + f"#{action.name}"
        away = outcome.away(back) if outcome.away else ""
        context.keep_run()
    except Invalid as problem:
        panel = action.show(context, merged)
        return _render(action, context, place, query, replace(panel, errors=problem.fields))
    except ActionNotSupported:
        return _not_here(action, context, 409)
    except ProviderError:
        return _problem(action, AWAY, 503, full_path())
    except Stale as problem:
        return _problem(action, problem, problem.status, place.address(action.name))
    if away:
        return _leave(action, away)
    target = f"/receipts/{outcome.receipt}/" if outcome.receipt else place.onward if outcome.onward else ""
    if target:
        return ("", 200, {"HX-Redirect": target}) if is_fragment() else redirect(target, 303)
    return redirect(back, 303)


def _leave(action: Action, address: str) -> ResponseReturnValue | Shown:
    """To the page of somebody else's system, or of ours. A form leads to this host alone (`form-action`,
    which browsers ask of redirects too), so a page between them goes on to another."""
    host = urlsplit(address).netloc if address.startswith("https://") else ""
    if not host and not is_own_place(address):
        return _problem(action, AWAY, 503, full_path())
    if is_fragment():
        return "", 200, {"HX-Redirect": address}
    if host:
        return make_response(render_template("web/leaving.html", address=address, host=host))
    return redirect(address, 303)


def fragment(shown: list[Shown], title: str, beside: str = "") -> ResponseReturnValue:
    """Panels alone; the title and the address that the reader sees follow where they changed.

    beside: what stands elsewhere on the page and changes too.
    """
    head = render_template("web/title.html", title=title)
    html = "".join([head, *(one.html for one in shown), beside])
    response = make_response(html, max(one.status for one in shown))
    if request.method == "GET" and full_path() != page_path():
        response.headers["HX-Replace-Url" if is_typing() else "HX-Push-Url"] = full_path()
    return response


def page_title(shown: list[Shown], title: str, context: Context) -> str:
    """`Check before you delete 2 services - Fernhill Robotics`; errors are said first."""
    own = next((one.title for one in shown if one.title), title)
    error = "Error: " if any(one.status == 422 for one in shown) else ""
    return f"{error}{own} - {context.account.name}"


def fact(action: Action, context: Context) -> Fact:
    """The action's fact, checked once; a provider that does not answer is a problem of this step alone."""
    key = context.step.identity if context.step else "", action.name
    if key not in context.facts:
        context.facts[key] = _checked(action, context)
    return context.facts[key]


def _checked(action: Action, context: Context) -> Fact:
    try:
        return action.checked_fact(context)
    except ActionNotSupported:
        return Fact(Status.CANNOT_START, "The account system does not offer this here.")
    except ProviderError:
        return Fact(Status.PROBLEM, "The account system does not answer. Try again in a minute.")


def _not_here(action: Action, context: Context, status: int) -> Shown:
    """What the provider lacks is done in its own portal, or by the support team."""
    settings = house().config.actions.get(action.name)
    problem = Refused(f"{action.info.title} is not possible here.", "Nothing was changed.")
    if settings and settings.portal_url:
        return _problem(action, problem, status, settings.portal_url, "Do it in the portal")
    ask = url_for("accounts.action", account_id=context.account.id, name="submit-request")
    return _problem(action, problem, status, ask, "Ask the support team")


def _problem(action: Action, problem: Refused, status: int, back: str, way: str = "Try again") -> Shown:
    html = render_template("web/problem_panel.html", problem=problem, id=action.name, back=back, way=way)
    return Shown(Markup(html), status, problem.title.rstrip("."))


def _render(action: Action, context: Context, place: Place, query: Answers, panel: Panel) -> Shown:
    with house().means.db.read() as session:
        administrators = [admin.name for admin in logins.administrators(session, context.account.id)]
    at_home = not panel.title
    frame = Frame(
        id=action.name,
        title=panel.title or f"Your account, {context.account.name}",
        fact=fact(action, context).text if at_home else "",
        checked=clock_time(context.now, context.account.timezone) if at_home else "",
        warning=access.why_again(),
        errors=panel.errors,
        focus=is_fragment() and not is_poll() and not is_typing() and not panel.errors,
    )
    html = render_template(
        panel.template,
        frame=frame,
        context=context,
        address=place.address(action.name, **query.but(place.always(action.name))),
        address_path=place.path,
        address_of=lambda **more: place.address(action.name, **more),
        always=place.always(action.name),
        administrators=administrators,
        may=action.may(context),
        **panel.values,
    )
    return Shown(Markup(html), 422 if panel.errors else 200, panel.title, panel.refresh)
