"""Match in the page: a target to choose for each entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.match import MatchContent, MatchResponse
from assessments.web.views.answers import raw_data

LETTERS = "ABCDEFGHIJ"  # the names of the targets, where they are too long to choose by
LONGEST = 60  # characters that a select shows whole, also on a wide screen


@dataclass(frozen=True, slots=True)
class EntryState:
    """One entry and the id of the target that it was given."""

    id: str
    text: str
    target: object


@dataclass(frozen=True, slots=True)
class TargetState:
    """One target: its letter, its text, and its label in the selects."""

    id: str
    letter: str
    text: str
    label: str


def read_form(content: MatchContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; entries without a partner are left out."""
    typed = {entry.id: form.get(f"{prefix}target-{entry.id}", "") for entry in content.entries}
    return {"pairs": {entry: target for entry, target in typed.items() if target}}


def is_answered(response: MatchResponse) -> bool:
    """Whether any entry has a partner."""
    return bool(response.pairs)


def context(content: MatchContent, response: MatchResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `entries` with their targets, the `targets`, and whether these `are_long`.

    Long targets are listed with letters, and the selects show the letters and how the targets begin.
    """
    given = raw_data(response).get("pairs", {})
    are_long = any(len(target.text) > LONGEST or "\n" in target.text for target in content.targets)
    targets = []
    for letter, target in zip(LETTERS, content.targets, strict=False):
        label = f"{letter}: {_beginning(target.text)}" if are_long else target.text
        targets.append(TargetState(target.id, letter, target.text, label))
    entries = [EntryState(entry.id, entry.text, given.get(entry.id)) for entry in content.entries]
    return {"entries": entries, "targets": targets, "are_long": are_long}


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
