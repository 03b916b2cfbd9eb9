"""The process that runs the workflows: one launch, after `migrate`, with a stable id of its own.

The id matters: after a kill a worker takes up again only the work that carries its own id, and two
living workers of one id would repeat each other's steps. So the id is held against other processes.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from wizard.db import Database
from wizard.work import closure, delete_services, mail, order  # noqa: F401  (registers the workflows)
from wizard.work.parts import Parts, hand_over
from wizard.work.queue import APPLICATION, MAIL_QUEUE, QUEUE, VERSION, client
from wizard.work.recovery import begin_again, lock_name

_POLL_SECONDS = 0.2
_CONNECTIONS = 10
"""The engine's own: one listens, its threads and 6 workflows take theirs for a moment."""


@contextmanager
def worker(parts: Parts, executor_id: str, drain_seconds: int = 3) -> Iterator[None]:
    """Run workflows while inside. At the end, workflows in flight stop at their next piece of work,
    for which they get `drain_seconds`; they go on at the next start.

    Raises SetupError if another process works under this id.
    """
    db = parts.db
    with db.hold(lock_name(executor_id), wait=False):
        hand_over(parts)
        _launch(db, executor_id)
        try:
            yield
        finally:
            hand_over(None)
            logging.getLogger("dbos").setLevel(logging.CRITICAL)  # a step cut short is no news
            DBOS.destroy(workflow_completion_timeout_sec=drain_seconds)


def _launch(db: Database, executor_id: str) -> None:
    with client(db) as engine:
        # before the launch: a queue that comes after it is found a second late
        for queue, at_once in ((QUEUE, 4), (MAIL_QUEUE, 2)):
            engine.register_queue(queue, worker_concurrency=at_once, polling_interval_sec=_POLL_SECONDS)
        begin_again(engine, executor_id)
    DBOS(
        config=DBOSConfig(
            name=APPLICATION,
            system_database_url=db.url,
            application_version=VERSION,
            executor_id=executor_id,
            serializer=DBOSPortableJSONSerializer(),
            run_migrations=False,
            sys_db_pool_size=_CONNECTIONS,
            log_level="ERROR",
            notification_listener_polling_interval_sec=_POLL_SECONDS,  # not used, and slow to stop by default
        )
    )
    DBOS.launch()
    DBOS.set_latest_application_version(VERSION)  # after going back to an earlier program, too
