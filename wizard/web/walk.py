"""One guide, walked for one account: how far each step is, and where it stands on the rail."""

from dataclasses import dataclass, field

from flask import render_template, url_for
from markupsafe import Markup

from wizard.actions import index
from wizard.actions.action import Action, Fact, Status
from wizard.actions.context import Context
from wizard.content.article import Article, Step
from wizard.records import runs
from wizard.web import access, panels
from wizard.web.means import house, login, who

_LOOKS = {
    Status.COMPLETED: "done",
    Status.IN_PROGRESS: "now",
    Status.NOT_STARTED: "",
    Status.CANNOT_START: "blocked",
    Status.PROBLEM: "problem",
}


@dataclass(slots=True)
class Walk:
    """The guide's article, and the account in `context`."""

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
        facts = [panels.fact(action, self.at(step)) for action in actions_of(step)]
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
        """For the rail component: as a task list with facts, or beside a step's page, which is `current`."""
        stations = []
        for step in self.article.steps:
            fact = self.fact(step)
            look = _LOOKS[fact.status] if fact else "plain"
            if current is None:
                href = "" if fact and fact.status is Status.CANNOT_START else self.address(step)
                content = render_template("guide/task.html", step=step, fact=fact, href=href)
            else:
                here = ' aria-current="step"' if step is current else ""
                look += " here" if step is current else ""
                content = f'<a href="{self.address(step)}"{here}>{Markup.escape(step.title)}</a>'
            stations.append((look, str(step.number), Markup(content)))
        return stations


def open_walk(article: Article, account_id: str) -> Walk:
    """Raises NotFound if the login has no role on the account."""
    account, role = access.open_account(account_id)
    with house().means.db.read() as session:
        run = runs.find_run(session, login().id, account_id, article.slug)
        seen = runs.facts(session, run)
    context = Context(
        house().means,
        login(),
        role,
        account,
        who(),
        house().library,
        article,
        None,
        seen,
        run.started_at if run else None,
    )
    return Walk(article, context, changed=run is not None and run.article_hash != article.content_hash)


def actions_of(step: Step) -> list[Action]:
    return [index.load(name) for name in step.actions]
