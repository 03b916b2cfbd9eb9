"""What the views work with, hung on the app."""

from dataclasses import dataclass

from flask import current_app, g, request

from wizard.actions.context import Means
from wizard.config import Config
from wizard.content.library import Library
from wizard.records.audit import Who
from wizard.records.logins import Login
from wizard.theme.files import StaticFiles


@dataclass(frozen=True, slots=True)
class House:
    config: Config
    library: Library
    means: Means
    files: StaticFiles

    @property
    def site_root(self) -> str:
        """Where the site begins, ending in `/`: next door, or at its own address."""
        return self.config.address.rstrip("/") + "/" if self.config.address else "/"


def house() -> House:
    return current_app.extensions["wizard"]


def login() -> Login:
    """Who is signed in; only behind a rule that asks for it."""
    return g.login


def who() -> Who:
    """Who asks, and from where, for the audit."""
    token = g.get("token")
    return Who(g.login.id if g.login else None, request.remote_addr or "", token and token.id)
