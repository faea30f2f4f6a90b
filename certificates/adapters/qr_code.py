"""QR codes, drawn by attributes and paths alone so that they stand in pages and in PDFs."""

import segno
from markupsafe import Markup

# Weighing all eight masks takes as long as setting a tenth of a certificate; readers take any of them.
MASK = 4
_QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks


def qr_code(address: str, *, title: str) -> Markup:
    """An address as an inline SVG with a title as its alternative text; a quiet zone of four modules is part of it.

    Error correction level M: a printed code is still read with 15 % of it soiled.
    """
    svg = _encoded(address).svg_inline(title=title, omitsize=True, svgclass=None, lineclass=None, dark="#16262e")
    return Markup(svg)  # noqa: S704  # segno escapes the title, the rest is its own


def qr_path(address: str) -> str:
    """An address as PDF operators that fill the dark modules of the same code, scaled into the unit square."""
    code = _encoded(address)
    side = code.symbol_size(border=_QUIET_ZONE)[0]
    runs = []
    for row, modules in enumerate(code.matrix):
        y, column = side - _QUIET_ZONE - 1 - row, 0
        # One rectangle a run: modules that touch must not show a hairline between them.
        for piece in bytes(modules).split(b"\0"):
            if piece:
                runs.append(f"{_QUIET_ZONE + column} {y} {len(piece)} 1 re")
            column += len(piece) + 1
    return f"{1 / side:.8f} 0 0 {1 / side:.8f} 0 0 cm {' '.join(runs)} f"


def _encoded(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False, mask=MASK)
