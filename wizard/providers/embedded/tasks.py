"""Service tasks: the price list, and what was ordered of it. Each is charged once, in the month of its order."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.periods import local_day, month
from wizard.errors import NotFound, ProviderRefused, QuoteExpired
from wizard.money import Money
from wizard.providers.billing import Task
from wizard.providers.embedded import effects, ending
from wizard.providers.embedded.tables import AccountRow, EffectRow, ItemRow, TaskRow, new_id
from wizard.providers.values import UsageLine

_PRICES = (
    ("disk-copy", "Copy of a server's disks", "All disks of one server as image files, with their checksums.", 9000),
    ("mail-export", "Export of all mailboxes of a domain", "One PST file for each mailbox, to download.", 4500),
    (
        "restore",
        "Restore from our backups",
        "Deleted data of one service, for as long as backups of it are kept.",
        6000,
    ),
    ("move", "Move to another platform, first hour", "The first hour. A plan and its price before any more.", 12000),
)
"""id, name, what it is, price (minor)"""
_ORDER = "service task"


def add_prices(session: Session) -> None:
    """The price list of the demo, the same in USD and EUR. Does nothing where there is one."""
    if session.scalar(select(func.count()).select_from(TaskRow)):
        return
    for position, (task_id, name, about, price) in enumerate(_PRICES):
        for currency in ("USD", "EUR"):
            session.add(TaskRow(id=task_id, currency=currency, position=position, name=name, about=about, price=price))


def listed(session: Session, account: AccountRow) -> list[Task]:
    rows = session.scalars(select(TaskRow).where(TaskRow.currency == account.currency).order_by(TaskRow.position))
    return [Task(row.id, row.name, row.about, Money(row.price, account.currency)) for row in rows]


def order(session: Session, account: AccountRow, task_id: str, price: Money, key: str, now: datetime) -> EffectRow:
    """Raises NotFound, QuoteExpired where the price is another, ProviderRefused for an account that is
    closed, and for a key of something else."""
    if effect := effects.answered(session, key, account.id, _ORDER, task_id):
        return effect
    task = session.get(TaskRow, (task_id, account.currency))
    if task is None:
        raise NotFound("Unknown service task.")
    if ending.whole_account(session, account.id).closed_at:
        raise ProviderRefused("The account is closed; nothing can be ordered for it.")
    if Money(task.price, account.currency) != price:
        raise QuoteExpired(f"The price of “{task.name}” has changed.")
    item = ItemRow(id=new_id("it"), account_id=account.id, at=now, name=task.name, amount=task.price)
    session.add(item)
    return effects.done(session, key, account.id, _ORDER, item, now, now, asked_for=task_id)


def lines(session: Session, account: AccountRow) -> Iterator[UsageLine]:
    """A line for each, oldest first."""
    for item in session.scalars(
        select(ItemRow).where(ItemRow.account_id == account.id).order_by(ItemRow.at, ItemRow.id)
    ):
        start = month(local_day(item.at, account.timezone)).start
        yield UsageLine(start, "", item.name, "", 1, "tasks", Money(item.amount, account.currency))
