"""Outgoing mail: written in the transaction that makes it due, sent by the worker, kept as it was sent."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base
from wizard.records.ids import new_id


class Mail(Base):
    __tablename__ = "mail"

    id: Mapped[str] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    template: Mapped[str]
    """Its name in the theme's `mail/`."""
    values: Mapped[str]
    """What the template is filled with, a JSON object of texts. No secrets: the value `password_link`
    is a link's id, and the address with its secret part is worked out when the mail is sent."""
    created_at: Mapped[datetime]
    attempt: Mapped[int]
    """How often it was handed to the worker."""
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    """Why the last try failed, for staff."""

    @property
    def workflow_id(self) -> str:
        return f"{self.id}-{self.attempt}"


def add_mail(session: Session, recipient: str, template: str, values: Mapping[str, str], now: datetime) -> Mail:
    row = Mail(
        id=new_id("ml"),
        recipient=recipient,
        template=template,
        values=json.dumps(dict(values), ensure_ascii=False),
        created_at=now,
        attempt=0,
    )
    session.add(row)
    session.flush()
    return row
