"""The geometry of a bar chart: numbers in, shares of its frame out. `components/bar_chart.html` draws it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_STEPS = 4
"""So many steps the larger side of the axis has at most, where all values are on one side of zero."""
_WIDE = 46
"""Percent of its column that a bar takes."""
_CHARACTER, _GAP = 0.64, 0.6
"""Widths beside the axis, in em."""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    value: int
    """In minor units; negative goes below the line."""
    outlook: int | None = None
    """What it will come to; None: it is what it is."""
    note: str = ""
    """A word below the label."""
    says: str = ""
    """What the pointer is told over it."""


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    text: str
    is_zero: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """Percent of the frame's width and height, from its upper left corner."""

    x: float
    width: float
    y: float
    height: float
    rest_y: float
    rest_height: float
    """Between the value and its outlook; 0: there is nothing between them."""
    column: Column

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 3)


@dataclass(frozen=True, slots=True)
class BarChart:
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    """From the lowest to the highest."""
    gutter: float
    """Width that the texts of the axis need, in em."""


def bar_chart(columns: Sequence[Column], written: Callable[[int], str]) -> BarChart:
    """A bar for each column, from zero. written: a value of the axis -> its text.

    The axis has round steps (1, 2 or 5 and zeros), begins and ends at one, and always has zero.
    """
    values = [0, *(column.value for column in columns), *(column.outlook or 0 for column in columns)]
    step = round_step(max(values) - min(values))
    low, high = min(values) // step * step, -(-max(values) // step) * step

    def height(value: int) -> float:
        """Of this value above the frame's lower edge, in percent."""
        return (value - low) * 100 / (high - low or 1)

    def span(one: int, other: int) -> tuple[float, float]:
        upper, lower = height(max(one, other)), height(min(one, other))
        return round(100 - upper, 3), round(upper - lower, 3)

    share = 100 / max(len(columns), 1)
    bars = [
        Bar(
            round(share * (number + (1 - _WIDE / 100) / 2), 3),
            round(share * _WIDE / 100, 3),
            *span(0, column.value),
            *span(column.value, column.value if column.outlook is None else column.outlook),
            column,
        )
        for number, column in enumerate(columns)
    ]
    ticks = [Tick(span(at, at)[0], written(at), at == 0) for at in range(low, high + 1, step)]
    longest = max(len(tick.text) for tick in ticks)
    return BarChart(bars, ticks, round(longest * _CHARACTER + _GAP, 2))


def round_step(span: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 and so on that takes at most MOST_STEPS steps through `span`."""
    least = max(-(-span // MOST_STEPS), 1)
    power = 10 ** (len(str(least)) - 1)
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
