"""The list of one's marks does all that the text does, by keyboard alone; and marking by finger."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.assessments.web_items.sample_items import EMOJI, ENGLISH
from tests.assessments.web_items.span_desk import box_of, mark, press, quotes_of, select, spans_of, status_of, text_of
from tests.pages import becomes

pytestmark = pytest.mark.browser


def tab_to(page, name, most=60):
    """Press Tab until the focus is on the control of this name."""
    focused = "() => (document.activeElement.ariaLabel || document.activeElement.textContent).trim()"
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == name:
            return
    raise AssertionError(f"no control {name!r} within {most} tabs")


def steps_of(page, label):
    return page.get_by_role("group", name=label)


def test_marks_are_added_adjusted_renamed_and_removed_by_keyboard_without_the_text(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))

    tab_to(page, "Add a mark by typing its words")
    press(page, "Enter", "Tab")
    page.keyboard.type("in vienna")
    press(page, "Tab")
    page.keyboard.type("3")
    press(page, "Tab", "Enter")
    assert spans_of(page) == [{"start": 23, "end": 32, "category": "made-up"}]

    for _ in range(40):
        press(page, "Shift+Tab")
        if page.evaluate("() => document.activeElement.ariaLabel") == "Adjust the mark on “in Vienna”":
            break
    press(page, "Enter", *["Tab"] * 5, "Space")  # begins one word later
    assert quotes_of(page, ENGLISH) == ["Vienna"]
    press(page, *["Tab"] * 4, "Space", "Space")  # ends one word later, twice
    assert quotes_of(page, ENGLISH) == ["Vienna in 1921"]
    press(page, "Shift+Tab", "Space", "Shift+Tab", "Space", "Space")  # ends one character later, then two earlier
    assert quotes_of(page, ENGLISH) == ["Vienna in 192"]

    expect(status_of(page)).to_have_text("The mark is now on “Vienna in 192”.")


def test_the_kind_of_a_mark_is_changed_and_the_mark_removed_in_the_list(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna")

    page.get_by_label("Kind of error in “Vienna”").select_option("made-up")
    assert spans_of(page)[0]["category"] == "made-up"

    page.get_by_role("button", name="Remove the mark on “Vienna”").click()
    assert spans_of(page) == []
    expect(page.get_by_text("None yet.")).to_be_visible()


def test_after_a_removal_the_focus_goes_to_the_next_mark_and_at_last_to_adding(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna")
    mark(page, "1921")

    page.get_by_role("button", name="Remove the mark on “Vienna”").press("Enter")
    expect(page.get_by_role("button", name="Remove the mark on “1921”")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("summary", has_text="Add a mark")).to_be_focused()


def test_the_focus_stays_on_the_step_even_when_the_marks_change_places(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "in Vienna")
    mark(page, "Vienna in 1921", "Not in the source")
    page.get_by_role("button", name="Adjust the mark on “Vienna in 1921”").click()
    earlier = steps_of(page, "Where the mark on “Vienna in 1921” begins").get_by_text("one word earlier")

    earlier.focus()
    press(page, "Enter", "Enter")

    assert quotes_of(page, ENGLISH) == ["opened in Vienna in 1921", "in Vienna"]
    focused = page.evaluate("() => document.activeElement.parentElement.ariaLabel")
    assert focused == "Where the mark on “opened in Vienna in 1921” begins"


def test_a_mark_cannot_be_moved_off_the_text_emptied_or_onto_its_double(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "The")
    mark(page, "The observatory")
    status = status_of(page)
    page.get_by_role("button", name="Adjust the mark on “The”").click()

    steps_of(page, "Where the mark on “The” begins").get_by_text("one character earlier").click()
    expect(status).to_have_text("The mark cannot go further that way.")
    steps_of(page, "Where the mark on “The” begins").get_by_text("one word later").click()
    expect(status).to_have_text("The mark cannot go further that way.")
    steps_of(page, "Where the mark on “The” ends").get_by_text("one word later").click()
    expect(status).to_have_text("“The observatory” is marked as Wrong number or date already.")

    assert quotes_of(page, ENGLISH) == ["The observatory", "The"]


def test_a_kind_that_the_stretch_has_already_is_refused_and_the_old_one_stays(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna")
    mark(page, "Vienna", "Not in the source")

    page.get_by_label("Kind of error in “Vienna”").first.select_option("made-up")

    expect(status_of(page)).to_have_text("“Vienna” is marked as Not in the source already.")
    assert [span["category"] for span in spans_of(page)] == ["wrong-number", "made-up"]
    expect(page.get_by_label("Kind of error in “Vienna”").first).to_have_value("wrong-number")


def add(page, words, kind="wrong-number"):
    box = page.locator("[data-part=add-words]")
    if not box.is_visible():
        page.get_by_text("Add a mark by typing its words").click()
    box.fill(words)
    page.locator("[data-part=add-kind]").select_option(kind)
    box.press("Enter")


def test_words_that_stand_there_twice_are_marked_one_place_after_the_other(open_items):
    page, site = open_items(("span-highlight", ENGLISH))

    add(page, "in")
    expect(status_of(page)).to_contain_text("place 1 of 2")
    add(page, "in")
    add(page, "in")

    assert [span["start"] for span in spans_of(page)] == [23, 33]
    expect(status_of(page)).to_have_text("“in” is marked as Wrong number or date already.")
    assert site.posted == []  # Enter in the box does not send the page


def test_typed_words_are_found_whatever_their_capitals_quotes_and_accents_are_spelled_like(open_items):
    page, _ = open_items(("span-highlight", EMOJI))

    add(page, "CAFÉ-town")
    add(page, "👍")
    add(page, "nowhere")

    assert quotes_of(page, EMOJI) == ["cafe\u0301-town", "👍🏽"]
    expect(status_of(page)).to_have_text("“nowhere” does not stand in the text.")


def test_without_words_the_first_unmarked_word_is_taken(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))

    add(page, "")
    add(page, "", "made-up")

    assert quotes_of(page, ENGLISH) == ["The", "observatory"]


@pytest.fixture
def touch(open_items, browser):
    """The page of an item on a device with a finger and no mouse."""
    contexts = []

    def open_page(content):
        page, site = open_items(("span-highlight", content), scripts=False)  # it takes no pen
        context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
        contexts.append(context)
        fresh = context.new_page()
        fresh.goto(page.url)
        return fresh, site

    yield open_page
    for context in contexts:
        context.close()


@contextmanager
def tapping(page):
    """A tap is looked at as a gesture first: it is over when the page has had its click."""
    page.evaluate("addEventListener('click', () => (document.body.dataset.isTapped = ''), { once: true })")
    yield
    becomes(lambda: page.evaluate("'isTapped' in document.body.dataset"), True)
    page.evaluate("delete document.body.dataset.isTapped")


def tap(page, quote):
    text_of(page).evaluate("text => text.scrollIntoView({ block: 'center' })")  # a tap outside the window is none
    left, right, middle = box_of(page, quote)
    with tapping(page):
        page.touchscreen.tap((left + right) / 2, middle)


def tap_on(control):
    with tapping(control.page):
        control.tap()


def test_a_tap_selects_a_word_and_a_second_one_all_between(touch):
    page, _ = touch(ENGLISH)

    tap(page, "1921")
    tap(page, "Vienna")
    tap_on(page.get_by_role("button", name="Wrong person"))
    tap(page, "Vienna")
    tap_on(page.get_by_role("button", name="Not in the source"))

    assert quotes_of(page, ENGLISH) == ["Vienna in 1921", "Vienna"]
    assert [span["category"] for span in spans_of(page)] == ["wrong-entity", "made-up"]
    expect(page.get_by_text("Tap a word to select it")).to_be_visible()
    expect(page.locator("[data-save-state]")).to_have_text("Saved")


def test_a_tap_inside_the_selection_narrows_it_and_another_takes_it_back(touch):
    page, _ = touch(ENGLISH)

    tap(page, "Vienna")
    tap(page, "1921")
    tap(page, "1921")
    tap_on(page.get_by_role("button", name="Wrong number"))
    assert quotes_of(page, ENGLISH) == ["1921"]

    tap(page, "Vienna")
    tap(page, "Vienna")
    expect(page.locator(".is-selecting")).to_have_count(0)


def test_what_a_finger_has_selected_in_the_browsers_way_is_marked_by_a_tap(touch):
    page, _ = touch(ENGLISH)

    select(page, "Vienna in")
    tap_on(page.get_by_role("button", name="Wrong person"))

    assert quotes_of(page, ENGLISH) == ["Vienna in"]


def test_a_finger_removes_the_innermost_mark_and_adjusts_one_in_the_list(touch):
    page, _ = touch(ENGLISH)
    mark(page, "Vienna in 1921")
    mark(page, "1921", "Not in the source")

    tap(page, "1921")
    tap_on(page.get_by_role("button", name="Remove the mark here"))
    tap_on(page.get_by_role("button", name="Adjust the mark on “Vienna in 1921”"))
    tap_on(steps_of(page, "Where the mark on “Vienna in 1921” ends").get_by_text("one word earlier"))

    assert quotes_of(page, ENGLISH) == ["Vienna in"]


def test_the_tools_stay_in_view_while_something_is_selected_and_nothing_is_wider_than_the_screen(touch):
    page, _ = touch(ENGLISH)
    mark(page, "Vienna in 1921")
    tap_on(page.get_by_role("button", name="Adjust the mark on"))

    tap(page, "Visitors")

    expect(page.get_by_role("button", name="Wrong number")).to_be_in_viewport()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
