"""Order on its pages: shown, read back from its places, refused, and told where each entry belongs."""

import pytest
from hypothesis import given, settings
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import parse_response
from assessments.domain.schemas.base import InvalidResponse
from assessments.domain.schemas.order import OrderContent, OrderKey
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.strategies.order import order_items
from tests.assessments.web_items.hands.order import SAMPLE
from tests.assessments.web_items.shown_items import explain, read_back, sent_by, show, tell

NAME = "order"
CONTENT = OrderContent.model_validate(SAMPLE["content"])
KEY = OrderKey.model_validate(SAMPLE["key"])
RIGHT = SAMPLE["response"]
TEMPTATIONS = {"score": "It seems to be at hand."}


def entries_in(html):
    return [part.partition('"')[0] for part in html.split('data-entry="')[1:]]


@settings(max_examples=25)
@given(order_items())
def test_a_shown_response_is_read_back(item):
    content, _, response = item

    assert read_back(NAME, content, show(NAME, content, response.model_dump())) == response


def test_entries_stand_as_they_were_ordered_and_untouched_as_they_are_shown():
    assert entries_in(show(NAME, CONTENT, RIGHT)) == RIGHT["order"]
    assert entries_in(show(NAME, CONTENT)) == ["verdict", "score", "split", "read"]
    assert not sent_by(show(NAME, CONTENT))


def test_a_locked_item_sends_nothing_and_shows_its_places():
    html = show(NAME, CONTENT, RIGHT, is_locked=True)

    assert not sent_by(html)
    assert "data-sortable" not in html
    assert entries_in(html) == RIGHT["order"]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"read": "1", "split": "1", "verdict": "2", "score": "4"}, "two entries stand at place 1"),
        ({"read": "1", "split": "2"}, "2 of 4 entries have no place yet"),
    ],
)
def test_places_that_make_no_order_are_refused_and_shown_again(typed, complaint):
    form = MultiDict({f"r1-place-{entry}": place for entry, place in typed.items()})
    raw = ITEM_VIEWS[NAME].read_form(CONTENT, form, "r1-")

    with pytest.raises(InvalidResponse, match=complaint):
        parse_response(NAME, CONTENT, raw)
    assert sent_by(show(NAME, CONTENT, refused=raw)) == form


def test_a_place_that_is_none_is_refused_and_left_open_again():
    raw = ITEM_VIEWS[NAME].read_form(CONTENT, MultiDict({"r1-place-read": "first"}), "r1-")

    with pytest.raises(InvalidResponse, match="a place should be a whole number"):
        parse_response(NAME, CONTENT, raw)
    assert not sent_by(show(NAME, CONTENT, refused=raw))


def test_the_experts_order_is_right():
    text = tell(NAME, CONTENT, KEY, RIGHT, TEMPTATIONS)

    assert text.startswith("Right 100 % of the points Every entry stands where the experts have it: D Read the task")
    assert "It seems to be at hand." not in text


def test_entries_that_stand_too_early_or_too_late_are_told():
    text = tell(NAME, CONTENT, KEY, {"order": ["read", "verdict", "split", "score"]}, TEMPTATIONS)

    assert text.startswith(
        "Partly right 66 % of the points The right sequence, and the place that you gave each entry:"
    )
    assert "checked alone. You had it at place 3, too late. A Give each claim" in text
    assert "what the source says. You had it at place 2, too early. B Score" in text
    assert "It seems to be at hand." in text


def test_the_accepted_sequence_nearest_to_the_answer_is_told():
    other = OrderKey(order=KEY.order, accepted=(("split", "read", "verdict", "score"),))

    text = tell(NAME, CONTENT, other, {"order": ["split", "read", "score", "verdict"]})

    assert "C Split the answer into claims that can each be checked alone. D Read" in text


def test_an_untouched_list_is_told_to_have_earned_nothing():
    text = tell(NAME, CONTENT, KEY, {})

    assert text.startswith("Not right 0 % of the points You left the list as it was shown, so it earned nothing.")
    assert "too early" not in text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (RIGHT, ["6 of 6 pairs of entries stand in the right sequence"]),
        ({"order": ["read", "verdict", "split", "score"]}, ["5 of 6 pairs of entries stand in the right sequence"]),
        ({}, ["the list was left as it was shown"]),
    ],
)
def test_a_result_says_where_the_points_came_from(raw, said):
    assert explain(NAME, CONTENT, KEY, raw) == said
