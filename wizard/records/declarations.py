"""Declarations: what a customer has stated, before anything else happens. Appended, never changed.

Two tables. `declaration_content` holds the canonical JSON bytes with a random salt and can be
erased; `declaration_chain` holds what stays: each row names the hash of the row before it, so that
none can be taken out or altered unseen, and the hash of its content, which says nothing once the
salt is gone.

    content_hash   sha256(salt || bytes), hex
    previous_hash  sha256("<sequence>:<previous_hash>:<content_hash>") of the row before; 64 zeros at first
"""

import json
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from wizard.db import Base, Database

FIRST = "0" * 64


class DeclarationChain(Base):
    __tablename__ = "declaration_chain"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous_hash: Mapped[str]
    content_hash: Mapped[str]


class DeclarationContent(Base):
    __tablename__ = "declaration_content"

    sequence: Mapped[int] = mapped_column(ForeignKey("declaration_chain.sequence"), primary_key=True)
    salt: Mapped[bytes]
    content: Mapped[bytes]


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way to write `content`: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_hash(row: DeclarationChain) -> str:
    """What the next row names as its previous_hash."""
    return sha256(f"{row.sequence}:{row.previous_hash}:{row.content_hash}".encode()).hexdigest()


def lock_chain(db: Database, session: Session) -> None:
    """The one lock under which rows are appended, and under which it is decided whether to."""
    db.lock(session, "declarations")


def append(session: Session, content: Mapping[str, Any]) -> int:
    """Append a declaration; the chain's lock must be held. Returns its sequence number."""
    last = session.scalars(select(DeclarationChain).order_by(DeclarationChain.sequence.desc()).limit(1)).one_or_none()
    salt, written = secrets.token_bytes(32), canonical(content)
    row = DeclarationChain(
        sequence=last.sequence + 1 if last else 1,
        previous_hash=link_hash(last) if last else FIRST,
        content_hash=sha256(salt + written).hexdigest(),
    )
    session.add(row)
    session.flush()
    session.add(DeclarationContent(sequence=row.sequence, salt=salt, content=written))
    session.flush()
    return row.sequence


def content(session: Session, sequence: int) -> dict[str, Any] | None:
    """What was declared; None once it is erased."""
    row = session.get(DeclarationContent, sequence)
    return json.loads(row.content) if row else None
