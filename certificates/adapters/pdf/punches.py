"""The row of punches on a certificate, as an assay office strikes them: maker, fineness, office, year."""

from certificates.adapters.pdf.curves import ellipse
from certificates.adapters.pdf.digits import struck
from certificates.adapters.pdf.ornaments import line, moved
from certificates.adapters.pdf.tones import INK_RGB, PAPER_RGB, operands, tones_of

_SHIELD = "0 8 m 7 5 l 7 -1.2 l 7 -5 4 -7.2 0 -8.2 c -4 -7.2 -7 -5 -7 -1.2 c -7 5 l h"
_OCTAGON = "-6 7 m 6 7 l 9.5 3.5 l 9.5 -3.5 l 6 -7 l -6 -7 l -9.5 -3.5 l -9.5 3.5 l h"
_OVAL = ellipse(9.5, 7.5)
_CARTOUCHE = (
    "-8 7 m 8 7 l 9.4 7 10.5 5.9 10.5 4.5 c 10.5 -4.5 l 10.5 -5.9 9.4 -7 8 -7 c "
    "-8 -7 l -9.4 -7 -10.5 -5.9 -10.5 -4.5 c -10.5 4.5 l -10.5 5.9 -9.4 7 -8 7 c h"
)
_LETTER_A = "-2.7 -3.6 m 0 4.6 l 2.7 -3.6 l -1.75 -0.9 m 1.75 -0.9 l"
BALANCE = (
    "0 4.8 m 0 -4.2 l -2.2 -4.2 m 2.2 -4.2 l -5 3.2 m 0 4 l 5 3.2 l "
    "-5 3.2 m -6.8 -1 l -5 3.2 m -3.2 -1 l 5 3.2 m 3.2 -1 l 5 3.2 m 6.8 -1 l "
    "-6.8 -1 m -6.5 -3 -3.5 -3 -3.2 -1 c h 3.2 -1 m 3.5 -3 6.5 -3 6.8 -1 c h"
)


def punches(fineness: str, year: int, accent: str) -> str:
    """The punches as operators: maker, fineness in parts per thousand, the balance of the office, year.

    The row is 92 mm wide and 17 mm high, its lower left corner at the origin.
    """
    light = operands(tones_of(accent).light)
    row = [
        _punch(10.5, _SHIELD, light, line(_LETTER_A, 0.9)),
        _punch(31, _OCTAGON, light, f"0.72 0 0 0.72 0 0 cm 0.95 w {struck(fineness)}"),
        _punch(54, _OVAL, light, line(BALANCE, 0.5)),
        _punch(78, _CARTOUCHE, light, f"0.72 0 0 0.72 0 0 cm 0.95 w {struck(str(year))}"),
    ]
    return "\n".join(row)


def _punch(x: float, outline: str, light: str, content: str) -> str:
    """A dark ground with a fine line inside its edge, as if struck into the metal."""
    ground = f"{INK_RGB} rg {outline} f"
    inner = f"{light} RG {moved(0, 0, line(outline, 0.24), scale=0.9)}"
    return moved(x, 8.5, f"{ground} {inner} {PAPER_RGB} RG 1 J 1 j {content}")
