"""Run by Alembic, inside the connection that `migrate` hands over."""

from alembic import context

import wizard.providers.embedded.tables
import wizard.records.api_tokens
import wizard.records.attempts
import wizard.records.audit
import wizard.records.closures
import wizard.records.declarations
import wizard.records.deletions
import wizard.records.invitations
import wizard.records.logins
import wizard.records.mail
import wizard.records.orders
import wizard.records.password_links
import wizard.records.runs
import wizard.records.sessions
import wizard.records.tickets  # noqa: F401  (all of them: their tables)
from wizard.db import Base, UtcInstant, Whole


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The workflow engine keeps its tables in the same database; they are its own."""
    return kind != "table" or name in Base.metadata.tables


def render(kind: str, thing: object, _context: object) -> str | bool:
    if kind == "type" and isinstance(thing, UtcInstant | Whole):
        return f"{type(thing).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_ours,
    render_item=render,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
