"""Relevance grading: grade search results by how well they serve a query."""

from fractions import Fraction
from typing import Annotated, Self

from pydantic import Field, model_validator

from assessments.domain.schemas.base import Content, InvalidKey, InvalidResponse, Key, Line, Response, Shape, Text
from assessments.domain.schemas.parts import Level, LevelNumber
from assessments.domain.schemas.votes import Votes, shares_of

ResultNumber = Annotated[int, Field(ge=1, le=20)]


class SearchResult(Shape):
    """One result as a searcher sees it; the address is text, not a link."""

    title: Line
    address: Line | None = None
    snippet: Text


class RelevanceGradingContent(Content):
    """A query with what the searcher wants, the numbered results (first is 1), and the grades in rising order."""

    query: Line
    intent: Text | None = None
    results: Annotated[tuple[SearchResult, ...], Field(min_length=1, max_length=20)]
    grades: Annotated[tuple[Level, ...], Field(min_length=2, max_length=10)]

    @model_validator(mode="after")
    def _grades_count_up_from_one(self) -> Self:
        numbers = [grade.level for grade in self.grades]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"grades must be 1, 2, 3, … in order, got {numbers}")
        return self

    @property
    def stem(self) -> str:
        return "\n\n".join((self.query, *(f"{result.title}\n{result.snippet}" for result in self.results)))


class RelevanceGradingKey(Key):
    """The experts' grade of each result by its number, or how many experts gave each grade."""

    grades: dict[ResultNumber, LevelNumber | dict[LevelNumber, Votes]]

    @model_validator(mode="after")
    def _votes_are_sound(self) -> Self:
        for result in self.grades:
            try:
                self.shares(result)
            except ValueError as fault:
                raise ValueError(f"result {result}: {fault}") from fault
        return self

    def shares(self, result: int) -> dict[int, Fraction]:
        """The exact share of experts behind each grade of one result."""
        grade = self.grades[result]
        return {grade: Fraction(1)} if isinstance(grade, int) else shares_of(grade)


class RelevanceGradingResponse(Response):
    """The grade that the candidate gave, by the number of the result."""

    grades: Annotated[dict[ResultNumber, LevelNumber], Field(max_length=20, default_factory=dict)]


def check_key(content: RelevanceGradingContent, key: RelevanceGradingKey) -> None:
    """Raise InvalidKey unless every result has a grade that is on offer."""
    results = set(range(1, len(content.results) + 1))
    if set(key.grades) != results:
        raise InvalidKey(f"key grades results {sorted(key.grades)}; the item has 1 to {len(results)}")
    highest = len(content.grades)
    for result in key.grades:
        if (grade := max(key.shares(result))) > highest:
            raise InvalidKey(f"key gives result {result} grade {grade}; the grades are 1 to {highest}")


def check_response(content: RelevanceGradingContent, response: RelevanceGradingResponse) -> None:
    """Raise InvalidResponse for results and grades that do not exist."""
    results, highest = len(content.results), len(content.grades)
    for result, grade in response.grades.items():
        if result > results:
            raise InvalidResponse(f"there is no result {result}; they are 1 to {results}")
        if grade > highest:
            raise InvalidResponse(f"there is no grade {grade}; they are 1 to {highest}")
