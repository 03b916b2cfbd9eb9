"""Outgoing mail, and the audit"""

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant, Whole

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("values", sa.String(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("attempt", Whole(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_at", UtcInstant(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
    )
    op.create_index("ix_mail_state", "mail", ["state"])
    op.create_table(
        "audit",
        sa.Column("id", Whole(), primary_key=True),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=True),
        sa.Column("token_id", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_audit_login_id"),
    )
    op.create_index("ix_audit_login_id", "audit", ["login_id"])
    op.create_index("ix_audit_account_at", "audit", ["account_id", "at"])
