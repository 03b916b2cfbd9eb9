"""A provider between us and the real one, with the faults of real ones: by seed, or as a script says."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from functools import partial
from random import Random
from typing import Any

from wizard.errors import ActionNotSupported, ProviderUnavailable
from wizard.providers.interface import Provider
from wizard.providers.values import Operation, OperationState

CHANGING = {
    "delete_service",
    "end_charges",
    "close_contract",
    "order",
    "order_task",
    "set_default_method",
    "add_contact",
    "remove_contact",
}


class Fault(Enum):
    NONE = "does what it should"
    SLOW = "takes its time"
    BEFORE = "fails before it has done it"
    AFTER = "fails after it has done it"
    TWICE = "hears everything twice"
    NOTHING = "says that it is done, and does nothing"


READING = (Fault.NONE, Fault.SLOW, Fault.BEFORE)


class FaultyProvider:
    """seed: of the faults that any call may have, `rate` of all calls; None: only those of the script.

    script: call -> its faults, one after the other; then it works. lacks: calls that do not exist there.
    """

    def __init__(
        self,
        real: Provider,
        seed: int | None = None,
        rate: float = 0.3,
        script: Mapping[str, Iterator[Fault]] | None = None,
        lacks: Collection[str] = (),
    ) -> None:
        self._real, self._random, self._rate = real, Random(seed) if seed is not None else None, rate
        self.script, self._lacks = dict(script or {}), lacks
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._real, name)
        return partial(self._call, name, call) if callable(call) else call

    def heal(self) -> None:
        """From now on it works."""
        self.script, self._random = {}, None

    def _fault(self, name: str) -> Fault:
        if name in self.script:
            return next(self.script[name], Fault.NONE)
        if self._random is None or self._random.random() >= self._rate:
            return Fault.NONE
        return self._random.choice(list(Fault) if name in CHANGING else READING)

    def _call(self, name: str, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        self.calls.append(name)
        if name in self._lacks:
            raise ActionNotSupported
        fault = self._fault(name)
        if fault is Fault.BEFORE:
            raise ProviderUnavailable("connection refused")
        if fault is Fault.NOTHING:
            return Operation("never heard of", OperationState.DONE)
        if fault is Fault.SLOW:
            time.sleep(0.02)
        if fault is Fault.TWICE:
            call(*args, **named)
        answer = call(*args, **named)
        if fault is Fault.AFTER:
            raise ProviderUnavailable("timed out")
        return answer
