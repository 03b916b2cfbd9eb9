"""The subject of the contract: each implementation, on each database that it works on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select

from tests.helpers import postgres
from tests.helpers.clock import SetClock
from tests.providers.subject import Subject
from wizard.db import Database
from wizard.migrations import migrate
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.price_list import add_price_list
from wizard.providers.embedded.provider import Settings
from wizard.providers.embedded.tables import AccountRow, ServiceRow


@pytest.fixture
def subject(any_db: Database, clock: SetClock) -> Subject:
    with any_db.read() as session:
        accounts = {row.name: row.id for row in session.scalars(select(AccountRow))}

    def hold(service_id: str, reason: str) -> None:
        with any_db.write() as session:
            session.get_one(ServiceRow, service_id).hold = reason

    provider = EmbeddedProvider(any_db, clock, Settings(deletion_seconds=30))
    return Subject(provider, clock, accounts["Fernhill Robotics"], accounts["Larkspur Books"], hold)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def orders_db(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with a price list and no accounts, for all tests of a module: each makes customers of its own."""
    url, name = f"sqlite:///{tmp_path_factory.mktemp('orders')}/wizard.db", f"orders_{abs(hash(request.node.nodeid))}"
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_template")
        postgres.create_database(address, name)
        url = f"{address}/{name}".replace("postgresql:", "postgresql+psycopg:")
    db = Database(url)
    if db.is_sqlite:  # nothing of it has to outlast a power cut
        event.listen(db.engine, "connect", lambda raw, _record: raw.execute("pragma synchronous = off"))
    migrate(db)
    with db.write() as session:
        add_price_list(session)
    yield db
    db.close()
    if request.param == "postgres":
        postgres.drop_database(address, name)
