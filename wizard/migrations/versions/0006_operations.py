"""Operations that finish later, and deletions that wait for a decision"""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    pass
