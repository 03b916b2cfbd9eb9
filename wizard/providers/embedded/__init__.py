"""The provider that ships with KB Wizard: accounts in our own database, for a start and for demos."""

from wizard.providers.embedded.provider import EmbeddedProvider, open_provider

__all__ = ["EmbeddedProvider", "open_provider"]
