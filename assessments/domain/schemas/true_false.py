"""True or false: decide on one statement (QTI choiceInteraction with two options)."""

from enum import StrEnum
from fractions import Fraction
from typing import Self

from pydantic import model_validator

from assessments.domain.schemas.base import Content, Key, Response, Text
from assessments.domain.schemas.votes import Votes, shares_of


class Truth(StrEnum):
    """Whether the statement holds."""

    TRUE = "true"
    FALSE = "false"


class TrueFalseContent(Content):
    """A statement, and an optional passage that it is about."""

    statement: Text
    passage: Text | None = None

    @property
    def stem(self) -> str:
        return self.statement


class TrueFalseKey(Key):
    """What holds, or how many experts (or what share of them) said so; then `answer` is what most of them said."""

    answer: Truth
    distribution: dict[Truth, Votes] | None = None

    @model_validator(mode="after")
    def _distribution_backs_the_answer(self) -> Self:
        if self.shares.get(self.answer) != max(self.shares.values()):
            raise ValueError(f"{self.answer} is not what most experts said")
        return self

    @property
    def shares(self) -> dict[Truth, Fraction]:
        """The exact share of experts behind each answer; without a distribution all stand behind `answer`."""
        return {self.answer: Fraction(1)} if self.distribution is None else shares_of(self.distribution)


class TrueFalseResponse(Response):
    """What the candidate says of the statement."""

    answer: Truth | None = None


def check_key(content: TrueFalseContent, key: TrueFalseKey) -> None:
    """Every key fits: there are only two answers."""


def check_response(content: TrueFalseContent, response: TrueFalseResponse) -> None:
    """Every response fits: there are only two answers."""
