"""Receipts by their reference, and all of a login's under "My requests"."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.account.closure import State, Timing
from wizard.account.reference import read_reference
from wizard.account.roles import StaffRole
from wizard.actions.closing import WHEN, term_declared
from wizard.actions.delete_services import outcome_title
from wizard.errors import NotFound
from wizard.records import closures, declarations, deletions, logins, orders, tickets
from wizard.records.closures import ClosureRequest
from wizard.records.deletions import Deletion, ItemState
from wizard.records.logins import Login
from wizard.records.orders import Order, OrderState
from wizard.records.tickets import Ticket
from wizard.theme.formats import counted, last_day, moment, number, unbroken
from wizard.web import access, order_receipts
from wizard.web.guide import on_receipt
from wizard.web.htmx import is_fragment
from wizard.web.means import house, login

blueprint = Blueprint("receipts", __name__)

_NOT_HERE = "There is no receipt with this reference."
_WHAT_NOW = "Compare it with the receipt: references have no 0, O, 1 or I. Yours are listed under My requests."


@dataclass(frozen=True, slots=True)
class Entry:
    reference: str
    what: str
    account: str
    at: datetime
    zone: str
    state: str


@blueprint.get("/requests/")
@access.signed_in
def mine() -> ResponseReturnValue:
    entries: list[Entry] = []
    with house().means.db.read() as session:
        for membership in logins.memberships(session, login().id):
            entries += _entries(session, membership.account_id)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return render_template("web/requests.html", entries=entries)


@blueprint.get("/receipts/<reference>/")
@access.signed_in
def receipt(reference: str) -> ResponseReturnValue:
    written = read_reference(reference)
    if written is None:
        raise NotFound(_NOT_HERE, _WHAT_NOW)
    if written != reference:
        return redirect(url_for("receipts.receipt", reference=written), 303)
    with house().means.db.read() as session:
        for kind, show in _KINDS:
            row = session.scalars(select(kind).where(kind.reference == written)).one_or_none()
            if row and _may_see(session, row.account_id):
                return show(session, row)
    raise NotFound(_NOT_HERE, _WHAT_NOW)


def stations(request_: ClosureRequest) -> list[tuple[str, str, Markup]]:
    """A closure request on the rail: the states that were, each with its date, and those to come."""
    been = [(_LABELS[State(event.state)], _event_text(event, request_)) for event in request_.events]
    found = []
    for place, (label, text) in enumerate([*been, *_coming(request_)], 1):
        last = place == len(been)
        if last and (request_.state == State.DECLINED or request_.problem):
            look, mark = "problem", "!"
        else:
            done = place < len(been) or (last and not request_.is_open)
            look, mark = ("done" if done else "now" if last else ""), str(place)
        found.append((look, mark, Markup("<strong>{}</strong><br>{}").format(label, unbroken(text))))
    return found


_LABELS = {
    State.RECEIVED: "Received",
    State.IN_REVIEW: "In review",
    State.APPROVED: "Approved",
    State.SCHEDULED: "Scheduled",
    State.CLOSING: "Closing",
    State.CLOSED: "Closed",
    State.DECLINED: "Declined",
}


def _event_text(event: closures.ClosureEvent, request_: ClosureRequest) -> str:
    text = moment(event.at, request_.timezone)
    if event.state == State.SCHEDULED:
        return f"For {last_day(request_.charges_end, request_.timezone)}, decided {text}"
    return f"{text}. Reason: {event.reason}" if event.reason else text


def _coming(request_: ClosureRequest) -> list[tuple[str, str]]:
    zone, state = request_.timezone, State(request_.state)
    order = [State.APPROVED, State.SCHEDULED, State.CLOSING, State.CLOSED]
    if not request_.has_date:
        order.remove(State.SCHEDULED)
    if not request_.is_open:
        return []
    dates = {
        State.APPROVED: f"Review is due by {last_day(request_.review_due, zone)}",
        State.SCHEDULED: f"For {last_day(request_.charges_end, zone)}",
        State.CLOSING: "What is left is deleted",
        State.CLOSED: f"Charges end on {_end(request_)}",
    }
    after = order.index(state) + 1 if state in order else 0
    return [(_LABELS[one], dates[one]) for one in order[after:]]


def _end(request_: ClosureRequest) -> str:
    """The last day of charges, as it was promised."""
    latest = " at the latest" if request_.charges_end_at_the_latest else ""
    return f"{last_day(request_.charges_end, request_.timezone)}{latest}"


def _how_it_stands(request_: ClosureRequest) -> str:
    """What the customer needs to know first, now."""
    zone = request_.timezone
    if request_.state == State.DECLINED:
        declined = request_.event(State.DECLINED)
        when, why = (moment(declined.at, zone), declined.reason) if declined else ("", "")
        return f"It was declined on {when}, and charges go on. Reason: {why}"
    if request_.state == State.CLOSED and request_.executed_at:
        ended = min(request_.executed_at, request_.charges_end)
        return f"It is closed, since {moment(request_.executed_at, zone)}. The last day of charges was {last_day(ended, zone)}."
    if request_.problem:
        return f"Closing does not go on by itself; our staff see this. Charges end on {_end(request_)} all the same."
    return f"Charges end on {_end(request_)}."


def _may_see(session: Session, account_id: str) -> bool:
    return login().staff_role == StaffRole.REVIEWER or logins.role_on(session, login().id, account_id) is not None


def _closure(session: Session, row: ClosureRequest) -> ResponseReturnValue:
    values = {"request": row, "stations": stations(row), "how_it_stands": _how_it_stands(row)}
    if is_fragment():
        return render_template("web/receipt_states.html", **values)
    declared = declarations.content(session, row.declaration) or {}
    path = (declared.get("article") or {}).get("path")
    library = house().library
    guides = (library.guide(slug) for slug in library.guides)
    article = next((one for one in guides if one and one.path == path), None)
    rows = [
        ("Account", row.account_name, ""),
        ("What ends", row.contract_name, ""),
        ("When", WHEN[Timing(row.timing)], ""),
        ("Charges end", f"On {_end(row)}" if row.state != State.DECLINED else "They go on", ""),
        *([("Term commitment", term, "")] if (term := term_declared(declared)) else []),
        ("Confirmed by", f"{row.login.name}, with the button \u201c{declared.get('label', '')}\u201d", ""),
        ("Review due", last_day(row.review_due, row.timezone), ""),
    ]
    return render_template(
        "web/receipt_closure.html", **values, rows=rows, **on_receipt(session, article, row.account_id)
    )


def _deletion(session: Session, row: Deletion) -> ResponseReturnValue:
    progress, items = deletions.progress(session, row.id), deletions.items(session, row.id)
    title = f"{counted(progress.total, 'service')} to delete" if progress.is_running else outcome_title(progress)
    confirmed_by = session.get_one(Login, row.login_id).name
    return render_template(
        "web/receipt_deletion.html", deletion=row, items=items, title=title, confirmed_by=confirmed_by
    )


def _ticket(session: Session, row: Ticket) -> ResponseReturnValue:
    return render_template("web/receipt_ticket.html", ticket=row)


_KINDS = ((ClosureRequest, _closure), (Deletion, _deletion), (Order, order_receipts.page), (Ticket, _ticket))
"""Whose receipts there are, and how each is shown."""


def _entries(session: Session, account_id: str) -> list[Entry]:
    entries = [
        Entry(
            row.reference,
            f"Closure: {row.contract_name[:1].lower()}{row.contract_name[1:]}",
            row.account_name,
            row.received_at,
            row.timezone,
            _LABELS[State(row.state)],
        )
        for row in closures.of_account(session, account_id)
    ]
    asked_for = deletions.of_account(session, account_id)
    progress_of = deletions.progress_of(session, [row.id for row in asked_for])
    for row in asked_for:
        progress = progress_of[row.id]
        what = f"Deletion of {counted(progress.total, 'service')}"
        state = f"{number(progress[ItemState.DELETED])} of {number(progress.total)} deleted"
        entries.append(Entry(row.reference, what, row.account_name, row.requested_at, row.timezone, state))
    for row in orders.of_account(session, account_id):
        state = order_receipts.STATES[OrderState(row.state)]
        entries.append(
            Entry(row.reference, order_receipts.told(row), row.account_name, row.ordered_at, row.timezone, state)
        )
    for row in tickets.of_account(session, account_id):
        state = "Answered" if row.answered_at else "Open"
        entries.append(Entry(row.reference, row.subject, row.account_name, row.opened_at, row.timezone, state))
    return entries
