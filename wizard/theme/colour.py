"""The operator's accent colour, in shades that can be read, by day and in the dark."""

import re
from collections.abc import Callable
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wizard.content.findings import Finding

READABLE = 4.5
"""Contrast that text needs, by WCAG 2.2 AA."""
_AT_NIGHT = 7.0
"""What an accent that is made lighter for the dark is given; the eye asks for more there."""
_BASE = Path(__file__).parent / "static" / "base.css"

_SHEET = """@media screen {{
  :root {{ --accent: {0.by_day}; --accent-ink: {0.ink_by_day}; }}
}}
@media screen and (prefers-color-scheme: dark) {{
  :root {{ --accent: {0.at_night}; --accent-ink: {0.ink_at_night}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Accent:
    """Colours as `#rrggbb`. The inks stand on the accent: on buttons."""

    by_day: str
    ink_by_day: str
    at_night: str
    ink_at_night: str

    @property
    def stylesheet(self) -> str:
        return _SHEET.format(self)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def accent(colour: str) -> Accent:
    """Shades of `colour` with at least 4.5:1 against our paper and washes, and inks with as much on them.

    A colour that has it stays as it is.
    """
    (paper, wash), (night, night_wash) = grounds()
    by_day, at_night = colour.lower(), colour.lower()
    if least(by_day, paper, wash) < READABLE:
        by_day = _shade(colour, down=True, reached=lambda one: least(one, paper, wash) >= READABLE)
    if least(at_night, night, night_wash) < READABLE:
        at_night = _shade(colour, down=False, reached=lambda one: least(one, night, night_wash) >= _AT_NIGHT)
    return Accent(by_day, "#ffffff", at_night, night)


def finding(colour: str) -> Finding | None:
    """What is wrong with an accent that cannot be used as it is."""
    paper = grounds()[0]
    used = accent(colour).by_day
    if used == colour.lower():
        return None
    reached = int(least(colour, *paper) * 10) / 10  # rounded up, 4.48 would read as enough
    what = f"accent {colour} is too light for text on paper: {reached}:1 where {READABLE}:1 is needed"
    return Finding("wizard.toml", 0, "accent-contrast", what, f"{used} is used; give a darker colour")


def least(colour: str, *grounds: str) -> float:
    """The contrast against the ground that is nearest to it."""
    return min(contrast(colour, ground) for ground in grounds)


@cache
def grounds() -> tuple[tuple[str, str], tuple[str, str]]:
    """(paper, wash) by day and at night, as base.css has them."""
    css = _BASE.read_text("utf-8")
    papers, washes = (re.findall(rf"--{name}: (#[0-9a-f]{{6}});", css) for name in ("paper", "wash"))
    return (papers[0], washes[0]), (papers[1], washes[1])


def _shade(colour: str, down: bool, reached: Callable[[str], bool]) -> str:
    """The nearest shade of the same hue, darker or lighter, that reaches it."""
    hue, lightness, saturation = rgb_to_hls(*(value / 255 for value in _rgb(colour)))
    short, enough = lightness, 0.0 if down else 1.0
    for _ in range(12):
        middle = (short + enough) / 2
        short, enough = (short, middle) if reached(_hex(hue, middle, saturation)) else (middle, enough)
    return _hex(hue, enough, saturation)


def _luminance(colour: str) -> float:
    """As WCAG defines it."""
    shares = [value / 255 for value in _rgb(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(value * 255):02x}" for value in hls_to_rgb(hue, lightness, saturation))
