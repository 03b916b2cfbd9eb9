"""Operations that finish later, and deletions that wait for a decision"""

import sqlalchemy as sa
from alembic import op

from wizard.db import Whole

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("deletion") as table:
        table.add_column(sa.Column("handed", Whole(), nullable=True))
        table.add_column(sa.Column("paused", sa.String(), nullable=True))
    # a closure's deletion ran within the closing, and nobody has it once that begins again
    op.execute("update deletion set handed = case when closure_id is null then attempt else 0 end")
    with op.batch_alter_table("deletion") as table:
        table.alter_column("handed", existing_type=Whole(), nullable=False)
    with op.batch_alter_table("deletion_item") as table:
        table.add_column(sa.Column("stands_on", sa.String(), nullable=True))
        table.add_column(sa.Column("operation_id", sa.String(), nullable=True))
    with op.batch_alter_table("closure_request") as table:
        table.add_column(sa.Column("operation_id", sa.String(), nullable=True))
