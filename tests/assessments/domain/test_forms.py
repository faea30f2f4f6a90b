"""Drawing a form from a pool."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.drawing import Form, draw_form, make_supply
from assessments.domain.forms import Blueprint, PoolItem, PoolTooSmall, Section
from assessments.domain.pool_sizes import missing_items

LEVELS = ("easy", "medium", "hard")


def make_pool(**counts: int) -> list[PoolItem]:
    return [
        PoolItem(f"{level}-{number}", "splitting", "choice", level)
        for level, count in counts.items()
        for number in range(count)
    ]


def make_section(count: int = 0, title: str = "Splitting", **difficulty: int) -> Section:
    return Section(title, "splitting", "choice", count or sum(difficulty.values()), difficulty or None)


POOLS = st.fixed_dictionaries({level: st.integers(0, 6) for level in LEVELS}).map(lambda n: make_pool(**n))
QUOTAS = st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 3)).filter(lambda n: sum(n.values()))
SECTIONS = st.lists(
    st.integers(1, 4).map(make_section) | QUOTAS.map(lambda n: make_section(**n)), min_size=1, max_size=3
)
SEEDS = st.integers(0, 2**63 - 1)


def draw(sections, pool, seed, *, seen=frozenset(), **further) -> Form:
    return draw_form(make_supply(Blueprint(tuple(sections), **further), pool), seed, seen=seen)


def fills(sections, pool) -> bool:
    try:
        draw(sections, pool, 1)
    except PoolTooSmall:
        return False
    return True


@given(SECTIONS, POOLS, SEEDS, st.randoms())
def test_a_form_follows_the_blueprint_from_its_seed_alone(sections, pool, seed, random):
    if not fills(sections, pool):
        with pytest.raises(PoolTooSmall):
            draw(sections, pool, seed)
        return
    form = draw(sections, pool, seed)
    random.shuffle(pool)

    assert draw(sections, pool, seed) == form
    drawn = form.items
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(pool)
    for section, items in zip(sections, form.sections, strict=True):
        assert len(items) == section.count
        if section.difficulty:
            assert Counter(item.difficulty for item in items) == +Counter(section.difficulty)


@given(SECTIONS, POOLS)
def test_a_pool_is_too_small_only_when_its_numbers_are(sections, pool):
    supply = Counter(item.difficulty for item in pool)
    quotas = sum((Counter(section.difficulty or {}) for section in sections), Counter())
    needed = sum(section.count for section in sections)

    assert fills(sections, pool) == (quotas <= supply and needed <= len(pool))


@given(SECTIONS, POOLS)
def test_a_pool_with_one_to_spare_loses_nothing_when_any_section_takes_one_more(sections, pool):
    larger = [Section(s.title, s.skill, s.type, s.count + 1) if not s.difficulty else s for s in sections]
    choices = [[]]
    for section in larger:
        extras = [level for level, count in (section.difficulty or {}).items() if count]
        more = [
            Section(section.title, section.skill, section.type, section.count + 1, {**section.difficulty, level: n})
            for level in extras
            for n in [section.difficulty[level] + 1]
        ]
        choices = [[*before, after] for before in choices for after in more or [section]]

    assert (not missing_items(sections, pool)) == any(fills(choice, pool) for choice in choices)


def test_every_item_of_a_kind_is_drawn_about_equally_often():
    drawn = Counter(
        item for seed in range(600) for item in draw([make_section(2)], make_pool(easy=3, hard=3), seed).items
    )

    assert len(drawn) == 6
    assert all(150 < count < 250 for count in drawn.values())


def test_a_seed_gives_this_form_for_ever():
    form = draw([make_section(easy=1, hard=1)], make_pool(easy=4, hard=4), 7)

    assert [item.identifier for item in form.items] == ["easy-3", "hard-2"]


def test_other_skills_and_types_are_never_drawn():
    strangers = [PoolItem("a", "labelling", "choice", "easy"), PoolItem("b", "splitting", "rubric-score", "easy")]

    with pytest.raises(PoolTooSmall, match='"Splitting" needs 1 items of skill splitting and type choice; 0 are'):
        draw([make_section(1)], strangers, 1)


def test_a_pool_too_small_for_a_difficulty_names_it():
    with pytest.raises(PoolTooSmall, match="needs 2 hard items of skill splitting and type choice; 1 are left"):
        draw([make_section(hard=2)], make_pool(easy=9, hard=1), 1)


def test_what_is_missing_is_told_once_with_its_numbers():
    sections = [make_section(easy=2, hard=1, title="First"), make_section(2, title="Second")]

    (hard, total) = missing_items(sections, make_pool(easy=5))
    assert (hard.difficulties, hard.needed, hard.available, hard.sections) == (("hard",), 1, 0, ("First",))
    assert (total.difficulties, total.needed, total.available) == (("easy", "hard"), 7, 5)
    assert (hard.missing, total.missing) == (1, 2)
    assert missing_items(sections, make_pool(easy=5, hard=1)) == (
        type(hard)(("First", "Second"), "splitting", "choice", ("easy", "hard"), 7, 6),
    )
    assert missing_items(sections, make_pool(easy=6, hard=1)) == ()


def test_an_empty_pool_is_missing_everything():
    (shortage,) = missing_items([make_section(2)], [])

    assert (shortage.needed, shortage.available) == (3, 0)


@pytest.mark.parametrize(("count", "difficulty"), [(0, None), (2, {"easy": 1})])
def test_a_section_whose_numbers_contradict_is_refused(count, difficulty):
    with pytest.raises(ValueError, match='section "S"'):
        Section("S", "splitting", "choice", count, difficulty)
