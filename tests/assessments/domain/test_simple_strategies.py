"""What answering without understanding yields."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.forms import Section
from assessments.domain.item_types import item_type
from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey
from assessments.domain.schemas.parts import Option
from assessments.domain.simple_strategies import measure_simple_strategies
from tests.assessments.item_strategies import ITEMS

POOL = st.lists(
    st.sampled_from(sorted(ITEMS)).flatmap(lambda name: ITEMS[name].map(lambda item: (name, item[0], item[1]))),
    max_size=8,
)


def section(type_name: str, count: int) -> Section:
    return Section("S", "skill", type_name, count)


def choice(right: str, *, many: bool = False):
    options = tuple(Option(id=name, text=name) for name in "abc")
    key = ChoiceKey(choices=frozenset(right))
    return "choice", ChoiceContent(prompt="Which?", options=options, many=many), key


def test_the_best_strategy_of_each_type_is_weighted_by_the_blueprint():
    pool = [choice("a"), choice("a"), choice("c"), choice("b")]
    measured = measure_simple_strategies(pool, [section("choice", 3), section("rubric-score", 1)])

    assert [(score.strategy, score.score) for score in measured.scores] == [
        ("always the first option", Fraction(1, 2)),
        ("always the longest option", Fraction(1, 2)),
        ("always the last option", Fraction(1, 4)),
    ]
    assert [score.strategy for score in measured.mixture] == ["always the first option"]
    assert measured.mixture_score == Fraction(3, 8)
    assert measured.passes(Fraction(3, 8))
    assert not measured.passes(Fraction(4, 10))


def test_a_strategy_that_some_items_do_not_admit_earns_nothing_there():
    measured = measure_simple_strategies([choice("a"), choice("ab", many=True)], [section("choice", 1)])

    assert {score.strategy: score.score for score in measured.scores}["tick everything"] == 0


@given(POOL)
def test_the_mixture_beats_every_single_strategy_and_stays_a_score(pool):
    sections = [section(name, 1) for name in sorted({name for name, _, _ in pool})]
    measured = measure_simple_strategies(pool, sections)

    assert 0 <= measured.mixture_score <= 1
    for name in {name for name, _, _ in pool}:
        (best,) = [score.score for score in measured.mixture if score.type == name]
        assert best == max(score.score for score in measured.scores if score.type == name)
    assert all(item_type(score.type) for score in measured.scores)


def test_no_pool_and_no_blueprint_yield_nothing():
    assert measure_simple_strategies([], []).mixture_score == 0
