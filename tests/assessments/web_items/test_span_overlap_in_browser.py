"""Marks that overlap or lie inside one another: made, told apart, and taken back, in a real browser."""

import pytest
from playwright.sync_api import expect
from werkzeug.datastructures import MultiDict

from assessments.domain.item_types import parse_response
from assessments.web.item_views import ITEM_VIEWS
from tests.assessments.web_items.hands.span_highlight import by_mouse
from tests.assessments.web_items.item_pages import Site
from tests.assessments.web_items.sample_items import ENGLISH
from tests.assessments.web_items.span_desk import (
    mark,
    marked,
    press,
    quotes_of,
    region_of,
    spans_of,
    status_of,
    text_of,
)
from tests.pages import follow

pytestmark = pytest.mark.browser


def test_marks_made_with_the_mouse_may_overlap_and_lie_inside_one_another(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))

    spans = [(26, 40, "wrong-number"), (36, 54, "wrong-entity"), (36, 40, "made-up")]
    named = [dict(zip(("start", "end", "category"), span, strict=True)) for span in spans]

    by_mouse(page, page.locator("#r1"), "r1-", ENGLISH.model_dump(), {"spans": named})

    assert quotes_of(page, ENGLISH) == ["Vienna in 1921", "1921, and its dome", "1921"]
    assert marked(page, "Vienna in ") == [1]
    assert marked(page, "1921") == [2, 1, 3]  # the longest outside
    assert marked(page, ", and its dome") == [2]
    assert text_of(page).evaluate("element => element.textContent") == ENGLISH.text


def test_each_of_overlapping_marks_has_its_own_line_and_its_own_number(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna in 1921")
    mark(page, "1921, and its dome", "Wrong person")
    mark(page, "1921", "Not in the source")

    lines = page.locator("mark").evaluate_all(
        """marks => marks.map(m => {
          const style = getComputedStyle(m);
          const end = getComputedStyle(m, "::after").content.split("/")[0].replaceAll('"', "").trim();
          return [m.dataset.kind, style.borderBlockEndStyle, parseFloat(style.paddingBlockEnd), end];
        })"""
    )
    heights = {kind: height for kind, _, height, _ in lines}
    assert len(set(heights.values())) == 3
    assert {(kind, style) for kind, style, _, _ in lines} == {("1", "solid"), ("2", "dashed"), ("3", "dotted")}
    assert sorted(end for *_, end in lines if end != "none") == ["1", "2", "3"]


def test_by_keyboard_a_mark_is_made_inside_another_and_delete_takes_the_innermost(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()

    press(page, *["ArrowRight"] * 4, *["Shift+ArrowRight"] * 3, "3")
    press(page, *["ArrowRight"] * 2, "1")
    assert quotes_of(page, ENGLISH) == ["Vienna in 1921", "1921"]

    press(page, "Delete")
    assert quotes_of(page, ENGLISH) == ["Vienna in 1921"]
    press(page, "Delete")
    assert quotes_of(page, ENGLISH) == []
    press(page, "Delete")
    expect(status_of(page)).to_contain_text("There is no mark here.")


def test_the_same_stretch_takes_two_kinds_but_the_same_mark_only_once(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    region_of(page).focus()

    press(page, *["ArrowRight"] * 4, "1", "2", "1")

    assert spans_of(page) == [
        {"start": 26, "end": 32, "category": "wrong-number"},
        {"start": 26, "end": 32, "category": "wrong-entity"},
    ]
    expect(status_of(page)).to_contain_text("“Vienna” is marked as Wrong number or date already.")


def test_the_caret_tells_every_mark_it_is_in(open_items):
    page, _ = open_items(("span-highlight", ENGLISH))
    mark(page, "Vienna in 1921")
    mark(page, "1921", "Not in the source")
    region_of(page).focus()

    press(page, "Home", *["ArrowRight"] * 6)

    told = page.locator("[data-part=spoken]")
    expect(told).to_have_text("1921, marked as Not in the source, Wrong number or date")
    expect(page.locator("[data-part=list] > .is-current q")).to_have_text("1921")


def test_without_scripts_rows_may_overlap_and_are_shown_with_their_marks(open_items):
    page, site = open_items(("span-highlight", ENGLISH), scripts=False)
    rows = [("5", "7", "made-up"), ("7", "", "wrong-number"), ("7", "10", "wrong-entity")]

    for number, (first, last, category) in enumerate(rows, start=1):
        page.locator(f"[name=r1-first-{number}]").fill(first)
        page.locator(f"[name=r1-last-{number}]").fill(last)
        page.locator(f"[name=r1-category-{number}]").select_option(category)
    follow(page.get_by_role("button", name="Save and continue"))

    form = MultiDict(site.posted[0])
    response = ITEM_VIEWS["span-highlight"].read_form(ENGLISH, form, "r1-")
    assert [ENGLISH.text[s["start"] : s["end"]] for s in response["spans"]] == [
        "Vienna in 1921",
        "1921",
        "1921, and its dome",
    ]
    parse_response("span-highlight", ENGLISH, response)

    site.saved.append((1, {"response": response, "sequence": 1}))
    page.go_back()
    page.reload()
    assert [page.locator(f"[name=r1-first-{n}]").input_value() for n in (1, 2, 3, 4)] == ["5", "7", "7", ""]
    assert marked(page, "1921") == [2, 3, 1]


DRAWN = """marks => marks.map(m => [m.dataset.kind, m.dataset.lane, "isEnd" in m.dataset, m.textContent])"""


def test_the_script_draws_what_the_server_draws(open_items):
    spans = [
        (26, 40, "wrong-number"),
        (36, 54, "wrong-entity"),
        (36, 40, "made-up"),
        (26, 40, "made-up"),
        (0, 3, "made-up"),
    ]
    response = {"spans": [dict(zip(("start", "end", "category"), span, strict=True)) for span in spans]}
    site = Site([("span-highlight", ENGLISH)])
    site.saved.append((1, {"response": response, "sequence": 1}))

    scripted, plain = (open_items(site=site, scripts=scripts)[0].locator("mark") for scripts in (True, False))

    assert scripted.evaluate_all(DRAWN) == plain.evaluate_all(DRAWN)
