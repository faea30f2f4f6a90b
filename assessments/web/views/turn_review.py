"""Turn review in the page: a conversation, and a label to choose for each turn that is reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.turn_review import TurnReviewContent, TurnReviewResponse
from assessments.web.views.answers import raw_data


@dataclass(frozen=True, slots=True)
class LabelState:
    """One label on offer for a turn, and whether it is chosen."""

    id: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TurnState:
    """One turn with its number and speaker; without labels it is there to be read only."""

    number: int
    speaker: str
    text: str
    labels: tuple[LabelState, ...]


def read_form(content: TurnReviewContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; turns left open are left out."""
    typed = {turn: form.get(f"{prefix}turn-{turn}", "") for turn in content.reviewed}
    return {"labels": {str(turn): label for turn, label in typed.items() if label}}


def is_answered(response: TurnReviewResponse) -> bool:
    """Whether any turn has a label."""
    return bool(response.labels)


def context(content: TurnReviewContent, response: TurnReviewResponse | Mapping[str, Any]) -> dict[str, object]:
    """Return what the template shows: `turns` with the state of their labels."""
    chosen = {str(turn): label for turn, label in raw_data(response).get("labels", {}).items()}
    return {
        "turns": [
            TurnState(
                number,
                turn.speaker.value,
                turn.text,
                _labels(content, chosen.get(str(number))) if turn.is_reviewed else (),
            )
            for number, turn in enumerate(content.turns, start=1)
        ]
    }


def _labels(content: TurnReviewContent, chosen: object) -> tuple[LabelState, ...]:
    return tuple(LabelState(label.id, label.title, label.id == chosen) for label in content.labels)
