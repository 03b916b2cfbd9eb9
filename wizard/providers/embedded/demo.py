"""Demo accounts, made relative to today: one billed in advance, one in arrears, one with a term commitment."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.metering import Charge, Charging, charges
from wizard.account.periods import day_start, local_day, month, months_back
from wizard.providers.embedded import ending, invoicing, tasks
from wizard.providers.embedded.inventory import plan
from wizard.providers.embedded.price_list import add_price_list
from wizard.providers.embedded.tables import (
    AccountRow,
    ContactRow,
    ContractRow,
    InvoiceRow,
    PaymentMethodRow,
    ServiceRow,
    new_id,
)
from wizard.providers.embedded.usage import record

_MONTHS = 4
"""The present month and the three before it."""

Spec = tuple[str, str, str, int, Charging, int, str, str]
"""name, kind, place, quantity, charging, unit price (minor), name of what it stands on, data."""

_ADV, _ARR, _FREE = Charging.IN_ADVANCE, Charging.IN_ARREARS, Charging.UNBILLED

_BOOKS, _PRESS = "larkspurbooks.example", "larkspurpress.example"
_BOOKS_SPACE, _PRESS_SPACE = (f"Business Hosting, {domain}" for domain in (_BOOKS, _PRESS))

LARKSPUR: Sequence[Spec] = (
    (_BOOKS_SPACE, "hosting package", _BOOKS, 1, _ADV, 1500, "", "Web space, 4.2 GB"),
    (f"Mailboxes, {_BOOKS}", "mailboxes", _BOOKS, 3, _ADV, 1000, _BOOKS_SPACE, "Mail of 3 mailboxes, 11 GB"),
    (f"SharePoint, {_BOOKS}", "SharePoint space", _BOOKS, 1, _ADV, 800, _BOOKS_SPACE, "Documents, 2.6 GB"),
    (_PRESS_SPACE, "hosting package", _PRESS, 1, _ADV, 1500, "", "Web space, 0.9 GB"),
    (f"Mailboxes, {_PRESS}", "mailboxes", _PRESS, 2, _ADV, 1000, _PRESS_SPACE, "Mail of 2 mailboxes, 3 GB"),
)
EMPTY_DOMAIN = "larkspurevents.example"
"""Larkspur's domain for which nothing was ordered yet."""
FERNHILL: Sequence[Spec] = (
    ("vpn-va1-fern", "network", "VA1", 1, _FREE, 0, "", ""),
    ("VA1FERNVPN01", "server", "VA1", 1, _FREE, 0, "vpn-va1-fern", ""),
    ("prod-va1-fern", "network", "VA1", 1, _ARR, 1, "", ""),
    ("VA1FERNWEB01", "server", "VA1", 1, _ARR, 5, "prod-va1-fern", "System disk, 40 GB"),
    ("VA1FERNWEB02", "server", "VA1", 1, _ARR, 5, "prod-va1-fern", "System disk, 40 GB"),
    ("VA1FERNAPP01", "server", "VA1", 1, _ARR, 7, "prod-va1-fern", "System disk, 60 GB"),
    ("VA1FERNSQL01", "server", "VA1", 1, _ARR, 12, "prod-va1-fern", "Databases, 180 GB"),
    ("fern-archive", "object storage", "VA1", 1, _ARR, 2, "", "Files, 310 GB"),
)
MERROW: Sequence[Spec] = (
    ("vpn-de1-merr", "network", "DE1", 1, _FREE, 0, "", ""),
    ("DE1MERRVPN01", "server", "DE1", 1, _FREE, 0, "vpn-de1-merr", ""),
    ("prod-de1-merr", "network", "DE1", 1, _ARR, 1, "", ""),
    ("DE1MERRAPP01", "server", "DE1", 1, _ARR, 9, "prod-de1-merr", "System disk, 80 GB"),
    ("DE1MERRSQL01", "server", "DE1", 1, _ARR, 14, "prod-de1-merr", "Databases, 240 GB"),
)


def add_demo(session: Session, now: datetime) -> dict[str, str]:
    """Three accounts with three months behind them, and the price lists. Returns name -> account id.

    Does nothing where there are accounts already.
    """
    add_price_list(session)
    tasks.add_prices(session)
    if not session.scalar(select(func.count()).select_from(AccountRow)):
        larkspur = AccountRow(name="Larkspur Books", alias="LARK", timezone="America/Chicago", email="lou@demo.example")
        fernhill = AccountRow(name="Fernhill Robotics", alias="FERN", timezone="America/New_York")
        merrow = AccountRow(name="Merrow Analytics", alias="MERR", timezone="Europe/Berlin", email="tom@demo.example")
        fernhill.email, fernhill.domains = "ana@demo.example", "fernhillrobotics.example"
        merrow.currency, merrow.domains = "EUR", "merrowanalytics.example"
        _add_account(session, larkspur, LARKSPUR, now, (_BOOKS, _PRESS, EMPTY_DOMAIN))
        _add_account(session, fernhill, FERNHILL, now)
        _add_account(session, merrow, MERROW, now)
        _commit(session, merrow, local_day(now, merrow.timezone))
        session.flush()
    return {row.name: row.id for row in session.scalars(select(AccountRow))}


def _commit(session: Session, account: AccountRow, today: date) -> None:
    """A term that ends with the month, some ten months from now."""
    contract = ending.whole_account(session, account.id)
    contract.committed_until = month(today + timedelta(days=300)).last_day
    contract.sales_contact, contract.sales_email = "Noor Haddad", "noor.haddad@northpier.example"


def _add_account(
    session: Session, account: AccountRow, specs: Sequence[Spec], now: datetime, domains: Sequence[str] = ()
) -> None:
    account.id, account.currency, account.holder = new_id("ac"), account.currency or "USD", account.name
    session.add(account)
    session.flush()
    zone = account.timezone
    today = local_day(now, zone)
    began = day_start(months_back(today, _MONTHS)[-1].start, zone)
    contracts = _contracts(account, domains)
    session.add_all(contracts.values())
    session.flush()
    rows: dict[str, ServiceRow] = {}
    for position, spec in enumerate(specs):
        rows[spec[0]] = _service(account, spec, position, contracts, rows, began)
        session.add(rows[spec[0]])
        session.flush()
    for row in rows.values():
        _meter(session, row, account, day_start(today, zone))
    session.flush()
    _invoices(session, account, now)
    session.add(
        ContactRow(id=new_id("bc"), account_id=account.id, name=account.name, email=account.email, added_at=began)
    )
    year, end = today.year + 2, 11
    session.add(
        PaymentMethodRow(
            id=new_id("pm"),
            account_id=account.id,
            brand="Visa",
            last_four="4242",
            expires=date(year, end, monthrange(year, end)[1]),
            is_default=True,
        )
    )


def _contracts(account: AccountRow, domains: Sequence[str]) -> dict[str, ContractRow]:
    """The account's own under `""`, and one for each domain."""
    names = {"": "The whole account"} | {domain: f"The package of {domain}" for domain in sorted(domains)}
    return {
        key: ContractRow(id=new_id("ct"), account_id=account.id, name=name, is_account=not key, place=key)
        for key, name in names.items()
    }


def _service(
    account: AccountRow,
    spec: Spec,
    position: int,
    contracts: dict[str, ContractRow],
    rows: dict[str, ServiceRow],
    began: datetime,
) -> ServiceRow:
    name, kind, place, quantity, charging, unit_price, stands_on, data = spec
    contract = contracts.get(place)
    return ServiceRow(
        id=new_id("sv"),
        account_id=account.id,
        contract_id=contract.id if contract else None,
        position=position,
        name=name,
        kind=kind,
        place=place,
        quantity=quantity,
        charging=charging,
        unit_price=unit_price,
        stands_on=rows[stands_on].id if stands_on else None,
        data=data,
        created_at=began,
        metered_until=began,
    )


def _meter(session: Session, row: ServiceRow, account: AccountRow, until: datetime) -> None:
    """Write down day by day what has arisen up to `until`."""
    zone, part = account.timezone, plan(row, account, row.created_at, row.deleted_at)
    arisen: list[Charge] = []
    while row.metered_until < until:
        day = local_day(row.metered_until, zone)
        stop = min(until, day_start(day + timedelta(days=1), zone))
        arisen += charges(part, row.metered_until, stop, zone)
        row.metered_until = stop
    record(session, account, row.id, arisen)


def _invoices(session: Session, account: AccountRow, now: datetime) -> None:
    """One for each month that is over; the last one is still open."""
    invoicing.issue(session, account, now)
    rows = session.scalars(
        select(InvoiceRow).where(InvoiceRow.account_id == account.id).order_by(InvoiceRow.issued_on.desc())
    )
    for row in list(rows)[1:]:
        row.paid_on = row.issued_on + timedelta(days=9)
