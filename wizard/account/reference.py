"""References: short, read out over the phone without a mistake. No 0 O 1 I, and a check character."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 8


def new_reference() -> str:
    """A random reference such as `K7QM-4XPT-C`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return written(body + check_character(body))


def check_character(body: str) -> str:
    """Luhn's check over our 32 characters: finds each single wrong character and nearly every swap
    of two neighbours."""
    size = len(ALPHABET)
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character)
        if place % 2 == 0:
            value = sum(divmod(2 * value, size))
        total += value
    return ALPHABET[-total % size]


def read_reference(text: str) -> str | None:
    """The reference in its written form, however it was typed; None if it cannot be one."""
    plain = "".join(text.upper().split()).replace("-", "")
    if len(plain) != _LENGTH + 1 or any(character not in ALPHABET for character in plain):
        return None
    return written(plain) if check_character(plain[:-1]) == plain[-1] else None


def written(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"
