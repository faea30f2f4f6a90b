"""Essay: what is written waits for a marker, what is not waits for nobody."""

from fractions import Fraction

import pytest
from hypothesis import given
from pydantic import ValidationError

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.domain.schemas.essay import LONGEST, EssayContent, EssayKey, EssayResponse
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.scoring.essay import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside
from tests.assessments.domain.laws_of_marked_types import check_laws_of_marked
from tests.assessments.strategies.essay import essay_items

LEVELS = (Level(level=1, descriptor="No."), Level(level=2, descriptor="Yes."))
CRITERION = Criterion(id="reason", title="Reason", question="Is there one?", levels=LEVELS)
CONTENT = EssayContent(prompt="Why?", criteria=(CRITERION,))
KEY = EssayKey(exemplar="Because.")
ANYTHING = anything(["text"], ["", "a", "\0", "x" * (LONGEST + 1)])


@given(essay_items())
def test_it_keeps_the_laws_of_marked_items(item):
    check_laws_of_marked(TYPE, item)


@given(essay_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(essay_items())
def test_all_of_it_waits_exactly_when_something_is_written(item):
    content, key, response = item
    earned = score(content, key, response)

    assert earned.points == 0
    assert earned.waiting == ({"marking": 1} if response.text.strip() else {})
    assert earned.automatic == (None if response.text.strip() else 0)


def test_what_is_not_written_earns_nothing_in_the_markers_part():
    (part,) = score(CONTENT, KEY, EssayResponse(text=" \n ")).parts

    assert (part.name, part.points, part.weight) == ("marking", 0, Fraction(1))


def test_restating_the_key_changes_the_exemplary_text_alone():
    stated = {"exemplar": "Because.", "notes": "Look for reasons."}

    assert key_with(CONTENT, EssayResponse(text="Since."), stated) == {**stated, "exemplar": "Since."}


def test_simple_strategies_write_nothing_or_copy():
    content = CONTENT.model_copy(update={"reference": "A long report."})

    assert {name: response.text for name, response in simple_strategies(content).items()} == {
        "write nothing": "",
        "copy the question": "Why?",
        "copy the reference": "A long report.",
    }


@pytest.mark.parametrize("text", ["x" * LONGEST, "🙂" * LONGEST])
def test_the_longest_text_is_taken_in_any_script(text):
    assert parse_response("essay", CONTENT, {"text": text}).text == text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("x" * (LONGEST + 1), "at most 20000 characters"), ("a\0b", "holds a NUL character"), (3, "valid string")],
)
def test_a_text_that_cannot_be_kept_is_refused_in_a_sentence(text, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        parse_response("essay", CONTENT, {"text": text})


def test_limits_of_length_that_cannot_both_hold_and_doubled_criteria_are_refused():
    with pytest.raises(ValidationError, match="at least 9 and at most 8 words cannot both hold"):
        EssayContent(prompt="Why?", fewest_words=9, most_words=8, criteria=(CRITERION,))
    with pytest.raises(ValidationError, match="criterion ids must differ"):
        EssayContent(prompt="Why?", criteria=(CRITERION, CRITERION))
