"""A person's name and e-mail address, as somebody types them."""

import re
import unicodedata

LONGEST_NAME = 80
"""Characters."""
LONGEST_EMAIL = 254
"""Characters, by RFC 5321."""
_LONGEST_LOCAL, _LONGEST_LABEL = 64, 63
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""What stands before the @: what every mail server takes, with no quotes."""
_LABEL = re.compile(r"[^\W_](?:(?:[^\W_]|-)*[^\W_])?")
"""Of a domain, between its dots; letters of any language."""
_NO_ADDRESS = "Enter an e-mail address, such as name@example.com."


def plain_email(text: str) -> str:
    """As it is stored and compared. Only for one with which nothing is wrong."""
    return text.strip().lower()


def wrong_with_email(text: str) -> str:
    """Why no mail could be sent there; empty: one could."""
    text = text.strip()
    if len(text) > LONGEST_EMAIL:
        return f"An e-mail address has at most {LONGEST_EMAIL} characters."
    local, _, domain = text.rpartition("@")
    if not _LOCAL.fullmatch(local) or len(local) > _LONGEST_LOCAL or not _is_domain(domain.lower()):
        return _NO_ADDRESS
    return ""


def wrong_with_name(text: str) -> str:
    """Why this cannot be a person's name; empty: it can."""
    if len(text) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters."
    if any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in text):
        return "A name is one line of letters. Type it anew."
    return ""


def _is_domain(domain: str) -> bool:
    """Two names at least, the last of them not a number, in a form that the internet's own names can have."""
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(one) for one in labels):
        return False
    try:
        written = domain.encode("idna").decode()
    except UnicodeError:
        return False
    return len(written) <= LONGEST_EMAIL and all(len(one) <= _LONGEST_LABEL for one in written.split("."))
