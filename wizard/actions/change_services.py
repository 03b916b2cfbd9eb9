"""New totals beside the present ones: quoted line by line, checked and paid, and ordered once."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from wizard.actions import ordering, totals
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.actions.paging import paged
from wizard.actions.quoting import contract_name, contract_of, mark_of, options_of, price_of, quoted
from wizard.errors import ActionNotSupported, Invalid, NotFound, Stale
from wizard.locales import HOUSE, written_in
from wizard.providers.billing import Contact, Option
from wizard.providers.values import Contract
from wizard.records import orders
from wizard.records.orders import Order, OrderKind, OrderState, Wanted
from wizard.theme.formats import clock_time, listed, money, number

CONTRACTS = 20
"""So many are shown on a page, for the provider is asked about each."""
_LAPSED = "The price that you saw held until {}. Here is the new one; nothing was ordered or charged."
_MOVED = "The price has changed since you opened the page. Here is the new one; nothing was ordered or charged."


class ChangeServices(Action):
    name = "change-services"

    def fact(self, context: Context) -> Fact:
        last = _last(context)
        if last and last.state == OrderState.PLACED:
            return Fact(Status.IN_PROGRESS, f"Order {last.reference} is under way: {_what(last)}.")
        if last and last.state == OrderState.UNKNOWN:
            return Fact(Status.PROBLEM, f"It is not known yet what came of order {last.reference}.")
        if last and context.run_began and last.ordered_at >= context.run_began:
            if last.state == OrderState.DONE:
                return Fact(Status.COMPLETED, f"Ordered: {_what(last)}, invoice {last.invoice}.")
            return Fact(Status.PROBLEM, f"Not ordered: {_what(last)}. {last.problem}")
        return Fact(Status.NOT_STARTED, present(context))

    def show(self, context: Context, query: Answers) -> Panel:
        if order_id := query.one("order"):
            return self._progress(context, _own(context, order_id))
        contract_id = query.one("contract")
        last = _last(context)
        if not contract_id and last and last.state in orders.UNSETTLED:
            return self._progress(context, last)
        if context.account.closed_at:
            return Panel("actions/change_contracts.html", {"contracts": [], "page": paged([], "")})
        if not contract_id:
            return self._contracts(context, query)
        contract = contract_of(context, contract_id)
        if query.one("view") != "pay":
            return self._choose(context, contract, query)
        self.require_role(context)
        try:
            return self._pay(context, contract, query)
        except Invalid as problem:
            return self._choose(context, contract, query, problem.fields)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        self.require_role(context)
        if order_id := form.one("again"):
            ordering.look_again(context, _own(context, order_id).id)
            return Outcome({"order": order_id})
        contract, key = contract_of(context, query.one("contract")), form.key()
        if done := ordering.begun_before(context, key):
            if ordering.mark_of(done) != form.one("shown"):
                raise Stale(
                    "This form was sent before, with another choice.", "Nothing was ordered now. Check it again."
                )
            return Outcome({"order": done.id})
        if (until := _instant(form.one("until"))) is None or context.now >= until:
            held = clock_time(until or context.now, context.account.timezone)
            raise Invalid({"price": _LAPSED.format(held)})
        quote = quoted(context, contract, totals.read(options_of(context, contract), query))
        if quote is None or mark_of(quote) != form.one("shown"):
            raise Invalid({"price": _MOVED})
        method_id, method = ordering.chosen_method(context, form.one("method")) if quote.due_now.minor else ("", "")
        lines = ordering.kept(quote.lines)
        wanted = Wanted(
            OrderKind.CHANGE,
            subject_id=quote.id,
            subject=contract_name(contract),
            lines=lines,
            total=quote.total.minor,
            contract_id=contract.id,
            credit_used=quote.credit_used.minor,
            payment_method_id=method_id,
            payment_method=method,
        )
        with written_in(HOUSE):  # it is kept
            what = ordering.said(quote.lines)
        order = ordering.place(context, key, wanted, what)
        return Outcome({"order": order.id})

    def _contracts(self, context: Context, query: Answers) -> Panel:
        """Which contract; where there is but one with something to change, that one at once."""
        found = [one for one in context.contracts if one.closed_at is None]
        page = paged(sorted(found, key=lambda one: one.is_account), query.one("page"), CONTRACTS)
        known = [(one, options_of(context, one)) for one in page.items]
        with_options = [one for one, options in known if options]
        if len(with_options) == 1 and page.pages == 1:
            return self._choose(context, with_options[0], query)
        contracts = [(one.id, contract_name(one), _had(options), bool(options)) for one, options in known]
        values = {"contracts": contracts if with_options or page.pages > 1 else [], "page": page}
        return Panel("actions/change_contracts.html", values)

    def _choose(
        self, context: Context, contract: Contract, query: Answers, errors: dict[str, str] | None = None
    ) -> Panel:
        fields = totals.read(options_of(context, contract), query)
        quote, problems = None, dict(errors or {})
        is_asked = self.may(context) and query.one("view") in ("price", "pay")
        if is_asked and not problems:
            problems = totals.wrong(fields)
            try:
                quote = None if problems else quoted(context, contract, fields)
            except Invalid as refusal:
                problems = refusal.fields
        several = len(context.contracts) > 1
        values = {
            "contract": contract,
            "several": several,
            "fields": fields,
            "is_asked": is_asked,
            "problems": problems if context.is_typing else {},
            "price": price_of(quote) if quote else None,
        }
        title = contract_name(contract) if several else ""
        return Panel("actions/change_totals.html", values, title, errors={} if context.is_typing else problems)

    def _pay(self, context: Context, contract: Contract, query: Answers) -> Panel:
        """Raises Invalid where these totals cannot be had."""
        fields = totals.read(options_of(context, contract), query)
        if problems := totals.wrong(fields):
            raise Invalid(problems)
        quote = quoted(context, contract, fields)
        if quote is None:
            return self._choose(context, contract, query)
        refused = _refused_before(context, query.one("after"))
        payment = ordering.payment(context)
        values = {
            "contract_name": contract_name(contract),
            "quote": quote,
            "price": price_of(quote),
            "payment": payment,
            "chosen": _preselected(payment, query.one("method"), refused.payment_method_id if refused else ""),
            "can_pay": not quote.due_now.minor or not payment.is_told or payment.methods,
            "refused": refused,
            "contacts": _contacts(context),
            "removes": any(line.new < line.old for line in quote.lines),
            "change": {"contract": contract.id, "view": "price"} | {one.name: one.typed for one in fields},
            "deed": ordering.deed(quote),
            "hidden": {
                "key": secrets.token_urlsafe(18),
                "shown": mark_of(quote),
                "until": quote.expires_at.isoformat(),
            },
        }
        return Panel("actions/change_pay.html", values, "Check and pay" if quote.due_now.minor else "Check your order")

    def _progress(self, context: Context, order: Order) -> Panel:
        lines = ordering.lines_of(order)
        retry = {"contract": order.contract_id, "after": order.id}
        values = {
            "order": order,
            "again": retry | {totals.name_of(line.option_id): str(line.new) for line in lines},
            "lines": ordering.shown(lines),
            "sums": ordering.sums_of(order),
            "then": ordering.from_then_on(lines, order.currency),
        }
        goes_on = order.state == OrderState.PLACED
        return Panel("actions/change_progress.html", values, _title(order), refresh=goes_on)


def present(context: Context) -> str:
    """The present totals in a sentence."""
    had: dict[str, int] = {}
    for service in context.billed:
        had[service.kind] = had.get(service.kind, 0) + service.quantity
    if not had:
        return "Nothing is billed yet."
    kinds = listed([f"{kind} \u00d7 {number(count)}" for kind, count in had.items()], 5)
    return f"Present totals: {kinds}, {money(context.per_month(context.billed))} a month."


def _had(options: Sequence[Option]) -> str:
    had = [totals.had(one) for one in options if one.quantity]
    return listed(had, 5) if had else "Nothing was ordered yet"


def _preselected(payment: ordering.Payment, asked: str, refused: str) -> str:
    """What was chosen before; else the default, unless it has just been refused."""
    ids = [one.id for one in payment.methods]
    if asked in ids:
        return asked
    default = next((one.id for one in payment.methods if one.is_default), ids[0] if len(ids) == 1 else "")
    return "" if default == refused else default


def _contacts(context: Context) -> Sequence[Contact]:
    try:
        return context.contacts
    except ActionNotSupported:
        return ()


def _refused_before(context: Context, order_id: str) -> Order | None:
    """The order after whose refusal this is tried again."""
    with context.means.db.read() as session:
        order = session.get(Order, order_id) if order_id else None
    return order if order and order.account_id == context.account.id and order.state == OrderState.REFUSED else None


def _own(context: Context, order_id: str) -> Order:
    with context.means.db.read() as session:
        order = session.get(Order, order_id)
    if order is None or order.account_id != context.account.id or order.kind != OrderKind.CHANGE:
        raise NotFound("There is no such order.")
    return order


def _last(context: Context) -> Order | None:
    with context.means.db.read() as session:
        found = orders.of_account(session, context.account.id)
    return next((one for one in found if one.kind == OrderKind.CHANGE), None)


def _what(order: Order) -> str:
    return ordering.said(ordering.lines_of(order))


def _title(order: Order) -> str:
    return {
        OrderState.PLACED: "Ordering",
        OrderState.DONE: "Ordered",
        OrderState.REFUSED: "Nothing was ordered or charged",
        OrderState.UNKNOWN: "It is not known yet what came of it",
    }[OrderState(order.state)]


def _instant(text: str) -> datetime | None:
    """None for what is none, and in the year 1, in which not every zone has an hour for it."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year > 1 else None


action = ChangeServices()
