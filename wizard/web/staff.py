"""For reviewers: the queue, a request with all facts on one page, the decision; tickets to answer."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from wizard.account.closure import State, Timing
from wizard.account.roles import StaffRole
from wizard.actions.closing import WHEN, term_declared
from wizard.actions.standing import unpaid_invoices
from wizard.errors import Invalid, NotFound, ProviderError, ProviderUnavailable, Stale
from wizard.money import total
from wizard.providers.values import every
from wizard.records import audit, closures, declarations, deletions, logins, mail, orders, tickets
from wizard.records.closures import ClosureRequest
from wizard.records.tickets import Ticket
from wizard.web import access, typed
from wizard.web.means import house, login, who
from wizard.web.receipts import stations

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


@blueprint.get("/")
@access.staff(StaffRole.REVIEWER)
def queue() -> ResponseReturnValue:
    with house().means.db.read() as session:
        return render_template(
            "staff/queue.html",
            waiting=closures.waiting(session),
            stopped=closures.stopped(session),
            decided=closures.decided(session),
            tickets=(waiting := tickets.unanswered(session)),
            orders=orders.of_tickets(session, [one.id for one in waiting]),
            mails=mail.given_up(session),
            now=house().means.clock(),
        )


@blueprint.get("/requests/<closure_id>/")
@access.staff(StaffRole.REVIEWER)
def closure(closure_id: str) -> ResponseReturnValue:
    return _closure_page(closure_id, {}, "")


@blueprint.post("/requests/<closure_id>/")
@access.staff(StaffRole.REVIEWER)
@access.shows_again
def decide(closure_id: str) -> ResponseReturnValue:
    decision, reason = request.form.get("decision", ""), request.form.get("reason", "").strip()
    if access.is_shown_again():
        return _closure_page(closure_id, typed.wrong(), reason)
    try:
        if decision == "approve":
            _approve(closure_id)
        elif decision == "decline":
            if len(reason) < 10:
                raise Invalid({"reason": "Write a sentence; the customer reads it."})
            _decline(closure_id, reason)
        elif decision == "again":
            _try_again(closure_id)
        elif decision in ("tell", "told"):
            _tell_again(closure_id, by_hand=decision == "told")
        else:
            raise Invalid({"reason": "Choose whether to approve or to decline."})
    except Invalid as problem:
        return _closure_page(closure_id, problem.fields, reason), 422
    return redirect(url_for("staff.closure", closure_id=closure_id), 303)


@blueprint.get("/tickets/<ticket_id>/")
@access.staff(StaffRole.REVIEWER)
def ticket(ticket_id: str) -> ResponseReturnValue:
    return _ticket_page(ticket_id, {}, "")


@blueprint.post("/tickets/<ticket_id>/")
@access.staff(StaffRole.REVIEWER)
@access.shows_again
def answer(ticket_id: str) -> ResponseReturnValue:
    text = request.form.get("answer", "").strip()
    if access.is_shown_again():
        return _ticket_page(ticket_id, typed.wrong(), text)
    if not text:
        return _ticket_page(ticket_id, {"answer": "Write the answer; the customer reads it."}, ""), 422
    with house().means.db.write() as session:
        row = session.get(Ticket, ticket_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.answered_at:
            raise Stale("This request is answered already.", "Somebody else was faster. Nothing was sent twice.")
        row.answer, row.answered_at = text, house().means.clock()
        values = {"reference": row.reference, "subject": row.subject, "answer": text}
        house().means.post(session, row.login.email, "ticket-answered", values)
        audit.note(session, who(), "answers a request", house().means.clock(), row.account_id, row.reference)
    return redirect(url_for("staff.queue"), 303)


def _approve(closure_id: str) -> None:
    """Approve, and enqueue what follows in the same transaction."""
    means = house().means
    now = means.clock()
    with means.db.write() as session:
        row = _row(session, closure_id)
        closures.move(row, State.APPROVED, now, login().id)
        wait = (row.charges_end - now).total_seconds() if row.has_date else 0
        if wait > 0:
            closures.move(row, State.SCHEDULED, now)
        means.queue.close(session, row, delay_seconds=max(wait, 0))
        _note(session, "approves a closure", row)


def _decline(closure_id: str, reason: str) -> None:
    means = house().means
    with means.db.write() as session:
        row = _row(session, closure_id)
        closures.move(row, State.DECLINED, means.clock(), login().id, reason)
        means.queue.match_charges(session, row)
        _note(session, "declines a closure", row)


def _try_again(closure_id: str) -> None:
    """Closing stopped with a problem; the reviewer has it go on."""
    means = house().means
    with means.db.write() as session:
        row = _row(session, closure_id)
        if not row.is_open or row.problem is None:
            raise _going_on()
        row.problem = row.operation_id = None
        deletion = deletions.of_closure(session, closure_id)
        if deletion:
            deletions.try_again(session, deletion)
        if deletion and deletions.progress(session, deletion.id).is_running:
            means.queue.delete_services(session, deletion)
        else:
            means.queue.close(session, row)
        _note(session, "has a closure go on", row)


def _tell_again(closure_id: str, by_hand: bool) -> None:
    """The account system did not hear when charges end; it is told again, or somebody has seen to it there."""
    means = house().means
    with means.db.write() as session:
        row = _row(session, closure_id)
        if row.charges_problem is None:
            raise _going_on()
        row.charges_problem = None
        if by_hand:
            _note(session, "has ended the charges by hand", row)
        else:
            means.queue.match_charges(session, row)
            _note(session, "has the end of charges told again", row)


def _note(session: Session, what: str, row: ClosureRequest) -> None:
    audit.note(session, who(), what, house().means.clock(), row.account_id, row.reference)


def _going_on() -> Stale:
    return Stale("This request is going on already.", "Nothing was done twice.")


def _row(session: Session, closure_id: str) -> ClosureRequest:
    row = closures.get(session, closure_id, to_change=True)
    if row is None:
        raise NotFound
    return row


def _closure_page(closure_id: str, errors: dict[str, str], reason: str) -> str:
    means = house().means
    with means.db.read() as session:
        row = closures.get(session, closure_id)
        if row is None:
            raise NotFound
        try:
            facts = _facts(row)
        except ProviderError:
            facts = None
        deletion = deletions.of_closure(session, closure_id)
        declared = declarations.content(session, row.declaration)
        return render_template(
            "staff/closure.html",
            row=row,
            when=WHEN[Timing(row.timing)],
            term=term_declared(declared or {}),
            declared=declared,
            stations=stations(row),
            facts=facts,
            items=deletions.items(session, deletion.id) if deletion else [],
            role=logins.role_on(session, row.login_id, row.account_id),
            decidable=row.state == State.IN_REVIEW,
            warning=access.why_again(),
            errors=errors,
            reason=reason,
        )


def _facts(row: ClosureRequest) -> dict[str, object]:
    """What the reviewer needs of the account, asked now."""
    provider = house().means.provider
    account = provider.account(row.account_id)
    contract = next((one for one in provider.contracts(row.account_id) if one.id == row.contract_id), None)
    if contract is None:
        raise ProviderUnavailable("it does not list the contract")
    left = contract.billed(every(lambda after: provider.services(row.account_id, after)))
    unpaid = unpaid_invoices(provider, row.account_id)
    return {
        "account": account,
        "left": left,
        "per_month": total((one.per_month for one in left), account.currency),
        "unpaid": unpaid,
        "owed": total((one.due for one in unpaid or ()), account.currency),
    }


def _ticket_page(ticket_id: str, errors: dict[str, str], text: str) -> str:
    with house().means.db.read() as session:
        row = session.get(Ticket, ticket_id)
        if row is None:
            raise NotFound
        order = orders.of_tickets(session, [row.id]).get(row.id)
        warning = access.why_again()
        return render_template("staff/ticket.html", ticket=row, order=order, warning=warning, errors=errors, text=text)
