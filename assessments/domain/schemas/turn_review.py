"""Turn review: give each turn of a conversation the label that fits it."""

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Response,
    Shape,
    Text,
    echo_names,
)
from assessments.domain.schemas.parts import Category, check_ids_differ
from assessments.domain.schemas.votes import Votes, shares_of

TurnNumber = Annotated[int, Field(ge=1, le=60)]


class Speaker(StrEnum):
    """Who says a turn."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"


class Turn(Shape):
    """One turn; `is_reviewed` marks those that need a label."""

    speaker: Speaker
    text: Text
    is_reviewed: bool = True


class TurnReviewContent(Content):
    """A conversation in numbered turns (first is 1) and the labels on offer."""

    prompt: Text
    context: Text | None = None
    turns: Annotated[tuple[Turn, ...], Field(min_length=1, max_length=60)]
    labels: Annotated[tuple[Category, ...], Field(min_length=2, max_length=8)]

    @model_validator(mode="after")
    def _something_is_reviewed(self) -> Self:
        check_ids_differ("label", self.labels)
        if not self.reviewed:
            raise ValueError("no turn is reviewed; at least one must be")
        return self

    @property
    def reviewed(self) -> tuple[int, ...]:
        """The numbers of the turns that need a label."""
        return tuple(number for number, turn in enumerate(self.turns, start=1) if turn.is_reviewed)

    @property
    def stem(self) -> str:
        return "\n\n".join(turn.text for turn in self.turns)


class TurnReviewKey(Key):
    """The label of each reviewed turn by its number, or how many experts gave each label."""

    labels: dict[TurnNumber, Identifier | dict[Identifier, Votes]]

    @model_validator(mode="after")
    def _votes_are_sound(self) -> Self:
        for turn in self.labels:
            try:
                self.shares(turn)
            except ValueError as fault:
                raise ValueError(f"turn {turn}: {fault}") from fault
        return self

    def shares(self, turn: int) -> dict[str, Fraction]:
        """The exact share of experts behind each label of one turn."""
        label = self.labels[turn]
        return {label: Fraction(1)} if isinstance(label, str) else shares_of(label)


class TurnReviewResponse(Response):
    """The label that the candidate gave, by the number of the turn."""

    labels: Annotated[dict[TurnNumber, Identifier], Field(max_length=60, default_factory=dict)]


def check_key(content: TurnReviewContent, key: TurnReviewKey) -> None:
    """Raise InvalidKey unless exactly the reviewed turns have labels that are on offer."""
    if set(key.labels) != set(content.reviewed):
        raise InvalidKey(f"key labels turns {sorted(key.labels)}; reviewed are {list(content.reviewed)}")
    labels = {label.id for label in content.labels}
    if unknown := {label for turn in key.labels for label in key.shares(turn)} - labels:
        raise InvalidKey(f"key names unknown labels {echo_names(unknown)}; they are {', '.join(sorted(labels))}")


def check_response(content: TurnReviewContent, response: TurnReviewResponse) -> None:
    """Raise InvalidResponse for turns that are not reviewed and unknown labels."""
    if other := set(response.labels) - set(content.reviewed):
        raise InvalidResponse(f"turn {min(other)} needs no label; reviewed are {list(content.reviewed)}")
    labels = {label.id for label in content.labels}
    if unknown := set(response.labels.values()) - labels:
        raise InvalidResponse(f"unknown labels {echo_names(unknown)}; they are {', '.join(sorted(labels))}")
