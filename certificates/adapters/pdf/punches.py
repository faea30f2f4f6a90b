"""The row of punches on a certificate, as an assay office strikes them: maker, fineness, office, year."""

from certificates.adapters.pdf.ornaments import INK, PAPER, line, svg

WIDTH, HEIGHT = 92, 17  # millimetres
_LIGHT_GOLD = "#d9bf7c"
_SHIELD = "M0 -8 7 -5V1.2C7 5 4 7.2 0 8.2C-4 7.2 -7 5 -7 1.2V-5Z"
_OCTAGON = "M-6 -7H6L9.5 -3.5V3.5L6 7H-6L-9.5 3.5V-3.5Z"
_OVAL = "M-9.5 0A9.5 7.5 0 0 1 9.5 0A9.5 7.5 0 0 1 -9.5 0Z"
_CARTOUCHE = (
    "M-8 -7H8A2.5 2.5 0 0 0 10.5 -4.5V4.5A2.5 2.5 0 0 0 8 7H-8A2.5 2.5 0 0 0 -10.5 4.5V-4.5A2.5 2.5 0 0 0 -8 -7Z"
)
_LETTER_A = "M-2.7 3.6 0 -4.6 2.7 3.6M-1.75 0.9H1.75"
_BALANCE = (
    "M0 -4.8V4.2M-2.2 4.2H2.2M-5 -3.2 0 -4 5 -3.2"
    "M-5 -3.2 -6.8 1M-5 -3.2 -3.2 1M5 -3.2 3.2 1M5 -3.2 6.8 1"
    "M-6.8 1A1.8 1.5 0 0 0 -3.2 1ZM3.2 1A1.8 1.5 0 0 0 6.8 1Z"
)


def punches(fineness: str, year: int) -> str:
    """The punches as SVG: maker, fineness in parts per thousand, the balance of the office, year."""
    row = [
        _punch(10.5, _SHIELD, _drawn(_LETTER_A, 0.9)),
        _punch(31, _OCTAGON, _struck(fineness)),
        _punch(54, _OVAL, _drawn(_BALANCE, 0.5)),
        _punch(78, _CARTOUCHE, _struck(str(year))),
    ]
    return svg(WIDTH, HEIGHT, "".join(row))


def _punch(x: float, outline: str, content: str) -> str:
    """A dark ground with a fine line inside its edge, as if struck into the metal."""
    inner = f'<g transform="scale(0.9)">{line(outline, 0.22, _LIGHT_GOLD)}</g>'
    return f'<g transform="translate({x} 8.5)"><path d="{outline}" fill="{INK}"/>{inner}{content}</g>'


def _drawn(path: str, width: float) -> str:
    return f'<g stroke-linecap="round" stroke-linejoin="round">{line(path, width, PAPER)}</g>'


def _struck(text: str) -> str:
    font = 'font-family="Noto Serif" font-weight="600" font-size="6" text-anchor="middle"'
    return f'<text x="0" y="2.15" {font} fill="{PAPER}">{text}</text>'
