"""The guide: an article's steps as a task list, each step a page with its live panels."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from wizard.actions import index
from wizard.actions.action import Action, Answers, Fact, Status
from wizard.actions.context import Context
from wizard.content import marks
from wizard.content.article import Article, Step
from wizard.errors import NotFound
from wizard.records import logins, runs
from wizard.web import access, panels
from wizard.web.accounts import choose_account
from wizard.web.means import house, login
from wizard.web.panels import Place, Shown
from wizard.web.problems import is_fragment

blueprint = Blueprint("guide", __name__)

_LOOKS = {
    Status.COMPLETED: "done",
    Status.IN_PROGRESS: "now",
    Status.NOT_STARTED: "",
    Status.CANNOT_START: "blocked",
    Status.PROBLEM: "problem",
}


@dataclass(slots=True)
class Walk:
    """One guide, walked for one account."""

    article: Article
    context: Context
    changed: bool
    """The article is not the one that the customer last acted on."""
    _facts: dict[str, Fact | None] = field(default_factory=dict)

    def at(self, step: Step) -> Context:
        self.context.step = step
        return self.context

    def fact(self, step: Step) -> Fact | None:
        """How far a step is: all of its actions, or any where the author joined them with "or"."""
        if step.identity not in self._facts:
            self._facts[step.identity] = self._check(step)
        return self._facts[step.identity]

    def _check(self, step: Step) -> Fact | None:
        if not step.actions:
            return None
        facts = [panels.fact(action, self.at(step)) for action in _actions(step)]
        done = [fact for fact in facts if fact.status is Status.COMPLETED]
        if step.any_of and done:
            return done[0]
        open_ones = [fact for fact in facts if fact.status is not Status.COMPLETED]
        if open_ones and done:
            first = open_ones[0]
            return Fact(Status.IN_PROGRESS if first.status is Status.NOT_STARTED else first.status, first.text)
        return (open_ones or facts)[0]

    def address(self, step: Step | None = None) -> str:
        account = self.context.account.id
        if step is None:
            return url_for("guide.tasks", slug=self.article.slug, account=account)
        return url_for("guide.step", slug=self.article.slug, step_id=step.identity, account=account)

    def following(self, step: Step) -> Step | None:
        steps = self.article.steps
        return steps[step.number] if step.number < len(steps) else None

    def stations(self, current: Step | None = None) -> list[tuple[str, str, Markup]]:
        stations = []
        for step in self.article.steps:
            fact = self.fact(step)
            look = _LOOKS[fact.status] if fact else "plain"
            if current is None:
                href = "" if fact and fact.status is Status.CANNOT_START else self.address(step)
                content = render_template("guide/task.html", step=step, fact=fact, href=href)
            else:
                here = ' aria-current="step"' if step is current else ""
                look = "now" if step is current and look != "done" else look
                content = f'<a href="{self.address(step)}"{here}>{Markup.escape(step.title)}</a>'
            stations.append((look, str(step.number), Markup(content)))
        return stations


@blueprint.get("/guide/<slug>/")
@access.signed_in
def tasks(slug: str) -> ResponseReturnValue:
    article = _guide(slug)
    account_id = request.args.get("account", "")
    if not account_id:
        return choose_account(lambda found: url_for("guide.tasks", slug=slug, account=found), _last_account(slug))
    walk = _walk(article, account_id)
    facts = {step.identity: walk.fact(step) for step in article.live_steps()}
    first_open = next(
        (
            step
            for step in article.live_steps()
            if facts[step.identity].status not in (Status.COMPLETED, Status.CANNOT_START)
        ),
        None,
    )
    return render_template(
        "guide/guide.html",
        article=article,
        account=walk.context.account,
        article_href=house().site_root + article.address[1:],
        changed=walk.changed,
        counting=len(facts),
        done=sum(fact.status is Status.COMPLETED for fact in facts.values()),
        proceed=walk.address(first_open) if first_open else "",
        stations=walk.stations(),
        several=_has_several(),
        **what_is_next(article),
    )


@blueprint.get("/guide/<slug>/<step_id>/")
@access.signed_in
def step(slug: str, step_id: str) -> ResponseReturnValue:
    if not request.args.get("account"):
        return choose_account(
            lambda found: url_for("guide.step", slug=slug, step_id=step_id, account=found), _last_account(slug)
        )
    walk, here = _open_step(slug, step_id)
    return _step_page(walk, here, _panels(walk, here))


@blueprint.post("/guide/<slug>/<step_id>/")
@access.signed_in
def send_step(slug: str, step_id: str) -> ResponseReturnValue:
    walk, here = _open_step(slug, step_id)
    action = _asked(here)
    if action is None:
        raise NotFound
    answer = panels.send(action, walk.at(here), _place(walk, here))
    if isinstance(answer, Shown):
        return _step_page(walk, here, _panels(walk, here, {action.name: answer}))
    return answer


@blueprint.route("/guide/<slug>/live", methods=["GET", "OPTIONS"])
@access.public
def live(slug: str) -> ResponseReturnValue:
    """The states of the steps for the article's own page; nothing for who is not signed in."""
    headers = _for_the_site()
    account_id = _last_account(slug) or _only_account() if g.login and request.method == "GET" else None
    if account_id is None:
        return "", 204, headers
    walk = _walk(_guide(slug), account_id)
    facts = [(step, walk.fact(step)) for step in walk.article.live_steps()]
    return render_template("guide/live.html", facts=facts), 200, headers


def _for_the_site() -> dict[str, str]:
    """The site may stand on another host or port; its pages, and no others, may ask with the session."""
    address = urlsplit(house().config.address)
    origin = f"{address.scheme}://{address.netloc}"
    if not address.netloc or request.headers.get("Origin") != origin:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Headers": "HX-Request, HX-Request-Type, HX-Source, HX-Target, HX-Current-URL",
    }


def what_is_next(article: Article | None) -> dict[str, object]:
    """The end of the article, for the end of its guide."""
    if article is None:
        return {"next_html": "", "next": []}
    site = house().site_root
    found = [house().library.articles.get(address) for address in article.next]
    return {
        "next_html": Markup(marks.in_guide(article.next_html, site)),
        "next": [{"title": one.title, "href": site + one.address[1:]} for one in found if one],
    }


def _panels(walk: Walk, here: Step, sent: dict[str, Shown] | None = None) -> list[Shown]:
    """The step's panels in order, or for htmx the one that was asked for.

    sent: the panel that a POST has made already.
    """
    asked, place, sent = _asked(here), _place(walk, here), sent or {}
    shown = []
    for action in _actions(here):
        if action is asked or not is_fragment():
            query = request.args.to_dict(flat=False) if action is asked and not sent else {}
            panel = sent.get(action.name) or panels.show(action, walk.at(here), place, Answers(query))
            shown.append(panel)
    return shown


def _asked(step: Step) -> Action | None:
    """The action that the request is for: the named one, or the only one."""
    actions = _actions(step)
    named = [action for action in actions if action.name == request.args.get("action")]
    return next(iter(named or (actions if len(actions) == 1 else [])), None)


def _step_page(walk: Walk, here: Step, shown: list[Shown]) -> ResponseReturnValue:
    status = max((one.status for one in shown), default=200)
    stations = walk.stations(here)
    if is_fragment():
        rail = render_template("guide/rail.html", stations=stations, guide_href=walk.address(), swap=True)
        return panels.fragment("".join(one.html for one in shown) + rail, status)
    following = walk.following(here)
    page = render_template(
        "guide/step.html",
        article=walk.article,
        account=walk.context.account,
        step=here,
        words=Markup(marks.in_guide(here.words, house().site_root)),
        panels=[one.html for one in shown],
        refresh=any(one.refresh for one in shown),
        stations=stations,
        guide_href=walk.address(),
        swap=False,
        onward={"title": following.title, "href": walk.address(following)} if following else None,
    )
    return page, status


def _open_step(slug: str, step_id: str) -> tuple[Walk, Step]:
    article = _guide(slug)
    here = article.step(step_id)
    if here is None:
        raise NotFound("This step is not part of the guide.", "The article may have changed. Look at all of its steps.")
    return _walk(article, request.args.get("account", "")), here


def _guide(slug: str) -> Article:
    article = house().library.guides.get(slug)
    if article is None:
        raise NotFound("There is no such guide.", "The article may have been renamed. Look for it among all articles.")
    return article


def _walk(article: Article, account_id: str) -> Walk:
    account, role = access.open_account(account_id)
    with house().means.db.read() as session:
        run = runs.find_run(session, login().id, account_id, article.slug)
        seen = runs.facts(session, run)
    context = Context(
        house().means, login(), role, account, article, None, seen, run.started_at if run else None
    )
    return Walk(article, context, changed=run is not None and run.article_hash != article.content_hash)


def _actions(step: Step) -> list[Action]:
    return [index.load(name) for name in step.actions if index.name_is_on(house().config, name)]


def _place(walk: Walk, step: Step) -> Place:
    path = url_for("guide.step", slug=walk.article.slug, step_id=step.identity)
    return Place(path, {"account": walk.context.account.id}, walk.address(walk.following(step)))


def _last_account(slug: str) -> str | None:
    with house().means.db.read() as session:
        return runs.last_account(session, login().id, slug)


def _only_account() -> str | None:
    with house().means.db.read() as session:
        mine = logins.memberships(session, login().id)
    return mine[0].account_id if len(mine) == 1 else None


def _has_several() -> bool:
    with house().means.db.read() as session:
        return len(logins.memberships(session, login().id)) > 1
