"""Order a service task: choose one and say what is needed, check, and order it once."""

import json
import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from wizard.account.periods import Period, local_day, month
from wizard.actions import ordering
from wizard.actions.action import Answers, Panel
from wizard.actions.context import Context
from wizard.actions.holdings import holding
from wizard.actions.paging import PAGE
from wizard.errors import ActionNotSupported, Invalid, NotFound, Stale
from wizard.providers.billing import Task
from wizard.providers.values import Service
from wizard.records import orders, tickets
from wizard.records.orders import Order, OrderKind, OrderState, Wanted
from wizard.records.tickets import Ticket
from wizard.theme.formats import listed, money, number

TITLES = {
    OrderState.PLACED: "Being ordered",
    OrderState.DONE: "Ordered",
    OrderState.REFUSED: "Not ordered",
    OrderState.UNKNOWN: "Not known yet whether it was ordered",
}
LONGEST = 2000
"""Characters of what is needed."""


def offered(context: Context) -> list[Task]:
    """None for a closed account, or where the provider does no such thing."""
    if context.account.closed_at:
        return []
    try:
        return list(context.means.provider.tasks(context.account.id))
    except ActionNotSupported:
        return []


def ordered(context: Context) -> list[Order]:
    """The last few, newest first."""
    with context.means.db.read() as session:
        return [one for one in orders.of_account(session, context.account.id) if one.kind == OrderKind.TASK][:5]


def show(context: Context, query: Answers) -> Panel:
    """The question, or the check of its answers where they can be ordered."""
    if (query.one("to") or query.one("view")) != "check":
        return _choose(context, query, {})
    try:
        return _check(context, query)
    except Invalid as problem:
        return _choose(context, query, problem.fields)


def order(context: Context, form: Answers) -> Order:
    """Record the order with its ticket and hand it to the worker, in one transaction. The same key again
    answers with the order that it made.

    Raises Invalid or Stale; then nothing was ordered.
    """
    key = form.key()
    if done := ordering.begun_before(context, key):
        return _same(done, form)
    task, services, what = _answers(context, form)
    if form.one("price") != _written(task):
        raise Invalid(
            {"price": f"The price has changed, to {money(task.price)}. Nothing was ordered; look at it again."}
        )
    wanted = _wanted(task, services, what)

    def open_ticket(session: Session, row: Order) -> None:
        row.ticket_id = _open_ticket(session, context, row, services, what).id

    return _same(ordering.place(context, key, wanted, "a service task", open_ticket), form)


def look_again(context: Context, order_id: str) -> None:
    """Ask once more about an order of which it is not known what came. Raises NotFound."""
    ordering.look_again(context, _own(context, order_id).id)


def progress(context: Context, order_id: str) -> Panel:
    """How far an order is. Raises NotFound."""
    row = _own(context, order_id)
    values = {"order": row, "invoiced": invoiced(row)}
    return Panel(
        "actions/task_progress.html", values, TITLES[OrderState(row.state)], refresh=row.state == OrderState.PLACED
    )


def invoiced(row: Order) -> Period:
    """The month on whose invoice it stands."""
    return month(local_day(row.finished_at or row.ordered_at, row.timezone))


def _choose(context: Context, query: Answers, errors: dict[str, str]) -> Panel:
    there = holding(context)
    values = {
        "tasks": offered(context),
        "task": query.one("task"),
        "services": there if len(there) <= PAGE else [],
        "chosen": query.all("service"),
        "what": query.one("what"),
    }
    return Panel("actions/task_choose.html", values, "Order a service task", errors)


def _check(context: Context, query: Answers) -> Panel:
    task, services, what = _answers(context, query)
    values = {
        "task": task,
        "price": _written(task),
        "chosen": services,
        "what": what,
        "invoiced": month(context.today),
        "key": secrets.token_urlsafe(18),
    }
    return Panel("actions/task_check.html", values, "Check your order")


def _answers(context: Context, query: Answers) -> tuple[Task, list[Service], str]:
    tasks = {task.id: task for task in offered(context)}
    there = {service.id: service for service in holding(context)}
    wanted, what = list(dict.fromkeys(query.all("service"))), query.one("what").replace("\r\n", "\n")
    errors = {}
    if query.one("task") not in tasks:
        errors["task"] = "Choose a service task."
    if any(service not in there for service in wanted):
        errors["service"] = "A service that you chose is not there any more. Choose again."
    if not what:
        errors["what"] = "Say what is needed."
    elif len(what) > LONGEST:
        errors["what"] = f"Use at most {number(LONGEST)} characters."
    if errors:
        raise Invalid(errors)
    return tasks[query.one("task")], [there[service] for service in wanted], what


def _wanted(task: Task, services: Sequence[Service], what: str) -> Wanted:
    line = {"name": task.name, "amount": task.price.minor, "services": [one.name for one in services], "what": what}
    return Wanted(OrderKind.TASK, task.id, task.name, json.dumps([line]), task.price.minor)


def _open_ticket(session: Session, context: Context, row: Order, services: Sequence[Service], what: str) -> Ticket:
    """What the support team reads; the price stands beside it, in the form of whoever looks."""
    head = [f"Order {row.reference}: {row.subject}"]
    if services:
        head.append(f"For {listed([one.name for one in services])}")
    message = "\n".join([*head, "", what])
    subject = f"Service task: {row.subject}"
    key = f"order:{row.id}"
    return tickets.open_ticket(
        session, context.account, context.login.id, key, subject, message, context.origin, context.now
    )


def _own(context: Context, order_id: str) -> Order:
    with context.means.db.read() as session:
        row = session.get(Order, order_id)
    if row is None or (row.account_id, row.kind) != (context.account.id, OrderKind.TASK):
        raise NotFound("There is no such order.")
    return row


def _same(done: Order, form: Answers) -> Order:
    """The same form once more leads to what came of it the first time."""
    what = form.one("what").replace("\r\n", "\n")
    if done.kind != OrderKind.TASK or (done.subject_id, json.loads(done.lines)[0]["what"]) != (form.one("task"), what):
        raise Stale("This form was sent before, with other answers.", "Nothing was ordered now. Check it again.")
    return done


def _written(task: Task) -> str:
    """The price as the form carries it: what was shown is what is ordered."""
    return f"{task.price.minor} {task.price.currency}"
