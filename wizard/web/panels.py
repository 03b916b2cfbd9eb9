"""An action's panel on a page: shown for a GET, sent by a POST, alone where htmx asks for it."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from wizard.actions.action import Action, Answers, Fact, Panel, Status
from wizard.actions.context import Context
from wizard.errors import Invalid, ProviderError
from wizard.records import logins
from wizard.theme.formats import clock_time
from wizard.web.problems import AWAY, is_fragment


@dataclass(frozen=True, slots=True)
class Place:
    """The page that panels stand on."""

    path: str
    query: dict[str, str] = field(default_factory=dict)
    """What the address always carries: the account, where the path does not name it."""
    onward: str = ""
    """Where to go when this is done; empty: nowhere else."""

    def address(self, action: str, **more: str | list[str]) -> str:
        query = self._of(action) | more
        return f"{self.path}?{urlencode(query, doseq=True)}" if query else self.path

    def hidden(self, action: str) -> dict[str, str]:
        """For forms that are sent by GET."""
        return self._of(action)

    def _of(self, action: str) -> dict[str, str]:
        return self.query | {"action": action} if self.query else {}


@dataclass(frozen=True, slots=True)
class Shown:
    html: Markup
    status: int
    refresh: bool = False


def show(action: Action, context: Context, place: Place, query: Answers) -> Shown:
    """The panel for this query."""
    try:
        panel = action.show(context, query)
        return _render(action, context, place, query, panel, 422 if panel.errors else 200)
    except ProviderError:
        html = render_template("web/problem_panel.html", problem=AWAY, id=action.name, back=place.address(action.name))
        return Shown(Markup(html), 503)


def send(action: Action, context: Context, place: Place) -> ResponseReturnValue | Shown:
    """Do what was confirmed: a redirect to what comes of it, or the panel again with what is wrong."""
    query, form = Answers(request.args.to_dict(flat=False)), Answers(request.form.to_dict(flat=False))
    try:
        outcome = action.submit(context, query, form)
    except Invalid as problem:
        merged = Answers(request.args.to_dict(flat=False) | request.form.to_dict(flat=False))
        panel = action.show(context, merged)
        return _render(action, context, place, query, Panel(panel.template, panel.values, problem.fields), 422)
    context.keep_run()
    target = f"/receipts/{outcome.receipt}/" if outcome.receipt else place.onward if outcome.onward else ""
    if target:
        return ("", 200, {"HX-Redirect": target}) if is_fragment() else redirect(target, 303)
    return redirect(place.address(action.name, **outcome.query) + f"#{action.name}", 303)


def fragment(html: str, status: int) -> ResponseReturnValue:
    """A panel alone; the address that the reader sees follows where it changed."""
    response = make_response(html, status)
    _, _, rest = request.headers.get("HX-Current-URL", "").partition("://")
    here = "/" + rest.partition("/")[2].partition("#")[0]
    if request.method == "GET" and request.full_path.rstrip("?") != here:
        response.headers["HX-Push-Url"] = request.full_path.rstrip("?")
    return response


def fact(action: Action, context: Context) -> Fact:
    """The action's fact; a provider that does not answer is a problem of this step alone."""
    try:
        return action.checked_fact(context)
    except ProviderError:
        return Fact(Status.PROBLEM, "The account system does not answer. Try again in a minute.")


def _render(
    action: Action, context: Context, place: Place, query: Answers, panel: Panel, status: int
) -> Shown:
    with context.means.db.read() as session:
        administrators = [admin.name for admin in logins.administrators(session, context.account.id)]
    values = {
        "context": context,
        "id": action.name,
        "home_title": f"Your account, {context.account.name}",
        "fact": fact(action, context).text,
        "checked": clock_time(context.now, context.account.timezone),
        "errors": panel.errors,
        "address": place.address(action.name, **query.but(place.hidden(action.name))),
        "address_path": place.path,
        "address_of": lambda **query: place.address(action.name, **query),
        "hidden": place.hidden(action.name),
        "start": place.address(action.name),
        "administrators": administrators,
        "may": action.may(context),
        "billed": context.billed,
    }
    html = render_template(panel.template, **(values | panel.values))
    return Shown(Markup(html), status, panel.refresh)
