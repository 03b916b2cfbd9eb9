"""A large account, as large as a test asks for."""

from datetime import datetime

from tests.helpers.world import World
from wizard.account.metering import Charging
from wizard.providers.embedded.tables import ServiceRow


def add_services(world: World, count: int, began: datetime | None = None) -> None:
    """So many more for Fernhill, in two data centers; one in ten is not billed. began: in place of now."""
    account_id, began = world.account("fernhill"), began or world.clock()
    with world.db.write() as session:
        session.add_all(
            ServiceRow(
                id=f"sv_{number:05}",
                account_id=account_id,
                position=100 + number,
                name=f"EU{number % 2}FERNAPP{number:04}",
                kind="server" if number % 3 else "Straße",
                place=f"EU{number % 2}",
                quantity=1,
                charging=Charging.UNBILLED if number % 10 == 9 else Charging.IN_ARREARS,
                unit_price=2,
                data="",
                created_at=began,
                metered_until=began,
            )
            for number in range(count)
        )
