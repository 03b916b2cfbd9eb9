"""Invitations: of members, and of billing contacts"""

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant, Whole

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("sent", Whole(), nullable=False),
        sa.Column("used_at", UtcInstant(), nullable=True),
        sa.Column("taken_back_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_invitation_login_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("account_id", "idempotency_key", name="uq_invitation_account_id_idempotency_key"),
    )
    op.create_index("ix_invitation_account_id", "invitation", ["account_id"])
