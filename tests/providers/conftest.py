"""The subject of the contract: each implementation, on each database that it works on."""

import pytest
from sqlalchemy import select

from tests.helpers.clock import SetClock
from tests.providers.subject import Subject
from wizard.db import Database
from wizard.providers.embedded import EmbeddedProvider
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
