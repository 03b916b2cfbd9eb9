"""An installation with the demo data: on SQLite, and in the full run on PostgreSQL as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import postgres
from tests.helpers.processes import Installation


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    if request.param == "sqlite":
        installed = Installation(tmp_path)
        installed.done("demo")
        yield installed
        return
    address, name = request.getfixturevalue("postgres_template"), f"test_{abs(hash(request.node.nodeid))}"
    postgres.create_database(address, name)
    installed = Installation(tmp_path, f"{address}/{name}")
    installed.done("demo")
    yield installed
    postgres.drop_database(address, name)
