"""An account's invoices with their lines, as they were issued."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.money import Money
from wizard.providers.billing import Invoice, InvoiceLine
from wizard.providers.embedded.tables import AccountRow, InvoiceLineRow, InvoiceRow


def of_account(session: Session, account: AccountRow) -> list[Invoice]:
    """Newest first. Those of earlier programs have no lines."""
    lines: dict[str, list[InvoiceLine]] = defaultdict(list)
    found = (
        select(InvoiceLineRow)
        .join(InvoiceRow, InvoiceRow.number == InvoiceLineRow.number)
        .where(InvoiceRow.account_id == account.id)
        .order_by(InvoiceLineRow.number, InvoiceLineRow.position)
    )
    for row in session.scalars(found):
        lines[row.number].append(InvoiceLine(row.name, row.explanation, Money(row.amount, account.currency)))
    rows = session.scalars(
        select(InvoiceRow)
        .where(InvoiceRow.account_id == account.id)
        .order_by(InvoiceRow.issued_on.desc(), InvoiceRow.number.desc())
    )
    return [
        Invoice(
            row.number,
            row.issued_on,
            row.due_on,
            Money(row.total, account.currency),
            row.paid_on,
            lines[row.number],
            Money(row.credit_used, account.currency),
            row.month,
        )
        for row in rows
    ]
