"""Hypothesis strategies for true or false."""

from hypothesis import strategies as st

from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseKey, TrueFalseResponse, Truth
from tests.assessments.item_strategies import LINES, Triple, shares


@st.composite
def true_false_items(draw: st.DrawFn) -> Triple:
    """A statement, experts who agree or not, and a response or none."""
    votes = draw(st.none() | shares(list(Truth)))
    answer = max(votes, key=votes.__getitem__) if votes else draw(st.sampled_from(Truth))
    content = TrueFalseContent(statement=draw(LINES))
    response = TrueFalseResponse(answer=draw(st.none() | st.sampled_from(Truth)))
    return content, TrueFalseKey(answer=answer, distribution=votes), response
