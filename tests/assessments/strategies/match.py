"""Hypothesis strategies for matches."""

from hypothesis import strategies as st

from assessments.domain.schemas.match import MatchContent, MatchKey, MatchResponse
from assessments.domain.schemas.parts import Option
from tests.assessments.item_strategies import LINES, Triple


@st.composite
def match_items(draw: st.DrawFn) -> Triple:
    """Two to six entries and targets, some entries without a partner or with several accepted ones, and a response."""
    entries = [f"e{number}" for number in range(draw(st.integers(2, 6)))]
    targets = [f"t{number}" for number in range(draw(st.integers(2, 6)))]
    content = MatchContent(
        prompt="Match.",
        entries=tuple(Option(id=name, text=draw(LINES)) for name in entries),
        targets=tuple(Option(id=name, text=draw(LINES)) for name in targets),
    )
    some = st.fixed_dictionaries({}, optional=dict.fromkeys(entries, st.sampled_from(targets)))
    pairs = {draw(st.sampled_from(entries)): draw(st.sampled_from(targets)), **draw(some)}
    partners = st.frozensets(st.sampled_from(targets), min_size=1)
    accepted = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(pairs), partners)))
    return content, MatchKey(pairs=pairs, accepted=accepted), MatchResponse(pairs=draw(some | st.just(pairs)))
