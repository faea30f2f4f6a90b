"""Near duplicates: alike stems are found among many, by marks that never change and shingles that decide."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.near_duplicates import (
    BANDS,
    THRESHOLD,
    bands_of,
    chance_to_be_found,
    shingles_of,
    similarity,
)

VOCABULARY = ["ferry", "ship", "harbour", "sails", "on", "under", "the", "a", "twelve", "Été", "漢字"]
STEMS = st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join)
QUICK = settings(max_examples=60)


@QUICK
@given(first=STEMS, second=STEMS)
def test_similarity_is_a_fraction_the_same_from_either_side_and_1_for_the_same(first, second):
    ours, theirs = shingles_of(first), shingles_of(second)
    alike = similarity(ours, theirs)

    assert 0 <= alike <= 1
    assert alike == similarity(theirs, ours)
    assert (alike == 1) == (ours == theirs and bool(ours))


@QUICK
@given(stem=STEMS)
def test_marks_are_signed_numbers_of_64_bits_and_depend_on_the_shingles_alone(stem):
    bands = bands_of(shingles_of(stem))

    assert len(bands) == (BANDS if stem else 0)
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert bands == bands_of(shingles_of(f"  {stem.upper()}!  "))
    assert len(set(bands)) == len(bands)  # the number of a band is part of its mark


@QUICK
@given(stem=STEMS, place=st.integers(0, 40))
def test_one_changed_word_costs_three_shingles_at_most(stem, place):
    words = stem.replace("漢字", "漢 字").split()  # each of these characters is a word
    changed = [*words[:place], "altogether-new", *words[place + 1 :]] if place < len(words) else words
    before, after = shingles_of(stem), shingles_of(" ".join(changed))

    assert len(before - after) <= 3


def test_marks_that_are_stored_stay_valid():
    stem = "The ferry was founded in 1952, and carries 40,000 people a year."

    assert bands_of(shingles_of(stem))[:3] == STORED


STORED = (4938361890623518165, 3816388296427295878, 4822351709594362389)


@pytest.mark.parametrize(
    ("stem", "count"), [("", 0), (" … !", 0), ("One", 1), ("one two three", 1), ("a b c d", 2), ("漢字漢字", 2)]
)
def test_short_stems_have_the_shingles_that_they_can_have(stem, count):
    assert len(shingles_of(stem)) == count


def test_letter_case_marks_and_spelling_of_accents_do_not_count():
    assert shingles_of("Café, the “best” of") == shingles_of("CAFE\u0301 THE best\n of")


def test_the_index_is_exact():
    assert similarity(frozenset("abcd"), frozenset("bcde")) == Fraction(3, 5)
    assert similarity(frozenset(), frozenset("a")) == 0


def test_nearly_identical_stems_are_found_and_others_are_not():
    dice = random.Random(7)
    vocabulary = [f"word{n}" for n in range(3000)]

    def shares_a_band(one, other):
        return bool(set(bands_of(one)) & set(bands_of(other)))

    found = looked_for = stray = 0
    for _ in range(400):
        words = dice.choices(vocabulary, k=dice.randrange(60, 200))
        changed = list(words)
        for place in dice.sample(range(len(words)), max(1, len(words) // 60)):
            changed[place] = dice.choice(vocabulary)
        before, after = shingles_of(" ".join(words)), shingles_of(" ".join(changed))
        if similarity(before, after) >= THRESHOLD:
            looked_for += 1
            found += shares_a_band(before, after)
        stray += shares_a_band(before, shingles_of(" ".join(dice.choices(vocabulary, k=100))))

    assert looked_for > 350
    assert found / looked_for >= 0.995
    assert stray == 0


@pytest.mark.parametrize(
    ("alike", "chance"), [(0.08, 0.0005), (0.4, 0.267), (0.7, 0.963), (0.8, 0.9982), (0.9, 0.99999)]
)
def test_the_chances_are_those_that_are_documented(alike, chance):
    assert chance_to_be_found(alike) == pytest.approx(chance, rel=0.02)


@pytest.mark.parametrize("alike", [0.3, 0.5, 0.7])
def test_the_documented_chance_is_what_happens(alike):
    dice = random.Random(11)
    size, found, rounds = 60, 0, 300
    for number in range(rounds):
        common = round(2 * size * alike / (1 + alike))
        shared = {f"{number} s {n}" for n in range(common)}
        sides = [shared | {f"{number} {side} {n}" for n in range(size - common)} for side in "ab"]
        one, other = (frozenset(dice.sample(sorted(side), len(side))) for side in sides)
        found += bool(set(bands_of(one)) & set(bands_of(other)))

    expected = chance_to_be_found(common / (2 * size - common))
    assert abs(found / rounds - expected) < 4 * (expected * (1 - expected) / rounds) ** 0.5
