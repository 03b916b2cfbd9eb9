"""The forecast is what is invoiced: random accounts are forecast, then really ended, and the clock goes on."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.clock import SetClock
from wizard.account.metering import Charging
from wizard.db import Database
from wizard.migrations import migrate
from wizard.providers.billing import Forecast, Invoice
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.price_list import add_price_list
from wizard.providers.embedded.tables import (
    AccountRow,
    ContractRow,
    CreditRow,
    ItemRow,
    PaymentMethodRow,
    ServiceRow,
)

ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca"]
MONTHS = [(2024, 2), (2026, 3), (2026, 10), (2026, 11), (2026, 12), (2028, 2)]
NUMBERS = count()
MINUTE = timedelta(minutes=1)
UNUSED = ", credit for unused days"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('forecast')}/wizard.db")
    migrate(db)
    with db.write() as session:
        add_price_list(session)
    yield db
    db.close()


@dataclass(frozen=True)
class Kind:
    """A service at random."""

    charging: Charging
    price: int
    quantity: int
    began: int
    """Minutes before now."""
    deleted: int | None
    """Minutes before now."""
    is_of_package: bool


@dataclass(frozen=True)
class Case:
    zone: str
    now: datetime
    ends_at: datetime
    services: list[Kind]
    order: tuple[int, int, int] | None
    """Minutes before now, mailboxes before, mailboxes after."""
    item: int
    credit: int
    declared: int | None
    """Minutes before now for which charges of the package have ended."""
    looks: list[int] = field(default_factory=list)
    """Days after the end on which somebody looks at the invoices."""


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


KINDS = st.builds(
    Kind,
    st.sampled_from([Charging.IN_ADVANCE, Charging.IN_ARREARS]),
    st.integers(1, 3000),
    st.integers(1, 4),
    st.integers(3, 60 * 24 * 70),
    st.none() | st.integers(0, 60 * 24 * 40),
    st.booleans(),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(st.sampled_from(ZONES))
    first = date(*draw(st.sampled_from(MONTHS)), 1)
    second = (first + timedelta(days=31)).replace(day=1)
    begin, over = midnight(first, zone), midnight(second, zone)
    later = midnight((second + timedelta(days=31)).replace(day=1), zone)
    anywhere = st.integers(0, (over - begin) // MINUTE - 1).map(lambda minutes: begin + minutes * MINUTE)
    now = draw(anywhere | st.sampled_from([begin, over - MINUTE]))
    after = st.integers(0, 60 * 24 * 65).map(lambda minutes: now + minutes * MINUTE)
    ends_at = draw(after | st.sampled_from([now, over, over - MINUTE, over + MINUTE, later]))
    return Case(
        zone,
        now,
        ends_at,
        draw(st.lists(KINDS, max_size=3)),
        draw(st.none() | st.tuples(st.integers(2, 60 * 24 * 29), st.integers(1, 4), st.integers(0, 6))),
        draw(st.sampled_from([0, 0, 4900])),
        draw(st.sampled_from([0, 700, 90_000])),
        draw(st.none() | st.integers(1, 60 * 24 * 20)),
        draw(st.lists(st.integers(0, 100), max_size=2)),
    )


def world_of(db: Database, case: Case) -> tuple[EmbeddedProvider, SetClock, str]:
    """An account as the case says, at its `now`. Returns also the account's id."""
    number, clock = f"{next(NUMBERS)}X{os.getpid()}", SetClock(case.now - timedelta(days=71))
    account = AccountRow(id=f"ac_{number}", name="One", alias=f"A{number}", currency="USD", timezone=case.zone)
    with db.write() as session:
        session.add(account)
        session.flush()
        session.add(ContractRow(id=f"ct_{number}", account_id=account.id, name="The whole account", is_account=True))
        session.add(
            ContractRow(id=f"cp_{number}", account_id=account.id, name="P", is_account=False, place="p.example")
        )
        expires = date(2040, 1, 31)
        session.add(
            PaymentMethodRow(
                id=f"pm_{number}", account_id=account.id, brand="V", last_four="4242", expires=expires, is_default=True
            )
        )
        session.flush()
        for position, one in enumerate(case.services):
            began = case.now - one.began * MINUTE
            deleted = case.now - one.deleted * MINUTE if one.deleted is not None and one.deleted < one.began else None
            package = f"cp_{number}" if one.is_of_package else None
            session.add(
                service(number, position, one.charging, one.price, one.quantity, began, deleted, package, "thing")
            )
        if case.order:
            began = case.now - timedelta(days=30)
            for position, kind, quantity in ((50, "hosting package", 1), (51, "mailboxes", case.order[1])):
                row = service(number, position, Charging.IN_ADVANCE, 1000, quantity, began, None, f"cp_{number}", kind)
                session.add(row)
        if case.credit:
            session.add(CreditRow(account_id=account.id, at=clock(), amount=case.credit, why="goodwill"))
    provider = EmbeddedProvider(db, clock)
    if case.order:
        clock.now = case.now - case.order[0] * MINUTE
        if case.order[1] != case.order[2]:
            quote = provider.quote(account.id, f"cp_{number}", {"mailboxes": case.order[2]})
            provider.order(account.id, quote.id, f"pm_{number}", number)
    if case.declared is not None:
        clock.now = max(clock.now + MINUTE, case.now - case.declared * MINUTE)
        provider.end_charges(account.id, f"cp_{number}", clock(), f"declared {number}")
    clock.now = max(case.now, clock.now)
    if case.item:
        with db.write() as session:
            row = ItemRow(id=f"it_{number}", account_id=account.id, at=clock(), name="Copy of a disk", amount=case.item)
            session.add(row)
    return provider, clock, account.id


def service(
    number: str,
    position: int,
    charging: Charging,
    price: int,
    quantity: int,
    began: datetime,
    deleted: datetime | None,
    contract: str | None,
    kind: str,
) -> ServiceRow:
    return ServiceRow(
        id=f"sv_{number}_{position}",
        account_id=f"ac_{number}",
        contract_id=contract,
        position=position,
        name=f"{kind} {position}",
        kind=kind,
        place="p.example",
        quantity=quantity,
        charging=charging,
        unit_price=price,
        data="",
        created_at=began,
        metered_until=began,
        deleted_at=deleted,
    )


def told(forecast: Forecast) -> list[tuple]:
    return [(one.month, one.issued_on, one.lines, one.total, one.credit_used) for one in forecast.invoices if one.lines]


def issued(invoices: list[Invoice], since: date) -> list[tuple]:
    """Monthly invoices of this month and later, oldest first."""
    found = [one for one in invoices if one.month and one.month >= since]
    return [(one.month, one.issued_on, one.lines, one.total, one.credit_used) for one in reversed(found)]


@settings(max_examples=settings.default.max_examples // 8)
@given(cases(), st.booleans())
def test_what_was_forecast_is_invoiced(db: Database, case: Case, by_deleting: bool) -> None:
    provider, clock, account = world_of(db, case)
    ends_at = max(case.ends_at, clock())
    present = clock().astimezone(ZoneInfo(case.zone)).date().replace(day=1)
    whole = provider.contracts(account)[0]
    forecast = provider.forecast(account, whole.id, ends_at)
    assert [one.is_final for one in forecast.invoices] == [False] * (len(forecast.invoices) - 1) + [True]
    if by_deleting:
        clock.now = ends_at
        provider.invoices(account)
        for one in provider.services(account).items:
            provider.delete_service(account, one.id, f"delete {one.id}")
    else:
        provider.end_charges(account, whole.id, ends_at, f"end {account}")
    for days in sorted(case.looks):
        clock.now = max(clock.now, ends_at + timedelta(days=days))
        provider.invoices(account)
    clock.now = max(clock.now, ends_at) + timedelta(days=70)
    invoices = list(provider.invoices(account).items)
    assert issued(invoices, present) == told(forecast)
    assert provider.credit(account) == forecast.credit_left
    arisen = sum(line.amount.minor for line in provider.usage(account, date(1970, 1, 1)).items if line.service_id)
    assert sum(one.total.minor for one in invoices) == arisen + case.item, "nothing is billed twice"


@settings(max_examples=settings.default.max_examples // 16)
@given(cases())
def test_a_packages_forecast_is_its_share_of_the_accounts_invoices(db: Database, case: Case) -> None:
    provider, clock, account = world_of(db, case)
    ends_at = max(case.ends_at, clock())
    whole, package = provider.contracts(account)
    own, all_ = (provider.forecast(account, one.id, ends_at) for one in (package, whole))
    its = {one.name for one in provider.services(account).items if one.contract_id == package.id}
    by_month = {one.month: one for one in all_.invoices}
    for one in own.invoices:
        mine = [line for line in one.lines if line.name != "Invoiced with orders"]
        assert all(line in by_month[one.month].lines for line in mine)
        if one.month in by_month:
            shared = [line for line in by_month[one.month].lines if line.name.removesuffix(UNUSED) in its]
            assert all(line in mine for line in shared)
