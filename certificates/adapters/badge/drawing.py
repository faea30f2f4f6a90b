"""Draws the badge of an achievement: a struck medal with its name, the year and who issued it."""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from certificates.adapters.badge.engraving import height_of, lettered, rings, shield
from certificates.adapters.badge.lettering import fit, visible
from certificates.adapters.pdf.tones import INK, Tones, tones_of
from certificates.domain.design import PAPER_COLOUR

SIDE = 600
_NAME_SIZES = (48.0, 44.0, 40.0, 36.0, 32.0, 28.0, 25.0, 22.0)
_ISSUER_SIZES = (21.0, 19.0, 17.0)
# Where the lines of a name have their middle; from above the shield comes near, from below the year.
_NAME_MIDDLE = 306


@dataclass(frozen=True, slots=True)
class Face:
    """What a badge shows. The accent is "#rrggbb"; `title` describes the picture to who cannot see it."""

    title: str
    achievement: str
    issuer: str
    year: int
    accent: str


def draw_badge(face: Face) -> str:
    """The badge as an SVG, 600 units a side, on nothing: it goes on any ground."""
    title = visible(face.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" '
        f'role="img" aria-label={quoteattr(title)}><title>{escape(title)}</title>'
        f"{medal(tones_of(face.accent))}{_words(face)}</svg>"
    )


def medal(tones: Tones) -> str:
    """The medal without mark and words, 600 units a side: an edge of petals, an engraved ring, a dark field."""
    edge = rings(inner=276, outer=296, petals=54, turns=2, points=216)
    ring = rings(inner=216, outer=256, petals=36, turns=6, points=144)
    return (
        f'<g transform="translate({SIDE / 2} {SIDE / 2})" fill="none">'
        f'<circle r="284" fill="{PAPER_COLOUR}"/><path d="{edge}" stroke="{tones.line}" stroke-width="2.2"/>'
        f'<circle r="271" fill="{tones.line}"/><circle r="267" fill="{PAPER_COLOUR}"/><circle r="264" fill="{INK}"/>'
        f'<path d="{ring}" stroke="{tones.light}" stroke-width="0.9"/>'
        f'<circle r="211" stroke="{tones.light}" stroke-width="2.4"/><circle r="205" stroke="{tones.light}" '
        f'stroke-width="0.8"/></g>'
    )


def _words(face: Face) -> str:
    tones = tones_of(face.accent)
    name = fit(face.achievement, width=352, sizes=_NAME_SIZES, most_lines=4, is_bold=True)
    issuer = fit(face.issuer, width=270, sizes=_ISSUER_SIZES, most_lines=2)
    top = _NAME_MIDDLE - height_of(name) / 2
    year = fit(str(face.year), width=140, sizes=(40.0,), most_lines=1)
    return (
        f"{shield(SIDE / 2, 160, scale=2.2, ground=PAPER_COLOUR, line=tones.line, face=INK)}"
        f"{lettered(name, SIDE / 2, top + name.size * 0.92, fill=PAPER_COLOUR, weight=600)}"
        f'<path d="M270 {top + height_of(name) + 12:.1f}h60" stroke="{tones.light}" stroke-width="1.6"/>'
        f"{lettered(issuer, SIDE / 2, top + height_of(name) + 42, fill=tones.light)}"
        f'<g fill="{PAPER_COLOUR}" stroke="{tones.line}" stroke-width="2">'
        '<rect x="232" y="486" width="136" height="62" rx="16"/>'
        '<rect x="238" y="492" width="124" height="50" rx="11" stroke-width="0.9"/></g>'
        f"{lettered(year, SIDE / 2, 531, fill=INK, weight=600)}"
    )
