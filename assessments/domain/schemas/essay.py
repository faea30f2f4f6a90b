"""Essay: a longer text that markers judge by a rubric (QTI extendedTextInteraction)."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assessments.domain.schemas.base import Content, Key, Line, Response, Text
from assessments.domain.schemas.parts import Criterion, check_ids_differ

LONGEST = 20_000  # characters of a written answer


def _refuse_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("the text holds a NUL character, which is no part of any text")
    return text


Written = Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(_refuse_nul)]
Words = Annotated[int, Field(ge=1, le=3000)]


class EssayContent(Content):
    """What to write, how long (in words, where stated), and the criteria by which markers judge it."""

    prompt: Text
    reference_title: Line | None = None
    reference: Text | None = None
    fewest_words: Words | None = None
    most_words: Words | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _lengths_and_ids_are_sound(self) -> Self:
        check_ids_differ("criterion", self.criteria)
        if self.fewest_words and self.most_words and self.fewest_words > self.most_words:
            raise ValueError(f"at least {self.fewest_words} and at most {self.most_words} words cannot both hold")
        return self

    @property
    def stem(self) -> str:
        return self.prompt


class EssayKey(Key):
    """An exemplary text, and what markers should look for. The score comes from markers alone."""

    exemplar: Text
    notes: Text | None = None


class EssayResponse(Response):
    """What the candidate wrote."""

    text: Written = ""


def check_key(content: EssayContent, key: EssayKey) -> None:
    """Every exemplar fits."""


def check_response(content: EssayContent, response: EssayResponse) -> None:
    """Every text fits; how its length is judged stands in the criteria."""
