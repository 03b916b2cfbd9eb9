"""Usage of large accounts: records with an instant, and the sums of their months beside them"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant, Whole

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    records = op.create_table(
        "embedded_usage_record",
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("starts_at", UtcInstant(), nullable=False),
        sa.Column("is_credit", sa.Boolean(), nullable=False),
        sa.Column("seconds", Whole(), nullable=False),
        sa.Column("quantity", Whole(), nullable=False),
        sa.Column("amount", Whole(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["embedded_service.id"], name="fk_embedded_usage_record_service_id"),
        sa.PrimaryKeyConstraint("service_id", "starts_at", "is_credit", name="pk_embedded_usage_record"),
        sqlite_with_rowid=False,
    )
    months = op.create_table(
        "embedded_usage_month",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("is_credit", sa.Boolean(), nullable=False),
        sa.Column("quantity", Whole(), nullable=False),
        sa.Column("amount", Whole(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["embedded_account.id"], name="fk_embedded_usage_month_account_id"),
        sa.ForeignKeyConstraint(["service_id"], ["embedded_service.id"], name="fk_embedded_usage_month_service_id"),
        sa.PrimaryKeyConstraint("account_id", "month", "service_id", "is_credit", name="pk_embedded_usage_month"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    accounts = connection.execute(sa.text("select id, timezone from embedded_account")).all()
    for account_id, zone in accounts:
        _carry_over(connection, records, months, account_id, ZoneInfo(zone))
    op.drop_table("embedded_usage")


def _carry_over(
    connection: sa.Connection, records: sa.Table, months: sa.Table, account_id: str, zone: ZoneInfo
) -> None:
    """Rows of whole days become records that start with their day."""
    old = sa.table("embedded_usage", *map(sa.column, ("account_id", "service_id", "quantity", "amount")))
    old.append_column(sa.column("day", sa.Date()))
    old.append_column(sa.column("is_credit", sa.Boolean()))
    service = sa.table("embedded_service", sa.column("id"), sa.column("charging"))
    rows = connection.execute(
        sa.select(
            old.c.service_id,
            old.c.day,
            old.c.is_credit,
            service.c.charging,
            sa.cast(sa.func.sum(old.c.quantity), Whole()).label("quantity"),
            sa.cast(sa.func.sum(old.c.amount), Whole()).label("amount"),
        )
        .join_from(old, service, service.c.id == old.c.service_id)
        .where(old.c.account_id == account_id)
        .group_by(old.c.service_id, old.c.day, old.c.is_credit, service.c.charging)
    ).all()
    sums: dict[tuple, list[int]] = {}
    found = []
    for row in rows:
        starts_at, ends_at = (
            datetime.combine(day, time.min, zone).astimezone(UTC) for day in (row.day, row.day + timedelta(days=1))
        )
        seconds = (ends_at - starts_at) // timedelta(seconds=1) if row.charging == "in_arrears" else 0
        same = {"service_id": row.service_id, "is_credit": row.is_credit}
        found.append(
            {**same, "starts_at": starts_at, "seconds": seconds, "quantity": row.quantity, "amount": row.amount}
        )
        line = sums.setdefault((row.day.replace(day=1), row.service_id, row.is_credit), [0, 0])
        line[0] += row.quantity
        line[1] += row.amount
    if found:
        connection.execute(records.insert(), found)
        connection.execute(
            months.insert(),
            [
                {
                    "account_id": account_id,
                    "month": month,
                    "service_id": service_id,
                    "is_credit": is_credit,
                    "quantity": quantity,
                    "amount": amount,
                }
                for (month, service_id, is_credit), (quantity, amount) in sums.items()
            ],
        )
