"""Character F1 against an independent computation over sets of characters, overlapping stretches included."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.scoring.span_highlight import character_f1
from assessments.domain.stretches import core, halo, merge, overlap, size

STRETCH = st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))
ANY_STRETCHES = st.lists(STRETCH)


def characters(stretches):
    return {position for start, end in stretches for position in range(start, end)}


def f1_over_sets(gold, marked, length, tolerance):
    """Peel gold stretches character by character, widen them likewise, then count."""
    cores, halos = set(), set()
    for start, end in gold:
        inside = list(range(start, end))
        for _ in range(tolerance):
            inside = inside[1:-1] or inside
        cores.update(inside)
        halos.update(range(start - tolerance, end + tolerance))
    halos &= set(range(length))
    marks = characters(marked)
    if not cores or not marks:
        return Fraction(cores == marks)
    recall = Fraction(len(cores & marks), len(cores))
    precision = Fraction(len(halos & marks), len(marks))
    return 2 / (1 / precision + 1 / recall) if recall else Fraction(0)


@given(ANY_STRETCHES, ANY_STRETCHES, st.integers(0, 12))
def test_it_equals_the_count_over_sets_of_characters(gold, marked, tolerance):
    expected = f1_over_sets(gold, marked, 40, tolerance)

    assert character_f1(gold, marked, length=40, tolerance=tolerance) == expected


@given(STRETCH, STRETCH, st.integers(0, 12), st.data())
def test_stretches_inside_one_another_are_counted_once(outer, mark, tolerance, data):
    inner = data.draw(st.tuples(st.integers(*outer), st.integers(*outer)).map(sorted).filter(lambda s: s[0] < s[1]))
    marks = [mark, tuple(inner), mark]

    assert character_f1([outer, tuple(inner)], marks, length=40, tolerance=tolerance) == f1_over_sets(
        [outer, tuple(inner)], marks, 40, tolerance
    )
    assert character_f1([outer], [outer, tuple(inner)], length=40, tolerance=tolerance) == 1


@given(ANY_STRETCHES, ANY_STRETCHES)
def test_merged_stretches_hold_the_same_characters_and_are_counted_once(first, second):
    ours, theirs = merge(first), merge(second)

    assert characters(ours) == characters(first)
    assert size(ours) == len(characters(first))
    assert overlap(ours, theirs) == len(characters(first) & characters(second))
    assert all(ours[n][1] < ours[n + 1][0] for n in range(len(ours) - 1))


def test_the_middle_of_a_short_stretch_remains_and_halos_stay_in_the_text():
    assert core((10, 15), 3) == (12, 13)
    assert core((10, 14), 3) == (11, 13)
    assert core((10, 11), 3) == (10, 11)
    assert halo((1, 5), 3, 7) == (0, 7)


def test_nothing_against_nothing_is_full_agreement():
    assert character_f1([], [], length=10, tolerance=2) == 1
    assert character_f1([(1, 3)], [], length=10, tolerance=2) == 0
    assert character_f1([], [(1, 3)], length=10, tolerance=2) == 0
