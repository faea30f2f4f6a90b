"""Marking a text by mouse and by keyboard, in a real browser; offsets are code points."""

import json

import pytest

from tests.assessments.web_items.sample_items import ARABIC, CHINESE, EMOJI, ENGLISH

pytestmark = pytest.mark.browser

SELECT = """([text, quote]) => {
  const whole = text.textContent, start = whole.indexOf(quote), range = document.createRange();
  const at = (offset) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (offset <= walker.currentNode.length) return [walker.currentNode, offset];
      offset -= walker.currentNode.length;
    }
  };
  range.setStart(...at(start));
  range.setEnd(...at(start + quote.length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def text_of(page):
    return page.locator("[data-part=text]")


def region_of(page):
    return page.locator("[data-part=region]")


def spans_of(page):
    return json.loads(page.locator("[name=r1-spans]").input_value())


def quotes_of(page, content):
    return [content.text[span["start"] : span["end"]] for span in spans_of(page)]


def select(page, quote):
    page.evaluate(SELECT, [text_of(page).element_handle(), quote])


def mark(page, quote, kind="Wrong number or date"):
    select(page, quote)
    page.get_by_role("button", name=kind, exact=False).click()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def box_of(page, quote):
    """Where a quote stands on the screen."""
    select(page, quote)
    box = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    page.evaluate("getSelection().removeAllRanges()")
    return box["left"], box["right"], (box["top"] + box["bottom"]) / 2


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
    assert page.locator("mark").inner_text() == "Vienna"


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


def test_an_overlapping_mark_is_refused_and_said_to_be(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna in 1921")

    mark(page, "1921, and")

    assert quotes_of(page, ENGLISH) == ["Vienna in 1921"]
    page.get_by_role("status").filter(has_text="This overlaps mark 1, “Vienna in 1921”").wait_for()


def test_the_list_changes_the_kind_of_a_mark_and_removes_it(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna")

    page.get_by_label("Kind of error in “Vienna”").select_option("made-up")
    assert spans_of(page)[0]["category"] == "made-up"

    page.get_by_role("button", name="Remove the mark on “Vienna”").click()
    assert spans_of(page) == []


def test_stating_no_error_takes_the_marks_away_and_undo_brings_them_back(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna")

    page.get_by_label("This text has no error").check()
    assert spans_of(page) == []

    page.get_by_role("button", name="Undo").click()
    assert quotes_of(page, ENGLISH) == ["Vienna"]
    assert not page.get_by_label("This text has no error").is_checked()


def test_without_scripts_the_rows_of_word_numbers_are_posted(open_items):
    page, site = open_items(("span-highlight", ENGLISH), scripts=False)

    page.locator("[name=r1-first-1]").fill("5")
    page.locator("[name=r1-category-1]").select_option("wrong-entity")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_text("Posted").wait_for()

    assert (site.posted[0]["r1-spans"], site.posted[0]["r1-first-1"]) == ("", "5")
