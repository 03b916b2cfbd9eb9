"""The accent colour can be read, whatever the operator gives."""

import re

from hypothesis import given
from hypothesis import strategies as st

from wizard.theme.colour import READABLE, accent, contrast, finding, grounds, least

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_any_colour_becomes_shades_that_can_be_read_by_day_and_in_the_dark(colour: str) -> None:
    by_day, in_the_dark = grounds()
    shades = accent(colour)
    assert least(shades.by_day, *by_day) >= READABLE and contrast(shades.ink_by_day, shades.by_day) >= READABLE
    assert least(shades.at_night, *in_the_dark) >= READABLE
    assert contrast(shades.ink_at_night, shades.at_night) >= READABLE


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_and_another_is_told_of(colour: str) -> None:
    fits = least(colour, *grounds()[0]) >= READABLE
    told = finding(colour)
    assert (accent(colour).by_day == colour) == fits == (told is None)
    if told:
        assert accent(colour).by_day in told.mend and colour in told.what and "4.5:1 is needed" in told.what
        assert float(re.search(r"([\d.]+):1 where", told.what)[1]) < READABLE


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == 21 and contrast("#777777", "#777777") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_a_darker_shade_keeps_its_hue() -> None:
    assert accent("#ff8800").by_day == "#a85900" and accent("#FF8800").at_night == "#ff8800"
