"""Sketches of designs: what stands where on the PDF, in millimetres from the upper left corner, for an SVG."""

from base64 import b64encode
from dataclasses import dataclass

from certificates.adapters.pdf.names import direction_of
from certificates.adapters.pdf.sheets import BOTTOM, PROOF, PUNCHES, SEAL, TOP, Sheet, sheet_of
from certificates.adapters.pdf.tones import INK, Tones, tones_of
from certificates.domain.design import PAPER_COLOUR, Design, Orientation, Paper

_LOGO_ROOM = 16.0  # what the texts below it go down by
_LETTER = 0.62  # the width of a letter in its own size; capitals with room between them take more
_SPACED_LETTER = 1.15
_ASIDE = 104.0  # what the right column takes of a wide sheet
PAPERS = {Paper.A4: "A4", Paper.LETTER: "US Letter"}


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """The line above a signatory's name, and the texts below it."""

    x: float  # of its middle
    width: float
    name: str
    role: str
    name_size: float
    role_size: float
    direction: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """Everything that the picture shows, ready to be drawn."""

    sheet: Sheet
    tones: Tones
    ink: str
    ground: str
    paper: str
    title: str
    title_size: float
    title_direction: str
    logo: str | None  # a data URL
    middle: float  # of the texts at the top
    top: float  # where they begin
    evidence: tuple[float, float]
    result: tuple[float, float]
    signatures: tuple[SignatureLine, ...]
    signatures_at: float
    foot: float
    punches_at: tuple[float, float]
    seal_at: tuple[float, float]
    rosette_at: tuple[float, float]


def sketch_of(design: Design, *, issuer: str) -> Sketch:
    """Return the sketch of a design; the accent must be a colour "#rrggbb"."""
    sheet = sheet_of(design.paper, design.orientation)
    is_wide = design.orientation is Orientation.LANDSCAPE
    room = sheet.text_width - (_ASIDE if is_wide else 0)
    title = design.display_name or issuer
    top = TOP + 5 + (_LOGO_ROOM if design.logo else 0)
    foot = sheet.height - BOTTOM - PROOF
    aside = sheet.width - sheet.side - 92
    return Sketch(
        sheet=sheet,
        tones=tones_of(design.accent),
        ink=INK,
        ground=PAPER_COLOUR,
        paper=PAPERS[design.paper],
        title=title,
        title_size=_fitting(title, room, largest=3.9 if design.logo else 5.3, letter=_SPACED_LETTER),
        title_direction=direction_of(title),
        logo=_data_url(design.logo),
        middle=sheet.side + room / 2,
        top=top,
        evidence=(aside, TOP + 7) if is_wide else (sheet.side, top + 91),
        result=(aside, TOP + 46) if is_wide else (sheet.side + 102, top + 91),
        signatures=_signatures(design, sheet.side, room),
        signatures_at=foot - (17.5 if is_wide else 39.5),
        foot=foot,
        punches_at=_from_top(sheet, sheet.punches_at, PUNCHES[1] * sheet.punches_scale),
        seal_at=_from_top(sheet, (sheet.seal_at[0] + SEAL / 2, sheet.seal_at[1] + SEAL / 2), 0),
        rosette_at=_from_top(sheet, sheet.rosette_at, 0),
    )


def _signatures(design: Design, start: float, room: float) -> tuple[SignatureLine, ...]:
    count = len(design.signatories)
    if not count:
        return ()
    column = room / count
    width = min(column * 0.88, room * 0.42)
    return tuple(
        SignatureLine(
            x=start + column * (index + 0.5),
            width=width,
            name=each.name,
            role=each.role,
            name_size=_fitting(each.name, width, largest=3.0),
            role_size=_fitting(each.role, width, largest=2.5),
            direction=direction_of(each.name),
        )
        for index, each in enumerate(design.signatories)
    )


def _fitting(text: str, room: float, *, largest: float, letter: float = _LETTER) -> float:
    """A size in which a text has room on one line. The PDF breaks long texts instead."""
    return round(min(largest, room / (letter * max(len(text), 1))), 2)


def _from_top(sheet: Sheet, place: tuple[float, float], height: float) -> tuple[float, float]:
    """PDFs count from below."""
    return place[0], sheet.height - place[1] - height


def _data_url(logo: bytes | None) -> str | None:
    return None if logo is None else f"data:image/png;base64,{b64encode(logo).decode()}"
