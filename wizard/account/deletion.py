"""In which order services can be deleted, what stands on a service going before it; and what is left of their data."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta


def left_behind(chosen: Iterable[str], stands_on: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Chosen service -> services that stand on it and are not chosen. Empty: all can be deleted.

    stands_on: every service of the account -> the one that it stands on, if any.
    """
    chosen = set(chosen)
    problems: dict[str, list[str]] = {}
    for service, base in stands_on.items():
        if base in chosen and service not in chosen:
            problems.setdefault(base, []).append(service)
    return problems


def deletion_order(chosen: Iterable[str], stands_on: Mapping[str, str | None]) -> list[str]:
    """The chosen services, each before the one that it stands on; otherwise as given."""
    order = list(dict.fromkeys(chosen))
    depth = {service: _depth(service, stands_on) for service in order}
    return sorted(order, key=lambda service: -depth[service])


def backups_until(day: date, days: int) -> date:
    """The last day on which there are backups of what is deleted on `day`, where they are kept for so many days."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _depth(service: str, stands_on: Mapping[str, str | None]) -> int:
    seen = {service}
    base = stands_on.get(service)
    while base is not None and base not in seen:
        seen.add(base)
        base = stands_on.get(base)
    return len(seen)
