"""Does a text hold the number of a payment card? It must never be kept, wherever it was typed.

A number counts if it has 13 to 19 digits, Luhn's check is right, and it begins as the numbers of a
card network do. Without the last the numbers of telephones (IMEI), which have the same check, a tenth
of all times in milliseconds and of all long order numbers would count too.
"""

import re
from collections.abc import Iterator
from unicodedata import digit

SHORTEST, LONGEST = 13, 19
"""Digits."""
_NETWORKS = re.compile(
    "|".join(
        (
            "4(?:.{12}|.{15}|.{18})",  # Visa
            "5[1-5].{14}",  # Mastercard
            "(?:222[1-9]|22[3-9].|2[3-6]..|27[01].|2720).{12}",  # Mastercard
            "3[47].{13}",  # American Express
            "3(?:0[0-59]|[689].).{11,16}",  # Diners Club
            "35(?:2[89]|[3-8].).{12,15}",  # JCB
            "(?:5[0678]|6.).{11,17}",  # Maestro, Discover, UnionPay, RuPay, Verve
            "220[0-4].{12,15}",  # Mir
            "8[12].{14,17}",  # UnionPay, RuPay
            "(?:8600|9860|9792).{12}",  # Uzcard, Humo, Troy
        )
    )
)
_NO_CARD = re.compile(
    r"\b[a-z]{2,3}_[0-9a-f]{12,16}(?:\.[0-9a-f]{64})?\b"  # an id of ours, and the secret part of a link
    r"|(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)"  # a network address
)
_DIGITS = re.compile(r"\d+")
_HEAVY = frozenset("+,;:()[]{}<>=%@#&\"'!?$\u20ac\u00a3\u00a5")
"""Signs that part two numbers more often than the groups of one."""
_LONGEST_GAP = 3
"""Characters between two groups of digits of one number."""
_PHONE = 15
"""Digits of a telephone number with its country, at most."""

Pieces = list[tuple[str, str]]
"""Groups of digits in order, each with what stands between it and the one before."""


def holds_card_number(text: str) -> bool:
    """In any grouping, in the digits of any script. Groups are parted by whatever is no letter: by the same
    throughout, or by spaces, dashes, dots and the like as they come."""
    plain = text if text.isascii() else "".join(_in_ascii(sign) for sign in text)
    pieces = list(_pieces(_NO_CARD.sub("x", plain)))
    if sum(len(digits) for _, digits in pieces) < SHORTEST:
        return False
    return any(_is_card(found) for found in _candidates(pieces))


def passes_luhn(number: str) -> bool:
    """The check by which one wrong digit is found. number: ASCII digits."""
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Each run of digits, once, with what stands before it."""
    end = 0
    for found in _DIGITS.finditer(text):
        yield text[end : found.start()], found[0]
        end = found.end()


def _in_ascii(sign: str) -> str:
    value = digit(sign, None)
    return sign if value is None else str(value)


def _is_card(pieces: Pieces) -> bool:
    number = "".join(digits for _, digits in pieces)
    if pieces[0][0].endswith("+") and len(number) <= _PHONE:
        return False
    return SHORTEST <= len(number) <= LONGEST and bool(_NETWORKS.fullmatch(number)) and passes_luhn(number)


def _candidates(pieces: Pieces) -> Iterator[Pieces]:
    """What may be one number: a group, groups that belong together, and among them what looks like a card's."""
    yield from ([piece] for piece in pieces)
    yield from _alike(pieces)
    for run in _light(pieces):
        yield run
        yield from _as_printed(run)


def _light(pieces: Pieces) -> Iterator[Pieces]:
    """The longest runs with nothing but spaces, dashes and the like between their groups."""
    start = 0
    for place in range(1, len(pieces) + 1):
        if place == len(pieces) or not _is_light(pieces[place][0]):
            yield pieces[start:place]
            start = place


def _alike(pieces: Pieces) -> Iterator[Pieces]:
    """The longest runs with the same between all of their groups."""
    start = 0
    for place in range(1, len(pieces) + 1):
        gap = pieces[place][0] if place < len(pieces) else None
        if place - start > 1 and gap != pieces[place - 1][0]:
            yield pieces[start:place]
            start = place - 1
        if gap is None or not (_is_light(gap) or (len(gap) == 1 and not gap.isalpha())):
            start = place


def _as_printed(run: Pieces) -> Iterator[Pieces]:
    """Groups as they stand on cards: fours, of which the last may be shorter; 4-6-5 and 4-6-4."""
    sizes = [len(digits) for _, digits in run]
    for start in range(len(run)):
        if sizes[start : start + 2] == [4, 6]:
            yield run[start : start + 3]
        for end in (start + 4, start + 5):
            if set(sizes[start : end - 1]) == {4} and end <= len(run):
                yield run[start:end]


def _is_light(gap: str) -> bool:
    return len(gap) <= _LONGEST_GAP and not any(sign.isalpha() or sign in _HEAVY for sign in gap)
