"""The seal that stands for the digital signature: two rosettes around the balance, without any text."""

import zlib
from functools import lru_cache
from math import pi

from certificates.adapters.pdf.curves import ellipse, rosette
from certificates.adapters.pdf.ornaments import line, moved
from certificates.adapters.pdf.punches import BALANCE
from certificates.adapters.pdf.sheets import POINTS, SEAL
from certificates.adapters.pdf.tones import INK_RGB, PAPER_RGB, operands, tones_of


@lru_cache(maxsize=64)
def seal(accent: str) -> bytes:
    """The seal as deflated operators, in a square of SEAL millimetres with its lower left corner at the origin."""
    tones = tones_of(accent)
    edge = " ".join(rosette(inner=9.9, outer=12.3, petals=36, phase=turn * pi, points=144) for turn in range(2))
    ring = " ".join(rosette(inner=7.6, outer=9.6, petals=24, phase=turn * pi / 2, points=96) for turn in range(4))
    drawn = [
        f"{operands(tones.line)} RG {line(edge, 0.28)}",
        f"{INK_RGB} rg {ellipse(9.9, 9.9)} f",
        f"{operands(tones.light)} RG {line(ring, 0.14)}",
        line(ellipse(7.3, 7.3), 0.3),
        f"{PAPER_RGB} RG 1 J 1 j {moved(0, 0, line(BALANCE, 0.55), scale=0.86)}",
    ]
    placed = f"{POINTS:.5f} 0 0 {POINTS:.5f} 0 0 cm {moved(SEAL / 2, SEAL / 2, ' '.join(drawn))}"
    return zlib.compress(placed.encode(), 9)
