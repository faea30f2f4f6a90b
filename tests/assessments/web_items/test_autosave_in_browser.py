"""The attempt page saves as one answers, says how that stands, and loses nothing, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.assessments.web_items.item_pages import OUT_OF_ORDER
from tests.assessments.web_items.sample_items import CHOICE, CLAIM, ENGLISH, RUBRIC
from tests.pages import becomes, follow

pytestmark = pytest.mark.browser


def state(page):
    return page.locator("[data-save-state]")


def bodies(site, position=1):
    return [body for at, body in site.saved if at == position]


def answer_that_gives_way(page, site):
    """Answer, and let a minute and more go by before the server says that another window stored something since."""
    site.answers = list(OUT_OF_ORDER)
    page.get_by_label("A mill existed.").check()
    expect(state(page)).to_have_text("Not saved yet, trying again")
    page.evaluate("() => { performance.now = () => 60000 + Date.now() }")
    site.answers = [(409, {"sequence": 7, "response": {"choices": ["a"]}})]


def test_a_choice_is_saved_and_only_then_said_to_be(open_items):
    page, site = open_items(("choice", CHOICE))
    expect(state(page)).to_have_text("")

    page.get_by_label("A mill existed.").check()

    expect(state(page)).to_have_text("Saved")
    assert bodies(site) == [{"response": {"choices": ["c"]}, "sequence": 1}]
    expect(page.locator("[data-answered]")).to_have_text("1")
    expect(page.get_by_role("link", name="Question 1 answered")).to_be_visible()


def test_every_type_is_sent_in_the_shape_of_its_response(open_items):
    page, site = open_items(("claim-verdict", CLAIM), ("span-highlight", ENGLISH), ("rubric-score", RUBRIC))

    page.get_by_label("cars followed in May").check()
    page.get_by_label("The evidence rules it out").check()
    page.get_by_label("80 %").check()
    page.get_by_label("This text has no error").check()
    page.get_by_label("Descriptor 3 of faithfulness").check()
    expect(page.locator("[data-answered]")).to_have_text("3")
    expect(state(page)).to_have_text("Saved")

    assert site.stored(1) == {"label": "contradicted", "evidence": [2], "confidence": 0.8}
    assert site.stored(2) == {"spans": [], "no_errors": True}
    assert site.stored(3) == {"levels": {"faithfulness": 3}}


def test_changes_count_up_and_the_last_one_is_stored(open_items):
    page, site = open_items(("choice", CHOICE))

    for _ in range(3):
        page.get_by_label("A mill existed.").check()
        page.get_by_label("The mill burned down").check()
        expect(state(page)).to_have_text("Saved")

    sequences = [body["sequence"] for body in bodies(site)]
    assert sequences == sorted(set(sequences))
    assert site.stored(1) == {"choices": ["b"]}


def test_a_failing_server_is_tried_again_until_it_has_the_answer(open_items):
    page, site = open_items(("choice", CHOICE))
    site.answers = [(500, {}), *OUT_OF_ORDER]

    page.get_by_label("A mill existed.").check()

    expect(state(page)).to_have_text("Not saved yet, trying again")
    site.answers = []
    expect(state(page)).to_have_text("Saved")
    assert site.stored(1) == {"choices": ["c"]}


def test_offline_the_answer_stays_on_the_page_and_is_sent_when_the_line_is_back(open_items):
    page, site = open_items(("choice", CHOICE))
    page.context.set_offline(True)

    page.get_by_label("A mill existed.").check()
    expect(state(page)).to_contain_text("Offline")
    page.get_by_role("button", name="Save and continue").click()
    expect(state(page)).to_be_focused()
    assert not site.posted

    page.context.set_offline(False)
    expect(state(page)).to_have_text("Saved")
    assert site.stored(1) == {"choices": ["c"]}


def test_what_was_just_chosen_goes_on_top_of_what_another_window_stored(open_items):
    page, site = open_items(("choice", CHOICE))
    site.answers = [(409, {"sequence": 7, "response": {"choices": ["a"]}})]

    page.get_by_label("A mill existed.").check()

    expect(state(page)).to_have_text("Saved")
    assert bodies(site) == [{"response": {"choices": ["c"]}, "sequence": 8}]


def test_an_old_answer_gives_way_to_what_another_window_stored_since(open_items):
    page, site = open_items(("choice", CHOICE))
    answer_that_gives_way(page, site)

    expect(page.get_by_text("changed in another window")).to_be_visible()
    expect(page.locator("[name=r1-choices][value=a]")).to_be_checked()
    assert not site.saved


def test_a_refused_answer_is_explained_at_its_question(open_items):
    page, site = open_items(("choice", CHOICE))
    site.answers = [(422, {"message": "2 options are ticked; this item takes one"})]

    page.get_by_label("A mill existed.").check()

    expect(page.get_by_role("alert")).to_have_text("2 options are ticked; this item takes one")
    expect(state(page)).to_contain_text("Not saved")


def test_a_closed_attempt_is_told_and_leads_to_the_result(open_items):
    page, site = open_items(("choice", CHOICE))
    site.answers = [(410, {"message": "This attempt is closed."})]

    page.get_by_label("A mill existed.").check()

    expect(page.get_by_role("link", name="To the result")).to_be_visible()
    expect(state(page)).to_have_text("Closed")


def test_leaving_by_a_link_saves_what_was_chosen_a_moment_before(open_items):
    page, site = open_items(("choice", CHOICE))

    page.get_by_label("A mill existed.").check()
    follow(page.get_by_role("link", name="Look over"))
    expect(page.get_by_text("Review.")).to_be_visible()

    assert site.stored(1) == {"choices": ["c"]}


def test_closing_the_page_sends_what_waits(open_items):
    page, site = open_items(("choice", CHOICE))
    page.get_by_label("The mill burned down").check()
    expect(state(page)).to_have_text("Saved")  # the page has come to itself

    page.get_by_label("A mill existed.").check()
    page.goto("about:blank")

    becomes(lambda: site.stored(1), {"choices": ["c"]})  # what is sent while a page goes arrives after it


def test_the_form_goes_on_counting_where_saving_stopped(open_items):
    page, site = open_items(("choice", CHOICE))

    page.get_by_label("A mill existed.").check()
    follow(page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_text("Posted")).to_be_visible()

    assert (site.posted[0]["r1-sequence"], site.posted[0]["go"]) == ("1", "next")


def test_the_clock_counts_down_and_can_be_hidden(open_items):
    page, _ = open_items(("choice", CHOICE))
    clock = page.locator("[data-time-left]")
    expect(clock).to_have_text(re.compile(r"^49:[0-5]\d$"))  # it began at 50:00

    page.get_by_role("button", name="Hide time").click()

    expect(clock).to_be_hidden()
    page.reload()
    expect(clock).to_be_hidden()


def test_a_page_on_which_everything_is_saved_goes_on_at_the_first_press(open_items):
    page, site = open_items(("choice", CHOICE))

    page.get_by_label("A mill existed.").check()
    expect(page.locator("[data-save-state=saved]")).to_be_attached()
    follow(page.get_by_role("button", name="Save and continue"))
    expect(page.get_by_text("Posted")).to_be_visible()

    assert site.posted[0]["go"] == "next"


def test_the_same_answer_sent_again_is_the_same_save_and_another_answer_is_another(open_items):
    page, site = open_items(("choice", CHOICE))
    site.answers = [(503, {}), (502, {})]

    page.get_by_label("A mill existed.").check()
    expect(state(page)).to_have_text("Saved")
    page.get_by_label("The mill burned down").check()
    expect(page.locator("[name=r1-sequence]")).to_have_value("2")
    expect(state(page)).to_have_text("Saved")

    first, again, once_more, other = site.keys
    assert first == again == once_more != other
    assert [body["sequence"] for body in bodies(site)] == [1, 2]


def test_an_answer_that_gave_way_can_be_taken_back(open_items):
    page, site = open_items(("choice", CHOICE))
    answer_that_gives_way(page, site)

    page.get_by_role("button", name="Use what was typed here").click()

    expect(page.get_by_text("is saved now.")).to_be_visible()
    expect(page.locator("[name=r1-choices][value=c]")).to_be_checked()
    expect(state(page)).to_have_text("Saved")
    assert bodies(site) == [{"response": {"choices": ["c"]}, "sequence": 8}]


def test_an_answer_that_gave_way_can_be_left(open_items):
    page, site = open_items(("choice", CHOICE))
    answer_that_gives_way(page, site)

    page.get_by_role("button", name="Leave it as shown").click()

    expect(page.get_by_role("alert")).to_be_hidden()
    page.reload()
    expect(page.locator("[name=r1-choices][value=a]")).to_be_checked()
    assert not site.saved


def test_a_refused_answer_is_still_there_after_the_page_was_loaded_anew(open_items):
    page, site = open_items(("choice", CHOICE))
    site.answers = [(422, {"message": "This does not fit."})] * 2
    page.get_by_label("A mill existed.").check()
    expect(page.get_by_role("alert")).to_have_text("This does not fit.")

    page.reload()

    expect(page.get_by_role("alert")).to_have_text("This does not fit.")
    expect(page.get_by_label("A mill existed.")).to_be_checked()


def test_once_another_window_writes_nothing_here_can_be_changed_by_mouse_or_keyboard(open_items):
    page, site = open_items(("choice", CHOICE), ("span-highlight", ENGLISH), ("rubric-score", RUBRIC))
    site.answers = [(409, {"saved": False, "reason": "taken-over", "sequence": 1, "response": {}})]
    page.get_by_label("A mill existed.").check()
    expect(page.get_by_text("Another window or device writes this attempt.")).to_be_visible()
    fields = "() => new URLSearchParams(new FormData(document.querySelector('form[data-attempt]'))).toString()"
    before = page.evaluate(fields)

    page.get_by_label("The mill burned down").click(force=True)
    page.get_by_label("This text has no error").click(force=True)
    page.get_by_label("Descriptor 3 of faithfulness").focus()
    for key in ("Space", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)

    assert page.evaluate(fields) == before
    assert not site.saved
    expect(state(page)).to_have_text("Reading only: another window writes")


def test_nothing_but_what_was_answered_lies_on_the_device_and_only_until_it_is_saved(open_items):
    page, _ = open_items(("choice", CHOICE))
    kept = """() => new Promise((resolve) => {
      indexedDB.open("assay").onsuccess = ({ target }) => {
        const all = target.result.transaction("unsaved").objectStore("unsaved").getAll();
        all.onsuccess = () => resolve(all.result);
      };
    })"""
    page.context.set_offline(True)
    page.get_by_label("A mill existed.").check()
    expect(state(page)).to_contain_text("Offline")
    becomes(lambda: len(page.evaluate(kept)), 1)
    (record,) = page.evaluate(kept)
    page.context.set_offline(False)
    expect(state(page)).to_have_text("Saved")

    assert (record["fields"], record["sequence"], record["person"]) == ("r1-choices=c", 1, "a person")
    whose = {"attempt", "person", "position", "address"}
    assert set(record) == whose | {"prefix", "fields", "sequence", "key", "madeAt", "epoch"}
    becomes(lambda: page.evaluate(kept), [])
