"""Practice in a lesson: feedback comes in place, by script or by form, and never before a try."""

import re

import pytest
from playwright.sync_api import expect

from tests.assessments.web_items.item_pages import RATIONALE, Site
from tests.assessments.web_items.sample_items import CHOICE, CHOICE_KEY, ENGLISH, ENGLISH_KEY

pytestmark = pytest.mark.browser


def choice_site(**facts):
    return Site([("choice", CHOICE)], key=CHOICE_KEY, **facts)


def answer(page):
    page.get_by_label("A mill existed.").check()
    page.get_by_role("button", name="Check my answer").click()


def test_a_try_is_answered_in_place_and_its_verdict_gets_the_focus(open_items):
    page, site = open_items(site=choice_site(), at="/lesson")
    assert RATIONALE not in page.content()

    answer(page)

    expect(page.get_by_role("heading", name="Not right")).to_be_focused()
    expect(page.get_by_text(RATIONALE)).to_be_visible()
    assert page.url.endswith("/lesson")
    assert (site.posted[0]["try_key"], site.posted[0]["fragment"]) == ("a key", "1")


@pytest.mark.parametrize("scripts", [True, False])
def test_another_try_follows(open_items, scripts):
    page, site = open_items(site=choice_site(), at="/lesson", scripts=scripts)
    answer(page)
    expect(page.get_by_role("heading", name="Not right")).to_be_visible()

    page.get_by_label("The mill burned down").check()
    page.get_by_role("button", name="Check my answer").click()

    expect(page.get_by_role("heading", name=re.compile("^Right"))).to_be_visible()
    assert [posted["p-x-choices"] for posted in site.posted] == ["c", "b"]


def test_marking_goes_on_in_the_box_that_came_with_the_feedback(open_items):
    page, site = open_items(site=Site([("span-highlight", ENGLISH)], key=ENGLISH_KEY), at="/lesson")
    region = page.locator("[data-part=region]")

    region.focus()
    page.keyboard.press("1")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.get_by_role("heading", name="Not right")).to_be_focused()
    region.focus()
    page.keyboard.press("Delete")

    expect(page.locator("[name=p-x-spans]")).to_have_value("[]")
    assert site.posted[0]["p-x-spans"] == '[{"start":0,"end":3,"category":"wrong-number"}]'


def test_when_the_script_cannot_send_the_form_is_sent_plainly(open_items):
    page, site = open_items(site=choice_site(), at="/lesson")
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('away')) }")

    answer(page)

    expect(page.get_by_text(RATIONALE)).to_be_visible()
    assert site.posted[0]["fragment"] == ""


def test_a_stranger_is_invited_to_sign_in_instead_of_a_button(open_items):
    page, _ = open_items(site=choice_site(is_signed_in=False), at="/lesson")

    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Check my answer")).to_have_count(0)
