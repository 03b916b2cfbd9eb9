"""The web's side of the engine: enqueue in the caller's transaction, run later by the worker."""

from collections.abc import Iterator
from contextlib import contextmanager

from dbos import DBOSClient, DBOSPortableJSONSerializer
from sqlalchemy.orm import Session

from wizard.db import Database
from wizard.records.closures import ClosureRequest
from wizard.records.deletions import Deletion
from wizard.records.mail import Mail
from wizard.records.orders import Order

APPLICATION, QUEUE, MAIL_QUEUE = "kb-wizard", "wizard", "wizard-mail"
"""Mail has a queue of its own: a mail server that does not answer keeps no deletion waiting."""
VERSION = "2"
"""Version of the workflows' shape: raise it when steps are added, taken away or reordered. Work that was
begun under another begins again (`recovery`); what only waits names no version, and any may begin it."""


class Queue:
    """Each method commits or rolls back with the caller's session."""

    def __init__(self, db: Database) -> None:
        self._client = DBOSClient(
            system_database_url=db.url, serializer=DBOSPortableJSONSerializer(), lazy=True, system_database_pool_size=1
        )

    def delete_services(self, session: Session, deletion: Deletion, delay_seconds: float = 0) -> None:
        """delay_seconds: until it is looked again at what the provider finishes later."""
        deletion.handed += 1
        self._enqueue(session, "delete-services", deletion.workflow_id, deletion.id, delay_seconds=delay_seconds)

    def match_charges(self, session: Session, closure: ClosureRequest) -> None:
        """The provider is told until when to charge, as the request's state demands."""
        closure.attempt += 1
        self._enqueue(session, "match-charges", closure.workflow_id, closure.id)

    def close(self, session: Session, closure: ClosureRequest, delay_seconds: float = 0) -> None:
        """delay_seconds: until the date for which it is scheduled, or until it is looked at again."""
        closure.attempt += 1
        self._enqueue(session, "close", closure.workflow_id, closure.id, delay_seconds=delay_seconds)

    def order(self, session: Session, order: Order, delay_seconds: float = 0) -> None:
        """delay_seconds: until it is looked again at what the provider finishes later."""
        order.attempt += 1
        self._enqueue(session, "order", order.workflow_id, order.id, delay_seconds=delay_seconds)

    def send_mail(self, session: Session, mail: Mail, delay_seconds: float = 0) -> None:
        """delay_seconds: until the next try."""
        mail.attempt += 1
        self._enqueue(session, "send-mail", mail.workflow_id, mail.id, queue=MAIL_QUEUE, delay_seconds=delay_seconds)

    def destroy(self) -> None:
        self._client.destroy()

    def _enqueue(
        self,
        session: Session,
        workflow: str,
        workflow_id: str,
        *args: str,
        queue: str = QUEUE,
        delay_seconds: float = 0,
    ) -> None:
        options = {
            "queue_name": queue,
            "workflow_name": workflow,
            "workflow_id": workflow_id,
            "application_name": APPLICATION,
        }
        if delay_seconds > 0:
            options["delay_seconds"] = delay_seconds
        session.flush()
        self._client.enqueue_in_transaction(session, options, *args)


@contextmanager
def client(db: Database) -> Iterator[DBOSClient]:
    """The engine from outside, for work that is there already."""
    engine = DBOSClient(
        system_database_url=db.url, serializer=DBOSPortableJSONSerializer(), application_name=APPLICATION
    )
    try:
        yield engine
    finally:
        engine.destroy()
