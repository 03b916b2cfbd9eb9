"""Orders: what was quoted is done, charged for exactly the sum quoted, and invoiced; or nothing of it."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.periods import local_day
from wizard.account.wording import worked_out
from wizard.errors import NotFound, PaymentRefused, ProviderRefused, QuoteExpired
from wizard.money import plain
from wizard.providers.billing import QuoteLine
from wizard.providers.embedded import changing, credit, effects, quotes
from wizard.providers.embedded.tables import (
    AccountRow,
    ContractRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentMethodRow,
    QuoteRow,
    ServiceRow,
)
from wizard.providers.values import Operation

EFFECT = "order"


def order(
    session: Session, account: AccountRow, quote_id: str, payment_method_id: str, key: str, now: datetime
) -> Operation:
    """account: locked. Raises QuoteExpired, PaymentRefused, NotFound, and ProviderRefused for a key of
    something else; then the caller keeps nothing of it."""
    if effect := effects.answered(session, key, account.id, EFFECT, quote_id):
        return effects.as_operation(effect, now)
    row = session.get(QuoteRow, quote_id, with_for_update=True)
    if row is None:  # those that nobody can order any more are not kept
        raise QuoteExpired("The quote has expired.")
    if row.account_id != account.id:
        raise NotFound("Unknown quote.")
    contract = session.get_one(ContractRow, row.contract_id)
    lines = _still_true(session, account, contract, row, now)
    if row.total - row.credit_used > 0:
        _take_payment(session, account, payment_method_id, now)
    row.ordered_at = now
    changed = [(line, changing.apply(session, account, contract, line, now)) for line in lines]
    number = _invoice(session, account, row, changed, now)
    credit.settle(session, account, row.total, row.credit_used, number, now)
    effect = effects.done(session, key, account.id, EFFECT, contract, now, now, number, asked_for=row.id)
    return effects.as_operation(effect, now)


def _still_true(
    session: Session, account: AccountRow, contract: ContractRow, row: QuoteRow, now: datetime
) -> Sequence[QuoteLine]:
    """The lines, worked out once more from what is there now: the same to the cent, or the quote has expired."""
    if row.ordered_at:
        raise QuoteExpired("This quote was ordered before.")
    if now >= row.expires_at:
        raise QuoteExpired("The quote has expired.")
    try:
        again = quotes.worked_out(session, account, contract, quotes.totals_of(row), now)
    except ProviderRefused as refusal:
        raise QuoteExpired(f"What was quoted cannot be had any more. {refusal}") from refusal
    if (quotes.as_json(again.lines), again.total.minor, again.credit_used.minor) != (
        json.dumps(json.loads(row.lines), sort_keys=True),
        row.total,
        row.credit_used,
    ):
        raise QuoteExpired("Totals, prices or credit have changed since the quote was made.")
    return again.lines


def _take_payment(session: Session, account: AccountRow, payment_method_id: str, now: datetime) -> None:
    """Charge the payment method, as far as the test processor charges anything."""
    method = session.get(PaymentMethodRow, payment_method_id)
    if method is None or method.account_id != account.id:
        raise PaymentRefused("This payment method is not on file any more. Choose another.")
    if method.expires < local_day(now, account.timezone):
        raise PaymentRefused(f"The {method.name} has expired. Choose another payment method.")
    if method.declines:
        raise PaymentRefused(f"The bank declined the payment with the {method.name}. Choose another payment method.")


def _invoice(
    session: Session, account: AccountRow, quote: QuoteRow, changed: Sequence[tuple[QuoteLine, str]], now: datetime
) -> str:
    today = local_day(now, account.timezone)
    number = _number(session, account, today)
    session.add(
        InvoiceRow(
            number=number,
            account_id=account.id,
            issued_on=today,
            due_on=today,
            total=quote.total,
            paid_on=today,
            credit_used=quote.credit_used,
        )
    )
    session.flush()
    for position, (line, service_id) in enumerate(changed):
        session.add(
            InvoiceLineRow(
                number=number,
                position=position,
                service_id=service_id,
                name=session.get_one(ServiceRow, service_id).name,
                explanation=worked_out(
                    line.new - line.old, line.unit, line.units, plain(line.unit_price), line.days, line.of_days
                ),
                amount=line.amount.minor,
            )
        )
    return number


def _number(session: Session, account: AccountRow, today: date) -> str:
    """`LARK-2026-11-01`: the first order's of the month. The account is locked, so nobody takes it meanwhile."""
    beginning = f"{account.alias}-{today:%Y-%m}-"
    there = session.scalar(
        select(func.count()).select_from(InvoiceRow).where(InvoiceRow.number.startswith(beginning, autoescape=True))
    )
    return f"{beginning}{(there or 0) + 1:02}"
