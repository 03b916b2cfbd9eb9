"""Quotes: what new totals cost, worked out by the day, and kept until they are ordered or expire."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from wizard.account.metering import Charging
from wizard.account.periods import day_start, local_day, month
from wizard.account.proration import prorate, remaining_days
from wizard.errors import ProviderRefused
from wizard.money import Money, total
from wizard.providers.billing import Option, Quote, QuoteLine
from wizard.providers.embedded import credit, ending, options
from wizard.providers.embedded.tables import AccountRow, ContractRow, QuoteRow, new_id

HOLDS = timedelta(minutes=15)
"""A quote holds so long, and never beyond the day that it was worked out for."""
MOST = 100_000
"""Of anything, where the price list has no limit."""


def make(
    session: Session, account: AccountRow, contract: ContractRow, totals: Mapping[str, int], now: datetime
) -> Quote:
    """Worked out and kept; quotes of this account that nobody can order any more go. Raises ProviderRefused."""
    quote = worked_out(session, account, contract, totals, now)
    session.execute(
        delete(QuoteRow).where(
            QuoteRow.account_id == account.id, QuoteRow.expires_at < now - HOLDS, QuoteRow.ordered_at.is_(None)
        )
    )
    session.add(
        QuoteRow(
            id=quote.id,
            account_id=account.id,
            contract_id=contract.id,
            made_at=now,
            expires_at=quote.expires_at,
            lines=as_json(quote.lines),
            total=quote.total.minor,
            credit_used=quote.credit_used.minor,
        )
    )
    return quote


def worked_out(
    session: Session, account: AccountRow, contract: ContractRow, totals: Mapping[str, int], now: datetime
) -> Quote:
    """Raises ProviderRefused, saying why these totals cannot be had."""
    _require_charged(session, account, contract, now)
    found = options.of_contract(session, account, contract, now)
    _require_possible(session, account, contract, found, totals, now)
    today = local_day(now, account.timezone)
    period = month(today)
    lines = []
    for option in found:
        difference = totals.get(option.id, option.quantity) - option.quantity
        if not difference:
            continue
        line = QuoteLine(
            option_id=option.id,
            name=option.name,
            unit=option.unit,
            units=option.units,
            old=option.quantity,
            new=option.quantity + difference,
            charging=option.charging,
            unit_price=option.unit_price,
            days=0,
            of_days=0,
            amount=Money(0, account.currency),
        )
        if option.charging is Charging.IN_ADVANCE:
            amount = prorate(option.unit_price, difference, today, period)
            line = replace(line, days=remaining_days(today, period), of_days=period.days, amount=amount)
        lines.append(line)
    if not lines:
        raise ProviderRefused("These are the present totals. Nothing would change.")
    due = total((line.amount for line in lines), account.currency)
    used = min(credit.balance(session, account), max(due.minor, 0))
    expires = min(now + HOLDS, day_start(today + timedelta(days=1), account.timezone))
    return Quote(new_id("qu"), contract.id, lines, due, Money(used, account.currency), expires)


def as_json(lines: Iterable[QuoteLine]) -> str:
    """All that the sums came from: two that are the same were worked out from the same."""
    return json.dumps([asdict(line) for line in lines], sort_keys=True)


def totals_of(row: QuoteRow) -> dict[str, int]:
    """Option -> how many there shall be."""
    return {line["option_id"]: line["new"] for line in json.loads(row.lines)}


def _require_charged(session: Session, account: AccountRow, contract: ContractRow, now: datetime) -> None:
    """What is charged no more, because its end was declared, cannot be changed."""
    if contract.closed_at:
        raise ProviderRefused(f"{contract.name} has ended. Nothing can be ordered for it.")
    for one in (contract, ending.whole_account(session, account.id)):
        span = ending.open_span(session, one)
        if span and span.starts_at <= now:
            raise ProviderRefused(f"Charges of {one.name[0].lower()}{one.name[1:]} have ended. Nothing can be ordered.")


def _require_possible(
    session: Session,
    account: AccountRow,
    contract: ContractRow,
    found: list[Option],
    totals: Mapping[str, int],
    now: datetime,
) -> None:
    by_id = {option.id: option for option in found}
    if any(option_id not in by_id for option_id in totals):
        raise ProviderRefused("Something that was chosen is not offered any more.")
    for option_id, wanted in totals.items():
        _require_within(by_id[option_id], wanted)
    there = options.services_by_option(session, account, contract, now)
    for option_id, wanted in totals.items():
        option, row = by_id[option_id], there.get(option_id)
        if wanted == option.quantity:
            continue
        needed = by_id.get(option.needs) if wanted > option.quantity else None
        if needed and not totals.get(needed.id, needed.quantity):
            raise ProviderRefused(f"{option.name} needs a {needed.unit}. Order that first, or together with it.")
        for one in (row, there.get(needed.id) if needed else None):
            if one and one.deleted_at:
                raise ProviderRefused(
                    f"{by_id[options.option_id(one.kind)].name} is being deleted. Wait until it is gone."
                )
        if row and row.hold and not wanted:
            raise ProviderRefused(row.hold)


def _require_within(option: Option, wanted: int) -> None:
    """The form checks totals as well; here nothing else gets past."""
    if type(wanted) is not int:
        raise ProviderRefused(f"{option.name}: a whole number is needed.")
    if wanted < option.least:
        raise ProviderRefused(f"{option.name}: at least {option.least:,}. {option.why_least}".rstrip())
    most = MOST if option.most is None else option.most
    if wanted > most and wanted > option.quantity:
        raise ProviderRefused(f"{option.name}: at most {most:,}.")
