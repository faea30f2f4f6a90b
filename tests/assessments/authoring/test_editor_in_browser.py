"""The editor in a browser: preview while typing, rows by script and without, two people at once, any screen."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from assessments.domain.item_types import ITEM_TYPES
from assessments.models.authoring import Decision
from assessments.operations.authoring import create_item, save_draft
from assessments.operations.reviewing import approve_item, submit_item
from assessments.queries.stored_items import get_stored_item
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.authoring.edited_items import written
from tests.assessments.authoring.form_filler import control, press, row_button
from tests.assessments.authoring.written import QUESTION, write
from tests.keys import focus, press_on
from tests.pages import follow, look_at
from tests.people import make_person

AT = clock.now()


@pytest.fixture
def people(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return [make_person(session, name=name, roles=(Role.AUTHOR,)) for name in ("Ada", "Grace")]


@pytest.fixture
def item_id(database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return create_item(session, type="choice", written=write(), person_id=people[0].id, at=AT)


def stored(database, item_id):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_stored_item(session, item_id)


def test_the_preview_and_the_controls_of_the_key_follow_what_is_typed(app, monkeypatch, sit_down, people, item_id):
    page = sit_down(people[0])
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)  # what scripts send is checked like any form
    page.goto(f"/authoring/items/{item_id}")

    control(page, "content.options.2.text").fill("Neither, as of today")

    expect(page.locator("#preview")).to_contain_text("Neither, as of today")
    expect(page.locator("#key-item")).to_contain_text("Neither, as of today")
    expect(page.locator("#key-item input[value=b]")).to_be_checked()
    expect(page.locator("#preview input[value=b]")).not_to_be_checked()
    expect(page.locator("[data-unsaved]")).to_have_text("Not saved yet.")


def test_rows_are_added_moved_and_removed_in_place(sit_down, database, people, item_id):
    page = sit_down(people[0])
    page.goto(f"/authoring/items/{item_id}")
    control(page, "content.prompt").fill("Typed before the rows changed?")

    press(page, "add:content.options")
    expect(control(page, "content.options.3.id")).to_be_focused()
    control(page, "content.options.3.text").fill("A fourth")
    press(page, "up:content.options.3")
    expect(control(page, "content.options.2.text")).to_have_value("A fourth")
    press(page, "remove:content.options.0")
    expect(control(page, "content.options~rows")).to_have_value("3")
    follow(page.get_by_role("button", name="Save the draft").last)
    expect(page.get_by_text("Draft saved.")).to_be_visible()

    content = stored(database, item_id).written.content
    assert content["prompt"] == "Typed before the rows changed?"
    assert [option["text"] for option in content["options"]] == ["That", "A fourth", "Neither of both"]


def test_everything_works_without_a_script(sit_down, database, people):
    page = sit_down(people[0], scripts=False)
    page.goto("/authoring/items/new/claim-verdict")
    control(page, "content.claim").fill("The ferry runs every day.")
    control(page, "content.evidence_title").fill("Timetable")
    control(page, "content.evidence.0").fill("There is no ferry on Mondays.")
    control(page, "particulars.bank").fill("ferries")
    control(page, "particulars.skill").fill("verdict")
    follow(row_button(page, "add:content.evidence"))
    control(page, "content.evidence.1").fill("A ticket costs two coins.")
    follow(page.get_by_role("button", name="Preview and check"))
    page.locator("#key-item label", has_text="Contradicted").click()
    page.locator("#key-item label", has_text="no ferry on Mondays").click()
    control(page, "reasons.rationale").fill("Monday is a day.")
    for name, text in {"author": "A. Pilot", "title": "Ferries", "year": "1999"}.items():
        control(page, f"reasons.sources.0.{name}").fill(text)
    follow(page.get_by_role("button", name="Save the draft").last)
    for number in range(2):
        control(page, f"reasons.temptations.{number}").fill("It is said so often.")
    follow(page.get_by_role("button", name="Save and submit for review"))

    expect(page.get_by_text("Submitted. A second person decides now.")).to_be_visible()
    item = stored(database, UUID(page.url.rpartition("/")[2]))
    assert item.written.key["label"] == "contradicted"
    assert item.written.key["evidence"] == [1]


def test_an_item_is_mended_by_keyboard_alone(sit_down, database, people, item_id):
    page = sit_down(people[0])
    page.goto(f"/authoring/items/{item_id}")

    focus(page, '[name="content.prompt"]')
    page.keyboard.press("Control+A")
    page.keyboard.type("Typed by keyboard?")
    press_on(page, 'button[value="add:content.options"]')
    expect(control(page, "content.options.3.id")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard as well")
    press_on(page, ".form-actions button[value=save]")
    expect(page.get_by_text("Draft saved.")).to_be_visible()

    content = stored(database, item_id).written.content
    assert content["prompt"] == "Typed by keyboard?"
    assert content["options"][3] == {"id": "d", "text": "By keyboard as well"}


def test_of_two_people_at_once_the_second_sees_both(sit_down, database, people, item_id):
    ada, grace = sit_down(people[0]), sit_down(people[1])
    for page in (ada, grace):
        page.goto(f"/authoring/items/{item_id}")
    control(grace, "content.prompt").fill("Grace was first?")
    follow(grace.get_by_role("button", name="Save the draft").last)
    expect(grace.get_by_text("Draft saved.")).to_be_visible()

    control(ada, "content.prompt").fill("Ada was second?")
    follow(ada.get_by_role("button", name="Save the draft").last)

    expect(ada.get_by_text("What is stored, and what you typed")).to_be_visible()
    expect(ada.locator("del").first).to_contain_text("Grace")
    expect(control(ada, "content.prompt")).to_have_value("Ada was second?")
    assert stored(database, item_id).written.content["prompt"] == "Grace was first?"


def test_leaving_with_something_unsaved_is_asked_about(sit_down, people, item_id):
    page = sit_down(people[0])
    page.goto(f"/authoring/items/{item_id}")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.goto("/authoring/items/")
    page.goto(f"/authoring/items/{item_id}")
    control(page, "content.prompt").press_sequentially("x")
    page.goto("/authoring/items/")

    assert asked == ["beforeunload"]


def test_a_lost_line_falls_back_to_the_plain_form(sit_down, people, item_id):
    page = sit_down(people[0])
    page.goto(f"/authoring/items/{item_id}")
    page.route(
        lambda _url: True, lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
    )

    follow(row_button(page, "add:content.options"))

    expect(control(page, "content.options~rows")).to_have_value("4")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(sit_down, database, people, item_id, scheme):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        common = {"item_id": item_id, "person_id": people[1].id, "at": AT}
        submit_item(session, item_id=item_id, person_id=people[0].id, at=AT)
        approve_item(session, **common, revision=1, decision=Decision.LIVE, comment="Good.")
        changed = write(QUESTION.replace("winter", "summer"), choice="c")
        save_draft(session, item_id=item_id, written=changed, revision=0, person_id=people[0].id, at=AT)
        submit_item(session, item_id=item_id, person_id=people[0].id, at=AT)
        example = ITEM_TYPES["rubric-score"].examples[0]
        content, key = example.content.model_dump(mode="json"), example.key.model_dump(mode="json")
        rubric = create_item(session, type="rubric-score", written=written(content, key), person_id=people[0].id, at=AT)
    page = sit_down(people[1], color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in ("", "new", "new/data-check", rubric, item_id, f"{item_id}/review", f"{item_id}/versions"):
        page.goto(f"/authoring/items/{path}")
        found += look_at_all(page, str(path))
    page.goto(f"/authoring/items/{rubric}")
    follow(page.get_by_role("button", name="Preview and check"))
    expect(page.locator(".has-errors, .has-faults").first).to_be_visible()
    found += look_at_all(page, "checked")
    assert found == []


def look_at_all(page, name):
    """What there is to find with everything unfolded."""
    page.evaluate("document.querySelectorAll('main details').forEach((details) => (details.open = true))")
    return look_at(page, name)
