"""The table `[mail]` of the settings: which server takes our mail, and who it is from."""

import re
from dataclasses import dataclass, field

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_OURSELVES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class MailSettings:
    host: str = ""
    """The SMTP server. Empty: mails become files in `data/outbox/`."""
    port: int = 0
    """0: the usual one of `security`."""
    security: str = "starttls"
    """`starttls`, `tls` from the first byte, or `none`."""
    username: str = ""
    """Empty: the server asks for none."""
    sender: str = ""
    """The address that mails are from; their name is that of the site."""
    password: str = field(default="", repr=False)

    @property
    def port_used(self) -> int:
        return self.port or _PORTS[self.security]

    def check(self, where: str, problems: list[str]) -> None:
        """where: how messages name the table, such as `wizard.toml: mail`."""
        if self.host and not re.fullmatch(r"[\w.:-]+", self.host):
            problems.append(f"{where}: host is {self.host!r} (write the name alone, such as smtp.example.com).")
        if not 0 <= self.port <= 65535:
            problems.append(f"{where}: port is {self.port} (give 1 to 65535).")
        if self.security not in _PORTS:
            problems.append(f"{where}: security is {self.security!r} (write {', '.join(_PORTS)}).")
        if self.sender and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", self.sender, re.ASCII):
            problems.append(f"{where}: sender is {self.sender!r} (write an address, such as help@example.com).")
        if self.host and not self.sender:
            problems.append(f"{where}: sender is missing (give the address that mails are from).")
        if bool(self.username) != bool(self.password):
            problems.append(f"{where}: username and WIZARD_MAIL_PASSWORD belong together (give both or none).")
        if not (self.username + self.password).isascii():
            problems.append(f"{where}: username or password has letters that mail servers do not know (use ASCII).")
        if self.username and self.security == "none" and self.host not in _OURSELVES:
            problems.append(f"{where}: security is 'none', and everybody could read the password (write starttls).")
