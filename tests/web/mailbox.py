"""What the world has sent by mail, and the links in it."""

import json

from sqlalchemy import select, text

from tests.helpers.world import World
from wizard.records import password_links
from wizard.records.mail import Mail


def mails(world: World, template: str = "") -> list[tuple[str, str, dict[str, str]]]:
    """(to whom, template, values), oldest first."""
    with world.db.read() as session:
        rows = session.scalars(select(Mail).order_by(text("rowid"))).all()
    return [(row.recipient, row.template, json.loads(row.values)) for row in rows if template in ("", row.template)]


def link_in(world: World, values: dict[str, str]) -> str:
    """The address that the mail with these values leads to."""
    with world.db.read() as session:
        token = password_links.token(session, values["password_link"], world.config.secret_key)
    return f"/sign-in/password/{token}/"
