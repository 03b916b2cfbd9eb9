"""Order what a customer has confirmed, at the provider, once: the order's own id is the key of each try.

It is done when the invoice is read back, or a service task's usage line; refused with the provider's
reason, or not known where the provider does not answer; then somebody has it looked at again, with the
same key.
"""

from datetime import datetime

from dbos import DBOS
from sqlalchemy.orm import Session

from wizard.account.periods import day_start, local_day, month
from wizard.errors import ActionNotSupported, NotFound, ProviderRefused, ProviderUnavailable
from wizard.providers.values import Operation, OperationState, every
from wizard.records import orders
from wizard.records.orders import Order, OrderKind, OrderState
from wizard.records.tickets import Ticket
from wizard.work.parts import STEADY, asks_provider, look_again_in, parts, unless_stopped, wait_for

GAVE_UP = "The account system did not answer, several times over. Whether it was ordered is not known yet."
NOT_HERE = "It cannot be ordered from here. Ask the support team."
NOT_KNOWN = {
    OrderKind.CHANGE: "The account system does not know this quote any more.",
    OrderKind.TASK: "The account system does not offer this service task any more.",
}


@DBOS.workflow(name="order")
def order(order_id: str) -> None:
    try:
        _ask(order_id)
    except Exception as error:  # retries are used up; the cause stands in the worker's log
        unless_stopped(error)
        _leave_open(order_id)
    _look_later(order_id, str(DBOS.workflow_id))


@asks_provider()
def _ask(order_id: str) -> None:
    with parts().db.read() as session:
        row = session.get_one(Order, order_id)
    if row.state != OrderState.PLACED:
        return  # it was noted, and a kill came before the engine knew that
    operation = _look_or_begin(row)
    if operation.state is OperationState.RUNNING and operation.id != row.operation_id:
        _note(order_id, operation)  # before it is waited for: a stop must not forget it
    operation = wait_for(row.account_id, operation)
    if operation.state is OperationState.DONE and not _is_charged(row, operation.result):
        raise ProviderUnavailable(f"{order_id} was reported done and is charged nowhere")
    _note(order_id, operation)


def _look_or_begin(row: Order) -> Operation:
    if row.operation_id:
        try:
            return parts().provider.operation(row.account_id, row.operation_id)
        except NotFound:
            pass  # the provider has forgotten it: the same key asks again
    try:
        return _begin(row)
    except ProviderRefused as refusal:
        return Operation("", OperationState.FAILED, problem=str(refusal))
    except NotFound:
        return Operation("", OperationState.FAILED, problem=NOT_KNOWN[OrderKind(row.kind)])
    except ActionNotSupported:
        return Operation("", OperationState.FAILED, problem=NOT_HERE)


def _begin(row: Order) -> Operation:
    provider = parts().provider
    if row.kind == OrderKind.TASK:
        return provider.order_task(row.account_id, row.subject_id, row.sum, row.id)
    return provider.order(row.account_id, row.subject_id, row.payment_method_id, row.id)


def _is_charged(row: Order, result: str) -> bool:
    return _is_in_usage(row) if row.kind == OrderKind.TASK else _is_invoiced(row, result)


def _is_invoiced(row: Order, number: str) -> bool:
    """There is an invoice of this number, for exactly the sum that was confirmed."""
    provider = parts().provider
    try:
        listed = every(lambda after: provider.invoices(row.account_id, after))
    except ActionNotSupported:
        return True  # there is nothing to read it back from
    return any((one.number, one.total.minor) == (number, row.total) for one in listed)


def _is_in_usage(row: Order) -> bool:
    """Of this task there are more usage lines than those of the orders that were done before it."""
    since = month(local_day(row.ordered_at, row.timezone)).start
    with parts().db.read() as session:
        before = orders.tasks_done(session, row, day_start(since, row.timezone))
    provider = parts().provider
    try:
        lines = every(lambda after: provider.usage(row.account_id, since, after))
    except ActionNotSupported:
        return True  # there is nothing to read it back from
    return before < sum(one.quantity for one in lines if (one.service_id, one.service) == ("", row.subject))


def _note(order_id: str, operation: Operation) -> None:
    now = parts().clock()
    with parts().db.write() as session:
        row = orders.to_change(session, order_id)
        if row.state != OrderState.PLACED:
            return
        row.operation_id = operation.id or None
        if operation.state is OperationState.DONE:
            row.state, row.invoice, row.finished_at = OrderState.DONE, operation.result, operation.finished_at or now
        elif operation.state is OperationState.FAILED:
            row.state, row.problem, row.finished_at = OrderState.REFUSED, operation.problem, now
            _close_ticket(session, row, now)


def _close_ticket(session: Session, row: Order, now: datetime) -> None:
    """The support team does not begin what was not ordered."""
    ticket = session.get(Ticket, row.ticket_id) if row.ticket_id else None
    if ticket and ticket.answered_at is None:
        ticket.answer, ticket.answered_at = f"{row.problem} Nothing was ordered or charged.", now


@DBOS.step(**STEADY)
def _leave_open(order_id: str) -> None:
    with parts().db.write() as session:
        row = orders.to_change(session, order_id)
        if row.state == OrderState.PLACED:
            row.state, row.problem = OrderState.UNKNOWN, GAVE_UP


@DBOS.step(**STEADY)
def _look_later(order_id: str, workflow_id: str) -> None:
    """What the provider finishes later goes to the next run."""
    now = parts().clock()
    with parts().db.write() as session:
        row = orders.to_change(session, order_id)
        if row.state == OrderState.PLACED and row.workflow_id == workflow_id:  # else it was handed on before a kill
            parts().queue.order(session, row, look_again_in(now - row.ordered_at))
