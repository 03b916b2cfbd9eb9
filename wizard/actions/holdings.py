"""The services that hold data: what, how it comes out, and which articles lead through the copy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wizard.account.periods import local_day
from wizard.actions.context import Context
from wizard.actions.find_services import by_place
from wizard.content.article import Card
from wizard.providers.values import Service
from wizard.records import runs
from wizard.records.runs import Stated
from wizard.theme.formats import day


@dataclass(frozen=True, slots=True)
class Way:
    """Services of one place whose data comes out in the same way."""

    kind: str
    format: str
    how: str
    articles: list[Card]
    services: list[Service] = field(default_factory=list)


def holding(context: Context) -> list[Service]:
    return [service for service in context.services if service.data]


def data_stated(context: Context) -> dict[str, Stated]:
    """Service -> when and by whom it was stated that its data is safe."""
    with context.means.db.read() as session:
        return runs.data_copies(session, context.account.id)


def by_way(context: Context, services: Iterable[Service]) -> list[tuple[str, list[Way]]]:
    """Domain or data center -> what it holds, by the way in which that comes out; in the provider's order."""
    return [(place, _ways(context, there)) for place, there in by_place(services)]


def in_ways(services: Iterable[Service]) -> list[Service]:
    """The same services in the order in which a list by place and way shows them."""
    found: list[Service] = []
    for _, there in by_place(services):
        first = {_way(service): number for number, service in reversed(list(enumerate(there)))}
        found += sorted(there, key=lambda service: first[_way(service)])
    return found


def articles_for(context: Context, kinds: Iterable[str]) -> list[Card]:
    """The articles about these kinds of services, but for the one that the reader is in."""
    here = context.article.address if context.article else ""
    found = {card.address: card for kind in dict.fromkeys(kinds) for card in context.library.about(kind)}
    return [card for address, card in found.items() if address != here]


def stated_words(context: Context, stated: Mapping[str, Stated]) -> dict[str, str]:
    """Service -> `Stated 21 November 2026 by Ana Ruiz`"""
    zone = context.account.timezone
    return {id_: f"Stated {day(local_day(one.at, zone))} by {one.by}" for id_, one in stated.items()}


def _ways(context: Context, services: Iterable[Service]) -> list[Way]:
    ways: dict[tuple[str, str, str], Way] = {}
    for service in services:
        way = _way(service)
        if way not in ways:
            ways[way] = Way(*way, articles_for(context, [service.kind]))
        ways[way].services.append(service)
    return list(ways.values())


def _way(service: Service) -> tuple[str, str, str]:
    return service.kind, service.data_format, service.data_how
