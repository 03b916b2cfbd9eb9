"""Usage records and the sums of their months: the same money, however it was metered and wherever."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from tests.helpers import postgres
from tests.helpers.clock import SATURDAY
from tests.helpers.shared import ROOT
from wizard.account.metering import Charge, Charging, Plan, charges
from wizard.account.periods import day_start, local_day
from wizard.db import Database
from wizard.migrations import migrate
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow, ServiceRow, UsageMonthRow, UsageRow
from wizard.providers.embedded.usage import record

ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]
BEGAN = datetime(2026, 8, 3, 7, 20, tzinfo=UTC)


def new_service(db: Database, zone: str, charging: Charging) -> tuple[str, str]:
    """Ids of an account and of its only service."""
    with db.write() as session:
        count = session.scalar(select(func.count()).select_from(AccountRow))
        account = AccountRow(id=f"ac_{count}", name="Sums", alias="SUMS", currency="USD", timezone=zone)
        session.add(account)
        session.flush()
        service = ServiceRow(
            id=f"sv_{account.id}",
            account_id=account.id,
            position=0,
            name="One",
            kind="server",
            place="VA1",
            quantity=3,
            charging=charging,
            unit_price=7,
            data="",
            created_at=BEGAN,
            metered_until=BEGAN,
        )
        session.add(service)
        return account.id, service.id


def meter(db: Database, account_id: str, service_id: str, cuts: list[datetime], ends: datetime | None) -> list[Charge]:
    """Write usage in pieces that end at these instants. Returns what one piece would have been."""
    with db.write() as session:
        account, service = session.get_one(AccountRow, account_id), session.get_one(ServiceRow, service_id)
        price = Money(service.unit_price, "USD")
        plan = Plan(Charging(service.charging), price, service.quantity, BEGAN, ends)
        for since, until in zip([BEGAN, *cuts], cuts, strict=False):
            record(session, account, service_id, charges(plan, since, until, account.timezone))
        return charges(plan, BEGAN, cuts[-1], account.timezone)


@given(
    zone=st.sampled_from(ZONES),
    charging=st.sampled_from([Charging.IN_ADVANCE, Charging.IN_ARREARS]),
    minutes=st.lists(st.integers(1, 60 * 24 * 90), min_size=1, max_size=12, unique=True),
    end=st.none() | st.integers(1, 60 * 24 * 90),
)
def test_the_sums_of_months_are_those_of_their_records_whatever_the_zone_and_the_pieces(
    sums_db: Database, zone: str, charging: Charging, minutes: list[int], end: int | None
) -> None:
    account_id, service_id = new_service(sums_db, zone, charging)
    ends = BEGAN + timedelta(minutes=end) if end else None
    cuts = sorted(BEGAN + timedelta(minutes=minute) for minute in minutes)
    at_once = meter(sums_db, account_id, service_id, cuts, ends)
    with sums_db.read() as session:
        records = session.scalars(select(UsageRow).where(UsageRow.service_id == service_id)).all()
        months = session.scalars(select(UsageMonthRow).where(UsageMonthRow.service_id == service_id)).all()
    summed: Counter = Counter()
    for one in records:
        summed[local_day(one.starts_at, zone).replace(day=1), one.is_credit] += one.amount
    assert {(one.month, one.is_credit): one.amount for one in months} == dict(summed)
    expected: Counter = Counter()
    for charge in at_once:
        expected[charge.day.replace(day=1), charge.is_credit] += charge.amount.minor
    assert dict(summed) == dict(expected), "metering in pieces and at once agree"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def old_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the first schema, empty."""
    url = f"sqlite:///{tmp_path}/wizard.db"
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_template")
        postgres.create_database(address, "old")
        url = f"{address}/old".replace("postgresql:", "postgresql+psycopg:")
    db, alembic = Database(url), Config()
    alembic.set_main_option("script_location", str(ROOT / "wizard" / "migrations"))
    with db.engine.execution_options(writes=True).begin() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
    yield db
    db.close()
    if request.param == "postgres":
        postgres.drop_database(address, "old")


@pytest.fixture(scope="module")
def sums_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('sums')}/wizard.db")
    migrate(db)
    yield db
    db.close()


def hour(number: int, minor: int = 5) -> Charge:
    begins = SATURDAY + timedelta(hours=number)
    return Charge(begins.date(), begins, begins + timedelta(hours=1), 1, Money(minor, "USD"))


def test_an_hour_is_never_charged_twice_and_a_refused_piece_leaves_no_sum(any_db: Database) -> None:
    account_id, service_id = new_service(any_db, "UTC", Charging.IN_ARREARS)
    with any_db.write() as session:
        record(session, session.get_one(AccountRow, account_id), service_id, [hour(0), hour(1)])
    with pytest.raises(IntegrityError), any_db.write() as session:
        record(session, session.get_one(AccountRow, account_id), service_id, [hour(1), hour(2)])
    with any_db.write() as session:
        record(session, session.get_one(AccountRow, account_id), service_id, [hour(2)])
    with any_db.read() as session:
        (sums,) = session.scalars(select(UsageMonthRow).where(UsageMonthRow.service_id == service_id))
    assert (sums.quantity, sums.amount) == (3, 15)


def test_records_of_the_first_schema_are_carried_over_with_their_sums(old_db: Database) -> None:
    with old_db.engine.execution_options(writes=True).begin() as connection:
        for statement in (
            "insert into embedded_account (id, name, alias, currency, timezone) "
            "values ('ac_1', 'Old', 'OLDE', 'USD', 'America/New_York')",
            "insert into embedded_service (id, account_id, position, name, kind, place, quantity, charging, unit_price, "
            "data, created_at, metered_until) values ('sv_1', 'ac_1', 0, 'One', 'server', 'VA1', 1, 'in_arrears', 5, '', "
            "'2026-10-30 00:00:00', '2026-11-02 00:00:00')",
            "insert into embedded_usage (account_id, service_id, day, quantity, amount, is_credit) values "
            "('ac_1', 'sv_1', '2026-10-31', 24, 120, false), ('ac_1', 'sv_1', '2026-11-01', 25, 125, false), "
            "('ac_1', 'sv_1', '2026-11-01', -1, -40, true)",
        ):
            connection.execute(text(statement))
    migrate(old_db)
    with old_db.read() as session:
        records = session.scalars(select(UsageRow).order_by(UsageRow.starts_at, UsageRow.is_credit)).all()
        months = session.execute(select(UsageMonthRow.month, UsageMonthRow.is_credit, UsageMonthRow.amount)).all()
    fall_back = day_start(local_day(SATURDAY, "UTC").replace(day=1), "America/New_York")
    assert [(one.starts_at, one.seconds, one.quantity, one.amount) for one in records] == [
        (fall_back - timedelta(days=1), 24 * 3600, 24, 120),
        (fall_back, 25 * 3600, 25, 125),
        (fall_back, 25 * 3600, -1, -40),
    ]
    assert sorted((str(start), is_credit, amount) for start, is_credit, amount in months) == [
        ("2026-10-01", False, 120),
        ("2026-11-01", False, 125),
        ("2026-11-01", True, -40),
    ]
