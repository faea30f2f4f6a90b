"""Hypothesis strategies for rankings."""

from hypothesis import assume
from hypothesis import strategies as st

from assessments.domain.schemas.base import InvalidKey
from assessments.domain.schemas.parts import Option
from assessments.domain.schemas.ranking import ExpertRanking, RankingContent, RankingKey, RankingResponse, check_key
from tests.assessments.item_strategies import LINES, Triple


@st.composite
def ranking_items(draw: st.DrawFn, most_experts: int = 3) -> Triple:
    """Three to eight entries, one or several experts who may have ties and may differ, and a response."""
    ids = [f"e{number}" for number in range(draw(st.integers(3, 8)))]
    shown = draw(st.permutations(ids))
    content = RankingContent(task="A task.", entries=tuple(Option(id=name, text=draw(LINES)) for name in shown))
    rankings = draw(st.lists(_expert_rankings(shown), min_size=1, max_size=most_experts))
    key = RankingKey(rankings=tuple(sorted(rankings, key=lambda ranking: -ranking.experts)))
    if key.agreement(content.shown) > 0:  # turn the list round, so that leaving it does not pay
        content = content.model_copy(update={"entries": content.entries[::-1]})
    assume(_fits(content, key))
    order = draw(st.permutations(ids) | st.just(()) | st.just(key.best_order(content.shown)))
    return content, key, RankingResponse(order=tuple(order))


@st.composite
def _expert_rankings(draw: st.DrawFn, ids: list[str]) -> ExpertRanking:
    order = draw(st.permutations(ids))
    cuts = sorted(draw(st.sets(st.integers(1, len(ids) - 1), min_size=1)))
    bounds = zip([0, *cuts], [*cuts, len(ids)], strict=True)
    groups = tuple(tuple(order[start:end]) for start, end in bounds)
    return ExpertRanking(groups=groups, experts=draw(st.integers(1, 4)))


def _fits(content: RankingContent, key: RankingKey) -> bool:
    try:
        check_key(content, key)
    except InvalidKey:
        return False
    return True
