"""Personal tokens of the API"""

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.Column("last_used_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_api_token_login_id"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
        sa.UniqueConstraint("login_id", "idempotency_key", name="uq_api_token_login_id_idempotency_key"),
    )
