"""The payment methods on file, and which one is charged. A card is added on the processor's own page:
its number never comes here."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from hashlib import sha256

from wizard.account.periods import month
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.errors import Invalid, NotFound, ProviderRefused, ProviderUnavailable, Stale
from wizard.providers.billing import PaymentMethod
from wizard.theme.formats import day, listed


class UpdatePaymentMethod(Action):
    name = "update-payment-method"

    def fact(self, context: Context) -> Fact:
        methods = _methods(context)
        used = _default(methods)
        if not methods:
            return Fact(Status.NOT_STARTED, "No payment method is on file.")
        if used is None:
            return Fact(Status.PROBLEM, "None of the payment methods on file is used.")
        if not used.is_valid_on(context.today):
            return Fact(Status.PROBLEM, f"{used.name} expired on {day(used.expires)}, so it cannot be charged.")
        return Fact(Status.COMPLETED, f"{used.name}, {_until(used, context.today)}.")

    def show(self, context: Context, query: Answers) -> Panel:
        try:
            methods = _methods(context)
        except ProviderUnavailable:
            if not (query.one("before") or query.one("used")):
                raise
            return Panel("actions/payment_not_known.html", {}, "It is not known yet what was done")
        used = _default(methods)
        values = {
            "methods": [(one, _until(one, context.today), one.is_valid_on(context.today)) for one in methods],
            "is_done": used is not None and used.is_valid_on(context.today),
            "was_added": _was_added(methods, query.one("before"), context.today),
            "was_chosen": _was_chosen(methods, query, context.today),
            "key": secrets.token_urlsafe(18),
        }
        return Panel("actions/update_payment_method.html", values)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        self.require_role(context)
        if form.one("continue"):
            return Outcome(onward=True)
        if not form.key():
            raise Stale("This form is not complete.", "Nothing was changed. Open it again.")
        if wanted := form.one("method"):
            return self._choose(context, wanted, form.key())
        marks = ".".join(_mark(one) for one in _methods(context))
        return Outcome({"before": marks or "none"}, away=partial(self._page, context, form.key()))

    def _page(self, context: Context, key: str, return_to: str) -> str:
        """Address of the processor's page."""
        try:
            page = context.means.provider.payment_page(context.account.id, return_to, key)
        except ProviderRefused as problem:
            raise Invalid({"add": str(problem)}) from problem
        with context.means.db.write() as session:
            context.note(session, "goes to add a payment method", key=key)
        return page

    def _choose(self, context: Context, method_id: str, key: str) -> Outcome:
        """Have another one used. What came of it is read from the provider when the panel is shown."""
        methods = _methods(context)
        former, chosen = _default(methods), next((one for one in methods if one.id == method_id), None)
        if chosen is None:
            raise _gone()
        if not chosen.is_valid_on(context.today):
            raise Invalid({"method": f"{chosen.name} expired on {day(chosen.expires)}. Choose another one."})
        outcome = Outcome({"used": _mark(chosen)} | ({"former": _mark(former)} if former else {}))
        if chosen.is_default:
            return outcome
        try:
            context.means.provider.set_default_method(context.account.id, chosen.id, f"{key}-{chosen.id}")
        except NotFound as problem:
            raise _gone() from problem
        except ProviderRefused as problem:
            raise Invalid({"method": str(problem)}) from problem
        except ProviderUnavailable:
            pass  # it may have been done all the same
        with context.means.db.write() as session:
            context.note(session, f"has {chosen.name} used", chosen.id, key)
        return outcome


def _methods(context: Context) -> Sequence[PaymentMethod]:
    return context.means.provider.payment_methods(context.account.id)


def _default(methods: Sequence[PaymentMethod]) -> PaymentMethod | None:
    return next((one for one in methods if one.is_default), None)


def _until(method: PaymentMethod, today: date) -> str:
    """`valid until 30 November 2028`; what ends soon is said to."""
    if not method.is_valid_on(today):
        return f"expired on {day(method.expires)}"
    this = month(today)
    after = month(this.last_day + timedelta(days=1))
    soon = ", the end of this month" if method.expires in this else ""
    soon = ", the end of next month" if method.expires in after else soon
    return f"valid until {day(method.expires)}{soon}"


def _was_added(methods: Sequence[PaymentMethod], before: str, today: date) -> str:
    """After the processor's page: what the provider has now and had not before; empty for no such visit.

    before: the marks of what was there. Whatever an address says there, this says nothing untrue.
    """
    if not before:
        return ""
    added = [one for one in methods if _mark(one) not in before.split(".")]
    if not added:
        return "Nothing was added."
    used = _default(methods)
    text = f"{listed([one.name for one in added])} {'was' if len(added) == 1 else 'were'} added"
    if used is None:
        return f"{text}."
    if added == [used] and not used.is_valid_on(today):
        return f"{text}, but it {_until(used, today)} and cannot be charged."
    if added == [used]:
        return f"{text} and is used from now on."
    return f"{text}. {used.name} stays the one to be charged."


def _was_chosen(methods: Sequence[PaymentMethod], query: Answers, today: date) -> tuple[bool, str]:
    """After a choice: whether the provider says that it was done, and in words; empty for no choice."""
    marked = {_mark(one): one for one in methods}
    chosen, former, used = marked.get(query.one("used")), marked.get(query.one("former")), _default(methods)
    if chosen is None:
        return True, ""
    if used is chosen:
        text = f"{chosen.name} is used from now on."
        if former is None or former is chosen:
            return True, text
        which = f", {_until(former, today)}," if former.name == chosen.name else ""
        return True, f"{text} To undo this, choose {former.name}{which} again."
    still = f" For now {used.name} is used." if used else ""
    return False, (
        f"The account system has not confirmed that {chosen.name} is used.{still} "
        "Look again in a minute, or choose it once more: nothing is done twice."
    )


def _mark(method: PaymentMethod) -> str:
    """Stands for a method in an address, which a processor reads too, without telling its id.

    It reads like an id, for by the digits of two beside each other they may look like a card's number.
    """
    return f"mk_{sha256(method.id.encode()).hexdigest()[:12]}"


def _gone() -> Stale:
    return Stale("This payment method is not on file any more.", "Nothing was changed. Look at what is there now.")


action = UpdatePaymentMethod()
