"""Places in a list to be ordered: read from the selects of a form, and shown again as they were chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.parts import Option
from assessments.web.views.answers import whole_number

LETTERS = "ABCDEFGHIJ"  # the names of the entries, in the sequence in which they are shown


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """One entry: its letter by the sequence shown at first, and its place as the form has it ("" while it has none)."""

    id: str
    letter: str
    text: str
    place: str


def read_places(entries: Sequence[Option], form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that the places `<prefix>place-<id>` state: a number by entry, those left open not.

    It refuses nothing; `take_places` makes an order of the places, or says why they are none.
    """
    typed = {entry.id: form.get(f"{prefix}place-{entry.id}", "") for entry in entries}
    return {"places": {entry: whole_number(place) for entry, place in typed.items() if place}}


def placed_entries(entries: Sequence[Option], raw: Mapping[str, Any]) -> list[PlacedEntry]:
    """Return the entries by their places, those without one last; `raw` has their `order`, or `places` by entry."""
    places = raw.get("places")
    if not isinstance(places, Mapping):
        places = {entry: place for place, entry in enumerate(raw.get("order") or (), start=1)}
    ranks = {str(place): place for place in range(1, len(entries) + 1)}
    placed = [
        PlacedEntry(entry.id, letter, entry.text, str(places.get(entry.id, "")))
        for letter, entry in zip(LETTERS, entries, strict=False)
    ]
    return sorted(placed, key=lambda entry: ranks.get(entry.place, len(entries) + 1))
