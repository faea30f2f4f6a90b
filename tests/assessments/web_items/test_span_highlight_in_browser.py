"""Marking a text by mouse and by keyboard, in a real browser; offsets are code points."""

import pytest
from playwright.sync_api import expect

from tests.assessments.web_items.item_pages import OUT_OF_ORDER
from tests.assessments.web_items.sample_items import ARABIC, CHINESE, EMOJI, ENGLISH
from tests.assessments.web_items.span_desk import (
    box_of,
    mark,
    press,
    quotes_of,
    region_of,
    select,
    spans_of,
    status_of,
    text_of,
)
from tests.pages import follow, resize

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("content", [ENGLISH, EMOJI, ARABIC, CHINESE])
@pytest.mark.parametrize("scripts", [True, False])
def test_the_text_of_the_page_is_the_text_of_the_item(open_items, content, scripts):
    page, _ = open_items(("span-highlight", content), scripts=scripts)

    assert text_of(page).evaluate("element => element.textContent") == content.text


def test_dragging_over_words_and_choosing_a_kind_marks_them(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    left, right, middle = box_of(page, "Vienna")

    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move(right - 1, middle, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Wrong person").click()

    assert spans_of(page) == [{"start": 26, "end": 32, "category": "wrong-entity"}]
    expect(page.locator("mark")).to_have_text("Vienna")


def test_the_tools_come_into_view_after_the_drag_and_never_under_it(open_items):
    text = "A clear night. " * 200 + "A dome in Vienna. " + "A dark night. " * 50
    content = ENGLISH.model_copy(update={"text": text})
    page, _ = open_items(("span-highlight", content))
    left, right, middle = box_of(page, "Vienna")
    resize(page, 1280, int(middle) + 60)
    tools = page.locator("[data-part=tools]")

    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle)
    page.wait_for_timeout(100)  # time for the tools to come
    expect(tools).not_to_be_in_viewport()
    page.mouse.move(right - 1, middle)
    page.mouse.up()

    expect(tools).to_be_in_viewport()
    page.get_by_role("button", name="Wrong person").click()
    assert quotes_of(page, content) == ["Vienna"]


def test_offsets_count_code_points_after_emoji_and_combining_characters(open_items):
    page, _ = open_items(("span-highlight", EMOJI))

    for quote in ("👩‍🔬", "cafe\u0301-town", "1921"):
        mark(page, quote)

    assert quotes_of(page, EMOJI) == ["👩‍🔬", "cafe\u0301-town", "1921"]


def test_half_an_emoji_or_a_letter_without_its_accent_cannot_be_marked(open_items):
    page, _ = open_items(("span-highlight", EMOJI))

    mark(page, "👩")
    mark(page, "-town")
    select(page, "caf")

    assert quotes_of(page, EMOJI) == ["👩‍🔬", "-town"]


@pytest.mark.parametrize(("content", "quote"), [(ARABIC, "مدينة فيينا"), (CHINESE, "一九九四年")])
def test_other_scripts_are_marked_alike(open_items, content, quote):
    page, _ = open_items(("span-highlight", content))

    mark(page, quote)

    assert quotes_of(page, content) == [quote]


def test_arrow_keys_walk_by_word_and_a_number_marks_the_word_at_the_caret(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()

    press(page, *["ArrowRight"] * 4, "2")

    assert quotes_of(page, ENGLISH) == ["Vienna"]
    assert spans_of(page)[0]["category"] == "wrong-entity"


def test_shift_extends_by_word_and_enter_takes_the_kind_used_last(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()

    press(page, "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "3")
    press(page, *["ArrowRight"] * 5, "Enter")

    assert quotes_of(page, ENGLISH) == ["observatory opened", "1921"]
    assert {span["category"] for span in spans_of(page)} == {"made-up"}


def test_control_moves_by_character_and_never_into_an_emoji(open_items):
    page, _ = open_items(("span-highlight", EMOJI))
    region_of(page).focus()

    press(page, *["Control+ArrowRight"] * 3, "Control+Shift+ArrowRight", "1")

    assert quotes_of(page, EMOJI) == ["👩‍🔬"]


def test_in_a_text_from_right_to_left_the_left_arrow_goes_on(open_items):
    page, _ = open_items(("span-highlight", ARABIC))
    region_of(page).focus()

    press(page, "ArrowLeft", "1")

    assert quotes_of(page, ARABIC) == ["الجسر"]


def test_the_down_arrow_goes_to_the_next_line(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()

    press(page, "ArrowDown", "1")

    assert quotes_of(page, ENGLISH) == ["Visitors"]


def test_delete_removes_the_mark_at_the_caret_and_z_brings_it_back(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()

    press(page, "ArrowRight", "1", "Delete")
    assert spans_of(page) == []

    press(page, "z")
    assert quotes_of(page, ENGLISH) == ["observatory"]


def test_z_undoes_and_y_does_again(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()
    press(page, "1", "ArrowRight", "2")

    press(page, "z", "Control+z")
    assert spans_of(page) == []
    press(page, "y", "Shift+Z")
    assert quotes_of(page, ENGLISH) == ["The", "observatory"]

    press(page, "z", "ArrowRight", "3", "y")
    assert quotes_of(page, ENGLISH) == ["The", "opened"]
    expect(status_of(page)).to_contain_text("There is nothing to do again.")


def test_a_click_selects_a_word_and_a_button_removes_the_mark_there(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    left, right, middle = box_of(page, "Vienna")

    page.mouse.click((left + right) / 2, middle)
    page.get_by_role("button", name="Wrong person").click()
    assert quotes_of(page, ENGLISH) == ["Vienna"]

    page.mouse.click((left + right) / 2, middle)
    page.get_by_role("button", name="Remove the mark here").click()
    assert spans_of(page) == []


def test_a_second_click_on_a_selected_word_takes_the_selection_back(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    left, right, middle = box_of(page, "Vienna")

    page.mouse.click((left + right) / 2, middle)
    page.wait_for_timeout(600)  # or it would be a double click, which selects
    page.mouse.click((left + right) / 2, middle)
    expect(page.locator(".is-selecting")).to_have_count(0)

    page.locator("h1").click()
    page.get_by_role("button", name="Wrong person").click()
    assert spans_of(page) == []
    expect(status_of(page)).to_contain_text("Select the words first")


def test_what_another_window_saved_is_shown_and_marking_goes_on_from_there(open_items):
    page, site = open_items(("span-highlight", ENGLISH))
    stored = {"spans": [{"start": 26, "end": 32, "category": "made-up"}]}
    site.answers = list(OUT_OF_ORDER)

    mark(page, "observatory")
    expect(page.locator("[data-save-state]")).to_have_text("Not saved yet, trying again")
    page.evaluate("() => { performance.now = () => 60000 + Date.now() }")  # a minute and more goes by
    site.answers = [(409, {"sequence": 7, "response": stored})]

    expect(page.locator("mark")).to_have_text("Vienna")
    mark(page, "Vienna in", "Wrong person")
    assert quotes_of(page, ENGLISH) == ["Vienna in", "Vienna"]


def test_stating_no_error_takes_the_marks_away_and_undo_brings_them_back(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna")

    page.get_by_label("This text has no error").check()
    assert spans_of(page) == []

    page.get_by_role("button", name="Undo").click()
    assert quotes_of(page, ENGLISH) == ["Vienna"]
    expect(page.get_by_label("This text has no error")).not_to_be_checked()


def test_without_scripts_the_rows_of_word_numbers_are_posted(open_items):
    page, site = open_items(("span-highlight", ENGLISH), scripts=False)

    page.locator("[name=r1-first-1]").fill("5")
    page.locator("[name=r1-category-1]").select_option("wrong-entity")
    follow(page.get_by_role("button", name="Save and continue"))

    assert (site.posted[0]["r1-spans"], site.posted[0]["r1-first-1"]) == ("", "5")
