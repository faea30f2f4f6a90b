"""The ornaments of a page as PDF drawing operators in millimetres: paper, guilloche frame, rosette."""

import zlib
from functools import lru_cache
from math import pi

from certificates.adapters.pdf.curves import rosette, wave
from certificates.adapters.pdf.sheets import POINTS, Sheet
from certificates.adapters.pdf.tones import PAPER_RGB, operands, tones_of

INSET, BAND = 8.0, 7.0
_STRANDS = 6


@lru_cache(maxsize=64)
def frame(sheet: Sheet, accent: str) -> bytes:
    """The ground of a page, deflated: its paper, a frame and, pale behind the text, a rosette.

    Drawing it takes longer than setting the text of a certificate, and it is the same for all of a design.
    """
    tones = tones_of(accent)
    drawn = [
        f"{POINTS:.5f} 0 0 {POINTS:.5f} 0 0 cm",
        f"{PAPER_RGB} rg 0 0 {sheet.width} {sheet.height} re f",
        f"{operands(tones.pale)} RG",
        _rosettes(*sheet.rosette_at),
        f"{operands(tones.line)} RG",
        *_sides(sheet),
        *_corners(sheet),
        *(_rule(sheet, inset, width) for inset, width in ((6.6, 0.5), (7.7, 0.15), (15.3, 0.15), (17.4, 0.3))),
    ]
    return zlib.compress("\n".join(drawn).encode(), 9)


def line(path: str, width: float) -> str:
    return f"{width} w {path} S"


def moved(x: float, y: float, content: str, *, scale: float = 1) -> str:
    return f"q {scale} 0 0 {scale} {x:.3f} {y:.3f} cm {content} Q"


def _sides(sheet: Sheet) -> list[str]:
    margin, middle = INSET + BAND, INSET + BAND / 2
    across, down = _braid(sheet.width - 2 * margin), _braid(sheet.height - 2 * margin)
    return [
        moved(margin, middle, across),
        moved(margin, sheet.height - middle, across),
        *(f"q 0 1 -1 0 {x:.3f} {margin} cm {down} Q" for x in (middle, sheet.width - middle)),
    ]


def _braid(length: float) -> str:
    """A band of waves, each a little further along; the ends run under the corners."""
    pairs = round(length / BAND)
    step, half_waves = length / (2 * pairs), 2 * pairs + 2
    longer = length + 2 * step
    strands = [
        wave(-2 * step * strand / _STRANDS, longer, amplitude=BAND / 2 - 0.55, half_waves=half_waves)
        for strand in range(_STRANDS)
    ]
    core = wave(-step, longer, amplitude=0.7, half_waves=half_waves)
    return f"{line(' '.join(strands), 0.13)} {line(core, 0.22)}"


def _corners(sheet: Sheet) -> list[str]:
    half, middle = BAND / 2, INSET + BAND / 2
    outer = " ".join(rosette(inner=1.2, outer=3.1, petals=6, phase=turn * pi / 2, points=24) for turn in range(4))
    inner = rosette(inner=0.4, outer=1.1, petals=4, phase=0, points=16)
    ground = f"{PAPER_RGB} rg {-half} {-half} {BAND} {BAND} re f"
    corner = f"{ground} {line(outer, 0.13)} {line(inner, 0.18)}"
    return [moved(x, y, corner) for x in (middle, sheet.width - middle) for y in (middle, sheet.height - middle)]


def _rule(sheet: Sheet, inset: float, width: float) -> str:
    return line(f"{inset} {inset} {sheet.width - 2 * inset:.2f} {sheet.height - 2 * inset:.2f} re", width)


def _rosettes(x: float, y: float) -> str:
    """Three rings of petals, pale enough to read upon."""
    rings = [
        rosette(inner=inner, outer=outer, petals=petals, phase=turn * pi / 4, points=petals * 4)
        for inner, outer, petals in ((52, 70, 18), (34, 54, 12), (18, 36, 8))
        for turn in range(8)
    ]
    return moved(x, y, line(" ".join(rings), 0.12))
