"""Ranking: order responses from best to worst, against experts who may have ties and may differ."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import (
    Content,
    Identifier,
    InvalidKey,
    InvalidResponse,
    Key,
    Line,
    Response,
    Shape,
    Text,
)
from assessments.domain.schemas.parts import Option, check_ids_differ
from assessments.domain.schemas.sequences import check_permutation

Tied = Annotated[tuple[Identifier, ...], Field(min_length=1)]


class RankingContent(Content):
    """A task and responses to it, in the sequence in which they are shown."""

    task: Text
    question: Line = "Order the responses from best to worst."
    reference_title: Line | None = None
    reference: Text | None = None
    entries: Annotated[tuple[Option, ...], Field(min_length=3, max_length=8)]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        check_ids_differ("entry", self.entries)
        return self

    @property
    def stem(self) -> str:
        return "\n\n".join((self.task, *(entry.text for entry in self.entries)))


class ExpertRanking(Shape):
    """One ranking, best first; entries in one group are tied. `experts` is how many gave it."""

    groups: Annotated[tuple[Tied, ...], Field(min_length=2, max_length=8)]
    experts: Annotated[int, Field(ge=1, le=100_000)] = 1


class RankingKey(Key):
    """The experts' rankings, the one that most gave first."""

    rankings: Annotated[tuple[ExpertRanking, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _most_come_first(self) -> Self:
        if self.rankings[0].experts < max(ranking.experts for ranking in self.rankings):
            raise ValueError("the ranking that most experts gave comes first")
        return self


class RankingResponse(Response):
    """All entry ids, best first; empty while the list is untouched."""

    order: Annotated[tuple[Identifier, ...], Field(max_length=8)] = ()


def check_key(content: RankingContent, key: RankingKey) -> None:
    """Raise InvalidKey unless each ranking names every entry once."""
    shown = [entry.id for entry in content.entries]
    for ranking in key.rankings:
        check_permutation(shown, [entry for group in ranking.groups for entry in group], InvalidKey)


def check_response(content: RankingContent, response: RankingResponse) -> None:
    """Raise InvalidResponse unless the ranking is empty or names every entry once."""
    if response.order:
        check_permutation([entry.id for entry in content.entries], response.order, InvalidResponse)
