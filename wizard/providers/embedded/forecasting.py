"""The forecast of an account: what is to come, by the rule, from what its tables say."""

from datetime import datetime

from sqlalchemy.orm import Session

from wizard.account.forecast import to_come
from wizard.account.periods import local_day, month
from wizard.money import Money
from wizard.providers.billing import Forecast, InvoiceForecast, InvoiceLine
from wizard.providers.embedded import accrual, credit, invoicing
from wizard.providers.embedded.tables import AccountRow, ContractRow


def forecast(
    session: Session, account: AccountRow, contract: ContractRow, ends_at: datetime, now: datetime
) -> Forecast:
    """After what is due has been issued. The account's credit covers only what is the account's own."""
    zone, present = account.timezone, month(local_day(now, account.timezone))
    services = accrual.running(session, account, contract)
    others = accrual.other_lines(session, account, present, contract)
    before = Money(credit.balance(session, account) if contract.is_account else 0, account.currency)
    if contract.is_account:
        others += invoicing.overcharged(session, account, services)
    bills = to_come(services, accrual.written(session, account, present.start), others, before, zone, now, ends_at)
    left = before
    for one in bills:
        left = one.credit_left(left)
    return Forecast(
        [
            InvoiceForecast(
                month=one.period.start,
                issued_on=one.period.end,
                lines=[InvoiceLine(line.name, line.explanation, line.amount) for line in one.lines],
                total=one.total,
                credit_used=one.credit_used,
                is_final=one is bills[-1],
            )
            for one in bills
        ],
        left,
    )
