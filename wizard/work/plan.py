"""What to delete and in which order, as records keep it. Used by who confirms and by who closes."""

from collections.abc import Sequence

from wizard.account.deletion import deletion_order
from wizard.providers.values import Service
from wizard.records.deletions import Wanted


def planned(chosen: Sequence[Service], there: Sequence[Service]) -> list[Wanted]:
    """chosen: what is to be deleted; there: all services of the account. What stands on another goes first."""
    by_id = {service.id: service for service in chosen}
    order = deletion_order(by_id, {service.id: service.stands_on for service in there})
    return [_wanted(by_id[service_id]) for service_id in order]


def _wanted(service: Service) -> Wanted:
    return Wanted(service.id, service.name, service.place, service.per_month.minor, service.stands_on)
