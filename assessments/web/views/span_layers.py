"""How marks that may overlap are drawn: the text cut into segments, the line of each mark in a lane of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from markupsafe import Markup, escape

from assessments.domain.schemas.span_highlight import SpanHighlightContent
from assessments.web.views.words import words_of

Span = Mapping[str, Any]

LAST_LANE = 5  # lines further down would run into the next line of the text


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it must stand in the page; the first piece of a word carries its number."""

    text: Markup
    word: int | None


@dataclass(frozen=True, slots=True)
class Layer:
    """One mark over a segment: the number of its category, the lane of its line (0 is next to the text)."""

    kind: int
    lane: int
    is_end: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text under the same marks, the longest of them first, or under none."""

    pieces: tuple[Piece, ...]
    layers: tuple[Layer, ...]


def fitting_spans(content: SpanHighlightContent, spans: Iterable[Span]) -> list[Span]:
    """Return the spans that can be shown in the text, each once, in order; of two that begin together, the longer."""
    known = {category.id for category in content.categories}
    fitting: dict[tuple[int, int, str], Span] = {}
    for span in filter(_has_offsets, spans):
        category = span.get("category")
        if 0 <= span["start"] < span["end"] <= len(content.text) and isinstance(category, str) and category in known:
            fitting.setdefault((span["start"], span["end"], category), span)
    return sorted(fitting.values(), key=lambda span: (span["start"], -span["end"]))


def segments(content: SpanHighlightContent, spans: Sequence[Span]) -> list[Segment]:
    """Return the text cut at the marks, and inside at the words; joined again it is the text. Spans are as fitting."""
    words = words_of(content.text)
    numbers = {start: number for number, (start, _) in enumerate(words, start=1)}
    edges = {0, len(content.text)} | {edge for word in words for edge in word}
    edges |= {edge for span in spans for edge in (span["start"], span["end"])}
    lanes, kinds = lanes_of(spans), kinds_of(content)
    outermost_first = sorted(range(len(spans)), key=lambda n: spans[n]["start"] - spans[n]["end"])
    pieces = [
        (
            tuple(n for n in outermost_first if spans[n]["start"] <= start < spans[n]["end"]),
            (end, Piece(_dom(content.text[start:end]), numbers.get(start))),
        )
        for start, end in pairwise(sorted(edges))
    ]
    drawn = []
    for covering, group in groupby(pieces, key=lambda pair: pair[0]):
        parts = [part for _, part in group]
        last = parts[-1][0]
        layers = (Layer(kinds[spans[n]["category"]], lanes[n], spans[n]["end"] == last) for n in covering)
        drawn.append(Segment(tuple(piece for _, piece in parts), tuple(layers)))
    return drawn


def lanes_of(spans: Sequence[Span]) -> list[int]:
    """Return for each span, in order of their starts, the first lane in which no earlier one is still open."""
    open_until: list[int] = []
    lanes = []
    for span in spans:
        lane = next((n for n, end in enumerate(open_until) if end <= span["start"]), len(open_until))
        open_until[lane : lane + 1] = [span["end"]]
        lanes.append(min(lane, LAST_LANE))
    return lanes


def kinds_of(content: SpanHighlightContent) -> dict[str, int]:
    """Return the number that each category has on the page."""
    return {category.id: number for number, category in enumerate(content.categories, start=1)}


def _has_offsets(span: Span) -> bool:
    return isinstance(span.get("start"), int) and isinstance(span.get("end"), int)


def _dom(text: str) -> Markup:
    """Escaped so that the text of the page equals the text: a bare carriage return would be read as a line feed."""
    return escape(text).replace("\r", Markup("&#13;"))
