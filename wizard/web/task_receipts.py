"""The receipt of a service task, and its line under "My requests"."""

import json

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from wizard.actions.service_tasks import TITLES, invoiced
from wizard.records.logins import Login
from wizard.records.orders import Order, OrderState
from wizard.records.tickets import Ticket
from wizard.theme.formats import day, listed, moment, money, month_name


def page(session: Session, row: Order) -> ResponseReturnValue:
    (line,) = json.loads(row.lines)
    state = OrderState(row.state)
    rows = [("Account", row.account_name, ""), ("Price", money(row.sum), "")]
    if state is OrderState.DONE:
        period = invoiced(row)
        stands = f"The invoice of {month_name(period.start)}, issued on {day(period.end)}"
        rows.append(("Stands on", stands, ""))
    if line["services"]:
        rows.append(("For", listed(line["services"]), ""))
    rows.append(("What is needed", Markup('<span class="as-typed">{}</span>').format(line["what"]), ""))
    rows.append(("Confirmed by", session.get_one(Login, row.login_id).name, ""))
    if row.finished_at:
        rows.append((TITLES[state], moment(row.finished_at, row.timezone), ""))
    return render_template(
        "web/receipt_task.html",
        order=row,
        title=f"{TITLES[state]}: {row.subject}",
        rows=rows,
        ticket=session.get(Ticket, row.ticket_id) if row.ticket_id else None,
        look=url_for("accounts.action", account_id=row.account_id, name="retrieve-data", order=row.id),
    )


def told(row: Order) -> str:
    """For the list of requests."""
    return f"Order: {row.subject}"
