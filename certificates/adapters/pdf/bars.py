"""The bars that show the scores of the skills, drawn where the rows of their table were laid out."""

from collections.abc import Sequence
from fractions import Fraction

from weasyprint import Document

from certificates.adapters.pdf.sheets import Sheet
from certificates.adapters.pdf.tones import INK_RGB, operands

ROW = "row"  # the class of a row in the table of skills
_PIXELS = 96 / 25.4  # of CSS in a millimetre
_HEIGHT, _ABOVE_FOOT = 0.8, 0.3  # millimetres


def bars(document: Document, scores: Sequence[Fraction], sheet: Sheet, pale: str) -> str:
    """A bar for each score from 0 to 1, on a pale track, as operators in millimetres from the lower left corner."""
    rows = [
        box
        for box in document.pages[0]._page_box.descendants()  # WeasyPrint has no other way to say where a box is
        if box.element is not None and box.element_tag == "tr" and box.element.get("class") == ROW
    ]
    drawn = []
    for row, score in zip(rows, scores, strict=False):  # a row that did not fit has no place
        x, width = row.position_x / _PIXELS, row.width / _PIXELS
        y = sheet.height - (row.position_y + row.height) / _PIXELS + _ABOVE_FOOT
        drawn.append(f"{operands(pale)} rg {x:.3f} {y:.3f} {width:.3f} {_HEIGHT} re f")
        drawn.append(f"{INK_RGB} rg {x:.3f} {y:.3f} {width * float(score):.3f} {_HEIGHT} re f")
    return " ".join(drawn)
