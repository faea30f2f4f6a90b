"""Order: bring entries into the one right sequence (QTI orderInteraction)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import Content, Identifier, InvalidKey, InvalidResponse, Key, Response, Text
from assessments.domain.schemas.parts import Option, check_ids_differ
from assessments.domain.schemas.sequences import check_permutation, is_better_than_chance, take_places

Sequence = Annotated[tuple[Identifier, ...], Field(min_length=3, max_length=10)]


class OrderContent(Content):
    """Entries in the sequence in which they are shown, which must not be a good answer."""

    prompt: Text
    passage: Text | None = None
    entries: Annotated[tuple[Option, ...], Field(min_length=3, max_length=10)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("entry", self.entries)
        return self

    @property
    def stem(self) -> str:
        return self.prompt


class OrderKey(Key):
    """The right sequence of entry ids, and further sequences accepted as fully right."""

    order: Sequence
    accepted: tuple[Sequence, ...] = ()

    @property
    def acceptable(self) -> tuple[tuple[str, ...], ...]:
        return (self.order, *self.accepted)


class OrderResponse(Response):
    """All entry ids in the candidate's sequence; empty while the list is untouched."""

    order: Annotated[tuple[Identifier, ...], Field(max_length=10)] = ()

    _take_places = model_validator(mode="before")(take_places)


def check_key(content: OrderContent, key: OrderKey) -> None:
    """Raise InvalidKey unless each sequence names every entry once, and leaving the list as shown earns nothing."""
    shown = tuple(entry.id for entry in content.entries)
    for order in key.acceptable:
        check_permutation(shown, order, InvalidKey)
        if is_better_than_chance(shown, order):
            raise InvalidKey(
                "the entries are shown in nearly the right sequence; shuffle them, so that it must be found"
            )


def check_response(content: OrderContent, response: OrderResponse) -> None:
    """Raise InvalidResponse unless the sequence is empty or names every entry once."""
    if response.order:
        check_permutation([entry.id for entry in content.entries], response.order, InvalidResponse)
