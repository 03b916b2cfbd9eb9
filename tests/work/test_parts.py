"""What a step does where the provider, or our own database, does not answer."""

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from wizard.errors import ProviderUnavailable
from wizard.work import parts as working
from wizard.work.parts import Stopping, asks_provider, hand_over

AWAY = OperationalError("select 1", {}, Exception("server closed the connection"))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_FIRST_WAIT_SECONDS", 0)
    monkeypatch.setattr(working, "_stopped", threading.Event())


def asked(errors: Iterator[Exception], **tries: int) -> int:
    """How often it was asked until it answered; the error if it never did."""
    turns = 0

    @asks_provider(**tries)
    def ask() -> int:
        nonlocal turns
        turns += 1
        for error in errors:
            raise error
        return turns

    return ask()


def no_answer(times: int) -> Iterator[Exception]:
    return (ProviderUnavailable("no answer") for _ in range(times))


def test_a_provider_that_does_not_answer_is_asked_as_often_as_was_said() -> None:
    assert asked(no_answer(3)) == 4
    assert asked(no_answer(6), tries=7) == 7
    left = no_answer(9)
    with pytest.raises(ProviderUnavailable):
        asked(left)
    assert len(list(left)) == 5


@pytest.mark.parametrize("through_the_embedded_provider", [False, True])
def test_our_own_database_being_away_is_no_try_but_left_to_the_engine(through_the_embedded_provider: bool) -> None:
    error: Exception = AWAY
    if through_the_embedded_provider:
        error = ProviderUnavailable("The account system does not answer.")
        error.__cause__ = AWAY
    later = iter([error, ProviderUnavailable("not asked")])
    with pytest.raises(type(error)):
        asked(later)
    assert len(list(later)) == 1, "its turn comes with the engine's next try, which waits ever longer"


def test_a_step_that_waits_for_its_next_try_ends_as_soon_as_the_worker_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_FIRST_WAIT_SECONDS", 600)
    begun = time.monotonic()
    stop = threading.Timer(0.1, hand_over, [None])
    stop.start()
    with pytest.raises(Stopping):
        asked(no_answer(1))
    stop.join()
    assert time.monotonic() - begun < 300
