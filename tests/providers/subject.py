"""A provider under test, and how its tests ask it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.helpers.clock import SetClock
from wizard.providers.interface import Provider
from wizard.providers.values import Service, UsageLine, every


@dataclass
class Subject:
    """A provider under test, with what a test needs to know of its accounts."""

    provider: Provider
    clock: SetClock
    in_arrears: str
    in_advance: str
    hold: Callable[[str, str], None]
    """Make it refuse the deletion of a service, with a reason."""


def services_of(provider: Provider, account: str) -> list[Service]:
    return every(lambda after: provider.services(account, after))


def usage_of(provider: Provider, account: str, since: date) -> list[UsageLine]:
    return every(lambda after: provider.usage(account, since, after))


def named(subject: Subject, account: str, name: str) -> str:
    return next(one.id for one in services_of(subject.provider, account) if one.name == name)
