"""What records keep of an account: its name and time zone as they were, so that a receipt can be
shown when the provider is away."""

from typing import Protocol


class KeptAccount(Protocol):
    """The provider's account, as far as records know it."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def timezone(self) -> str: ...

    @property
    def currency(self) -> str: ...
