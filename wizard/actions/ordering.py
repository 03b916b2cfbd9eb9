"""What orders share: lines in words, the payment method, and the one transaction in which an order is placed."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from wizard.account.metering import Charging
from wizard.account.wording import worked_out
from wizard.actions.context import Context
from wizard.errors import ActionNotSupported, Invalid, Stale
from wizard.money import Money, total
from wizard.providers.billing import PaymentMethod, Quote, QuoteLine
from wizard.records import orders
from wizard.records.orders import Order, OrderKind, OrderState, Wanted
from wizard.theme.formats import amount, counted, day, listed, money, number


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a quote or an order, as it is shown."""

    name: str
    old: str
    """The total that was: `2`."""
    new: str
    """The total that is to be: `3 mailboxes`."""
    formula: str
    """How the sum comes about, in words."""
    amount: Money


@dataclass(frozen=True, slots=True)
class Sum:
    """A row below the lines."""

    name: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """By what a sum can be paid today."""

    methods: Sequence[PaymentMethod]
    expired: Sequence[PaymentMethod]
    is_told: bool = True
    """False: the provider does not say what is on file."""


def shown(lines: Iterable[QuoteLine]) -> list[Line]:
    return [
        Line(line.name, number(line.old), counted(line.new, line.unit, line.units), formula(line), line.amount)
        for line in lines
    ]


def formula(line: QuoteLine) -> str:
    if line.explanation:
        return line.explanation
    difference = line.new - line.old
    return worked_out(difference, line.unit, line.units, amount(line.unit_price), line.days, line.of_days)


def sums(sum_: Money, credit_used: Money, is_done: bool = False) -> list[Sum]:
    """What the lines come to, what of it is credit, and what is due, or was paid."""
    found = []
    due = sum_ - credit_used if sum_.minor > 0 else sum_ * 0
    if credit_used.minor:
        found.append(Sum("Together", money(sum_)))
        found.append(Sum("From your credit", money(-credit_used)))
    if sum_.minor < 0:
        found.append(Sum("Became account credit" if is_done else "Becomes account credit", money(-sum_), strong=True))
    else:
        found.append(Sum("Paid" if is_done else "Due now", money(due), strong=True))
    return found


def sums_of(order: Order) -> list[Sum]:
    """Of an order that was refused nothing came."""
    if order.state == OrderState.REFUSED:
        return []
    sum_, used = Money(order.total, order.currency), Money(order.credit_used, order.currency)
    return sums(sum_, used, is_done=order.state == OrderState.DONE)


def from_then_on(lines: Iterable[QuoteLine], currency: str) -> str:
    """`Then $30.00 a month instead of $20.00.`; what is charged by the hour has a sentence of its own."""
    lines, said = list(lines), []
    for charging, each in ((Charging.IN_ADVANCE, "a month"), (Charging.IN_ARREARS, "an hour")):
        of_kind = [line for line in lines if line.charging is charging]
        if of_kind:
            old, new = (
                total((line.unit_price * getattr(line, name) for line in of_kind), currency) for name in ("old", "new")
            )
            instead = f" instead of {money(old)}" if old.minor else ""
            also = ", charged when the month is over" if charging is Charging.IN_ARREARS else ""
            said.append(f"Then {money(new)} {each}{instead}{also}.")
    return " ".join(said)


def said(lines: Iterable[QuoteLine]) -> str:
    """`1 more mailbox and 1 fewer SharePoint space`"""
    words = []
    for line in lines:
        difference = line.new - line.old
        unit = line.unit if abs(difference) == 1 else line.units
        words.append(f"{number(abs(difference))} {'more' if difference > 0 else 'fewer'} {unit}")
    return listed(words, 4)


def deed(quote: Quote) -> str:
    """What the button says: the deed and its sum."""
    removed = [line for line in quote.lines if line.new < line.old]
    if len(removed) == len(quote.lines):
        does = "Remove " + listed([counted(line.old - line.new, line.unit, line.units) for line in removed], 3)
    else:
        does = "Change services" if removed else "Order"
    if quote.due_now.minor:
        return f"Pay {money(quote.due_now)} and order"
    if quote.becomes_credit.minor:
        return f"{does}, get {money(quote.becomes_credit)} credit"
    if quote.credit_used.minor:
        return f"{does} with {money(quote.credit_used)} of your credit"
    return f"{does}, nothing is due now"


def kept(lines: Iterable[QuoteLine]) -> str:
    """As `Order.lines` keeps them."""
    return json.dumps([asdict(line) for line in lines], sort_keys=True)


def lines_of(order: Order) -> list[QuoteLine]:
    """Those of a change of services, as they were confirmed."""
    return [
        QuoteLine(
            **one
            | {
                "charging": Charging(one["charging"]),
                "unit_price": Money(**one["unit_price"]),
                "amount": Money(**one["amount"]),
            }
        )
        for one in json.loads(order.lines)
    ]


def mark(contract_id: str, lines: str, total_: int, credit_used: int) -> str:
    """Short for what is confirmed, so that a form can tell what it showed. lines: as `kept` writes them.

    It reads like an id, for by its digits alone it may look like a card's number.
    """
    return f"mk_{sha256(json.dumps([contract_id, lines, total_, credit_used]).encode()).hexdigest()[:16]}"


def mark_of(order: Order) -> str:
    return mark(order.contract_id, order.lines, order.total, order.credit_used)


def payment(context: Context) -> Payment:
    try:
        methods = context.means.provider.payment_methods(context.account.id)
    except ActionNotSupported:
        return Payment([], [], is_told=False)
    valid = [one for one in methods if one.is_valid_on(context.today)]
    return Payment(valid, [one for one in methods if one not in valid])


def chosen_method(context: Context, method_id: str) -> tuple[str, str]:
    """(id, in words) of what is charged. Raises Invalid where it cannot be charged today."""
    known = payment(context)
    if not known.is_told:
        return "", "What the account system has on file"
    for one in known.methods:
        if one.id == method_id:
            return one.id, one.name
    for one in known.expired:
        if one.id == method_id:
            raise Invalid({"method": f"The {one.name} has expired, on {day(one.expires)}. Choose another."})
    raise Invalid({"method": "Choose a payment method."})


def begun_before(context: Context, key: str) -> Order | None:
    """What this form has ordered already."""
    with context.means.db.read() as session:
        return orders.by_key(session, context.account.id, key)


def place(
    context: Context,
    key: str,
    wanted: Wanted,
    what: str,
    with_it: Callable[[Session, Order], None] = lambda session, order: None,
) -> Order:
    """Record what was confirmed and hand it to the worker, in one transaction. The same key again answers
    with the order that it placed.

    what: for the audit, after "orders". with_it: what else is recorded in the transaction. Raises Stale;
    then nothing was ordered.
    """
    if not key:
        raise Stale("This form is not complete.", "Nothing was ordered. Open it again.")
    with context.means.db.write() as session:
        context.means.db.lock(session, f"order {context.account.id}")
        if done := orders.by_key(session, context.account.id, key):
            return done
        if other := _unsettled(session, context.account.id, wanted):
            raise _waits_for(other)
        order = orders.add_order(session, context.account, context.login.id, key, wanted, context.now)
        with_it(session, order)
        context.means.queue.order(session, order)
        context.note(session, f"orders {what}", order.reference, key)
    return order


def look_again(context: Context, order_id: str) -> None:
    """Ask once more about an order of which it is not known what came, with the same key."""
    with context.means.db.write() as session:
        order = orders.to_change(session, order_id)
        if order.state == OrderState.UNKNOWN:  # else somebody was faster
            orders.look_again(order)
            context.means.queue.order(session, order)
            context.note(session, "looks again at an order", order.reference)


def _unsettled(session: Session, account_id: str, wanted: Wanted) -> Order | None:
    if wanted.kind == OrderKind.TASK:
        return orders.unsettled_task(session, account_id, wanted.subject_id)
    return orders.unsettled(session, account_id, wanted.contract_id)


def _waits_for(other: Order) -> Stale:
    if other.state == OrderState.UNKNOWN:
        return Stale(
            f"It is not known yet what came of order {other.reference}.",
            "Nothing more was ordered. Look again at that order first, so that nothing is ordered twice.",
        )
    return Stale(
        f"Order {other.reference} for the same {'service task' if other.kind == OrderKind.TASK else 'services'} is under way.",
        "Nothing more was ordered. Wait until it is done, and look again.",
    )
