"""Relevance grading in the page: search results, each with the grades to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.schemas.parts import Level
from assessments.domain.schemas.relevance_grading import (
    RelevanceGradingContent,
    RelevanceGradingResponse,
    SearchResult,
)
from assessments.web.views.answers import raw_data, whole_number

LONGEST_TITLE = 24  # characters; what is longer does not fit under a number


@dataclass(frozen=True, slots=True)
class GradeState:
    """One grade on offer for a result, its title ("" where it has none), and whether it is chosen."""

    level: int
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ResultState:
    """One numbered search result with the state of its grades."""

    number: int
    result: SearchResult
    grades: tuple[GradeState, ...]


def read_form(content: RelevanceGradingContent, form: MultiDict[str, str], prefix: str) -> dict[str, object]:
    """Return the raw response that a posted form states; results left open are left out."""
    typed = {number: form.get(f"{prefix}result-{number}", "") for number in range(1, len(content.results) + 1)}
    return {"grades": {str(number): whole_number(grade) for number, grade in typed.items() if grade}}


def is_answered(response: RelevanceGradingResponse) -> bool:
    """Whether any result has a grade."""
    return bool(response.grades)


def context(
    content: RelevanceGradingContent, response: RelevanceGradingResponse | Mapping[str, Any]
) -> dict[str, object]:
    """Return what the template shows: `results` with the state of their grades."""
    chosen = {str(number): grade for number, grade in raw_data(response).get("grades", {}).items()}
    return {
        "results": [
            ResultState(number, result, tuple(_state(grade, chosen.get(str(number))) for grade in content.grades))
            for number, result in enumerate(content.results, start=1)
        ]
    }


def title_of(grade: Level) -> str:
    """The few words before the first colon of a descriptor, by which a grade is called; "" where there are none."""
    title, colon, _rest = grade.descriptor.partition(":")
    return title.strip() if colon and len(title.strip()) <= LONGEST_TITLE and "\n" not in title else ""


def _state(grade: Level, chosen: object) -> GradeState:
    return GradeState(grade.level, title_of(grade), grade.level == chosen)
