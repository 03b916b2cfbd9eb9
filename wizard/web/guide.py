"""The guide: an article's steps as a task list, each step a page with its live panels."""

from urllib.parse import urlsplit

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from wizard.actions.action import Action, Answers, Status
from wizard.content import marks
from wizard.content.article import Article, Step
from wizard.errors import NotFound
from wizard.records import logins, runs
from wizard.web import access, panels
from wizard.web.accounts import choose_account
from wizard.web.htmx import is_fragment, is_poll
from wizard.web.means import house, login
from wizard.web.panels import Place, Shown
from wizard.web.walk import Walk, actions_of, open_walk

blueprint = Blueprint("guide", __name__)


@blueprint.get("/guide/<slug>/")
@access.signed_in
def tasks(slug: str) -> ResponseReturnValue:
    article = _guide(slug)
    account_id = request.args.get("account", "")
    if not account_id:
        return choose_account(lambda found: url_for("guide.tasks", slug=slug, account=found), _last_account(slug))
    walk = open_walk(article, account_id)
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
        proceed=walk.address(first_open) if first_open and not walk.context.account.closed_at else "",
        blocked=any(fact.status is Status.CANNOT_START for fact in facts.values()),
        administrators=_administrators(account_id),
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
@access.shows_again
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
    walk = open_walk(_guide(slug), account_id)
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


def on_receipt(session: Session, article: Article | None, account_id: str) -> dict[str, object]:
    """What is next after a receipt; for who has a part in the account, with the way back to its guide."""
    is_theirs = article is not None and logins.role_on(session, login().id, account_id) is not None
    back = url_for("guide.tasks", slug=article.slug, account=account_id) if is_theirs else ""
    return {"guide_back": back, "guide_title": article.title if article else ""} | what_is_next(article)


def _panels(walk: Walk, here: Step, sent: dict[str, Shown] | None = None) -> list[Shown]:
    """The step's panels in order; for htmx the one that was asked for, if one was.

    sent: the panel that a POST has made already.
    """
    asked, place, sent = _asked(here), _place(walk, here), sent or {}
    shown = []
    for action in actions_of(here):
        if action is asked or asked is None or not is_fragment():
            query = request.args.to_dict(flat=False) if action is asked and not sent else {}
            panel = sent.get(action.name) or panels.show(action, walk.at(here), place, Answers(query))
            shown.append(panel)
    return shown


def _asked(step: Step) -> Action | None:
    """The action that the request is for: the named one, or the only one."""
    actions = actions_of(step)
    named = [action for action in actions if action.name == request.args.get("action")]
    return next(iter(named or (actions if len(actions) == 1 else [])), None)


def _step_page(walk: Walk, here: Step, shown: list[Shown]) -> ResponseReturnValue:
    title = panels.page_title(shown, here.title, walk.context)
    refresh = any(one.refresh for one in shown)
    if is_fragment() and shown:
        unchanged = is_poll() and refresh
        rail = "" if unchanged else _rail(walk, here, swap=True)
        return panels.fragment(shown, title, rail)
    following = walk.following(here)
    page = render_template(
        "guide/step.html",
        title=title,
        article=walk.article,
        account=walk.context.account,
        step=here,
        words=Markup(marks.in_guide(here.words, house().site_root)),
        panels=[one.html for one in shown],
        refresh=refresh,
        rail=_rail(walk, here, swap=False),
        guide_href=walk.address(),
        onward={"title": following.title, "href": walk.address(following)} if following else None,
    )
    return page, max((one.status for one in shown), default=200)


def _rail(walk: Walk, here: Step, swap: bool) -> Markup:
    """All steps with their states, beside the step's page."""
    stations, guide_href = walk.stations(here), walk.address()
    return Markup(render_template("guide/rail.html", stations=stations, guide_href=guide_href, swap=swap))


def _open_step(slug: str, step_id: str) -> tuple[Walk, Step]:
    article = _guide(slug)
    here = article.step(step_id)
    if here is None:
        raise NotFound("This step is not part of the guide.", "The article may have changed. Look at all of its steps.")
    return open_walk(article, request.args.get("account", "")), here


def _guide(slug: str) -> Article:
    article = house().library.guide(slug)
    if article is None:
        raise NotFound("There is no such guide.", "The article may have been renamed. Look for it among all articles.")
    return article


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


def _administrators(account_id: str) -> list[str]:
    with house().means.db.read() as session:
        return [admin.name for admin in logins.administrators(session, account_id)]


def _has_several() -> bool:
    with house().means.db.read() as session:
        return len(logins.memberships(session, login().id)) > 1
