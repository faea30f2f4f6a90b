"""Choice: one or several right options out of a list (QTI choiceInteraction)."""

from typing import Annotated, Self

from pydantic import Field, PlainSerializer, model_validator

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

# Ids of options; JSON has them sorted, so that the same set is always the same bytes.
Choices = Annotated[frozenset[Identifier], PlainSerializer(sorted, return_type=list[str], when_used="json")]


class Option(Shape):
    """One option; `id` is what a response names."""

    id: Identifier
    text: Text


class ChoiceContent(Content):
    """A prompt, an optional passage that it is about, and two to ten options."""

    prompt: Text
    passage: Text | None = None
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=10)]
    many: bool = False

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [option.id for option in self.options]
        if len(ids) != len(set(ids)):
            raise ValueError(f"option ids must differ, got {', '.join(ids)}")
        return self


class ChoiceKey(Key):
    """The right set of options, and further sets that are accepted as fully right."""

    choices: Annotated[Choices, Field(min_length=1)]
    accepted: tuple[Annotated[Choices, Field(min_length=1)], ...] = ()

    @property
    def acceptable(self) -> tuple[frozenset[str], ...]:
        return (self.choices, *self.accepted)


class ChoiceResponse(Response):
    """The ids of the options that the candidate ticked."""

    choices: Annotated[Choices, Field(max_length=10)] = frozenset()


def check_key(content: ChoiceContent, key: ChoiceKey) -> None:
    """Raise InvalidKey unless every accepted set names options, leaves one out, and fits one/many."""
    ids = {option.id for option in content.options}
    for accepted in key.acceptable:
        if unknown := accepted - ids:
            raise InvalidKey(
                f"key names unknown options {echo_names(unknown)}; the options are {', '.join(sorted(ids))}"
            )
        if accepted == ids:
            raise InvalidKey("key ticks every option; at least one option must be wrong")
        if not content.many and len(accepted) != 1:
            raise InvalidKey(f"key has {len(accepted)} options; an item with many: false needs exactly one")


def check_response(content: ChoiceContent, response: ChoiceResponse) -> None:
    """Raise InvalidResponse for unknown options, or several where one is asked for."""
    ids = {option.id for option in content.options}
    if unknown := response.choices - ids:
        raise InvalidResponse(f"unknown options {echo_names(unknown)}; the options are {', '.join(sorted(ids))}")
    if not content.many and len(response.choices) > 1:
        raise InvalidResponse(f"{len(response.choices)} options are ticked; this item takes one")
