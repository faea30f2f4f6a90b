"""Drawing under constraints: held against all forms that small pools have."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.blueprint_faults import blueprint_faults
from assessments.domain.drawing import draw_form, make_supply
from assessments.domain.exposure import Exposure, cap_of, even_shares
from assessments.domain.forms import Blueprint, PoolItem, PoolTooSmall, Section, draw_pilots

LEVELS = ("easy", "hard")
TYPES = ("choice", "order")
NAMES = [f"{type}-{level}-{number}" for type in TYPES for level in LEVELS for number in range(3)]
SEEDS = st.integers(0, 2**62)


def item(name: str) -> PoolItem:
    type, level, _number = name.split("-")
    return PoolItem(name, "splitting", type, level)


@st.composite
def sections(draw):
    made = []
    for type in TYPES:
        for _ in range(draw(st.integers(0, 2))):
            quotas = draw(st.none() | st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 2), min_size=1))
            count = sum(quotas.values()) if quotas else draw(st.integers(1, 2))
            if count:
                made.append(Section(f"Section {len(made)}", "splitting", type, count, quotas))
    return made or [Section("Only", "splitting", "choice", 1)]


SETS = st.lists(st.frozensets(st.sampled_from(NAMES), min_size=2, max_size=4), max_size=4)
POOLS = st.frozensets(st.sampled_from(NAMES), min_size=4, max_size=10).map(
    lambda names: [item(name) for name in sorted(names)]
)
BLUEPRINTS = st.builds(
    lambda parts, always, apart: Blueprint(tuple(parts), always, tuple(apart)),
    sections(),
    st.frozensets(st.sampled_from(NAMES), max_size=2),
    SETS,
)


def is_form(blueprint: Blueprint, names: frozenset[str]) -> bool:
    """Whether these items, however dealt out, fill the sections; judged without the code under test."""
    for type in TYPES:
        mine = Counter(name.split("-")[1] for name in names if name.startswith(type))
        parts = [section for section in blueprint.sections if section.type == type]
        quotas = sum((Counter(section.difficulty or {}) for section in parts), Counter())
        if mine.total() != sum(section.count for section in parts) or not quotas <= mine:
            return False
    return not any(len(group & names) > 1 for group in blueprint.never_together)


def all_forms(blueprint: Blueprint, pool) -> list[frozenset[str]]:
    names = [one.identifier for one in pool]
    kinds = {section.kind for section in blueprint.sections}
    wanted = {one.identifier for one in pool if one.identifier in blueprint.must_include and one.kind in kinds}
    forms = map(frozenset, combinations(names, blueprint.length))
    return [form for form in forms if wanted <= form and is_form(blueprint, form)]


@settings(max_examples=200)
@given(BLUEPRINTS, POOLS, SEEDS, st.randoms())
def test_a_form_is_drawn_exactly_when_there_is_one_and_it_keeps_every_rule(blueprint, pool, seed, random):
    forms = all_forms(blueprint, pool)
    if not forms:
        with pytest.raises(PoolTooSmall):
            draw_form(make_supply(blueprint, pool), seed)
        return
    form = draw_form(make_supply(blueprint, pool), seed)
    random.shuffle(pool)

    assert draw_form(make_supply(blueprint, pool), seed) == form
    assert frozenset(one.identifier for one in form.items) in forms
    assert len(set(form.items)) == blueprint.length
    for section, part in zip(blueprint.sections, form.sections, strict=True):
        assert {one.kind for one in part} == {section.kind}
        assert len(part) == section.count
        if section.difficulty:
            assert Counter(one.difficulty for one in part) == +Counter(section.difficulty)


@settings(max_examples=200)
@given(BLUEPRINTS, POOLS, SEEDS, st.frozensets(st.sampled_from(NAMES)))
def test_what_the_person_has_seen_comes_only_where_nothing_unseen_can(blueprint, pool, seed, seen):
    forms = all_forms(blueprint, pool)
    if not forms:
        return
    form = draw_form(make_supply(blueprint, pool), seed, seen=seen)
    drawn = frozenset(one.identifier for one in form.items)
    fewest = min(len(other & seen) for other in forms)

    assert form.seen_again == len(drawn & seen)
    if not blueprint.never_together or fewest == len(blueprint.must_include.intersection(seen, drawn)):
        assert form.seen_again == fewest
    for again in drawn & seen - blueprint.must_include:
        for fresh in {one.identifier for one in pool} - seen - drawn:
            assert drawn - {again} | {fresh} not in forms


@given(BLUEPRINTS, POOLS, SEEDS, st.dictionaries(st.sampled_from(NAMES), st.integers(0, 200)))
def test_an_item_at_its_cap_rests_while_others_can_fill_its_place(blueprint, pool, seed, shown):
    supply = make_supply(blueprint, pool, Exposure(200, shown))
    forms = all_forms(blueprint, pool)
    if not forms:
        return
    at_cap = {one.identifier for one, is_over in zip(supply.items, supply.is_over, strict=True) if is_over}
    form = draw_form(supply, seed)
    drawn = frozenset(one.identifier for one in form.items)

    assert form.over_cap == len(drawn & at_cap)
    if any(not other & at_cap for other in forms):
        assert form.over_cap == 0


def test_use_is_even_and_nobodys_form_is_foreseen_from_the_last_one():
    pool = [PoolItem(f"i{number:02}", "s", "choice", "easy") for number in range(20)]
    blueprint = Blueprint((Section("S", "s", "choice", 5),))
    shown: Counter[str] = Counter()
    for forms in range(1000):
        supply = make_supply(blueprint, pool, Exposure(forms, shown))
        shown.update(one.identifier for one in draw_form(supply, seed=forms).items)

    assert all(230 <= count <= 270 for count in shown.values())  # 250 is even; pure chance reaches 217 and 285
    after = make_supply(blueprint, pool, Exposure(1000, shown))
    assert {one for seed in range(40) for one in draw_form(after, seed).items} == set(pool)


def test_a_new_item_catches_up_without_standing_in_every_form():
    old = [PoolItem(f"i{number:02}", "s", "choice", "easy") for number in range(19)]
    new = PoolItem("new", "s", "choice", "easy")
    blueprint = Blueprint((Section("S", "s", "choice", 5),))
    supply = make_supply(blueprint, [*old, new], Exposure(5000, {one.identifier: 1300 for one in old}))

    share = sum(new in draw_form(supply, seed).items for seed in range(600)) / 600

    assert 0.3 < share < 0.6  # an even share is a quarter


def test_even_shares_level_what_takes_any_difficulty():
    pool = [PoolItem(f"easy-{n}", "s", "choice", "easy") for n in range(6)]
    pool += [PoolItem(f"hard-{n}", "s", "choice", "hard") for n in range(4)]
    blueprint = Blueprint((Section("A", "s", "choice", 3, {"hard": 3}), Section("B", "s", "choice", 2)))

    shares = even_shares(blueprint, pool)

    assert shares == {(("s", "choice"), "hard"): 0.75, (("s", "choice"), "easy"): pytest.approx(1 / 3)}
    assert cap_of(blueprint, 0.75) == 0.875
    assert cap_of(blueprint, 1 / 3) == 0.5


@pytest.mark.parametrize(
    ("further", "said"),
    [
        ({"must_include": frozenset({"nobody"})}, "nobody is not among the items"),
        ({"must_include": frozenset({"order-easy-0"})}, "fits no section: its skill is splitting, its type order"),
        ({"must_include": frozenset({f"choice-easy-{n}" for n in range(3)})}, "1 too many for the sections"),
        ({"must_include": frozenset({"choice-easy-0", "choice-easy-1"})}, "no form is possible"),
        ({"never_together": (frozenset({"choice-easy-0", "nobody"}),)}, "nobody is not among the items"),
        (
            {
                "must_include": frozenset({"choice-easy-0", "choice-hard-0"}),
                "never_together": (frozenset({"choice-easy-0", "choice-hard-0"}),),
            },
            "choice-easy-0 and choice-hard-0 stand in must_include",
        ),
        ({"never_together": (frozenset(NAMES[:6]),)}, "no form is possible"),
        ({"cap": 0.3}, "a cap of 0.3 cannot be kept"),
        ({"overlap": 0.3}, "a mean overlap of 0.3 cannot be kept: with this pool it is 33.3% at the least"),
    ],
)
def test_a_blueprint_that_contradicts_itself_or_its_pool_is_told_why(further, said):
    parts = (Section("A", "splitting", "choice", 2, {"easy": 1, "hard": 1}),)

    (fault,) = blueprint_faults(Blueprint(parts, **further), [item(name) for name in NAMES])

    assert said in fault.message


def test_a_sound_blueprint_has_no_faults():
    parts = (Section("A", "splitting", "choice", 2, {"easy": 1, "hard": 1}),)
    blueprint = Blueprint(
        parts, frozenset({"choice-easy-0"}), (frozenset({"choice-easy-0", "choice-hard-0", "tried-easy-1"}),), 0.5, 0.8
    )

    assert list(blueprint_faults(blueprint, [item(name) for name in NAMES], pilots=[item("tried-easy-1")])) == []


def test_items_to_be_tried_out_keep_away_from_their_enemies_and_are_new_to_the_person():
    form, other, again, *rest = [item(name) for name in NAMES[:6]]
    pairs = (frozenset({form.identifier, other.identifier}), frozenset({rest[0].identifier, rest[1].identifier}))
    enemies = Blueprint((), never_together=pairs).enemies()

    for seed in range(20):
        drawn = draw_pilots([other, again, *rest], 2, seed, enemies=enemies, beside=[form], seen={again.identifier})
        assert len(drawn) == 2
        assert not {other, again} & set(drawn)
        assert set(drawn) != set(rest[:2])
    assert len(draw_pilots([other, again], 9, 1)) == 2
