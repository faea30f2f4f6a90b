"""Feedback on an order: the right sequence, and which entries stood too early or too late."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from assessments.domain.schemas.order import OrderContent, OrderKey, OrderResponse
from assessments.domain.scores import ItemScore, Part
from assessments.domain.scoring.order import nearest_order
from assessments.web.feedback.verdicts import verdict_of
from assessments.web.views.places import LETTERS


class Difference(StrEnum):
    """How the place that an entry was given stands to its right one."""

    NONE = "none"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"


@dataclass(frozen=True, slots=True)
class EntryFeedback:
    """One entry at its right place (from 1): its letter, its text, and the place given (None while untouched)."""

    letter: str
    text: str
    place: int
    given: int | None
    difference: Difference


def feedback(content: OrderContent, key: OrderKey, response: OrderResponse, score: ItemScore) -> dict[str, object]:
    """Return `verdict`, whether the list `is_untouched`, and the `entries` in the accepted sequence nearest to it."""
    places = {entry: place for place, entry in enumerate(response.order, start=1)}
    known = {entry.id: (letter, entry.text) for letter, entry in zip(LETTERS, content.entries, strict=False)}
    entries = []
    for place, entry in enumerate(nearest_order(key, response), start=1):
        given = places.get(entry)
        entries.append(EntryFeedback(*known[entry], place, given, _difference(given, place)))
    return {"verdict": verdict_of(score.points), "is_untouched": not response.order, "entries": entries}


def explain(content: OrderContent, parts: tuple[Part, ...]) -> list[str]:
    """Return in sentences where the points came from, without saying which sequence is right."""
    (part,) = parts
    if not part.counts:
        return [_("the list was left as it was shown")]
    return [_("%(alike)s of %(pairs)s pairs of entries stand in the right sequence", **part.counts)]


def _difference(given: int | None, place: int) -> Difference:
    if given is None or given == place:
        return Difference.NONE
    return Difference.TOO_EARLY if given < place else Difference.TOO_LATE
