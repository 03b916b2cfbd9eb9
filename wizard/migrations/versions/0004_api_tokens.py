"""Personal tokens of the API"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    pass
