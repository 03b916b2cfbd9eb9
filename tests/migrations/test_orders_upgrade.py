"""A database of the revision before orders comes up with all that it had, and knows what orders need to know."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from tests.helpers import postgres
from tests.helpers.clock import SetClock
from tests.migrations.test_schema import to_revision
from wizard.db import Database
from wizard.migrations import migrate
from wizard.money import Money
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.demo import add_demo
from wizard.providers.embedded.tables import ContractRow, InvoiceRow

ROWS = """
insert into embedded_account (id, name, alias, currency, timezone, holder, email, domains) values
    ('ac_1', 'Larkspur Books', 'LARK', 'USD', 'America/Chicago', 'Larkspur Books', 'lou@demo.example', ''),
    ('ac_2', 'Fernhill Robotics', 'FERN', 'USD', 'America/New_York', 'Fernhill Robotics', '', 'fernhill.example');
insert into embedded_contract (id, account_id, name, is_account, closed_at) values
    ('ct_1', 'ac_1', 'The whole account', true, null), ('ct_2', 'ac_1', 'The package of books.example', false, null),
    ('ct_3', 'ac_1', 'The package of gone.example', false, '2026-10-05 12:00:00'),
    ('ct_4', 'ac_1', 'The package of empty.example', false, null), ('ct_5', 'ac_2', 'The whole account', true, null);
insert into embedded_service (id, account_id, contract_id, position, name, kind, place, quantity, charging, unit_price,
    stands_on, data, hold, created_at, metered_until, deleted_at) values
    ('sv_1', 'ac_1', 'ct_2', 0, 'Business Hosting, books.example', 'hosting package', 'books.example', 1, 'in_advance',
        1500, null, 'Web space', null, '2026-08-01 05:00:00', '2026-11-21 06:00:00', null),
    ('sv_2', 'ac_1', 'ct_2', 1, 'Mailboxes, books.example', 'mailboxes', 'books.example', 3, 'in_advance', 1000, 'sv_1',
        'Mail', 'A backup is running.', '2026-08-01 05:00:00', '2026-11-21 06:00:00', null),
    ('sv_3', 'ac_1', 'ct_3', 2, 'Business Hosting, gone.example', 'hosting package', 'gone.example', 1, 'in_advance',
        1500, null, '', null, '2026-08-01 05:00:00', '2026-10-05 12:00:00', '2026-10-05 12:00:00'),
    ('sv_4', 'ac_2', 'ct_5', 0, 'VA1FERNWEB01', 'server', 'VA1', 1, 'in_arrears', 5, null, 'System disk', null,
        '2026-08-01 04:00:00', '2026-11-21 05:00:00', null);
insert into embedded_free_span (contract_id, starts_at, ends_at) values ('ct_3', '2026-10-05 12:00:00', null);
insert into embedded_usage_record (service_id, starts_at, is_credit, seconds, quantity, amount) values
    ('sv_1', '2026-11-01 05:00:00', false, 0, 1, 1500), ('sv_2', '2026-11-01 05:00:00', false, 0, 3, 3000);
insert into embedded_usage_month (account_id, month, service_id, is_credit, quantity, amount) values
    ('ac_1', '2026-11-01', 'sv_1', false, 1, 1500), ('ac_1', '2026-11-01', 'sv_2', false, 3, 3000);
insert into embedded_invoice (number, account_id, issued_on, due_on, total, paid_on) values
    ('LARK-2026-10', 'ac_1', '2026-11-01', '2026-11-30', 4500, null),
    ('LARK-2025-12', 'ac_1', '2026-01-01', '2026-01-31', 4500, '2026-01-10'),
    ('FERN-2026-02', 'ac_2', '2026-03-01', '2026-03-31', 3360, '2026-03-10');
insert into embedded_payment_method (id, account_id, brand, last_four, expires, is_default) values
    ('pm_1', 'ac_1', 'Visa', '4242', '2028-11-30', true);
insert into embedded_effect (idempotency_key, account_id, effect, subject_id, subject, at, finished_at, calls) values
    ('k', 'ac_1', 'delete service', 'sv_3', 'Business Hosting', '2026-10-05 12:00:00', '2026-10-05 12:00:00', 2)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.full)])
def old_db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Of revision 0006, with rows as the demo made them."""
    url, address = f"sqlite:///{tmp_path}/wizard.db", ""
    if request.param == "postgres":
        address = request.getfixturevalue("postgres_template")
        postgres.create_database(address, "before_orders")
        url = f"{address}/before_orders".replace("postgresql:", "postgresql+psycopg:")
    db = Database(url)
    to_revision(db, "0006")
    with db.engine.execution_options(writes=True).begin() as connection:
        for statement in ROWS.split(";"):
            connection.execute(text(statement))
    yield db
    db.close()
    if address:
        postgres.drop_database(address, "before_orders")


def stored(db: Database) -> dict[str, list[dict[str, object]]]:
    with db.engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(f"select * from {name}")).mappings()]
            for name in inspect(connection).get_table_names()
            if name.startswith("embedded_")
        }


def test_nothing_is_lost_and_contracts_and_invoices_know_what_they_are_for(old_db: Database) -> None:
    before = stored(old_db)
    migrate(old_db)
    after = stored(old_db)
    for name, rows in before.items():
        assert rows, f"{name} has rows to keep"
        kept = [{column: row[column] for column in rows[0]} for row in after[name]]
        assert sorted(kept, key=repr) == sorted(rows, key=repr), name
    with old_db.read() as session:
        places = {row.id: row.place for row in session.scalars(select(ContractRow))}
        months = {row.number: (row.month, row.credit_used) for row in session.scalars(select(InvoiceRow))}
    assert places == {"ct_1": "", "ct_2": "books.example", "ct_3": "gone.example", "ct_4": "empty.example", "ct_5": ""}
    assert months == {
        "LARK-2026-10": (date(2026, 10, 1), 0),
        "LARK-2025-12": (date(2025, 12, 1), 0),
        "FERN-2026-02": (date(2026, 2, 1), 0),
    }
    provider = EmbeddedProvider(old_db, SetClock())
    assert [(one.id, one.name, one.email) for one in provider.contacts("ac_1")] == [
        ("bc_1", "Larkspur Books", "lou@demo.example")
    ]
    assert not provider.contacts("ac_2"), "it has no address"
    if old_db.is_sqlite:
        with old_db.engine.connect() as connection:
            assert not connection.execute(text("pragma foreign_key_check")).all()


def test_what_was_there_before_can_be_ordered_from(old_db: Database) -> None:
    migrate(old_db)
    clock = SetClock()
    with old_db.write() as session:
        add_demo(session, clock())
    provider = EmbeddedProvider(old_db, clock)
    quote = provider.quote("ac_1", "ct_2", {"mailboxes": 4, "sharepoint-space": 1})
    assert quote.total == Money(333 + 267, "USD")
    provider.order("ac_1", quote.id, "pm_1", "key")
    names = [one.name for one in provider.services("ac_1").items]
    assert names == ["Business Hosting, books.example", "Mailboxes, books.example", "SharePoint, books.example"]
