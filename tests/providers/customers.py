"""Accounts of their own for the tests of orders, and all that is stored of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.helpers.clock import SATURDAY, SetClock
from wizard.db import Base, Database
from wizard.providers.billing import Quote
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.provider import Settings
from wizard.providers.embedded.tables import (
    AccountRow,
    ContractRow,
    PaymentMethodRow,
    ServiceRow,
    new_id,
)

DOMAIN = "plover.example"


@dataclass
class Customer:
    """An account with one domain: a package, 2 mailboxes, and 1 load balancer of the account's own."""

    account: str
    whole: str
    """Its own contract."""
    package: str
    """The domain's contract."""
    card: str
    services: dict[str, str]
    """Kind -> id."""


def new_customer(db: Database, zone: str, since: datetime, currency: str = "USD") -> Customer:
    ids = {name: new_id(name) for name in ("ac", "ct_whole", "ct_domain", "pm")}
    with db.write() as session:
        alias = new_id("X").upper()
        session.add(
            AccountRow(id=ids["ac"], name="Plover", alias=alias, currency=currency, timezone=zone, holder="Plover")
        )
        session.flush()
        whole = ContractRow(id=ids["ct_whole"], account_id=ids["ac"], name="The whole account", is_account=True)
        domain = ContractRow(
            id=ids["ct_domain"], account_id=ids["ac"], name=f"The package of {DOMAIN}", is_account=False
        )
        domain.place = DOMAIN
        session.add_all([whole, domain])
        session.add(new_method(ids["pm"], ids["ac"]))
        session.flush()
        services: dict[str, str] = {}
        for position, (kind, contract, quantity, charging, price) in enumerate(
            (
                ("hosting package", ids["ct_domain"], 1, "in_advance", 1500),
                ("mailboxes", ids["ct_domain"], 2, "in_advance", 1000),
                ("load balancers", None, 1, "in_arrears", 3),
            )
        ):
            services[kind] = new_id("sv")
            session.add(
                ServiceRow(
                    id=services[kind],
                    account_id=ids["ac"],
                    contract_id=contract,
                    position=position,
                    name=kind,
                    kind=kind,
                    place=DOMAIN,
                    quantity=quantity,
                    charging=charging,
                    unit_price=price,
                    stands_on=services["hosting package"] if kind == "mailboxes" else None,
                    data="",
                    created_at=since,
                    metered_until=since,
                )
            )
            session.flush()
    return Customer(ids["ac"], ids["ct_whole"], ids["ct_domain"], ids["pm"], services)


def new_method(id_: str, account: str, expires: date = date(2099, 12, 31), declines: bool = False) -> PaymentMethodRow:
    return PaymentMethodRow(
        id=id_,
        account_id=account,
        brand="Visa",
        last_four="4242",
        expires=expires,
        is_default=False,
        declines=declines,
    )


def all_that_is_stored(db: Database, account: str = "") -> dict[str, list[tuple]]:
    """The embedded provider's tables, row by row. account: only those that tell whose a row is, and its own."""
    with db.read() as session:
        return {
            name: sorted((tuple(row) for row in session.execute(found)), key=repr)
            for name, table in Base.metadata.tables.items()
            if name.startswith("embedded_") and (not account or "account_id" in table.c)
            for found in [select(table).where(table.c.account_id == account) if account else select(table)]
        }


def long_ago(now: datetime) -> datetime:
    return now - timedelta(days=40, minutes=17)


class Desk:
    """A customer of a provider, at an hour that a test sets."""

    def __init__(self, db: Database, zone: str = "America/Chicago", now: datetime = SATURDAY) -> None:
        self.db, self.clock = db, SetClock(now)
        self.provider = EmbeddedProvider(db, self.clock, Settings(deletion_seconds=30))
        self.customer: Customer = new_customer(db, zone, long_ago(now))

    def quote(self, totals: Any, contract: str = "") -> Quote:
        return self.provider.quote(self.customer.account, contract or self.customer.package, totals)

    def order(self, quote: Quote, key: str = "", method: str | None = None) -> str:
        card = self.customer.card if method is None else method
        return self.provider.order(self.customer.account, quote.id, card, key or new_id("key")).result

    def refuses(self, error: type[Exception], call: Callable[[], object], match: str = "Unknown") -> None:
        before = all_that_is_stored(self.db)
        with pytest.raises(error, match=match):
            call()
        assert all_that_is_stored(self.db) == before


def add_domain(db: Database, customer: Customer, domain: str) -> str:
    """One more of the customer's, for which nothing was ordered. Returns its contract."""
    row = ContractRow(
        id=new_id("ct"), account_id=customer.account, name=f"The package of {domain}", is_account=False, place=domain
    )
    with db.write() as session:
        session.add(row)
    return row.id
