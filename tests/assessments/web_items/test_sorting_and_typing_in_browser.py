"""Choosing, matching, ordering and typing in a real browser: by mouse, touch, keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import expect

from assessments.domain.item_types import ITEM_TYPES
from tests.assessments.web_items.hands import match, numeric, order, short_text, true_false
from tests.assessments.web_items.item_pages import Site
from tests.assessments.web_items.sorting import by_dragging, drag, order_of
from tests.keys import press_on
from tests.pages import becomes, resize, violations

pytestmark = pytest.mark.browser

HANDS = {
    "true-false": true_false,
    "match": match,
    "order": order,
    "numeric": numeric,
    "short-text": short_text,
}
SHOWN = ["verdict", "score", "split", "read"]
RIGHT = order.SAMPLE["response"]["order"]


def content_of(name):
    return ITEM_TYPES[name].content.model_validate(HANDS[name].SAMPLE["content"])


def sample_site(name):
    return Site([(name, content_of(name))], key=ITEM_TYPES[name].key.model_validate(HANDS[name].SAMPLE["key"]))


@pytest.fixture
def sorting(open_items):
    """The page of an attempt with the list in it, its root, and the site behind it."""
    page, site = open_items(("order", content_of("order")))
    return page, page.locator("#r1"), site


def said(page):
    return page.locator("[data-part=status]")


@pytest.mark.parametrize("way", ["by_mouse", "by_keyboard", "without_script"])
@pytest.mark.parametrize("name", HANDS)
def test_a_full_answer_is_given_and_told_to_be_right(open_items, name, way):
    page, _ = open_items(site=sample_site(name), at="/lesson", scripts=way != "without_script")
    sample = HANDS[name].SAMPLE

    getattr(HANDS[name], way)(page, page.locator("section.practice"), "p-x-", sample["content"], sample["response"])
    page.get_by_role("button", name="Check my answer").click()

    expect(page.locator(".feedback-points")).to_contain_text("100 %")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", HANDS)
def test_axe_finds_nothing_and_nothing_is_pushed_aside_on_the_narrowest_phone(open_items, name, scheme):
    page, _ = open_items((name, content_of(name)))
    resize(page, 320, 700)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    assert violations(page, name, context="section.item") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_every_type_is_saved_as_it_is_answered(open_items):
    page, site = open_items(*((name, content_of(name)) for name in HANDS))

    for position, hands in enumerate(HANDS.values(), start=1):
        sample, root = hands.SAMPLE, page.locator(f"#r{position}")
        hands.by_keyboard(page, root, f"r{position}-", sample["content"], sample["response"])
    expect(page.locator("[data-answered]")).to_have_text("5")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")

    for position, (name, hands) in enumerate(HANDS.items(), start=1):
        response = ITEM_TYPES[name].response
        assert response.model_validate(site.stored(position)) == response.model_validate(hands.SAMPLE["response"])


def test_an_untouched_list_is_not_answered_until_it_is_said_to_be_right(sorting):
    page, root, site = sorting
    box = page.get_by_label("This order is right as it stands")
    expect(box).not_to_be_checked()

    box.check()
    expect(said(page)).to_have_text("The order as it stands is your answer.")
    expect(page.locator("[data-answered]")).to_have_text("1")
    assert site.stored(1) == {"places": dict(zip(SHOWN, [1, 2, 3, 4], strict=True))}

    box.uncheck()
    expect(said(page)).to_have_text("Your answer is withdrawn; the question is open.")
    expect(page.locator("[data-answered]")).to_have_text("0")
    assert order_of(root) == SHOWN


def test_buttons_move_an_entry_keep_the_focus_and_tell_its_place(sorting):
    page, root, _ = sorting
    up = page.get_by_role("button", name="Up entry D")

    up.click()

    assert order_of(root) == ["verdict", "score", "read", "split"]
    expect(said(page)).to_have_text("Entry D is at place 3 of 4 now.")
    expect(up).to_be_focused()
    expect(page.get_by_label("This order is right as it stands")).to_be_checked()


def test_alt_and_an_arrow_key_move_the_entry_that_has_the_focus(sorting):
    page, root, _ = sorting

    press_on(page, '[data-entry="split"] [data-move="1"]', "Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")

    assert order_of(root) == ["split", "verdict", "score", "read"]
    page.keyboard.press("Alt+ArrowUp")
    expect(said(page)).to_have_text("Entry C is at the end of the list already.")
    assert order_of(root) == ["split", "verdict", "score", "read"]


def test_an_entry_is_dragged_down_and_up_by_its_handle(sorting):
    page, root, site = sorting

    drag(page, root, "verdict", "read")
    assert order_of(root) == ["score", "split", "read", "verdict"]
    drag(page, root, "read", "score")

    assert order_of(root) == ["read", "score", "split", "verdict"]
    expect(said(page)).to_have_text("Entry D is at place 1 of 4 now.")
    expect(page.locator("[data-save-state]")).to_have_text("Saved")
    assert ITEM_TYPES["order"].response.model_validate(site.stored(1)).order == tuple(order_of(root))


def test_escape_puts_a_dragged_entry_back_and_answers_nothing(sorting):
    page, root, site = sorting

    drag(page, root, "read", "verdict", is_let_go=False)
    expect(root.locator('[data-entry="read"]')).to_have_class("sorting-entry is-dragged")
    becomes(lambda: order_of(root)[0], "read")
    page.keyboard.press("Escape")
    page.mouse.up()

    assert order_of(root) == SHOWN
    expect(said(page)).to_have_text("Entry D stays at place 4 of 4.")
    expect(page.get_by_label("This order is right as it stands")).not_to_be_checked()
    assert site.saved == []


def test_a_finger_on_the_handle_drags_and_does_not_scroll(sorting):
    page, root, _ = sorting
    resize(page, 400, 1400)
    handle = root.locator('[data-entry="read"] [data-part=handle]').bounding_box()
    goal = root.locator('[data-entry="verdict"]').bounding_box()
    finger = page.context.new_cdp_session(page)
    x, y = handle["x"] + 10, handle["y"] + 10

    def touch(kind, *points):
        touches = [{"x": x, "y": at} for at in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", y)
    for part in range(1, 6):
        touch("touchMove", y + (goal["y"] + 5 - y) * part / 5)
    touch("touchEnd")

    becomes(lambda: order_of(root), ["read", "verdict", "score", "split"])
    assert page.evaluate("scrollY") == 0


def test_dragging_near_the_edge_of_the_window_scrolls(sorting):
    page, root, _ = sorting
    resize(page, 360, 420)
    handle = root.locator('[data-entry="read"] [data-part=handle]')
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()

    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, 3)
    becomes(lambda: order_of(root)[0], "read")
    page.mouse.up()

    assert order_of(root)[0] == "read"


def test_the_list_goes_on_working_in_the_box_that_came_with_the_feedback(open_items):
    page, site = open_items(site=sample_site("order"), at="/lesson")
    root = page.locator("section.practice")
    by_dragging(page, root, SHOWN)
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_role("heading", name="Not right")).to_be_focused()

    by_dragging(page, root, RIGHT)
    page.get_by_role("button", name="Check my answer").click()

    expect(page.locator(".feedback-points")).to_contain_text("100 %")
    assert [site.posted[1][f"p-x-place-{entry}"] for entry in RIGHT] == ["1", "2", "3", "4"]


def test_without_scripts_each_entry_has_a_place_to_choose_and_no_button(open_items):
    page, _ = open_items(("order", content_of("order")), scripts=False)

    expect(page.get_by_label("Place of entry A")).to_be_visible()
    expect(page.get_by_role("button", name="Up")).to_have_count(0)
    expect(page.get_by_label("This order is right as it stands")).not_to_be_visible()


def test_a_number_that_cannot_be_read_stays_in_its_field(open_items):
    page, site = open_items(("numeric", content_of("numeric")))
    sentence = "“1,500” can be read in two ways"
    site.answers.append((422, {"saved": False, "message": sentence}))

    page.get_by_label("How much working time").fill("1,500")

    expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    expect(page.get_by_label("How much working time")).to_have_value("1,500")
