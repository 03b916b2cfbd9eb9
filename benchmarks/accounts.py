"""Large accounts of the embedded provider, invented: many services, and years of usage by the hour."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard import demo
from wizard.account.metering import Charge, Charging
from wizard.account.periods import day_start, local_day, months_back
from wizard.account.roles import Role
from wizard.actions.context import Means
from wizard.app import make_means
from wizard.config import Config, load
from wizard.migrations import migrate
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow, ContractRow, ServiceRow, new_id
from wizard.providers.embedded.usage import record
from wizard.records.logins import add_member, find_login

NOW = datetime(2026, 11, 21, 17, 3, tzinfo=UTC)
"""The clock of all measurements stands here, so that accounts can be kept from one run to the next."""
ZONE = "America/New_York"
LOGIN = "ana@demo.example"
DEMO, YEARS = "Fernhill Robotics", "Years of usage"
"""Accounts: a small one of the demo, and the one with usage by the hour."""

_ROOT = Path(__file__).resolve().parent.parent
KEPT = _ROOT / ".wizard"
"""Git takes no notice of it, and `make clean` removes it."""
_MIGRATIONS = _ROOT / "wizard" / "migrations" / "versions"

_HOUR = timedelta(hours=1)
_KINDS = ("server", "network", "object storage", "mailboxes", "database")
_PLACES = ("VA1", "UC1", "GB3", "DE1", "SG1")


def open_wizard(data: Path) -> tuple[Config, Means]:
    """On a migrated SQLite database in a folder, with the demo accounts and logins."""
    config = load(_ROOT / "wizard.toml", {})
    config = replace(config, data=data, secret_key="of the benchmark", provider_settings={})  # deletions take no time
    means = make_means(config, lambda: NOW)
    migrate(means.db)
    demo.fill(means)
    return config, means


def kept(where: Path, services: int, months: int) -> Path:
    """The folder of a database with an account of years of usage: made once, as it takes a minute or two, and
    anew for other numbers or other migrations."""
    schema = sha256(b"".join(file.read_bytes() for file in sorted(_MIGRATIONS.glob("*.py")))).hexdigest()[:8]
    folder = where / f"benchmark-{services}-{months}-{schema}"
    if not folder.exists():
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        _, means = open_wizard(new)
        account_of(means, YEARS, services, months)
        means.db.close()
        new.rename(folder)
    return folder


def account_ids(means: Means) -> dict[str, str]:
    """Name -> id."""
    with means.db.read() as session:
        return {row.name: row.id for row in session.scalars(select(AccountRow))}


def sign_in(send: Callable[..., str]) -> None:
    """As LOGIN, by the form. send: method, path and body -> what the page says."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', send("GET", "/sign-in/"))
    assert token, "the form has a token"
    send("POST", "/sign-in/", urlencode({"csrf_token": token[1], "email": LOGIN, "password": demo.PASSWORD}))


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
