"""Hypothesis strategies for first wrong steps."""

from hypothesis import strategies as st

from assessments.domain.schemas.first_wrong_step import (
    NO_STEP,
    FirstWrongStepContent,
    FirstWrongStepKey,
    FirstWrongStepResponse,
)
from assessments.domain.schemas.parts import Category
from tests.assessments.item_strategies import LINES, Triple, shares


@st.composite
def first_wrong_step_items(draw: st.DrawFn) -> Triple:
    """One to seven steps with none to four reasons, experts who agree or not, and a response."""
    steps = tuple(draw(st.lists(LINES, min_size=1, max_size=7)))
    ids = [f"r{number}" for number in range(draw(st.integers(0, 4)))]
    content = FirstWrongStepContent(
        problem="A problem.",
        steps=steps,
        reasons=tuple(Category(id=name, title=name, rule="A rule.") for name in ids),
    )
    numbers = list(range(len(steps) + 1))
    votes = draw(st.none() | shares(numbers))
    step = max(votes, key=votes.__getitem__) if votes else draw(st.sampled_from(numbers))
    is_split = votes is not None and list(votes.values()).count(votes[step]) > 1
    has_reasons = bool(ids) and step != NO_STEP and not is_split
    reasons = st.frozensets(st.sampled_from(ids), max_size=len(ids) - 1) if has_reasons else st.just(frozenset())
    key = FirstWrongStepKey(step=step, votes=votes, reasons=draw(reasons))
    response = FirstWrongStepResponse(
        step=draw(st.none() | st.sampled_from(numbers) | st.just(step)),
        reason=draw(st.none() | st.sampled_from(ids)) if ids else None,
    )
    return content, key, response
