"""The geometry of a bar chart: bars are as long as their values, stand on zero, and stay in their frame."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.theme.bars import MOST_STEPS, BarChart, Column, bar_chart, round_step

VALUES = st.integers(-(10**9), 10**12) | st.integers(-50, 50)
COLUMNS = st.lists(st.builds(Column, st.just("A"), VALUES, st.none() | VALUES), min_size=1, max_size=12)


def drawn(columns: list[Column]) -> tuple[BarChart, dict[int, float]]:
    """The chart, and where on it each value of the axis is."""
    chart = bar_chart(columns, str)
    return chart, {int(tick.text): tick.y for tick in chart.ticks}


@given(COLUMNS)
@example([Column("A", 0)])
@example([Column("A", -7, 0)])
def test_bars_stay_inside_the_frame_and_beside_each_other(columns: list[Column]) -> None:
    chart, _ = drawn(columns)
    right = 0.0
    for bar in chart.bars:
        for y, height in ((bar.y, bar.height), (bar.rest_y, bar.rest_height)):
            assert y >= -0.001 and y + height <= 100.002 and height >= 0
        assert right < bar.x < bar.middle < (right := bar.x + bar.width) <= 100


@given(COLUMNS)
def test_bars_stand_on_zero_and_are_as_long_as_their_values(columns: list[Column]) -> None:
    chart, axis = drawn(columns)
    low, high = min(axis), max(axis)
    for bar in chart.bars:
        value, outlook = bar.column.value, bar.column.value if bar.column.outlook is None else bar.column.outlook
        at_zero = bar.y + bar.height if value >= 0 else bar.y
        assert at_zero == pytest.approx(axis[0], abs=0.003)
        assert bar.height == pytest.approx(abs(value) * 100 / (high - low or 1), abs=0.003)
        assert bar.rest_height == pytest.approx(abs(outlook - value) * 100 / (high - low or 1), abs=0.003)
        near, far = bar.rest_y + bar.rest_height, bar.rest_y
        top = bar.y if value >= 0 else bar.y + bar.height
        assert (near if outlook >= value else far) == pytest.approx(top, abs=0.003), "it goes on where the bar ends"


@given(COLUMNS)
def test_the_axis_has_zero_round_steps_and_room_for_all(columns: list[Column]) -> None:
    chart, axis = drawn(columns)
    steps = sorted(axis)
    assert 0 in axis and len(axis) <= MOST_STEPS + 3
    assert [tick.is_zero for tick in chart.ticks].count(True) == 1
    if len(steps) > 1:
        (step,) = {later - earlier for earlier, later in zip(steps, steps[1:], strict=False)}
        assert str(step).rstrip("0") in ("1", "2", "5") and all(one % step == 0 for one in steps)
        assert (axis[steps[0]], axis[steps[-1]]) == (100, 0)
    every = [one for column in columns for one in (column.value, column.outlook or 0)]
    assert steps[0] <= min(every) and max(every) <= steps[-1]


@pytest.mark.parametrize(
    ("span", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (23808, 10000), (800, 200), (801, 500)]
)
def test_steps_are_round(span: int, step: int) -> None:
    assert round_step(span) == step


def test_nothing_at_all_is_a_line() -> None:
    chart, axis = drawn([Column("A", 0), Column("B", 0)])
    assert axis == {0: 100} and all((bar.y, bar.height, bar.rest_height) == (100, 0, 0) for bar in chart.bars)


def test_the_axis_is_given_room_for_its_longest_text() -> None:
    narrow, wide = (bar_chart([Column("A", 100)], lambda value, w=width: "9" * w).gutter for width in (2, 12))
    assert narrow < 3 and 6 < wide < 9
