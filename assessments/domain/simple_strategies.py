"""What a test yields to whoever answers without understanding: each simple strategy, and the best mixture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.domain.forms import Section
from assessments.domain.item_types import ITEM_TYPES, item_type

PoolEntry = tuple[str, Any, Any]  # item type name, content, key


@dataclass(frozen=True, slots=True)
class StrategyScore:
    """The mean score of one strategy over all items of one type in the pool."""

    type: str
    strategy: str
    score: Fraction


@dataclass(frozen=True, slots=True)
class SimpleStrategies:
    """All strategies (best first within a type), the best of each type, and what those score on the test."""

    scores: tuple[StrategyScore, ...]
    mixture: tuple[StrategyScore, ...]
    mixture_score: Fraction

    def passes(self, cut_score: Fraction) -> bool:
        """Whether someone who picks the best simple strategy for each type would pass on average."""
        return self.mixture_score >= cut_score


def measure_simple_strategies(pool: Iterable[PoolEntry], sections: Sequence[Section]) -> SimpleStrategies:
    """Return the mean score of each simple strategy, and of the best mixture under the blueprint.

    The mixture takes the best strategy of each type, weighted by the number of items of that type
    in the sections. A type that the pool lacks contributes 0.
    """
    entries = list(pool)
    scores = tuple(score for name in ITEM_TYPES for score in _scores_of_type(name, entries))
    counts = {name: sum(section.count for section in sections if section.type == name) for name in ITEM_TYPES}
    best: dict[str, StrategyScore] = {}
    for score in scores:
        if counts[score.type]:
            best.setdefault(score.type, score)
    total = sum((counts[score.type] * score.score for score in best.values()), Fraction(0))
    return SimpleStrategies(scores, tuple(best.values()), total / max(1, sum(counts.values())))


def _scores_of_type(name: str, entries: Sequence[PoolEntry]) -> list[StrategyScore]:
    """A strategy that an item does not admit (ticking everything where one is asked for) earns 0 there."""
    kind = item_type(name)
    items = [(content, key) for type_name, content, key in entries if type_name == name]
    totals: dict[str, Fraction] = {}
    for content, key in items:
        for strategy, response in kind.simple_strategies(content).items():
            points = kind.score(content, key, response).points
            totals[strategy] = totals.get(strategy, Fraction(0)) + points
    scores = [StrategyScore(name, strategy, total / len(items)) for strategy, total in totals.items()]
    return sorted(scores, key=lambda score: score.score, reverse=True)
