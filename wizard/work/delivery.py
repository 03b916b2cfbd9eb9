"""The two ways on which a message leaves the house: a file in the outbox, or a mail server."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from wizard.errors import WizardError
from wizard.mail_settings import MailSettings

_TIMEOUT = 20.0
"""Seconds in which a mail server answers."""


class Delayed(WizardError):
    """It was not taken now. The same message may be tried again later."""


class Undeliverable(WizardError):
    """A clear no to this message or its recipient. Trying again helps nobody."""


class Delivery(Protocol):
    def deliver(self, message: EmailMessage, name: str) -> None:
        """name: of the mail, the same at each try. Raises Delayed or Undeliverable."""
        ...


class Outbox:
    """A folder, readable by us only, with a file a mail. A repeat replaces the file by the same one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: EmailMessage, name: str) -> None:
        fresh = self._folder / f".{name}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            fresh.touch(mode=0o600)
            with fresh.open("wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(self._folder / f"{name}.eml")
        except OSError as error:
            raise Delayed(f"{self._folder} cannot be written to: {error.strerror}.") from error


class Smtp:
    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._where = f"{settings.host}:{settings.port_used}"

    def deliver(self, message: EmailMessage, name: str) -> None:
        try:
            server = self._connect()
            try:
                server.send_message(message)
                self._leave(server)
            finally:
                server.close()
        except smtplib.SMTPRecipientsRefused as error:
            ((code, answer),) = error.recipients.values()
            raise self._refusal(code, answer, "the recipient") from error
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error.smtp_error, "the message") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Delayed(f"{self._where} lacks what is needed: {error}.") from error
        except smtplib.SMTPResponseException as error:
            raise Delayed(f"{self._where} answered {error.smtp_code} {_text(error.smtp_error)}.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Delayed(f"{self._where} cannot be reached: {getattr(error, 'strerror', None) or error}.") from error

    def _connect(self) -> smtplib.SMTP:
        """A connection on which mail may be sent."""
        settings = self._settings
        place = settings.host, settings.port_used
        if settings.security == "tls":
            server = smtplib.SMTP_SSL(*place, timeout=_TIMEOUT, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(*place, timeout=_TIMEOUT)
        try:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.username:
                server.login(settings.username, settings.password)
        except BaseException:
            server.close()
            raise
        return server

    def _leave(self, server: smtplib.SMTP) -> None:
        """The message is taken by now, whatever the server says to our leaving."""
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            pass

    def _refusal(self, code: int, answer: bytes | str, what: str) -> WizardError:
        text = f"{self._where} refused {what}: {code} {_text(answer)}."
        return Undeliverable(text) if code >= 500 else Delayed(text)


def _text(answer: bytes | str) -> str:
    """What a server answered, on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300].rstrip(".")
