"""Scores relevance grades by their distance to the grades that the experts gave."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.domain.item_type import ItemType, WorkedExample
from assessments.domain.schemas.parts import Level
from assessments.domain.schemas.relevance_grading import (
    RelevanceGradingContent,
    RelevanceGradingKey,
    RelevanceGradingResponse,
    SearchResult,
    check_key,
    check_response,
)
from assessments.domain.scores import ItemScore, Part, weigh
from assessments.domain.scoring.credit import level_credits


def score(content: RelevanceGradingContent, key: RelevanceGradingKey, response: RelevanceGradingResponse) -> ItemScore:
    """Return the mean credit over the results; a result without a grade earns 0.

    Against one expert a grade earns max(0, 1 - 2 |grade - expert| / (k - 1)) on a scale of k grades: linear in the
    distance, and nothing from half the scale away, so that the middle of the scale is no safe guess. Over several
    experts this is averaged by their shares, then divided by what the best grade would earn, so that the best grade
    earns 1 even when experts differ.

    A single list of results is too short for a coefficient of agreement that allows for chance: such a one would be
    undefined where all its results deserve one grade.

    Source: linear agreement weights, Cohen (1968), Psychol. Bull. 70(4), 213-220, doi:10.1037/h0026256; the factor 2
    is ours.
    """
    numbers = range(1, len(content.results) + 1)
    credits = [_credit(content, key, number, response.grades.get(number)) for number in numbers]
    counts = {
        "agreed": sum(credit == 1 for credit in credits),
        "near": sum(0 < credit < 1 for credit in credits),
        "graded": len(response.grades),
        "results": len(credits),
    }
    return weigh(Part("grades", sum(credits, Fraction(0)) / len(credits), Fraction(1), counts))


def credits_of(content: RelevanceGradingContent, key: RelevanceGradingKey, number: int) -> dict[int, Fraction]:
    """Return what each grade of a result earns, 0 to 1; results count from 1."""
    return level_credits(key.shares(number), [grade.level for grade in content.grades])


def full_response(content: RelevanceGradingContent, key: RelevanceGradingKey) -> RelevanceGradingResponse:
    """Return a response that earns full score: for each result the (lowest) grade of greatest credit."""
    grades = {}
    for number in range(1, len(content.results) + 1):
        credits = credits_of(content, key, number)
        grades[number] = max(credits, key=credits.__getitem__)
    return RelevanceGradingResponse(grades=grades)


def key_with(
    content: RelevanceGradingContent, response: RelevanceGradingResponse, key: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the raw key whose answer is this response; votes that are recorded for a result stay."""
    votes = {str(number): said for number, said in dict(key.get("grades") or {}).items() if isinstance(said, Mapping)}
    return {**key, "grades": {**{str(number): grade for number, grade in response.grades.items()}, **votes}}


def wrong_answers(content: RelevanceGradingContent, key: RelevanceGradingKey) -> None:
    """Grades are more or less right, so they are not listed one by one."""


def simple_strategies(content: RelevanceGradingContent) -> dict[str, RelevanceGradingResponse]:
    """Return the grades of someone who has not read the results, by name of the strategy.

    An even number of grades has two in the middle; with an odd one both strategies coincide.
    """
    count, k = len(content.results), len(content.grades)
    constant = {
        "always the lowest grade": 1,
        "always the middle grade, the lower of two": (k + 1) // 2,
        "always the middle grade, the upper of two": k // 2 + 1,
        "always the highest grade": k,
    }
    grades = {name: dict.fromkeys(range(1, count + 1), grade) for name, grade in constant.items()}
    grades["from the highest grade down, as they are listed"] = {
        number: k - (number - 1) * k // count for number in range(1, count + 1)
    }
    return {name: RelevanceGradingResponse(grades=given) for name, given in grades.items()}


def _credit(content: RelevanceGradingContent, key: RelevanceGradingKey, number: int, grade: int | None) -> Fraction:
    return Fraction(0) if grade is None else credits_of(content, key, number)[grade]


_GRADES = ("Useless: it serves another need.", "Weak: it touches the need.", "Good: it serves most of the need.")
_SEARCH = RelevanceGradingContent(
    query="bread without yeast",
    results=(
        SearchResult(title="Soda bread in forty minutes", snippet="Flour, buttermilk and salt, soda for yeast."),
        SearchResult(title="All about yeast", snippet="Why it makes dough rise, and how to keep it."),
        SearchResult(title="Flatbreads of the world", snippet="Many need no yeast; recipes are linked."),
    ),
    grades=tuple(
        Level(level=number, descriptor=text)
        for number, text in enumerate((*_GRADES, "Perfect: it serves the whole need."), start=1)
    ),
)
TYPE = ItemType(
    name="relevance-grading",
    title="Relevance grading",
    task="Grade search results by how well they serve what somebody searched for.",
    content=RelevanceGradingContent,
    key=RelevanceGradingKey,
    response=RelevanceGradingResponse,
    check_key=check_key,
    check_response=check_response,
    score=score,
    full_response=full_response,
    key_with=key_with,
    simple_strategies=simple_strategies,
    wrong_answers=wrong_answers,
    examples=(
        WorkedExample(
            "The first grade is right, the second too high, the third that of one expert in four",
            _SEARCH,
            RelevanceGradingKey(grades={1: 4, 2: 1, 3: {3: 3, 2: 1}}),
            RelevanceGradingResponse(grades={1: 4, 2: 2, 3: 2}),
        ),
    ),
)
