"""Searching, checking and writing in a real browser: by mouse, by keyboard alone, and without scripts."""

import pytest
from playwright.sync_api import expect
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import ITEM_TYPES, parse_response
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.views.written_text import count_words
from tests.assessments.web_items.hands import data_check, essay, relevance_grading, rewrite
from tests.assessments.web_items.item_pages import Site
from tests.keys import focus, press_on
from tests.pages import resize, violations

pytestmark = pytest.mark.browser

HANDS = {"relevance-grading": relevance_grading, "data-check": data_check, "rewrite": rewrite, "essay": essay}
HEADINGS = {"rewrite": "Every check is passed", "essay": "Compare for yourself"}
PREFIX = "p-x-"


def sample_content(name):
    return ITEM_TYPES[name].content.model_validate(HANDS[name].SAMPLE["content"])


def sample_site(name):
    key = ITEM_TYPES[name].key.model_validate(HANDS[name].SAMPLE["key"])
    return Site([(name, sample_content(name))], key=key)


DRESS = """async () => {
  const base = document.querySelector("link[href*='assay.css']");
  const sheet = base.cloneNode();
  sheet.href = base.href.replace("assay.css", "components.css");
  base.after(sheet);
  await new Promise((resolve) => (sheet.onload = resolve));
}"""


@pytest.fixture
def open_dressed(open_items):
    """Open a sample in a lesson with the sheet of components, which every real page has."""

    def open_page(name):
        page, _ = open_items(site=sample_site(name), at="/lesson")
        page.evaluate(DRESS)
        return page

    return open_page


def sent(name, site):
    content = sample_content(name)
    raw = ITEM_VIEWS[name].read_form(content, MultiDict(site.posted[-1]), PREFIX)
    return parse_response(name, content, raw).model_dump(mode="json")


@pytest.mark.parametrize("way", ["by_mouse", "by_keyboard", "without_script"])
@pytest.mark.parametrize("name", HANDS)
def test_a_full_answer_is_given_and_told_about(open_items, name, way):
    page, site = open_items(site=sample_site(name), at="/lesson", scripts=way != "without_script")
    sample = HANDS[name].SAMPLE

    getattr(HANDS[name], way)(page, page.locator("section.practice"), PREFIX, sample["content"], sample["response"])
    press_on(page, "section.practice form button:not([type=button])")

    expect(page.locator(".feedback-verdict")).to_contain_text(HEADINGS.get(name, "Right"))
    assert sent(name, site) == sample["response"]


def test_that_every_row_is_sound_is_stated_by_keyboard(open_items):
    page, site = open_items(site=sample_site("data-check"), at="/lesson")
    response = {"rows": {}, "no_faults": True}

    data_check.by_keyboard(page, page.locator("section.practice"), PREFIX, data_check.SAMPLE["content"], response)
    page.get_by_role("button", name="Check my answer").click()

    expect(page.locator(".feedback-verdict")).to_contain_text("Not right")
    assert sent("data-check", site) == response


def test_the_response_is_copied_into_the_empty_field_and_saved(open_items):
    page, site = open_items(("rewrite", sample_content("rewrite")))
    begin, field = page.locator("[data-part=copy]"), page.locator("textarea[name=r1-text]")
    original = rewrite.SAMPLE["content"]["response"]

    begin.click()

    expect(field).to_be_focused()
    expect(field).to_have_value(original)
    expect(begin).to_be_hidden()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    assert site.stored(1) == {"text": original}
    field.fill("")
    expect(begin).to_be_visible()


def test_without_scripts_the_response_is_there_to_copy_and_no_button_that_does_nothing(open_items):
    page, _ = open_items(site=sample_site("rewrite"), at="/lesson", scripts=False)

    page.get_by_text("The same as text to copy").click()

    expect(page.get_by_label("The response, to copy")).to_have_value(rewrite.SAMPLE["content"]["response"])
    expect(page.locator("[data-part=copy]")).to_be_hidden()
    expect(page.locator("textarea[name=p-x-text]")).to_have_value("")


def test_words_are_counted_once_writing_pauses_and_too_many_are_told(open_items):
    content = sample_content("essay").model_copy(update={"fewest_words": None, "most_words": 3})
    page, _ = open_items(("essay", content))
    count = page.locator("[data-part=count]")
    expect(count).to_have_text("0 words")

    focus(page, "textarea[name=r1-text]")
    page.keyboard.type("One")
    expect(count).to_have_text("1 word")
    page.keyboard.type(" two – three, four five")

    expect(count).to_have_text("5 words, 2 too many")
    expect(count).to_have_role("status")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "It is a well-known fact: 3.5 % don’t. And… so on?",
        "“Quoted” – (in brackets) / either|or *starred* # 1",
        "Ärger über Öl, naïve cafe\u0301s & co.",
        "京都是日本的古都，建于一九九四年。",
        "彼はコーヒーを飲む。",
        "افتُتح الجسر عام ١٩٣٧ في مدينة فيينا، وكلّف مليون دينار.",
        "ภาษาไทยไม่มีช่องว่าง",
        "👩‍🔬 tested 🧪🧪 twice",
    ],
)
def test_words_are_counted_as_the_server_counts_them(open_items, text):
    page, _ = open_items(("essay", sample_content("essay").model_copy(update={"most_words": None})))

    page.locator("textarea[name=r1-text]").fill(text)

    words = count_words(text)
    expect(page.locator("[data-part=count]")).to_have_text("1 word" if words == 1 else f"{words} words")


def test_what_was_saved_elsewhere_comes_alive_when_it_takes_the_place(open_items):
    page, _ = open_items(site=sample_site("essay"), at="/lesson")
    page.locator("textarea[name=p-x-text]").fill("One two.")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator(".feedback-verdict")).to_be_focused()

    expect(page.locator("[data-part=count]")).to_have_text("2 words")
    page.locator("textarea[name=p-x-text]").fill("One two three.")
    expect(page.locator("[data-part=count]")).to_have_text("3 words")


@pytest.mark.parametrize("name", HANDS)
def test_nothing_is_cut_off_or_pushed_aside_on_the_narrowest_phone(open_dressed, name):
    page = open_dressed(name)
    resize(page, 320, 700)

    for _ in ("asked", "told"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        scrolled = page.evaluate(
            "[...document.querySelectorAll('.table-scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert not scrolled
        page.get_by_role("button", name="Check my answer").click()
        page.locator(".feedback").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", HANDS)
def test_axe_finds_nothing_before_and_after_a_try(open_dressed, name, scheme):
    page = open_dressed(name)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = look_at(page)
    sample = HANDS[name].SAMPLE
    HANDS[name].by_mouse(page, page.locator("section.practice"), PREFIX, sample["content"], sample["response"])
    page.get_by_role("button", name="Check my answer").click()
    page.locator(".feedback").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(details => (details.open = true))")

    assert found + look_at(page) == []


def look_at(page):
    options = {"rules": {"heading-order": {"enabled": False}}}  # this lesson has no chapters, others do
    return violations(page, "practice", context="section.practice", options=options)
