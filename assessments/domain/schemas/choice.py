"""Choice: one or several right options out of a list (QTI choiceInteraction)."""

from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, PlainSerializer, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Response,
    Text,
    echo_names,
)
from assessments.domain.schemas.parts import Option, check_ids_differ
from assessments.domain.schemas.votes import Votes, shares_of

# Ids of options; JSON has them sorted, so that the same set is always the same bytes.
Choices = Annotated[frozenset[Identifier], PlainSerializer(sorted, return_type=list[str], when_used="json")]


class ChoiceContent(Content):
    """A prompt, an optional passage that it is about, and two to ten options."""

    prompt: Text
    passage: Text | None = None
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=10)]
    many: bool = False

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("option", self.options)
        return self

    @property
    def stem(self) -> str:
        return self.prompt


class ChoiceKey(Key):
    """The right set of options, and further sets that are accepted as fully right.

    Where one option is asked for, `distribution` may say how many experts chose each; then `choices` holds the
    option that most of them chose.
    """

    choices: Annotated[Choices, Field(min_length=1)]
    accepted: tuple[Annotated[Choices, Field(min_length=1)], ...] = ()
    distribution: dict[Identifier, Votes] | None = None

    @model_validator(mode="after")
    def _distribution_backs_the_choice(self) -> Self:
        if self.distribution is not None:
            if self.accepted or len(self.choices) != 1:
                raise ValueError("a distribution goes with one choice and no accepted sets")
            (chosen,) = self.choices
            if self.shares.get(chosen) != max(self.shares.values()):
                raise ValueError(f"{chosen} is not the option that most experts chose")
        return self

    @property
    def acceptable(self) -> tuple[frozenset[str], ...]:
        return (self.choices, *self.accepted)

    @property
    def shares(self) -> dict[str, Fraction]:
        """The exact share of experts behind each option; empty without a distribution."""
        return shares_of(self.distribution) if self.distribution is not None else {}


class ChoiceResponse(Response):
    """The ids of the options that the candidate ticked."""

    choices: Annotated[Choices, Field(max_length=10)] = frozenset()


def check_key(content: ChoiceContent, key: ChoiceKey) -> None:
    """Raise InvalidKey unless every accepted set names options, leaves one out, and fits one/many."""
    ids = {option.id for option in content.options}
    if key.distribution is not None and content.many:
        raise InvalidKey("a distribution of experts goes with many: false only")
    if unknown := key.shares.keys() - ids:
        raise InvalidKey(
            f"the distribution names unknown options {echo_names(unknown)}; they are {', '.join(sorted(ids))}"
        )
    for accepted in key.acceptable:
        if stray := accepted - ids:
            raise InvalidKey(f"key names unknown options {echo_names(stray)}; the options are {', '.join(sorted(ids))}")
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
