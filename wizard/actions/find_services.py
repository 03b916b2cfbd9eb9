"""Services by what the customer types: words of their name, kind or place."""

from collections.abc import Iterable

from wizard.providers.values import Service


def matching(services: Iterable[Service], wanted: str) -> list[Service]:
    """Those that have every word of `wanted` somewhere, in large or small letters; all for no word."""
    words = set(wanted.casefold().split())
    if not words:
        return list(services)
    return [one for one in services if all(word in _text(one) for word in words)]


def by_place(services: Iterable[Service]) -> list[tuple[str, list[Service]]]:
    """Domain or data center -> its services, in the provider's order."""
    places: dict[str, list[Service]] = {}
    for service in services:
        places.setdefault(service.place, []).append(service)
    return list(places.items())


def in_places(services: Iterable[Service]) -> list[Service]:
    """The same services in the order in which a list by place shows them."""
    return [one for _, there in by_place(services) for one in there]


def _text(service: Service) -> str:
    return f"{service.name} {service.kind} {service.place}".casefold()
