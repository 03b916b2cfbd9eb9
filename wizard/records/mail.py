"""Outgoing mail: written in the transaction that makes it due, sent by the worker, kept as it was sent."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base
from wizard.records.ids import new_id


class MailState(StrEnum):
    WAITING = "waiting"
    """For its first try, or for the next one."""
    SENT = "sent"
    GIVEN_UP = "given_up"
    """Staff see why, and may have it sent again."""
    OUTDATED = "outdated"
    """The link in it had been used, taken back or had expired before it could be sent."""


class Mail(Base):
    __tablename__ = "mail"

    id: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    template: Mapped[str]
    """Its name in the theme's `mail/`."""
    values: Mapped[str]
    """What the template is filled with, a JSON object of texts. No secrets: the values `password_link`
    and `invitation` are ids, and the address with its secret part is worked out when the mail is sent."""
    created_at: Mapped[datetime]
    attempt: Mapped[int]
    """How often it was handed to the worker."""
    state: Mapped[str] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    """Why it is not sent yet, or not at all, for staff."""

    @property
    def workflow_id(self) -> str:
        return f"{self.id}-{self.attempt}"

    def is_due(self, workflow_id: str) -> bool:
        """Is this workflow to send it? One of an earlier attempt is not, nor one whose work is done."""
        return self.state == MailState.WAITING and self.workflow_id == workflow_id


def add_mail(session: Session, recipient: str, template: str, values: Mapping[str, str], now: datetime) -> Mail:
    row = Mail(
        id=new_id("ml"),
        recipient=recipient,
        template=template,
        values=json.dumps(dict(values), ensure_ascii=False),
        created_at=now,
        attempt=0,
        state=MailState.WAITING,
    )
    session.add(row)
    session.flush()
    return row


def to_change(session: Session, mail_id: str) -> Mail | None:
    """Locked."""
    return session.get(Mail, mail_id, with_for_update=True)


def given_up(session: Session) -> list[Mail]:
    """Oldest first."""
    return list(session.scalars(select(Mail).where(Mail.state == MailState.GIVEN_UP).order_by(Mail.created_at)))
