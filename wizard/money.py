"""Sums of money: whole minor units with their currency. Never a float."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    minor: int
    """Minor units of the currency: cents for USD, yen for JPY. Negative is credit."""
    currency: str
    """ISO 4217 code, upper case."""

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money counts whole minor units, not {self.minor!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def share(self, part: int, whole: int) -> "Money":
        """This sum x part / whole, rounded half away from zero.

        Raises ZeroDivisionError if whole is 0.
        """
        return Money(_rounded(self.minor * part, whole), self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return other


def plain(sum_: Money) -> str:
    """`-1234.50`: a decimal number with the digits that the currency has, the same for every reader."""
    return f"{Decimal(sum_.minor).scaleb(-digits(sum_.currency)):f}"


def total(sums: Iterable[Money], currency: str) -> Money:
    """The sum of all; zero in `currency` for none."""
    result = Money(0, currency)
    for one in sums:
        result += one
    return result


def digits(currency: str) -> int:
    """How many digits of the currency are minor units: 2 for USD, 0 for JPY."""
    from babel.numbers import get_currency_precision  # only where sums are written: 30 ms

    return get_currency_precision(currency)


def _rounded(numerator: int, denominator: int) -> int:
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude
