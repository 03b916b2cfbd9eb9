"""The receipt of an order, and its line under "My requests"."""

from urllib.parse import urlencode

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from wizard.actions import ordering
from wizard.records.logins import Login
from wizard.records.orders import Order, OrderKind, OrderState
from wizard.theme.formats import moment
from wizard.web import task_receipts
from wizard.web.guide import on_receipt
from wizard.web.means import house

STATES = {
    OrderState.PLACED: "Under way",
    OrderState.DONE: "Done",
    OrderState.REFUSED: "Not ordered",
    OrderState.UNKNOWN: "Not known yet",
}


def page(session: Session, row: Order) -> ResponseReturnValue:
    if row.kind == OrderKind.TASK:
        return task_receipts.page(session, row)
    lines = ordering.lines_of(row)
    rows = [
        ("Account", row.account_name, ""),
        ("For", row.subject, ""),
        ("Confirmed by", session.get_one(Login, row.login_id).name, ""),
        ("Payment", row.payment_method or ("By your credit" if row.credit_used else "None was needed"), ""),
    ]
    if row.invoice:
        place = url_for("invoices.invoice", account_id=row.account_id, number=row.invoice)
        rows.append(("Invoice", Markup('<a href="{}">{}</a>').format(place, row.invoice), ""))
    if row.finished_at:
        rows.append((STATES[OrderState(row.state)], moment(row.finished_at, row.timezone), ""))
    back = {"contract": row.contract_id, "view": "price"} | {f"total-{one.option_id}": str(one.old) for one in lines}
    return render_template(
        "web/receipt_order.html",
        order=row,
        title=title(row),
        rows=rows,
        lines=ordering.shown(lines),
        sums=ordering.sums_of(row),
        then=ordering.from_then_on(lines, row.currency),
        change_back=f"{_form(row)}?{urlencode(back)}" if row.state == OrderState.DONE else "",
        look=f"{_form(row)}?{urlencode({'order': row.id})}",
        **on_receipt(session, _article(), row.account_id),
    )


def title(row: Order) -> str:
    """What has come of it, in a line."""
    what = ordering.said(ordering.lines_of(row))
    return {
        OrderState.PLACED: f"We received your order: {what}",
        OrderState.DONE: f"Ordered: {what}",
        OrderState.REFUSED: f"Not ordered: {what}",
        OrderState.UNKNOWN: f"Not known yet whether it was ordered: {what}",
    }[OrderState(row.state)]


def told(row: Order) -> str:
    """For the list of requests."""
    if row.kind == OrderKind.TASK:
        return task_receipts.told(row)
    return f"Order: {ordering.said(ordering.lines_of(row))}"


def _form(row: Order) -> str:
    return url_for("accounts.action", account_id=row.account_id, name="change-services")


def _article():
    """The guide in which services are changed, for what comes next."""
    library = house().library
    guides = (library.guide(name) for name in library.guides)
    return next((one for one in guides if one and any("change-services" in step.actions for step in one.steps)), None)
