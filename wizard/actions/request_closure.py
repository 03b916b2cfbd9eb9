"""The declaration "I end this contract": what it means is shown, confirmed once, stored before
anything else happens, and answered by a receipt."""

import secrets
from typing import Any

from wizard.account.closure import ChargesEnd, State, Timing, review_due
from wizard.account.periods import last_day_before
from wizard.account.reference import new_reference
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.closing import (
    WHEN,
    commitment_of,
    commitments,
    declared_term,
    end_of,
    is_bound,
    open_contracts,
    when_hints,
    written_end,
    written_term,
)
from wizard.actions.context import Context
from wizard.actions.forecasts import invoices_to_come
from wizard.actions.holdings import data_stated
from wizard.actions.standing import chargeable, orders_under_way, unpaid_invoices
from wizard.errors import Invalid, Stale
from wizard.locales import present
from wizard.providers.values import Contract
from wizard.records import closures, declarations
from wizard.records.closures import ClosureRequest
from wizard.records.ids import new_id
from wizard.theme.formats import first_down, moment

LABEL = "Send closure request"
"""Text of the button that declares; it is part of the declaration."""


class RequestClosure(Action):
    name = "request-closure"

    def fact(self, context: Context) -> Fact:
        with context.means.db.read() as session:
            found = closures.of_account(session, context.account.id)
        zone = context.account.timezone
        current = next((one for one in found if _counts(one, context)), None)
        if current:
            text = f"Received on {moment(current.received_at, zone)}, reference {current.reference}."
            return Fact(Status.COMPLETED, text)
        if found and found[0].state == State.DECLINED:
            return Fact(Status.NOT_STARTED, f"Request {found[0].reference} was declined. You can send another.")
        return Fact(Status.NOT_STARTED, "No closure request has been received.")

    def show(self, context: Context, query: Answers) -> Panel:
        if query.one("view") == "check":
            self.require_role(context)
            try:
                return self._check(context, query)
            except Invalid as problem:
                return self._choose(context, query, problem.fields)
        return self._choose(context, query, {})

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        self.require_role(context)
        key = form.key()
        with context.means.db.read() as session:
            if done := closures.by_key(session, context.account.id, key):
                if (done.contract_id, done.timing) == (query.one("scope"), query.one("when")):
                    return Outcome(receipt=done.reference)
                raise Stale("This form was sent before, with other answers.", "Nothing was sent now. Check it again.")
        contract, timing = self._answers(context, query)
        if not key:
            raise Stale("This form is not complete.", "Nothing was sent. Open it again.")
        end = end_of(context, contract, timing)
        if form.one("shown") != _promise(end, context):
            raise Stale(
                "The date on which charges end has changed since you opened the page.",
                "Nothing was sent. Go back, look at the new date, and confirm again.",
            )
        request = self._request(context, contract, timing, end, key)
        return Outcome(receipt=self._declare(context, request, contract, end))

    def _declare(self, context: Context, request: ClosureRequest, contract: Contract, end: ChargesEnd) -> str:
        """Store declaration and request and hand them on, in one transaction. Returns the reference."""
        means = context.means
        covering = {contract.id} | {one.id for one in open_contracts(context) if one.is_account}
        with means.db.write() as session:
            declarations.lock_chain(means.db, session)
            if done := closures.by_key(session, context.account.id, request.idempotency_key):
                return done.reference
            if other := closures.open_for(session, context.account.id, covering):
                if (other.contract_id, other.timing) == (contract.id, request.timing):
                    return other.reference
                raise Stale(
                    f"A closure request for {other.contract_name} was received before: {other.reference}.",
                    "Nothing more was sent. Its receipt stands under My requests; to change it, write to the support team.",
                )
            request.declaration = declarations.append(session, self._content(context, request, contract))
            closures.add(session, request)
            means.queue.match_charges(session, request)
            means.post(session, context.login.email, "closure-receipt", _receipt(request, contract, end, context))
            context.note(session, "requests closure", request.reference, request.idempotency_key)
        return request.reference

    def _request(
        self, context: Context, contract: Contract, timing: Timing, end: ChargesEnd, key: str
    ) -> ClosureRequest:
        account = context.account
        return ClosureRequest(
            id=new_id("cr"),
            reference=new_reference(),
            account_id=account.id,
            account_name=account.name,
            timezone=account.timezone,
            contract_id=contract.id,
            contract_name=contract.name,
            login_id=context.login.id,
            idempotency_key=key,
            timing=timing,
            received_at=context.now,
            charges_end=end.at,
            charges_end_at_the_latest=end.at_the_latest,
            review_due=review_due(context.now, account.timezone, context.means.review_days),
        )

    def _content(self, context: Context, request: ClosureRequest, contract: Contract) -> dict[str, Any]:
        """What is declared, whole in itself. Instants are UTC, ISO 8601."""
        article = context.article
        return {
            "version": 1,
            "kind": "ordinary",
            "reference": request.reference,
            "account": {"id": request.account_id, "name": request.account_name},
            "contract": {"id": request.contract_id, "name": request.contract_name},
            "login": {"id": context.login.id, "name": context.login.name, "email": context.login.email},
            "timing": request.timing,
            "charges_end": request.charges_end.isoformat(),
            "charges_end_at_the_latest": request.charges_end_at_the_latest,
            "commitment": declared_term(commitment_of(contract, context.contracts)),
            "label": LABEL,
            "article": {"path": article.path, "content_hash": article.content_hash} if article else None,
            "locale": present(),
            "channel": "guide" if article else "account",
            "arrived_at": request.received_at.isoformat(),
        }

    def _choose(self, context: Context, query: Answers, errors: dict[str, str]) -> Panel:
        with context.means.db.read() as session:
            found = [one for one in closures.of_account(session, context.account.id) if one.is_open]
        requested = {request.contract_id for request in found}
        contracts = [one for one in open_contracts(context) if one.id not in requested]
        if any(one.is_account for one in open_contracts(context) if one.id in requested):
            contracts = []  # the whole account ends already, and all of its contracts with it
        values = {
            "contracts": [
                (one, len(left), context.per_month(left))
                for one in contracts
                for left in [one.billed(context.services)]
            ],
            "terms": [
                (one, term, is_bound(end_of(context, one, Timing.IMMEDIATE), term, context))
                for one, term in commitments(contracts)
            ],
            "scope": query.one("scope") or (contracts[0].id if len(contracts) == 1 else ""),
            "when": query.one("when"),
            "hints": when_hints(context, contracts),
            "open_requests": found,
            "WHEN": WHEN,
        }
        return Panel("actions/closure_choose.html", values, errors=errors)

    def _check(self, context: Context, query: Answers) -> Panel:
        contract, timing = self._answers(context, query)
        end, term = end_of(context, contract, timing), commitment_of(contract, context.contracts)
        left = contract.billed(context.services)
        values = {
            "contract": contract,
            "when": WHEN[timing],
            "end": end,
            "term": term,
            "is_bound": is_bound(end, term, context),
            "to_come": invoices_to_come(context, contract, end.at),
            "charges_end": written_end(end, context),
            "shown": _promise(end, context),
            "under_way": orders_under_way(context),
            "left": left,
            "per_month": context.per_month(left),
            "unpaid": unpaid_invoices(context.means.provider, context.account.id),
            "method": chargeable(context),
            "review_due": review_due(context.now, context.account.timezone, context.means.review_days),
            "unsafe": [one for one in left if one.data and one.id not in data_stated(context)],
            "change": {"scope": contract.id, "when": timing.value},
            "key": secrets.token_urlsafe(18),
            "label": LABEL,
        }
        return Panel("actions/closure_check.html", values, "Check your request")

    def _answers(self, context: Context, query: Answers) -> tuple[Contract, Timing]:
        contracts = {contract.id: contract for contract in open_contracts(context)}
        scope, when = query.one("scope"), query.one("when")
        errors = {}
        if scope not in contracts:
            errors["scope"] = "Choose what is to end."
        if when not in list(Timing):
            errors["when"] = "Choose when it is to end."
        if errors:
            raise Invalid(errors)
        return contracts[scope], Timing(when)


def _counts(request: ClosureRequest, context: Context) -> bool:
    """Does this request make the step done? Those of earlier runs do not."""
    if request.state == State.DECLINED:
        return False
    since_run = context.run_began is not None and request.received_at >= context.run_began
    return request.is_open or since_run or context.account.closed_at is not None


def _promise(end: ChargesEnd, context: Context) -> str:
    """The last day of charges, and whether it may come sooner: `by 2026-11-23`, the same in every locale."""
    return f"{'by' if end.at_the_latest else 'on'} {last_day_before(end.at, context.account.timezone).isoformat()}"


def _receipt(request: ClosureRequest, contract: Contract, end: ChargesEnd, context: Context) -> dict[str, str]:
    """What the mail says of it."""
    term = written_term(commitment_of(contract, context.contracts))
    bound = f"Term commitment: {first_down(term)}" if term else ""
    return {
        "reference": request.reference,
        "account": request.account_name,
        "contract": request.contract_name,
        "charges_end": f"{written_end(end, context)}. {bound}" if bound else written_end(end, context),
        "received_at": moment(request.received_at, request.timezone),
    }


action = RequestClosure()
