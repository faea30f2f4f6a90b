"""What pictures share: the lathe's lines, the marks of the house and lettering, as SVG."""

import re
from functools import lru_cache
from math import pi

from certificates.adapters.badge.lettering import Lines, text_spans
from certificates.adapters.pdf.curves import rosette

# The shield with the maker's letter and the balance of the office, as they stand on pages and on the PDF.
_SHIELD = "M16 1 30.500 6.500V19c0 9-6 14.500-14.500 18C7.500 33.500 1.500 28 1.500 19V6.500z"
_SHIELD_LINE = "M16 4 27.800 8.500V19c0 7.600-4.900 12.200-11.800 15.200C9.100 31.200 4.200 26.600 4.200 19V8.500z"
_LETTER = "m10 25.500 6-15 6 15m-9.700-5.400h7.400"
_LINE_HEIGHT = 1.22  # em
_OPERATORS = {"m": "M", "l": "L", "c": "C", "h": "Z"}


@lru_cache(maxsize=64)
def rings(*, inner: float, outer: float, petals: int, turns: int, points: int) -> str:
    """The path of rosettes around the origin that are turned against one another."""
    lines = (
        rosette(inner=inner, outer=outer, petals=petals, phase=2 * pi * turn / turns, points=points)
        for turn in range(turns)
    )
    return " ".join(map(_as_svg, lines))


def shield(x: float, y: float, *, scale: float, ground: str, line: str, face: str) -> str:
    """The mark of the house with its middle at a point; it is 32 wide and 38 high at scale 1."""
    return (
        f'<g transform="translate({x - 16 * scale:.2f} {y - 19 * scale:.2f}) scale({scale})" fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round"><path d="{_SHIELD}" fill="{ground}"/>'
        f'<path d="{_SHIELD_LINE}" stroke="{line}" stroke-width="0.9"/>'
        f'<path d="{_LETTER}" stroke="{face}" stroke-width="2.3"/></g>'
    )


def lettered(text: Lines, x: float, y: float, *, fill: str, anchor: str = "middle", weight: int = 400) -> str:
    """Lines of text; `y` is the base line of the first."""
    return "".join(
        f'<text x="{x}" y="{y + index * text.size * _LINE_HEIGHT:.1f}" font-size="{text.size}" font-weight="{weight}" '
        f'fill="{fill}" text-anchor="{anchor}">{text_spans(line)}</text>'
        for index, line in enumerate(text.lines)
    )


def height_of(text: Lines) -> float:
    """From the base line of the first line to that of one more."""
    return len(text.lines) * text.size * _LINE_HEIGHT


def _as_svg(operators: str) -> str:
    """A path in the operators of PDF as one of SVG: there the letter follows its numbers."""
    steps = re.findall(r"([-\d. ]*)([mlch])", operators)
    return " ".join(f"{_OPERATORS[letter]}{numbers.strip()}" for numbers, letter in steps)
