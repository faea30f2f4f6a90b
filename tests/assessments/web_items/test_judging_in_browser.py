"""Judging types in a real browser, on the practice box: by mouse, by keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import expect

from assessments.domain.item_types import ITEM_TYPES
from tests.assessments.web_items.hands import first_wrong_step, pairwise_preference, ranking, turn_review
from tests.assessments.web_items.item_pages import Site
from tests.pages import becomes, resize

pytestmark = pytest.mark.browser

HANDS = {
    "pairwise-preference": pairwise_preference,
    "first-wrong-step": first_wrong_step,
    "turn-review": turn_review,
    "ranking": ranking,
}


def sample_site(name):
    kind, sample = ITEM_TYPES[name], HANDS[name].SAMPLE
    return Site([(name, kind.content.model_validate(sample["content"]))], key=kind.key.model_validate(sample["key"]))


@pytest.mark.parametrize("way", ["by_mouse", "by_keyboard", "without_script"])
@pytest.mark.parametrize("name", HANDS)
def test_a_full_answer_is_given_and_told_to_be_right(open_items, name, way):
    page, _ = open_items(site=sample_site(name), at="/lesson", scripts=way != "without_script")
    sample = HANDS[name].SAMPLE

    getattr(HANDS[name], way)(page, page.locator("section.practice"), "p-x-", sample["content"], sample["response"])
    page.get_by_role("button", name="Check my answer").click()

    expect(page.locator(".feedback-points")).to_contain_text("100 %")


def test_strength_and_reasons_step_back_when_the_responses_are_found_equal(open_items):
    page, _ = open_items(site=sample_site("pairwise-preference"), at="/lesson")
    strength = page.locator(".scale-point").first
    border = strength.evaluate("element => getComputedStyle(element).borderStyle")

    page.get_by_label("They are equal").check()

    expect(strength).not_to_have_css("border-style", border)


def test_long_entries_are_folded_to_their_beginnings_and_dragged(open_items):
    page, _ = open_items(site=sample_site("ranking"), at="/lesson")
    last, first = page.locator("[data-entry=partial]"), page.locator("[data-entry=vague]")
    longest = page.locator("[data-entry=dangerous]")
    height = longest.bounding_box()["height"]

    page.get_by_label("Show only how each response begins").check()
    becomes(lambda: longest.bounding_box()["height"] < height, True)
    page.locator("[data-part=list]").evaluate("list => list.scrollIntoView({ block: 'center' })")
    last.locator("[data-part=handle]").hover()
    page.mouse.down()
    page.mouse.move(0, first.bounding_box()["y"] + 2, steps=8)
    page.mouse.up()

    expect(page.locator("[name=p-x-place-partial]")).to_have_value("1")
    expect(page.locator("[name=p-x-place-vague]")).to_have_value("2")


@pytest.mark.parametrize("name", HANDS)
def test_nothing_is_cut_off_or_pushed_aside_on_the_narrowest_phone(open_items, name):
    page, _ = open_items(site=sample_site(name), at="/lesson")
    resize(page, 320, 700)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
