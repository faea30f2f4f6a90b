"""The ornaments of a certificate as SVG in millimetres: the guilloche frame, the rosette, the bars of the scores."""

from functools import cache
from math import pi

from certificates.adapters.pdf.curves import rosette, wave

WIDTH, HEIGHT = 210, 297  # A4
INSET, BAND = 8.0, 7.0
GOLD, PALE_GOLD, PAPER, INK = "#a58334", "#e9dfc4", "#fffdf9", "#16262e"
_STRANDS = 6


@cache
def frame() -> str:
    """The frame of the page and, pale behind the text, a rosette."""
    across, down = WIDTH - 2 * (INSET + BAND), HEIGHT - 2 * (INSET + BAND)
    sides = [
        _braid(across, f"translate({INSET + BAND} {INSET + BAND / 2})"),
        _braid(across, f"translate({INSET + BAND} {HEIGHT - INSET - BAND / 2})"),
        _braid(down, f"translate({INSET + BAND / 2} {INSET + BAND}) rotate(90)"),
        _braid(down, f"translate({WIDTH - INSET - BAND / 2} {INSET + BAND}) rotate(90)"),
    ]
    corners = [
        _corner(x, y)
        for x in (INSET + BAND / 2, WIDTH - INSET - BAND / 2)
        for y in (INSET + BAND / 2, HEIGHT - INSET - BAND / 2)
    ]
    rules = [_rule(INSET - 1.4, 0.5), _rule(INSET - 0.3, 0.15), _rule(INSET + BAND + 0.3, 0.15), _rule(17.4, 0.3)]
    return svg(WIDTH, HEIGHT, _watermark() + "".join(sides + corners + rules))


def strip(colour: str) -> str:
    """A thin strip at the foot of its box, stretched to whatever width the score asks for."""
    box = '<rect width="100" height="100" fill="none"/>'
    bar = f'<rect y="84" width="100" height="16" fill="{colour}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">{box}{bar}</svg>'


def svg(width: float, height: float, content: str) -> str:
    size = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{content}</svg>'


def line(path: str, width: float, colour: str = GOLD) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _braid(length: float, transform: str) -> str:
    """A band of waves, each a little further along; the ends run under the corners."""
    pairs = round(length / BAND)
    step, half_waves = length / (2 * pairs), 2 * pairs + 2
    longer = length + 2 * step
    strands = [
        wave(-2 * step * strand / _STRANDS, longer, amplitude=BAND / 2 - 0.55, half_waves=half_waves)
        for strand in range(_STRANDS)
    ]
    core = wave(-step, longer, amplitude=0.7, half_waves=half_waves)
    return f'<g transform="{transform}">{line("".join(strands), 0.13)}{line(core, 0.22)}</g>'


def _corner(x: float, y: float) -> str:
    half = BAND / 2
    ground = f'<rect x="{-half}" y="{-half}" width="{BAND}" height="{BAND}" fill="{PAPER}"/>'
    outer = "".join(rosette(inner=1.2, outer=3.1, petals=6, phase=turn * pi / 2, points=24) for turn in range(4))
    inner = rosette(inner=0.4, outer=1.1, petals=4, phase=0, points=16)
    return f'<g transform="translate({x} {y})">{ground}{line(outer, 0.13)}{line(inner, 0.18)}</g>'


def _rule(inset: float, width: float) -> str:
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" '
        f'fill="none" stroke="{GOLD}" stroke-width="{width}"/>'
    )


def _watermark() -> str:
    """Three rings of petals, pale enough to read upon."""
    rings = [
        rosette(inner=inner, outer=outer, petals=petals, phase=turn * pi / 4, points=petals * 4)
        for inner, outer, petals in ((52, 70, 18), (34, 54, 12), (18, 36, 8))
        for turn in range(8)
    ]
    return f'<g transform="translate(105 118)">{line("".join(rings), 0.12, PALE_GOLD)}</g>'
