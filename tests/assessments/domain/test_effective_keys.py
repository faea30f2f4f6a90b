"""Effective keys: regrades are applied in their order, each to what counts then."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.regrade_tally import BINS, bin_of, read_tally
from assessments.domain.regrades import EffectiveKey, KeyChange, effective_key, pinned_keys

KEYS = st.sampled_from("ABCD")
CHANGES = st.lists(st.builds(KeyChange, KEYS, st.one_of(st.none(), KEYS)).filter(lambda one: one.old != one.new))


def test_a_repair_of_a_repair_holds_and_so_does_one_that_goes_back():
    chain = [KeyChange("A", "B"), KeyChange("B", "C")]

    assert effective_key("A", chain) == effective_key("B", chain) == EffectiveKey("C")
    assert effective_key("A", [KeyChange("A", "B"), KeyChange("B", "A")]) == EffectiveKey("A")
    assert effective_key("C", [KeyChange("A", "B")]) == EffectiveKey("C")


def test_what_is_dropped_stays_dropped_and_remembers_its_last_key():
    changes = [KeyChange("A", "B"), KeyChange("B", None), KeyChange("B", "C")]

    assert effective_key("A", changes) == EffectiveKey("B", is_dropped=True)
    assert pinned_keys("C", "ABCD", changes) == ("C",)


@given(KEYS, CHANGES, CHANGES)
def test_later_regrades_go_on_from_what_counted_before(pinned, first, second):
    before = effective_key(pinned, first)

    after = effective_key(pinned, [*first, *second])

    assert after == (before if before.is_dropped else effective_key(before.key, second))


@given(KEYS, CHANGES)
def test_every_key_counts_as_exactly_one(counting, changes):
    members = pinned_keys(counting, "ABCD", changes)

    assert all(effective_key(key, changes) == EffectiveKey(counting) for key in members)


@given(st.fractions(0, 1))
def test_a_score_stands_in_the_bin_that_holds_it(score):
    number = bin_of(score)

    assert Fraction(number, BINS) <= score <= Fraction(number + 1, BINS)


@given(st.lists(st.tuples(st.fractions(0, 1), st.fractions(0, 1), st.booleans(), st.booleans())))
def test_a_tally_survives_being_stored_and_its_bins_add_up(rows):
    tally = read_tally({})
    for old, new, had_passed, has_passed in rows:
        tally = read_tally(tally.as_json())
        tally.add(old, new, had_passed=had_passed, has_passed=has_passed, is_changed=old != new)

    assert sum(tally.old) == sum(tally.new) == tally.attempts == len(rows)
    assert tally.risen + tally.fallen == tally.changed
