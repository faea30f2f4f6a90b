"""Hypothesis strategies for pairwise preferences."""

from hypothesis import strategies as st

from assessments.domain.schemas.pairwise_preference import (
    PairwisePreferenceContent,
    PairwisePreferenceKey,
    PairwisePreferenceResponse,
    Preference,
    Strength,
)
from assessments.domain.schemas.parts import Category
from tests.assessments.item_strategies import LINES, Triple, shares


@st.composite
def pairwise_preference_items(draw: st.DrawFn) -> Triple:
    """Two responses with none to five reasons, experts who agree or not, and a response; parts may be left unasked."""
    ids = [f"r{number}" for number in range(draw(st.integers(0, 5)))]
    content = PairwisePreferenceContent(
        task="A task.",
        response_a=draw(LINES),
        response_b=draw(LINES),
        may_be_equal=draw(st.booleans()),
        asks_strength=draw(st.booleans()),
        reasons=tuple(Category(id=name, title=name, rule="A rule.") for name in ids),
    )
    offered = [choice for choice in Preference if content.may_be_equal or choice is not Preference.EQUAL]
    ticks = st.frozensets(st.sampled_from(ids)) if ids else st.just(frozenset())
    key = draw(_keys(content, offered, ids))
    response = PairwisePreferenceResponse(
        preference=draw(st.none() | st.sampled_from(offered) | st.just(key.preference)),
        strength=draw(st.none() | st.sampled_from(Strength)) if content.asks_strength else None,
        reasons=draw(ticks | st.just(key.reasons)),
    )
    return content, key, response


@st.composite
def _keys(
    draw: st.DrawFn, content: PairwisePreferenceContent, offered: list[Preference], ids: list[str]
) -> PairwisePreferenceKey:
    votes = draw(st.none() | shares(offered))
    preference = max(votes, key=votes.__getitem__) if votes else draw(st.sampled_from(offered))
    is_split = votes is not None and list(votes.values()).count(votes[preference]) > 1
    if is_split or preference is Preference.EQUAL:
        return PairwisePreferenceKey(preference=preference, votes=votes)
    strengths = st.none() | st.sampled_from(Strength) | shares(list(Strength))
    return PairwisePreferenceKey(
        preference=preference,
        votes=votes,
        strength=draw(strengths) if content.asks_strength else None,
        reasons=draw(st.frozensets(st.sampled_from(ids), max_size=len(ids) - 1)) if ids else frozenset(),
    )
