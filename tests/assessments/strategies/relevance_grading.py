"""Hypothesis strategies for relevance grades."""

from hypothesis import strategies as st

from assessments.domain.schemas.parts import Level
from assessments.domain.schemas.relevance_grading import (
    RelevanceGradingContent,
    RelevanceGradingKey,
    RelevanceGradingResponse,
    SearchResult,
)
from tests.assessments.item_strategies import LINES, Triple, shares


@st.composite
def relevance_grading_items(draw: st.DrawFn, agreeing: bool = False) -> Triple:
    """One to six results, two to seven grades, experts who agree (or may differ), and a response."""
    count, highest = draw(st.integers(1, 6)), draw(st.integers(2, 7))
    results = tuple(
        SearchResult(title=draw(LINES), address=draw(st.none() | LINES), snippet=draw(LINES)) for _ in range(count)
    )
    grades = tuple(Level(level=number, descriptor=draw(LINES)) for number in range(1, highest + 1))
    content = RelevanceGradingContent(query=draw(LINES), intent=draw(st.none() | LINES), results=results, grades=grades)
    levels = st.integers(1, highest)
    said = levels if agreeing else levels | shares(list(range(1, highest + 1)))
    key = RelevanceGradingKey(grades={number: draw(said) for number in range(1, count + 1)})
    given = {number: draw(st.none() | levels) for number in range(1, count + 1)}
    response = RelevanceGradingResponse(grades={number: grade for number, grade in given.items() if grade})
    return content, key, response
