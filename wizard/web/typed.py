"""What people type: a card's number in it goes no further than here.

Each field of each form and address is looked at before anything else sees it, so nothing can show,
keep, send or log the number: what held one is empty. A view that can show its form again
(`access.shows_again`) says at the field what was wrong; for any other, a page says it.
"""

from flask import g, request
from werkzeug.datastructures import ImmutableMultiDict

from wizard.account.cards import holds_card_number

MESSAGE = "This looks like a card number. Never send one here. It was not kept."
_KEPT = "kept."
"""How fields of another form are called while they wait for a sign-in."""
_NOT_LOOKED_AT = frozenset("csrf_token key password present_password new_password".split())
"""Made by us, or stored as a hash alone."""
_IDS = frozenset("account action contact contract method option quote scope service task was".split())
"""Ids that a provider made, of whatever digits; one that it does not know is refused and not kept."""


def drop_card_numbers() -> None:
    """Empty the fields of this request that hold one."""
    g.fields_with_card = {}
    for part in ("form", "args"):
        sent = list(getattr(request, part).items(multi=True))
        wrong_ones = {name for name, value in sent if _holds_one(name, value)}
        if wrong_ones:
            kept = [(name, "" if name in wrong_ones else value) for name, value in sent if not holds_card_number(name)]
            setattr(request, part, ImmutableMultiDict(kept))
            g.fields_with_card |= {"form" if holds_card_number(name) else name: MESSAGE for name in wrong_ones}


def wrong() -> dict[str, str]:
    """Name of each field that held a card's number -> what is said of it."""
    return g.get("fields_with_card", {})


def _holds_one(name: str, value: str) -> bool:
    asked = name.removeprefix(_KEPT)
    if holds_card_number(name):
        return True
    return asked not in _NOT_LOOKED_AT and asked not in _IDS and holds_card_number(value)
