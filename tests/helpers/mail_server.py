"""A real SMTP server in a thread of its own, with the answers that a test asks for."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass
class MailServer:
    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    """What it took, each with the recipients that it was told in `X-Told`."""
    at_recipient: list[str] = field(default_factory=list)
    """Answers to the next recipients, in place of yes."""
    at_message: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    after_message: Callable[[], None] = lambda: None
    """Called once a message is taken, before the answer."""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.at_recipient:
            return self.at_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.at_message:
            return self.at_message.pop(0)
        message = message_from_bytes(envelope.content, policy=policy.default)
        message["X-Told"] = ", ".join(envelope.rcpt_tos)
        self.taken.append(message)
        self.after_message()
        return "250 OK"

    def check_login(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"s3cret", handled=False)


@contextmanager
def mail_server(port: int, certificate: Path | None = None, security: str = "starttls") -> Iterator[MailServer]:
    """certificate: of `localhost`; with it, it speaks `starttls` or `tls` only, and knows the password s3cret."""
    handler = MailServer(port)
    options: dict[str, Any] = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        if security == "tls":
            options = {"ssl_context": context, "auth_require_tls": False}  # it does not know that it has TLS
        else:
            options = {"tls_context": context, "require_starttls": True, "auth_required": True}
        options["authenticator"] = handler.check_login
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield handler
    finally:
        controller.stop()


def make_certificate(folder: Path) -> Path:
    """Key and certificate of `localhost`, in one file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both
