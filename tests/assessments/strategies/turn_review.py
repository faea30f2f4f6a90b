"""Hypothesis strategies for turn reviews."""

from hypothesis import strategies as st

from assessments.domain.schemas.parts import Category
from assessments.domain.schemas.turn_review import (
    Speaker,
    Turn,
    TurnReviewContent,
    TurnReviewKey,
    TurnReviewResponse,
)
from tests.assessments.item_strategies import LINES, Triple, shares


@st.composite
def turn_review_items(draw: st.DrawFn, agreeing: bool = False) -> Triple:
    """One to eight turns, one at least reviewed, two to five labels, experts who agree (or may differ), a response."""
    turns = tuple(
        Turn(speaker=draw(st.sampled_from(Speaker)), text=draw(LINES), is_reviewed=draw(st.booleans()))
        for _ in range(draw(st.integers(0, 7)))
    )
    turns += (Turn(speaker=Speaker.ASSISTANT, text="Done.", is_reviewed=True),)
    ids = [f"l{number}" for number in range(draw(st.integers(2, 5)))]
    labels = tuple(Category(id=name, title=name, rule="A rule.") for name in ids)
    content = TurnReviewContent(prompt="Label.", turns=turns, labels=labels)
    said = st.sampled_from(ids) if agreeing else st.sampled_from(ids) | shares(ids)
    key = TurnReviewKey(labels={turn: draw(said) for turn in content.reviewed})
    given = {turn: draw(st.none() | st.sampled_from(ids)) for turn in content.reviewed}
    response = TurnReviewResponse(labels={turn: label for turn, label in given.items() if label})
    return content, key, response
