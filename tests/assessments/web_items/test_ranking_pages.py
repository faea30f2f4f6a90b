"""Ranking on its pages: shown, read back, refused, and told where it differs."""

import pytest
from hypothesis import given, settings

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.domain.schemas.ranking import RankingContent, RankingKey
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.strategies.ranking import ranking_items
from tests.assessments.web_items.hands.ranking import SAMPLE
from tests.assessments.web_items.shown_items import PREFIX, explain, read_back, sent_by, show, tell

NAME = "ranking"
CONTENT = RankingContent.model_validate(SAMPLE["content"])
SPLIT = RankingKey.model_validate(SAMPLE["key"])
KEY = RankingKey(rankings=SPLIT.rankings[:1])
TIED = RankingKey(rankings=SPLIT.rankings[1:])
RIGHT = SAMPLE["response"]
SWAPPED = {"order": ["partial", "complete", "dangerous", "vague"]}


@settings(max_examples=25)
@given(ranking_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_a_locked_item_sends_nothing():
    assert not sent_by(show(NAME, CONTENT, RIGHT, is_locked=True))


def test_what_was_refused_is_shown_again():
    typed = {f"{PREFIX}place-{entry}": place for entry, place in {"vague": "2", "partial": "2", "complete": ""}.items()}
    raw = ITEM_VIEWS[NAME].read_form(CONTENT, typed, PREFIX)

    with pytest.raises(InvalidResponse, match="two entries stand at place 2"):
        parse_response(NAME, CONTENT, raw)
    shown = sent_by(show(NAME, CONTENT, refused=raw))
    assert {name: place for name, place in shown.items() if place} == {
        "r1-place-vague": "2",
        "r1-place-partial": "2",
    }


def test_the_experts_ranking_is_right():
    text = tell(NAME, CONTENT, KEY, RIGHT, {"anything": "It sounds handy."})

    assert text.startswith("Right 100 % of the points You ranked them as the experts did.")
    assert "It sounds handy." not in text


def test_places_that_differ_are_told():
    text = tell(NAME, CONTENT, KEY, SWAPPED, {"anything": "It sounds handy."})

    assert text.startswith("Partly right 33 % of the points Of 6 pairs, 4 stand in the order of most experts.")
    assert "C Please report it on 0800 555, at any hour." in text
    assert "… 1 2, too low D Please report the fault by telephone" in text
    assert " 2 1, too high A" in text
    assert "It sounds handy." in text


def test_places_that_the_experts_tie_are_told_as_a_range():
    text = tell(NAME, CONTENT, TIED, {"order": ["partial", "complete", "vague", "dangerous"]})

    assert text.startswith("Right")
    assert "1 to 2 1" in text
    assert "1 to 2 2" in text


def test_an_untouched_list_is_no_answer():
    text = tell(NAME, CONTENT, KEY, {})

    assert text.startswith("Not right 0 % of the points You left the list as it was shown, which is no answer.")


def test_experts_who_differ_are_told():
    assert "The experts did not all agree: 83 % gave the ranking below" in tell(NAME, CONTENT, SPLIT, SWAPPED)


def test_a_result_says_how_many_pairs_stand_right():
    assert explain(NAME, CONTENT, KEY, SWAPPED) == ["4 of 6 pairs stand as most experts have them"]
    assert explain(NAME, CONTENT, KEY, {}) == ["the list was left as it was shown"]
