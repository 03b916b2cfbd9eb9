"""What every action is made of."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wizard.actions.context import Context
from wizard.actions.index import INDEX, Info
from wizard.errors import NotAllowed, NotFound


class Status(StrEnum):
    COMPLETED = "Completed"
    IN_PROGRESS = "In progress"
    NOT_STARTED = "Not yet started"
    CANNOT_START = "Cannot start yet"
    PROBLEM = "There is a problem"


_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Fact:
    status: Status
    text: str
    """One sentence, checked now."""


class Answers:
    """What the customer entered: names with one or several values."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def one(self, name: str) -> str:
        """The first value, without spaces around it; `""` if there is none."""
        return (self._values.get(name) or [""])[0].strip()

    def key(self) -> str:
        """The form's idempotency key; `""` where it is none that we made."""
        key = self.one("key")
        return key if _KEY.fullmatch(key) else ""

    def all(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))

    def but(self, names: Container[str]) -> dict[str, list[str]]:
        """All that is not named."""
        return {name: list(values) for name, values in self._values.items() if name not in names}


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel shows. Templates lie in `theme/templates/actions/`."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    """Its heading; empty for the first view, which begins with the fact."""
    errors: dict[str, str] = field(default_factory=dict)
    """Field -> message, of a form that was sent with a mistake."""
    refresh: bool = False
    """Something is going on: show it anew by itself."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows on a deed: the panel again with this query, a receipt, the next step, or another's page."""

    query: dict[str, str] = field(default_factory=dict)
    receipt: str = ""
    """Reference of the receipt to show."""
    onward: bool = False
    """Nothing more to see here: go on to the next step."""
    look: bool = False
    """Nothing was done: show what was asked for, too long for an address, by what was entered."""
    away: Callable[[str], str] | None = None
    """Leave for the address that the provider answers. It is asked with the address of the panel with
    this query, to which the customer comes back; it may raise what `submit` may."""


@dataclass(frozen=True, slots=True)
class File:
    """Something to keep, made as a whole before any of it is sent."""

    name: str
    """What it is saved as: ASCII letters, digits, `-` and `.`."""
    media_type: str
    content: bytes


class Action(ABC):
    name: str

    @property
    def info(self) -> Info:
        return INDEX[self.name]

    @abstractmethod
    def fact(self, context: Context) -> Fact:
        """How far this is on the account, checked now. May raise ProviderError."""

    @abstractmethod
    def show(self, context: Context, query: Answers) -> Panel:
        """The panel for a GET with this query."""

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        """Do it. Raises Invalid, Stale or NotAllowed; then nothing was done."""
        raise NotAllowed("There is nothing to send here.", "Go back and choose what to do.")

    def file(self, context: Context, name: str, query: Answers) -> File:
        """The file that is there under this name, for every role. Raises NotFound."""
        raise NotFound("There is no such file.", f"Look at {self.info.title.lower()} for what can be downloaded.")

    def checked_fact(self, context: Context) -> Fact:
        """The fact, unless the role does not suffice: only that blocks a step."""
        if not self.may(context):
            needed, own = self.info.role.title.lower(), context.role.title.lower()
            return Fact(Status.CANNOT_START, f"This needs the role {needed}; yours is {own}.")
        return self.fact(context)

    def may(self, context: Context) -> bool:
        return context.role.includes(self.info.role)

    def require_role(self, context: Context) -> None:
        if not self.may(context):
            raise NotAllowed(
                f"Your role on this account is {context.role.title.lower()}.",
                f"{self.info.title} needs the role {self.info.role.title.lower()}. Nothing was changed.",
            )
