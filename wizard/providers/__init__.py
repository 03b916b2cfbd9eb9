"""The system that owns the account: services, usage, invoices, deletion.

In: calls of the `Provider` protocol (`interface.py`). Out: its plain values, or a ProviderError.
One setting picks the implementation, one contract test runs over all. May import: the ground and
`account`.
"""

from collections.abc import Callable

from wizard.clock import Clock
from wizard.config import Config
from wizard.db import Database
from wizard.errors import SetupError
from wizard.providers import embedded
from wizard.providers.interface import Provider
from wizard.tables import nearest

_OPENERS: dict[str, Callable[[Config, Database, Clock], Provider]] = {"embedded": embedded.open_provider}


def open_provider(config: Config, db: Database, clock: Clock) -> Provider:
    """The provider that the settings name. Raises SetupError for a wrong name or setting."""
    opener = _OPENERS.get(config.provider)
    if opener is None:
        raise SetupError(f"provider.name is {config.provider!r}, no provider{nearest(config.provider, _OPENERS)}")
    return opener(config, db, clock)
