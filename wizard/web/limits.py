"""How often a thing may be tried, and how long its answer takes: neither tells what was right."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from flask import request
from sqlalchemy.orm import Session

from wizard.actions import limits
from wizard.web.means import house

EVEN_SECONDS = 0.25
"""Longer than either answer takes by itself."""


def asker() -> str:
    """Where the request comes from, as limits count it: whoever has one address of IPv6 has the 2**64 beside it."""
    address = request.remote_addr or ""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((int(read), 64), strict=False)) if read.version == 6 and not read.ipv4_mapped else address


def count_attempt(records: Session, subjects: Mapping[str, str], title: str) -> None:
    """One attempt more of each kind on its subject, before it is looked at: many at once are many.

    Raises TooMany with this title, saying when to try again; then nothing is counted.
    """
    limits.count_attempt(house().means, records, subjects, title)


@contextmanager
def even_pace() -> Iterator[None]:
    """What is done inside takes as long whether there was something to do or not."""
    end = time.monotonic() + EVEN_SECONDS
    yield
    time.sleep(max(0.0, end - time.monotonic()))
