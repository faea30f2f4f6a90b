"""The tones of an accent colour: lines, pale lines behind text, and light lines on ink."""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

from certificates.domain.design import PAPER_COLOUR

INK = "#16262e"


@dataclass(frozen=True, slots=True)
class Tones:
    """Colours as "#rrggbb": the accent for letters, and what is derived from it for ornaments."""

    accent: str
    line: str
    pale: str
    light: str


def tones_of(accent: str) -> Tones:
    """Return the tones of an accent: same hue, lighter and less saturated."""
    return Tones(accent, _toned(accent, 0.42, 0.75), _toned(accent, 0.845, 0.66), _toned(accent, 0.67, 0.78))


def operands(colour: str) -> str:
    """A colour "#rrggbb" as the three operands of the PDF operators rg and RG."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


PAPER_RGB, INK_RGB = operands(PAPER_COLOUR), operands(INK)


def _toned(colour: str, lightness: float, saturation: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, _lightness, own = rgb_to_hls(red, green, blue)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, lightness, own * saturation))
