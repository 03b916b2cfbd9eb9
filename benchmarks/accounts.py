"""Large accounts of the embedded provider, invented: many services, and years of usage by the hour."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from wizard import demo
from wizard.account.metering import Charge, Charging
from wizard.account.periods import day_start, local_day, months_back
from wizard.account.roles import Role
from wizard.actions.context import Means
from wizard.app import make_means
from wizard.config import Config
from wizard.migrations import migrate
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow, ContractRow, ServiceRow, new_id
from wizard.providers.embedded.usage import record
from wizard.records.logins import add_member, find_login

NOW = datetime(2026, 11, 21, 17, 3, tzinfo=UTC)
"""The clock of all measurements stands here, so that accounts can be kept from one run to the next."""
ZONE = "America/New_York"
LOGIN = "ana@demo.example"

_HOUR = timedelta(hours=1)
_KINDS = ("server", "network", "object storage", "mailboxes", "database")
_PLACES = ("VA1", "UC1", "GB3", "DE1", "SG1")


def open_means(config: Config) -> Means:
    """On a migrated database with the demo accounts and logins."""
    means = make_means(config, lambda: NOW)
    migrate(means.db)
    demo.fill(means)
    return means


def account_of(means: Means, name: str, services: int, months: int = 0) -> str:
    """Id of an account with so many services, which LOGIN administers.

    months: for so many before the present one all services have usage by the hour; 0: there is none, and
    one service in ten is not billed.
    """
    began = day_start(months_back(local_day(NOW, ZONE), months + 1)[-1].start, ZONE)
    until = NOW.replace(minute=0)
    with means.db.write() as session:
        account = _add_account(session, name)
        rows = [_service(account, number, began, until, bool(months) or number % 10 < 9) for number in range(services)]
        session.add_all(rows)
        session.flush()
        for number, row in enumerate(rows if months else []):
            record(session, account, row.id, _hours(row.unit_price, began, until))
            if sys.stderr.isatty():
                print(f"\r{name}: {number + 1} of {services} services ", end="", file=sys.stderr, flush=True)
        login = find_login(session, LOGIN)
        assert login, "the demo has this login"
        add_member(session, login, account.id, Role.ACCOUNT_ADMINISTRATOR)
        return account.id


def _add_account(session: Session, name: str) -> AccountRow:
    account = AccountRow(id=new_id("ac"), name=name, alias="LRGE", currency="USD", timezone=ZONE)
    session.add(account)
    session.flush()
    session.add(ContractRow(id=new_id("ct"), account_id=account.id, name="The whole account", is_account=True))
    return account


def _service(account: AccountRow, number: int, began: datetime, until: datetime, is_billed: bool) -> ServiceRow:
    place, kind = _PLACES[number * len(_PLACES) // 5000 % len(_PLACES)], _KINDS[number % len(_KINDS)]
    return ServiceRow(
        id=new_id("sv"),
        account_id=account.id,
        position=number,
        name=f"{place}LRGE{kind[:3].upper()}{number:04}",
        kind=kind,
        place=place,
        quantity=1,
        charging=Charging.IN_ARREARS if is_billed else Charging.UNBILLED,
        unit_price=1 + number % 12,
        data="",
        created_at=began,
        metered_until=until,
    )


def _hours(price: int, since: datetime, until: datetime) -> Iterator[Charge]:
    cost = Money(price, "USD")
    while since < until:
        day = local_day(since, ZONE)
        stop = min(day_start(day + timedelta(days=1), ZONE), until)
        while since < stop:
            yield Charge(day, since, since + _HOUR, 1, cost)
            since += _HOUR
