"""New totals of a contract's options: as they were typed, what is wrong with them, and what they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.account.metering import Charging
from wizard.actions.action import Answers
from wizard.providers.billing import Option
from wizard.theme.formats import counted, money, number

_DIGITS = 9
"""So many are a number that can be meant."""


@dataclass(frozen=True, slots=True)
class Field:
    """An option with the total that was typed for it."""

    option: Option
    typed: str
    total: int | None
    """None: what was typed is no total that can be had."""
    error: str
    needs: Option | None = None
    """What is missing for it, where something is wanted of it."""

    @property
    def name(self) -> str:
        return name_of(self.option.id)

    @property
    def is_changed(self) -> bool:
        return self.total != self.option.quantity

    @property
    def price(self) -> str:
        """`$10.00 a month each`"""
        return f"{money(self.option.unit_price)} {self._each} each"

    @property
    def present(self) -> str:
        return had(self.option)

    @property
    def present_cost(self) -> str:
        """`$30.00 a month`; empty where there is none."""
        if not self.option.quantity:
            return ""
        return f"{money(self.option.unit_price * self.option.quantity)} {self._each}"

    @property
    def _each(self) -> str:
        return "a month" if self.option.charging is Charging.IN_ADVANCE else "an hour"


def name_of(option_id: str) -> str:
    """Of the field in which its new total is typed."""
    return f"total-{option_id}"


def had(option: Option) -> str:
    """`3 mailboxes`"""
    return counted(option.quantity, option.unit, option.units)


def read(options: Sequence[Option], query: Answers) -> list[Field]:
    """A field for each option, in their order; one that was not asked for stays as it is."""
    found = []
    for option in options:
        given = query.all(name_of(option.id))
        typed = given[0].strip() if given else str(option.quantity)
        total, error = _total(option, typed)
        found.append(Field(option, typed, total, error))
    return [_with_base(field, found) for field in found]


def wrong(fields: Sequence[Field]) -> dict[str, str]:
    """Field -> what is wrong with it, with the option's name before it."""
    found = [field for field in fields if field.error]
    return {one.name: f"{one.option.name}: {one.error[:1].lower()}{one.error[1:]}" for one in found}


def changed(fields: Sequence[Field]) -> dict[str, int]:
    """Option -> new total, of those that are to change."""
    return {field.option.id: field.total for field in fields if field.total is not None and field.is_changed}


def _total(option: Option, typed: str) -> tuple[int | None, str]:
    if not typed:
        return None, f"Enter how many {option.units} there shall be. 0 removes them."
    if not typed.lstrip("-\u2212").isdecimal():
        return None, "Enter a whole number in digits alone, such as 3."
    if not typed.isdecimal():
        return None, "Enter 0 or more."
    digits = typed.lstrip("0") or "0"
    if len(digits) > _DIGITS:
        return None, f"At most {number(10**_DIGITS - 1 if option.most is None else option.most)}."
    total = int(digits)
    if total < option.least:
        return None, f"At least {number(option.least)}. {option.why_least}".rstrip()
    if option.most is not None and total > max(option.most, option.quantity):
        return None, f"At most {number(option.most)}."
    return total, ""


def _with_base(field: Field, fields: Sequence[Field]) -> Field:
    """Something is wanted that stands on another, of which there is and will be none."""
    base = next((one for one in fields if one.option.id == field.option.needs), None)
    if base is None or base.total != 0 or not field.total:
        return field
    needed = base.option
    error = f"It needs a {needed.unit}. Set {needed.name} to 1 as well, or order that first."
    return Field(field.option, field.typed, None, error, needed)
