"""Rows of `mail` become messages, and leave. The same row always makes the same message."""

import json
from collections.abc import Mapping
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from wizard.config import Config
from wizard.errors import WizardError
from wizard.keys import secret_key
from wizard.locales import written_in
from wizard.records import invitations, password_links
from wizard.records.invitations import Invitation
from wizard.records.mail import Mail
from wizard.records.password_links import PasswordLink
from wizard.theme import load_theme
from wizard.theme.formats import counted, moment
from wizard.theme.mail import MailTemplates
from wizard.work.delivery import Delivery, Outbox, Smtp, Undeliverable

HERE = "http://127.0.0.1:8000/"
"""Where `wizard serve` answers if it is told nothing."""
_GOOD_FOR = counted(int(password_links.GOOD_FOR.total_seconds()) // 3600, "hour")


class Outdated(WizardError):
    """What the mail would say is not so any more."""


class PostOffice:
    def __init__(self, config: Config, here: str = HERE) -> None:
        """here: where the wizard answers, ending in `/`, if the settings do not tell.

        Raises SetupError where a template of the project's cannot be used.
        """
        self._templates = MailTemplates(load_theme(config), config.wizard_address or here)
        self._locale = config.locale
        self._secret_key = secret_key(config)
        self._from = Address(" ".join(config.site_name.split()), addr_spec=config.mail.sender or "wizard@localhost")
        self._delivery: Delivery = Smtp(config.mail) if config.mail.host else Outbox(config.data / "outbox")

    def message(self, session: Session, mail: Mail, now: datetime) -> EmailMessage:
        """Raises Outdated, Undeliverable where nobody can be reached by its address, and jinja2's TemplateError."""
        with written_in(self._locale):  # the values have been written, in the locale of who caused the mail
            letter = self._templates.write(mail.template, self._values(session, json.loads(mail.values), now))
        # One form for all servers, and no random boundary: a repeat has the same bytes.
        message = EmailMessage(policy.default.clone(cte_type="7bit"))
        message["Message-ID"] = f"<{mail.id}@{self._from.domain}>"
        message["Date"] = format_datetime(mail.created_at)
        message["From"] = self._from
        message["To"] = _address(mail.recipient)
        message["Subject"] = letter.subject
        message["Auto-Submitted"] = "auto-generated"  # no answer by a machine, please
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{mail.id}")
        return message

    def deliver(self, message: EmailMessage, mail: Mail) -> None:
        """Raises Delayed or Undeliverable."""
        self._delivery.deliver(message, mail.id)

    def _values(self, session: Session, values: Mapping[str, str], now: datetime) -> Mapping[str, str]:
        if "invitation" in values:
            return self._with_invitation(session, values, now)
        if "password_link" not in values:
            return values
        link = session.get(PasswordLink, values["password_link"])
        if link is None or not link.is_good(now):
            raise Outdated("The link in it had been used or had expired before it could be sent.")
        token = password_links.token(session, link.id, self._secret_key)
        address: Markup = self._templates.address("sign-in", "password", token)
        return {**values, "link": address, "good_for": _GOOD_FOR}

    def _with_invitation(self, session: Session, values: Mapping[str, str], now: datetime) -> Mapping[str, str]:
        row = session.get(Invitation, values["invitation"])
        if row is None or not row.is_good(now):
            raise Outdated("The invitation had been used, taken back or had ended before it could be sent.")
        token = invitations.token(session, row.id, self._secret_key)
        address: Markup = self._templates.address("invitations", token)
        return {**values, "link": address, "until": moment(row.expires_at, row.timezone)}


def _address(recipient: str) -> Address:
    try:
        found = Address(addr_spec=recipient)
        return Address(username=found.username, domain=found.domain.encode("idna").decode())
    except Exception as error:  # the standard library raises many kinds for what is no address
        raise Undeliverable(f"{recipient!r} is no address that mail could be sent to.") from error
