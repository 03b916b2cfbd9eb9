"""Orders: price lists, quotes, credit, lines of invoices, service tasks, contacts, term commitments"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant, Whole

revision = "0007"
down_revision = "0006"

_ADDED = (
    ("embedded_contract", "place", sa.String(), "''"),
    ("embedded_contract", "sales_contact", sa.String(), "''"),
    ("embedded_contract", "sales_email", sa.String(), "''"),
    ("embedded_effect", "result", sa.String(), "''"),
    ("embedded_invoice", "credit_used", Whole(), "0"),
    ("embedded_payment_method", "declines", sa.Boolean(), "false"),
)
"""Table, column, type, and what it is in the rows that are there."""


def upgrade() -> None:
    _add_columns()
    op.create_table(
        "embedded_price",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("position", Whole(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("units", sa.String(), nullable=False),
        sa.Column("is_for_account", sa.Boolean(), nullable=False),
        sa.Column("charging", sa.String(), nullable=False),
        sa.Column("unit_price", Whole(), nullable=False),
        sa.Column("most", Whole(), nullable=True),
        sa.Column("needs", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "currency", name="pk_embedded_price"),
    )
    op.create_table(
        "embedded_task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("position", Whole(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("price", Whole(), nullable=False),
        sa.PrimaryKeyConstraint("id", "currency", name="pk_embedded_task"),
    )
    op.create_table(
        "embedded_contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("added_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_contact_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_embedded_contact"),
    )
    op.create_index("ix_embedded_contact_account_id", "embedded_contact", ["account_id"])
    _write_to_whom_it_was_written_so_far()

    op.create_table(
        "embedded_credit",
        sa.Column("id", Whole(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("amount", Whole(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_credit_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_embedded_credit"),
    )
    op.create_index("ix_embedded_credit_account_id", "embedded_credit", ["account_id"])

    op.create_table(
        "embedded_item",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", Whole(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_item_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_embedded_item"),
    )
    op.create_index("ix_embedded_item_account_id", "embedded_item", ["account_id"])

    op.create_table(
        "embedded_payment_setup",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("return_to", sa.String(), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("used_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_payment_setup_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_embedded_payment_setup"),
        sa.UniqueConstraint("idempotency_key", name="uq_embedded_payment_setup_idempotency_key"),
    )
    op.create_index("ix_embedded_payment_setup_account_id", "embedded_payment_setup", ["account_id"])

    op.create_table(
        "embedded_quote",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("total", Whole(), nullable=False),
        sa.Column("credit_used", Whole(), nullable=False),
        sa.Column("ordered_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_quote_account_id"),
        sa.ForeignKeyConstraint(["contract_id"], ["embedded_contract.id"], name="fk_embedded_quote_contract_id"),
        sa.PrimaryKeyConstraint("id", name="pk_embedded_quote"),
    )
    op.create_index("ix_embedded_quote_account_id", "embedded_quote", ["account_id"])

    op.create_table(
        "service_order",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("contract_id", sa.String(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("total", Whole(), nullable=False),
        sa.Column("credit_used", Whole(), nullable=False),
        sa.Column("payment_method_id", sa.String(), nullable=False),
        sa.Column("payment_method", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=True),
        sa.Column("ordered_at", UtcInstant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("operation_id", sa.String(), nullable=True),
        sa.Column("attempt", Whole(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("invoice", sa.String(), nullable=True),
        sa.Column("finished_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_service_order_login_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_service_order_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_service_order"),
        sa.UniqueConstraint("account_id", "idempotency_key", name="uq_service_order_account_id_idempotency_key"),
        sa.UniqueConstraint("reference", name="uq_service_order_reference"),
    )
    op.create_index("ix_service_order_account_id", "service_order", ["account_id"])

    op.create_table(
        "embedded_invoice_line",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("position", Whole(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("amount", Whole(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["embedded_invoice.number"], name="fk_embedded_invoice_line_number"),
        sa.ForeignKeyConstraint(["service_id"], ["embedded_service.id"], name="fk_embedded_invoice_line_service_id"),
        sa.PrimaryKeyConstraint("number", "position", name="pk_embedded_invoice_line"),
    )
    op.create_index("ix_embedded_invoice_line_service_id", "embedded_invoice_line", ["service_id"])


def _add_columns() -> None:
    for table, column, kind, _ in _ADDED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, kind, nullable=True))
    with op.batch_alter_table("embedded_contract") as batch:
        batch.add_column(sa.Column("committed_until", sa.Date(), nullable=True))
    with op.batch_alter_table("embedded_invoice") as batch:
        batch.add_column(sa.Column("month", sa.Date(), nullable=True))
    for table, column, kind, value in _ADDED:
        op.execute(f"update {table} set {column} = {value}")
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=kind, nullable=False)
    op.execute(
        "update embedded_contract set place = coalesce((select min(place) from embedded_service"
        " where embedded_service.contract_id = embedded_contract.id),"
        " case when name like 'The package of %' then substr(name, 16) else '' end) where not is_account"
    )
    _say_which_month()


def _say_which_month() -> None:
    """So far there were invoices of months only, each issued on the first day of the next."""
    invoices = sa.table("embedded_invoice", *(sa.column(name, sa.Date()) for name in ("issued_on", "month")))
    for (issued,) in op.get_bind().execute(sa.select(invoices.c.issued_on).distinct()).all():
        covered = (issued - timedelta(days=1)).replace(day=1)
        op.execute(sa.update(invoices).where(invoices.c.issued_on == issued).values(month=covered))


def _write_to_whom_it_was_written_so_far() -> None:
    """Each account's own address becomes its first billing contact."""
    names = ("id", "account_id", "name", "email", "added_at")
    contacts = sa.table("embedded_contact", *(sa.column(name) for name in names))
    id_, name, email = (sa.column(column, sa.String()) for column in ("id", "name", "email"))
    now = sa.literal(datetime.now(UTC), UtcInstant())
    of_accounts = sa.select(sa.literal("bc_").concat(sa.func.substr(id_, 4)), id_, name, email, now).select_from(
        sa.table("embedded_account")
    )
    op.execute(sa.insert(contacts).from_select(names, of_accounts.where(email != "")))
