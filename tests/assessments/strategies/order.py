"""Hypothesis strategies for orders."""

from hypothesis import assume
from hypothesis import strategies as st

from assessments.domain.schemas.order import OrderContent, OrderKey, OrderResponse
from assessments.domain.schemas.parts import Option
from assessments.domain.schemas.sequences import is_better_than_chance
from tests.assessments.item_strategies import LINES, Triple


@st.composite
def order_items(draw: st.DrawFn) -> Triple:
    """Three to seven entries, one to three sequences that are right and unlike the one shown, and a response."""
    ids = [f"e{number}" for number in range(draw(st.integers(3, 7)))]
    right = draw(st.permutations(ids))
    shown = draw(st.permutations(ids))
    shown = shown[::-1] if is_better_than_chance(shown, right) else shown
    others = [order for order in draw(st.lists(st.permutations(ids), max_size=2)) if order != right]
    assume(not any(is_better_than_chance(shown, order) for order in others))
    content = OrderContent(prompt="Order.", entries=tuple(Option(id=name, text=draw(LINES)) for name in shown))
    key = OrderKey(order=tuple(right), accepted=tuple(map(tuple, others)))
    given = draw(st.permutations(ids) | st.just(()) | st.sampled_from(key.acceptable))
    return content, key, OrderResponse(order=tuple(given))
