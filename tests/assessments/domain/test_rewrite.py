"""Rewrite: checks, keys, and what is left to markers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.rewritten import changes, is_unchanged
from assessments.domain.schemas.base import InvalidKey
from assessments.domain.schemas.parts import Criterion, Level
from assessments.domain.schemas.rewrite import Check, RewriteContent, RewriteKey, RewriteResponse, check_key, passes
from assessments.domain.scoring.rewrite import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside
from tests.assessments.domain.laws_of_marked_types import check_laws_of_marked
from tests.assessments.strategies.rewrite import rewrite_items

LEVELS = (Level(level=1, descriptor="No."), Level(level=2, descriptor="Yes."))
TONE = Criterion(id="tone", title="Tone", question="Is it kind?", levels=LEVELS)
BARE = RewriteContent(task="Answer.", prompt="Correct.", response="We open on Monday at 9. Bring a ticket and a coat.")
MARKED = BARE.model_copy(update={"criteria": (TONE,)})
KEY = RewriteKey(
    must_fix=(
        Check(id="day", title="The day", any_of=("Tuesday",), none_of=("Monday",)),
        Check(id="hour", title="The hour", any_of=("at 10", "ten o’clock")),
    ),
    must_keep=(Check(id="ticket", title="Ticket", any_of=("ticket",)), Check(id="coat", title="C", any_of=("coat",))),
    exemplar="We open on Tuesday at 10. Bring a ticket and a coat.",
)
ANYTHING = anything(["text"], ["", "a", "\0"])


def points(text: str, content: RewriteContent = BARE, key: RewriteKey = KEY) -> Fraction:
    return score(content, key, RewriteResponse(text=text)).points


@given(rewrite_items())
def test_it_keeps_the_laws_of_marked_items(item):
    check_laws_of_marked(TYPE, item)


@given(rewrite_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(rewrite_items())
def test_all_of_the_checks_earn_exactly_when_all_are_passed(item):
    content, key, response = item
    is_full = bool(response.text.strip()) and all(passes(check, response.text) for check in key.checks)

    assert (score(content, key, response).parts[0].points == 1) == is_full


@given(rewrite_items(with_markers=True), st.sampled_from(["{}", " {}\n", "{}"]))
def test_the_response_as_it_stood_earns_nothing_and_waits_for_nobody(item, frame):
    content, key, _ = item
    earned = score(content, key, RewriteResponse(text=frame.format(content.response.replace(" ", "\n "))))

    assert (earned.points, earned.is_complete) == (0, True)
    assert [part.weight for part in earned.parts] == [Fraction(4, 10), Fraction(6, 10)]


@given(rewrite_items())
def test_one_more_check_passed_never_costs(item):
    content, key, response = item
    for check in key.checks:
        if not passes(check, response.text) and not check.none_of:
            more = RewriteResponse(text=f"{response.text} {check.any_of[0]}")
            failing = [other for other in key.checks if passes(other, response.text) and not passes(other, more.text)]
            assert failing or score(content, key, more).points >= score(content, key, response).points


def test_what_is_mended_counts_as_far_as_what_was_right_is_kept():
    assert points(KEY.exemplar) == 1
    assert points("We open on Tuesday at 9. Bring a ticket and a coat.") == Fraction(1, 2)
    assert points("We open on Tuesday at 10. Bring a ticket.") == Fraction(1, 2)
    assert points("On Tuesday, at ten o'clock.") == 0
    assert points(BARE.response) == points("") == points(" \n") == 0


def test_without_criteria_the_checks_are_all_and_with_them_four_tenths_until_a_marker_has_come():
    bare, marked = (score(content, KEY, RewriteResponse(text=KEY.exemplar)) for content in (BARE, MARKED))

    assert (bare.points, bare.waiting) == (1, {})
    assert (marked.points, marked.automatic) == (Fraction(4, 10), 1)
    assert marked.waiting == {"marking": Fraction(6, 10)}


def test_a_change_waits_for_a_marker_even_if_it_mends_nothing():
    assert not score(MARKED, KEY, RewriteResponse(text="We open on Monday at 9!")).is_complete


def test_where_nothing_must_be_kept_what_is_mended_is_all():
    assert points("On Tuesday at 10.", key=KEY.model_copy(update={"must_keep": ()})) == 1


def test_counts_say_how_many_checks_of_each_kind_are_passed():
    (part,) = score(BARE, KEY, RewriteResponse(text="On Tuesday, with a ticket.")).parts

    assert part.counts == {"mended": 1, "to_mend": 2, "kept": 1, "to_keep": 2}


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("Tuesday", "It is on TUESDAY!", True),
        ("Tuesday", "Tuesdays", False),
        ("don’t go", "Don't\n go.", True),
        ("5 %", "It is 5% more", True),
        ("5 %", "It is 12.5 % more", False),
        ("12.5", "12.5.", True),
        ("12.5", "12,5", False),
        ("café", "a cafe\u0301 in town", True),
        ("北京", "我在北京。", True),
        ("北京", "我在南京。", False),
        ("straße", "In der STRASSE", True),
    ],
)
def test_phrases_are_looked_for_as_words(phrase, text, stands):
    assert passes(Check(id="c", title="C", any_of=(phrase,)), text) is stands
    assert passes(Check(id="c", title="C", none_of=(phrase,)), text) is not stands


def test_restating_the_key_changes_the_exemplar_and_keeps_the_checks():
    stated = KEY.model_dump(mode="json")

    assert key_with(BARE, RewriteResponse(text="Anew."), stated) == {**stated, "exemplar": "Anew."}


def test_simple_strategies_leave_cut_or_copy():
    strategies = simple_strategies(BARE.model_copy(update={"reference": "Tuesday at 10."}))

    assert strategies["keep the first half of the response"].text == "We open on Monday at 9."
    assert strategies["put the reference before the response"].text.startswith("Tuesday at 10.\n\nWe open on Monday")
    assert len(strategies) == 5


def check(**facts) -> dict:
    return {"id": "c", "title": "C", **facts}


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (check(), "check c looks for nothing; give any_of or none_of"),
        (check(any_of=["…"]), "check c looks for …, in which there is no word"),
    ],
)
def test_a_check_that_looks_for_nothing_is_refused(raw, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Check.model_validate(raw)


def test_checks_and_criteria_differ_by_id():
    with pytest.raises(ValidationError, match="check ids must differ, got day, hour, day"):
        RewriteKey(must_fix=KEY.must_fix, must_keep=KEY.must_fix[:1], exemplar="x")
    with pytest.raises(ValidationError, match="criterion ids must differ"):
        RewriteContent.model_validate({**BARE.model_dump(), "criteria": [TONE, TONE]})


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"must_fix": [check(any_of=["coat"])]}, "must-fix c holds for the response as it stands"),
        ({"must_keep": [check(any_of=["gloves"])], "exemplar": f"{KEY.exemplar} Gloves."}, "must-keep c does not hold"),
        ({"exemplar": "We open on Tuesday. Bring a ticket and a coat."}, "the exemplar fails the check hour"),
        ({"must_fix": [check(none_of=["Monday"])], "must_keep": []}, "a text of one word would pass them all"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(changed, complaint):
    key = RewriteKey.model_validate({**KEY.model_dump(), **changed})

    with pytest.raises(InvalidKey, match=complaint):
        check_key(BARE, key)


TEXTS = st.text("ab é漢🙂.\n", max_size=60)


@given(TEXTS, TEXTS)
def test_what_was_kept_and_put_in_is_the_rewrite_and_what_was_kept_and_taken_out_the_original(original, rewritten):
    pieces = changes(original, rewritten)

    assert "".join(text for kind, text in pieces if kind != "deleted") == rewritten
    assert "".join(text for kind, text in pieces if kind != "inserted") == original


@given(TEXTS)
def test_space_alone_is_no_change(text):
    assert is_unchanged(text, f"\n {text.replace(' ', '  ')} ")
    assert not is_unchanged(text, f"{text} more")


def test_texts_in_which_words_repeat_without_end_are_not_compared():
    page = " ".join("the" if number % 20 == 0 else f"word{number}" for number in range(1200))

    assert changes(page, "the " * 5000) is None
    assert changes(page, page.replace("word7 ", "word ")) is not None
