"""Deletions per second of the durable workflow, beside the engine's own rate with empty steps."""

import secrets
import time
from collections.abc import Callable

from accounts import LOGIN
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from wizard.account.roles import Role
from wizard.actions.context import Context, Means
from wizard.actions.delete_services import begin
from wizard.config import Config
from wizard.content.library import Library
from wizard.pages.build import read_library
from wizard.records import deletions
from wizard.records.audit import Who
from wizard.records.deletions import ItemState
from wizard.records.logins import find_login
from wizard.work.parts import Parts
from wizard.work.post_office import PostOffice
from wizard.work.queue import APPLICATION, QUEUE, VERSION
from wizard.work.worker import worker

_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 600


@DBOS.workflow(name="empty-steps")
def _empty_steps(count: int) -> None:
    for _ in range(count):
        _empty()


@DBOS.step()
def _empty() -> None:
    pass


def deletions_per_second(config: Config, means: Means, account_id: str, rounds: int) -> tuple[list[float], list[float]]:
    """Of the wizard and of the bare engine, by rounds in turn: the account's services are shared out among them."""
    with means.db.read() as session:
        login = find_login(session, LOGIN)
    assert login, "the demo has this login"
    account, library = means.provider.account(account_id), read_library(config)
    ours, bare = [], []
    parts = Parts(means.db, means.provider, means.queue, PostOffice(config), means.clock)
    with worker(parts, "benchmark"):
        every = [one.id for one in _context(means, login, account, library).billed]
        size = len(every) // rounds
        for number in range(rounds):
            context = _context(means, login, account, library)
            chosen = every[number * size : (number + 1) * size]
            bare.append(size / _seconds(_run_empty, means, size))
            ours.append(size / _seconds(_delete, context, chosen))
    return ours, bare


def _context(means: Means, login: object, account: object, library: Library) -> Context:
    """A new one asks anew what is there."""
    return Context(means, login, Role.ACCOUNT_ADMINISTRATOR, account, Who(login.id, "127.0.0.1"), library)


def _delete(context: Context, service_ids: list[str]) -> None:
    deletion = begin(context, service_ids, secrets.token_urlsafe(18))

    def is_done() -> bool:
        with context.means.db.read() as session:
            progress = deletions.progress(session, deletion.id)
        if progress[ItemState.FAILED]:
            raise SystemExit("a service was not deleted")
        return not progress.is_running

    _wait(is_done)


def _run_empty(means: Means, count: int) -> None:
    client = DBOSClient(system_database_url=means.db.url, serializer=DBOSPortableJSONSerializer())
    options = {
        "queue_name": QUEUE,
        "workflow_name": "empty-steps",
        "app_version": VERSION,
        "application_name": APPLICATION,
    }
    handle = client.enqueue(options, count)
    _wait(lambda: handle.get_status().status == "SUCCESS")
    client.destroy()


def _wait(is_done: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not is_done():
        if time.monotonic() > end:
            raise SystemExit("the worker does not come to an end")
        time.sleep(_LOOK_SECONDS)


def _seconds(deed: Callable[..., None], *given: object) -> float:
    began = time.perf_counter()
    deed(*given)
    return time.perf_counter() - began
