"""The process that runs the workflows: one launch, after `migrate`, with a stable id of its own.

The id matters: after a kill a worker takes up again only the work that carries its own id, and two
living workers of one id would repeat each other's steps. So the id is held against other processes.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from wizard.db import Database
from wizard.work import closure, delete_services  # noqa: F401  (registers the workflows)
from wizard.work.parts import Parts, hand_over
from wizard.work.queue import QUEUE, VERSION


@contextmanager
def worker(parts: Parts, executor_id: str, drain_seconds: int = 3) -> Iterator[None]:
    """Run workflows while inside. At the end steps in flight get `drain_seconds` to finish; what
    does not, goes on at the next start.

    Raises SetupError if another process works under this id.
    """
    db = parts.db
    with db.hold(f"worker-{executor_id}", wait=False):
        hand_over(parts)
        _launch(db, executor_id)
        try:
            yield
        finally:
            logging.getLogger("dbos").setLevel(logging.CRITICAL)  # a step cut short is no news
            DBOS.destroy(workflow_completion_timeout_sec=drain_seconds)
            hand_over(None)


def _launch(db: Database, executor_id: str) -> None:
    DBOS(
        config=DBOSConfig(
            name="kb-wizard",
            system_database_url=db.url,
            application_version=VERSION,
            executor_id=executor_id,
            serializer=DBOSPortableJSONSerializer(),
            run_migrations=False,
            log_level="ERROR",
        )
    )
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=4, polling_interval_sec=0.2)
