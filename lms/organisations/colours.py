"""Accent colours of organisations: dark enough to read on light grounds, and lightened for dark ones.

Source: WCAG 2.2, definitions of contrast ratio and relative luminance.
"""

import re

LEAST_CONTRAST = 4.5  # WCAG 2.2 AA, for text
LIGHT_GROUNDS = ("#f2ecdf", "#e3eeee")  # the darkest light grounds of our pages, and the lightest dark ones
DARK_GROUNDS = ("#1d2a31", "#17343d")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def read_colour(typed: str) -> str:
    """The colour "#rrggbb" in lower case. Raises ValueError for what is none, or too light to be read."""
    colour = typed.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise ValueError("Give the colour as # and six digits, for example #1b3f8b.")
    reached = _least_contrast(colour, LIGHT_GROUNDS)
    if reached < LEAST_CONTRAST:
        better = _toward(colour, 0, LIGHT_GROUNDS)
        raise ValueError(
            f"This colour is too light to be read: its contrast is {reached:.1f}:1, and {LEAST_CONTRAST}:1 is needed. "
            f"{better} is the same colour, dark enough."
        )
    return colour


def on_dark(colour: str) -> str:
    """The same colour, light enough to be read on dark grounds."""
    return _toward(colour, 255, DARK_GROUNDS)


def text_on(colour: str) -> str:
    """White or black, whichever is read better on this colour."""
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, colour))


def tint(colour: str, ground: str) -> str:
    """The ground with as much of the colour in it as leaves the colour itself readable there."""
    for share in (12, 9, 6, 3, 0):
        parts = zip(_parts(colour), _parts(ground), strict=True)
        mixed = "#" + "".join(f"{round((one * share + other * (100 - share)) / 100):02x}" for one, other in parts)
        if contrast(colour, mixed) >= LEAST_CONTRAST:
            break
    return mixed


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours "#rrggbb", from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [part / 255 for part in _parts(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _least_contrast(colour: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def _toward(colour: str, end: int, grounds: tuple[str, ...]) -> str:
    """The first shade on the way to black (0) or white (255) that can be read on these grounds."""
    for step in range(65):
        shade = "#" + "".join(f"{round(part + (end - part) * step / 64):02x}" for part in _parts(colour))
        if _least_contrast(shade, grounds) >= LEAST_CONTRAST:
            break
    return shade


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
