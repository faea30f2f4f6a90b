"""Draws the card that other sites show for a shared link: who holds what, and whether it holds."""

from dataclasses import dataclass

from certificates.adapters.badge.drawing import SIDE, medal
from certificates.adapters.badge.engraving import height_of, lettered, shield
from certificates.adapters.badge.lettering import ELLIPSIS, Lines, fit
from certificates.adapters.pdf.tones import INK, Tones, tones_of
from certificates.domain.design import PAPER_COLOUR

WIDTH, HEIGHT = 1200, 630  # as The Open Graph protocol's readers cut pictures least
_LEFT, _TEXT_WIDTH = 484, 640
_NAME_SIZES = (68.0, 56.0, 46.0, 36.0, 28.0, 22.0)
_WHAT_SIZES = (38.0, 32.0, 27.0, 22.0)
_GAP = 26
_STATE_COLOURS = {"ok": "#1d6339", "warning": "#8a4b00", "bad": "#9a2a1c", "quiet": "#4d5b63"}

_MARKS = {
    _STATE_COLOURS["ok"]: "m-9 0 6 7 12-13",
    _STATE_COLOURS["warning"]: "m0-10v11m0 8v.5",
    _STATE_COLOURS["bad"]: "m-7-7 14 14m0-14-14 14",
    _STATE_COLOURS["quiet"]: "m-8 0h16",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, ready to show; `kind` of the state is ok, warning, bad or quiet. The accent is "#rrggbb"."""

    eyebrow: str
    name: str
    what: str
    facts: str
    state: str
    kind: str
    address: str
    accent: str


def draw_card(card: Card) -> str:
    """The card as an SVG of 1200 by 630 units."""
    tones = tones_of(card.accent)
    mark = shield(SIDE / 2, SIDE / 2, scale=6.4, ground=PAPER_COLOUR, line=tones.line, face=INK)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER_COLOUR}"/>{_frame(tones)}'
        f'<g transform="translate(84 {(HEIGHT - 350) / 2}) scale({350 / SIDE:.4f})">{medal(tones)}{mark}</g>'
        f'<clipPath id="field"><rect x="{_LEFT}" y="40" width="{_TEXT_WIDTH + 26}" height="{HEIGHT - 80}"/></clipPath>'
        f'<g clip-path="url(#field)">{_words(card, tones)}</g></svg>'
    )


def _words(card: Card, tones: Tones) -> str:
    eyebrow = fit(card.eyebrow.upper(), width=_TEXT_WIDTH, sizes=(20.0, 17.0), most_lines=1)
    name = fit(card.name, width=_TEXT_WIDTH, sizes=_NAME_SIZES, most_lines=2)
    what = fit(card.what, width=_TEXT_WIDTH, sizes=_WHAT_SIZES, most_lines=2, is_bold=True)
    facts = fit(card.facts, width=_TEXT_WIDTH, sizes=(23.0, 21.0, 19.0), most_lines=1)
    if facts.lines[-1].endswith(ELLIPSIS):
        facts = fit(card.facts, width=_TEXT_WIDTH, sizes=(21.0, 18.0), most_lines=2)
    state = fit(card.state, width=_TEXT_WIDTH - 60, sizes=(22.0, 19.0), most_lines=1, is_bold=True)
    address = fit(card.address, width=_TEXT_WIDTH, sizes=(20.0, 17.0, 14.0), most_lines=1)
    total = sum(map(height_of, (eyebrow, name, what, facts))) + 46 + 5 * _GAP + height_of(address)
    drawn, y = [], max((HEIGHT - total) / 2, 56)
    for text, fill, weight in (
        (eyebrow, tones.accent, 600),
        (name, INK, 400),
        (what, tones.accent, 600),
        (facts, _STATE_COLOURS["quiet"], 400),
    ):
        drawn.append(lettered(text, _LEFT, round(y + text.size, 1), fill=fill, anchor="start", weight=weight))
        y += height_of(text) + _GAP
    drawn.append(_state(state, y, _STATE_COLOURS[card.kind]))
    drawn.append(lettered(address, _LEFT, round(y + 46 + _GAP + address.size, 1), fill=INK, anchor="start"))
    return "".join(drawn)


def _state(text: Lines, y: float, colour: str) -> str:
    """A word in its colour with a mark beside it; the colour alone says nothing."""
    return (
        f'<circle cx="{_LEFT + 21}" cy="{y + 23:.1f}" r="19" fill="{colour}"/>'
        f'<path d="{_MARKS[colour]}" transform="translate({_LEFT + 21} {y + 23:.1f})" fill="none" '
        f'stroke="{PAPER_COLOUR}" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>'
        f"{lettered(text, _LEFT + 54, round(y + 31, 1), fill=colour, anchor='start', weight=600)}"
    )


def _frame(tones: Tones) -> str:
    rules = "".join(
        f'<rect x="{at}" y="{at}" width="{WIDTH - 2 * at}" height="{HEIGHT - 2 * at}" stroke-width="{line}"/>'
        for at, line in ((18, 3), (25, 1))
    )
    return f'<g fill="none" stroke="{tones.line}">{rules}</g>'
