"""Sessions, links that set a password, and who holds an account"""

import sqlalchemy as sa
from alembic import op

from wizard.db import UtcInstant

revision = "0003"
down_revision = "0002"

_ADMINISTRATOR = """
    select min(login.email) from login join membership on membership.login_id = login.id
    where membership.account_id = embedded_account.id and membership.role = 'account-administrator'
"""
"""Of accounts that are there already no address is on file; an administrator's is right for every mail."""


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
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("login_id", sa.String(), nullable=False),
        sa.Column("begun_at", UtcInstant(), nullable=False),
        sa.Column("seen_at", UtcInstant(), nullable=False),
        sa.Column("expires_at", UtcInstant(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"], name="fk_login_session_login_id", ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash", name="uq_login_session_token_hash"),
    )
    op.create_index("ix_login_session_login_id", "login_session", ["login_id"])
    op.create_index("ix_login_session_expires_at", "login_session", ["expires_at"])

    added = ("holder", "email", "domains")
    with op.batch_alter_table("embedded_account") as table:
        for name in added:
            table.add_column(sa.Column(name, sa.String(), nullable=True))
    op.execute(f"update embedded_account set holder = name, email = coalesce(({_ADMINISTRATOR}), ''), domains = ''")
    with op.batch_alter_table("embedded_account") as table:
        for name in added:
            table.alter_column(name, existing_type=sa.String(), nullable=False)
