"""For those who make a theme: every component with its parameters, and its examples as they look."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from wizard.account.roles import StaffRole
from wizard.actions.ordering import Line, Sum
from wizard.content.article import Article
from wizard.content.library import Category
from wizard.money import Money
from wizard.theme.bars import Column, bar_chart
from wizard.theme.components import components, render
from wizard.web import access
from wizard.web.panels import Frame

blueprint = Blueprint("components", __name__, url_prefix="/staff/components")

_ARTICLE = Article("a.md", "/a/", "Closing your account", "", summary="In four steps.", updated=date(2026, 11, 21))
_FRAME = Frame("delete-services", "Your account, Fernhill Robotics", "6 services are billed.", "12:03", "", {}, False)
EXAMPLES = {
    "example_sum": Money(123450, "USD"),
    "example_day": date(2026, 11, 21),
    "example_instant": datetime(2026, 11, 21, 13, 3, tzinfo=UTC),
    "example_frame": _FRAME,
    "example_frame_with_errors": replace(
        _FRAME, id="closure", title="Request closure", errors={"scope": "Choose what is to end."}
    ),
    "example_address": lambda **query: f"?{urlencode(query)}",
    "example_article": _ARTICLE,
    "example_chart": bar_chart([Column("Oct", 9310, note="2026"), Column("Nov", 4120, 9600, "so far")], str),
    "example_chart_of_credits": bar_chart([Column("Oct", 1200), Column("Nov", -500)], str),
    "example_category": Category("/accounts/", "Accounts", [_ARTICLE]),
    "example_lines": [
        Line("Mailboxes", "2", "3 mailboxes", "1 more mailbox × 10.00 × 10 of 30 days", Money(333, "USD"))
    ],
    "example_sums": [Sum("Due now", "$3.33", strong=True)],
    "example_letter": SimpleNamespace(text="C", anchor="letter-c", articles=[_ARTICLE]),
}
"""What the examples name."""


@blueprint.get("/")
@access.staff(*StaffRole)
def page() -> ResponseReturnValue:
    env = current_app.jinja_env.overlay()
    env.globals = {**env.globals, **EXAMPLES}
    shown = [
        (one, [(example, render(env, one, example).replace(" autofocus", "")) for example in one.examples])
        for one in components(env)
    ]
    return render_template("staff/components.html", shown=shown)
