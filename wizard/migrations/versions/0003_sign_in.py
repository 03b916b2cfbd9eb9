"""Sessions, and links that set a password"""

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "password_link",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("used_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_password_link_login_id"),
    )
    op.create_index("ix_password_link_login_id", "password_link", ["login_id"])
