"""Marking texts in other scripts: from right to left, without spaces, with combining characters and emoji."""

import pytest
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import ITEM_TYPES, parse_response
from assessments.web.item_views import ITEM_VIEWS
from assessments.web.views.words import words_of
from tests.assessments.web_items.hands.span_highlight import (
    SAMPLE,
    by_keyboard,
    by_mouse,
    drag_over,
    without_script,
)
from tests.assessments.web_items.sample_items import ARABIC, CHINESE, EMOJI, span_content
from tests.assessments.web_items.span_desk import press, quotes_of, region_of, select, spans_of, text_of
from tests.pages import follow

pytestmark = pytest.mark.browser

THAI = span_content("กรุงเทพมหานครเป็นเมืองหลวงของญี่ปุ่น มีประชากรสิบล้านคน น้ำท่วมในปี ๒๕๕๔")
DEVANAGARI = span_content("ताजमहल मुंबई में स्थित है और इसे शाहजहाँ ने बनवाया था। यह क्षेत्र बड़ा है।")
HEBREW_AND_LATIN = span_content("הספר של Anna Weiss יצא לאור בשנת 1994 בברלין, והוא בן 300 עמודים.")
FLAGS = span_content("Made in 🇩🇪🇦🇹 by a 👨‍👩‍👧‍👦 of 4, tested by 👩🏽‍🚀 in 1️⃣9️⃣9️⃣9️⃣, cafe\u0301 included.")

# A stretch, another inside it, and a third that overlaps both.
OVERLAPPING = [
    (ARABIC, ("الجسر عام ١٩٣٧ في مدينة", "مدينة", "في مدينة فيينا، وكلّف")),
    (CHINESE, ("日本的古都，建于一九九四年", "古都", "建于一九九四年，人口")),
    (THAI, ("เมืองหลวงของญี่ปุ่น มีประชากร", "ญี่ปุ่น", "ญี่ปุ่น มีประชากรสิบล้านคน")),
    (DEVANAGARI, ("मुंबई में स्थित है", "स्थित", "स्थित है और इसे शाहजहाँ")),
    (HEBREW_AND_LATIN, ("של Anna Weiss יצא לאור", "Weiss", "יצא לאור בשנת 1994 בברלין")),
    (EMOJI, ("👩‍🔬 tested 🧪🧪", "🧪🧪", "🧪🧪 the café\u0301")),
    (FLAGS, ("🇩🇪🇦🇹 by a 👨‍👩‍👧‍👦 of 4", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦 of 4, tested by 👩🏽‍🚀")),
]
NAMES = ["arabic", "chinese", "thai", "devanagari", "hebrew-and-latin", "emoji", "flags-and-families"]
KINDS = ("wrong-number", "wrong-entity", "made-up")


def spans(content, quotes):
    starts = [content.text.index(quote) for quote in quotes]
    return [
        {"start": start, "end": start + len(quote), "category": kind}
        for start, quote, kind in zip(starts, quotes, KINDS, strict=True)
    ]


def in_order(given):
    return sorted(given, key=lambda span: (span["start"], -span["end"]))


@pytest.mark.parametrize(("content", "quotes"), OVERLAPPING, ids=NAMES)
def test_overlapping_marks_are_made_with_the_mouse(open_items, content, quotes):
    page, _ = open_items(("span-highlight", content))
    wanted = spans(content, quotes)

    by_mouse(page, page.locator("#r1"), "r1-", content.model_dump(), {"spans": wanted})

    assert spans_of(page) == in_order(wanted)
    assert text_of(page).evaluate("element => element.textContent") == content.text


@pytest.mark.parametrize(("content", "quotes"), OVERLAPPING, ids=NAMES)
def test_overlapping_marks_are_made_by_keyboard(open_items, content, quotes):
    page, _ = open_items(("span-highlight", content))
    wanted = spans(content, quotes)

    by_keyboard(page, page.locator("#r1"), "r1-", content.model_dump(), {"spans": wanted})

    assert spans_of(page) == in_order(wanted)
    kinds = page.locator("mark").evaluate_all("marks => [...new Set(marks.map(m => m.dataset.kind))].sort()")
    assert kinds == ["1", "2", "3"]
    assert text_of(page).evaluate("element => element.textContent") == content.text


@pytest.mark.parametrize(("content", "quotes"), OVERLAPPING, ids=NAMES)
def test_overlapping_marks_are_stated_by_word_numbers_without_scripts(open_items, content, quotes):
    page, site = open_items(("span-highlight", content), scripts=False)
    words = words_of(content.text)
    by_words = [(words[1][0], words[3][1]), (words[2][0], words[2][1]), (words[3][0], words[5][1])]
    wanted = [{"start": s, "end": e, "category": kind} for (s, e), kind in zip(by_words, KINDS, strict=True)]

    without_script(page, page.locator("#r1"), "r1-", content.model_dump(), {"spans": wanted})
    follow(page.get_by_role("button", name="Save and continue"))

    numbers = [(site.posted[0][f"r1-first-{n}"], site.posted[0][f"r1-last-{n}"]) for n in (1, 2, 3)]
    assert numbers == [("2", "4"), ("3", "3"), ("4", "6")]


@pytest.mark.parametrize(
    ("content", "part", "whole"),
    [
        (EMOJI, "👩", "👩‍🔬"),
        (EMOJI, "cafe", "cafe\u0301"),
        (FLAGS, "👨‍👩", "👨‍👩‍👧‍👦"),
        (FLAGS, "\U0001f1ea\U0001f1e6", "🇩🇪🇦🇹"),
        (THAI, "ญ", "ญี่"),
        (DEVANAGARI, "म\u0941", "मुं"),
    ],
)
def test_a_mark_takes_in_whole_characters(open_items, content, part, whole):
    page, _ = open_items(("span-highlight", content))

    select(page, part)
    page.get_by_role("button", name="Wrong number").click()

    assert quotes_of(page, content) == [whole]


@pytest.mark.parametrize(
    ("content", "word"), [(THAI, "กรุงเทพมหานคร"), (CHINESE, "京都"), (DEVANAGARI, "ताजमहल"), (ARABIC, "افتُتح")]
)
def test_a_number_marks_the_word_at_the_caret_in_scripts_with_and_without_spaces(open_items, content, word):
    page, _ = open_items(("span-highlight", content))
    region_of(page).focus()

    press(page, "1")

    (quote,) = quotes_of(page, content)
    assert quote
    assert word.startswith(quote)  # how far a Thai or Chinese word goes is for the browser's dictionary to say


def test_in_a_text_from_right_to_left_marks_are_removed_from_the_inside_out(open_items):
    page, _ = open_items(("span-highlight", ARABIC))
    region_of(page).focus()

    press(page, "ArrowLeft", *["Shift+ArrowLeft"] * 3, "1", "ArrowLeft", "2", "Delete")

    assert quotes_of(page, ARABIC) == ["الجسر عام ١٩٣٧"]


def test_a_mark_inside_a_joined_word_puts_no_room_between_its_letters(open_items):
    page, _ = open_items(("span-highlight", ARABIC))
    start = ARABIC.text.index("جس")

    drag_over(page, page.locator("#r1"), {"start": start, "end": start + 2})
    page.get_by_role("button", name="Wrong number").click()

    assert quotes_of(page, ARABIC) == ["جس"]
    style = page.locator("mark").evaluate(
        "m => { const s = getComputedStyle(m); return s.paddingInline + s.marginInline }"
    )
    assert style == "0px0px"


@pytest.mark.parametrize(("hand", "scripts"), [(by_mouse, True), (by_keyboard, True), (without_script, False)])
def test_the_sample_is_answered_in_full_by_every_hand(open_items, hand, scripts):
    kind = ITEM_TYPES["span-highlight"]
    content, key = kind.content.model_validate(SAMPLE["content"]), kind.key.model_validate(SAMPLE["key"])
    kind.check_key(content, key)
    page, site = open_items(("span-highlight", content), scripts=scripts)

    hand(page, page.locator("#r1"), "r1-", SAMPLE["content"], SAMPLE["response"])
    follow(page.get_by_role("button", name="Save and continue"))

    raw = ITEM_VIEWS["span-highlight"].read_form(content, MultiDict(site.posted[0]), "r1-")
    assert kind.score(content, key, parse_response("span-highlight", content, raw)).points == 1
