"""The platform's naming convention, and the default network things that it reveals."""

import re
from collections.abc import Iterable


def is_default_vpn(name: str, alias: str) -> bool:
    """`VA1ABCDVPN01`: data center VA1, account alias ABCD, VPN, number 01."""
    return re.fullmatch(rf"[A-Z]{{2}}[0-9]{re.escape(alias)}VPN[0-9]{{2}}", name) is not None


def default_things(things: Iterable[tuple[str, str, str | None]], alias: str) -> set[str]:
    """Ids of the default VPN servers and of the networks that they stand on.

    things: (id, name, id of what it stands on). They come with the account: unbilled, and not to
    be deleted.
    """
    found = set()
    for own_id, name, stands_on in things:
        if is_default_vpn(name, alias):
            found.add(own_id)
            if stands_on:
                found.add(stands_on)
    return found
