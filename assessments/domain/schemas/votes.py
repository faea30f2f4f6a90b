"""The distribution of experts over answers: how many chose each, or their shares."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, TypeVar

from pydantic import Field

Answer = TypeVar("Answer")

# Whole numbers are numbers of experts; anything else are shares, which sum to 1.
Votes = Annotated[int, Field(ge=0, le=100_000)] | Annotated[float, Field(ge=0, le=1)]


def shares_of(votes: Mapping[Answer, int | float]) -> dict[Answer, Fraction]:
    """Return the exact share of experts behind each answer that has any.

    Raises ValueError when nobody voted, or when shares do not sum to 1.
    """
    exact = {answer: Fraction(str(vote)) for answer, vote in votes.items()}
    total = sum(exact.values(), Fraction(0))
    if not total:
        raise ValueError("a distribution needs at least one expert")
    if any(isinstance(vote, float) and not vote.is_integer() for vote in votes.values()) and total != 1:
        raise ValueError(
            f"shares of experts must sum to 1, got {float(total):g}; whole numbers count the experts instead"
        )
    return {answer: vote / total for answer, vote in exact.items() if vote}
