"""Ranking: order responses from best to worst, against experts who may have ties and may differ."""

from collections.abc import Sequence
from fractions import Fraction
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
from assessments.domain.schemas.sequences import check_permutation, take_places
from assessments.domain.scoring.rank_agreement import tied_tau

Tied = Annotated[tuple[Identifier, ...], Field(min_length=1)]


class RankingContent(Content):
    """A task and responses to it, in the sequence in which they are shown, which must not be a good answer."""

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

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids of the entries in the sequence in which they are shown."""
        return tuple(entry.id for entry in self.entries)


class ExpertRanking(Shape):
    """One ranking, best first; entries in one group are tied. `experts` is how many gave it."""

    groups: Annotated[tuple[Tied, ...], Field(min_length=2, max_length=8)]
    experts: Annotated[int, Field(ge=1, le=100_000)] = 1

    def order(self, shown: Sequence[str]) -> tuple[str, ...]:
        """Its entries, best first, those of a tie in the sequence in which they are shown."""
        return tuple(entry for group in self.groups for entry in shown if entry in group)


class RankingKey(Key):
    """The experts' rankings, the one that most gave first."""

    rankings: Annotated[tuple[ExpertRanking, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _most_come_first(self) -> Self:
        if self.rankings[0].experts < max(ranking.experts for ranking in self.rankings):
            raise ValueError("the ranking that most experts gave comes first")
        return self

    def agreement(self, order: Sequence[str]) -> Fraction:
        """The mean over all experts, from -1 to 1, of how far an order agrees with theirs (`tied_tau`)."""
        experts = sum(ranking.experts for ranking in self.rankings)
        agreed = (ranking.experts * tied_tau(order, ranking.groups) for ranking in self.rankings)
        return sum(agreed, Fraction(0)) / experts

    def best_order(self, shown: Sequence[str]) -> tuple[str, ...]:
        """Of the experts' own orders the one that agrees best with them all, ties in the sequence shown."""
        return max((ranking.order(shown) for ranking in self.rankings), key=self.agreement)


class RankingResponse(Response):
    """All entry ids, best first; empty while the list is untouched."""

    order: Annotated[tuple[Identifier, ...], Field(max_length=8)] = ()

    _take_places = model_validator(mode="before")(take_places)


def check_key(content: RankingContent, key: RankingKey) -> None:
    """Raise InvalidKey unless each ranking names every entry once, the experts agree, and the list shown does not."""
    for ranking in key.rankings:
        check_permutation(content.shown, [entry for group in ranking.groups for entry in group], InvalidKey)
    if key.agreement(key.best_order(content.shown)) <= 0:
        raise InvalidKey("the experts contradict one another so much that no ranking of theirs agrees with them")
    if key.agreement(content.shown) > 0:
        raise InvalidKey(
            "the entries are shown nearly as the experts rank them; shuffle them, so that it must be found"
        )


def check_response(content: RankingContent, response: RankingResponse) -> None:
    """Raise InvalidResponse unless the ranking is empty or names every entry once."""
    if response.order:
        check_permutation(content.shown, response.order, InvalidResponse)
