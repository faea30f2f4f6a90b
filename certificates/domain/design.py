"""How an organisation's certificates look: paper, accent colour, logo, and who signs for it."""

import re
from dataclasses import dataclass
from enum import StrEnum

PAPER_COLOUR = "#fffdf9"
MOST_SIGNATORIES = 4
MOST_LETTERS = 80  # in a display name, a signatory's name and role each
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
LOGO_BYTES = 512_000


class Paper(StrEnum):
    """The papers that certificates are printed on."""

    A4 = "a4"
    LETTER = "letter"


class Orientation(StrEnum):
    """Which side of the paper is up."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs for the organisation, and as what."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Design:
    """The look of an organisation's certificates.

    An empty display name means the name of the issuer. The accent is "#rrggbb". The logo is a PNG.
    """

    paper: Paper
    orientation: Orientation
    display_name: str
    accent: str
    logo: bytes | None
    signatories: tuple[Signatory, ...]


HOUSE_DESIGN = Design(Paper.A4, Orientation.PORTRAIT, "", "#7c5e16", None, ())


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#rrggbb", from 1 to 21.

    Source: WCAG 2.2, definitions of contrast ratio and relative luminance.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check_design(design: Design) -> None:
    """Raise ValueError with a sentence for people when certificates must not look like this.

    How large the logo is in pixels, and whether it is a picture at all, is checked where it is stored.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", design.accent):
        raise ValueError("The accent colour is written as # and six hexadecimal digits, for example #7c5e16.")
    reached = contrast(design.accent, PAPER_COLOUR)
    if reached < LEAST_CONTRAST:
        raise ValueError(
            f"The accent colour is too light to read: its contrast with the paper is {reached:.1f}:1, "
            f"and must be at least {LEAST_CONTRAST}:1."
        )
    if len(design.signatories) > MOST_SIGNATORIES:
        raise ValueError(f"A certificate has room for at most {MOST_SIGNATORIES} signatories.")
    if any(not signatory.name.strip() for signatory in design.signatories):
        raise ValueError("Each signatory needs a name.")
    texts = [design.display_name, *(text for each in design.signatories for text in (each.name, each.role))]
    if any(len(text) > MOST_LETTERS for text in texts):
        raise ValueError(f"Names and roles on a certificate have at most {MOST_LETTERS} characters.")
    if design.logo is not None and len(design.logo) > LOGO_BYTES:
        raise ValueError(f"The logo is too large: at most {LOGO_BYTES // 1000} kB.")


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
