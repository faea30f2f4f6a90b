"""An item of every type: written in the browser, previewed, submitted, approved by a second person, published."""

from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from assessments.domain.item_types import ITEM_TYPES
from assessments.models.items import ItemState
from assessments.queries.pools import get_pool
from assessments.queries.stored_items import get_stored_item
from assessments.web.author.item_form import REASONS, content_form, particulars_form
from assessments.web.author.key_editor import exact_fields, form_of_exact, form_of_rest
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.authoring.form_filler import control, fill, press
from tests.assessments.every_type import TYPE_NAMES
from tests.pages import follow
from tests.people import make_person

PARTICULARS = {
    "bank": "shipping",
    "identifier": "",
    "use": "test",
    "skill": "verdict",
    "difficulty": "hard",
    "tags": ["winter", "ferry"],
    "provenance": {"given_by": "A panel", "experts": 5, "agreement": 0.8, "measure": "share of experts"},
    "attribution": None,
}
SOURCE = {"author": "A. Pilot", "title": "Ferries", "year": 1999}


@pytest.fixture
def people(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return [make_person(session, name=name, roles=(Role.AUTHOR,)) for name in ("Ada", "Grace")]


def answer_by_hand(page: Page, name: str, content, response) -> None:
    """Answer the item in the key editor with the hands that answer it as a candidate."""
    place = f"tests.assessments.web_items.hands.{ITEM_TYPES[name].module}"
    if find_spec(place) is None:
        pytest.skip(f"nobody has hands for {name}")
    import_module(place).by_mouse(page, page.locator("#key-item"), "key-", content, response)


def write_item(page: Page, name: str, content, key, answer) -> None:
    """Everything that an author types and clicks before the item is submitted."""
    kind = ITEM_TYPES[name]
    page.goto("/authoring/items/new")
    follow(page.get_by_role("link", name=kind.title, exact=True))
    fill(page, content_form(kind), content)
    expect(page.locator("#preview .item")).to_be_visible()
    expect(page.locator("#key-item")).to_be_visible()
    follow(page.get_by_role("button", name="Preview and check"))  # no other preview comes while the key is being given
    answer_by_hand(page, name, content, answer)
    follow(page.get_by_role("button", name="Preview and check"))
    if exact_fields(name):
        expect(page.locator("details.form-exact")).to_have_attribute("open", "")
        fill(page, form_of_exact(name), key)
    fill(page, form_of_rest(name), key)
    fill(page, particulars_form(False), PARTICULARS)
    control(page, "reasons.rationale").fill("Because it is so.\n\nAnd for no other reason.")
    fill_sources(page)
    fill_temptations(page, kind.wrong_answers(kind.content.model_validate(content), kind.key.model_validate(key)))


def fill_sources(page: Page) -> None:
    form = REASONS.show({"sources": [SOURCE]})
    sources = next(field for field in form.fields if field.name == "reasons.sources")
    while control(page, "reasons.sources~rows").input_value() != "1":
        press(page, "add:reasons.sources")
        expect(control(page, "reasons.sources~rows")).to_have_value("1")
    for inner in sources.fields[0].fields:
        control(page, inner.name).fill(inner.text)


def fill_temptations(page: Page, wrong) -> None:
    if wrong is None:
        press(page, "add:reasons.temptations")
        expect(control(page, "reasons.temptations~rows")).to_have_value("1")
        control(page, "reasons.temptations.0~key").fill("anything")
        wrong = ["anything"]
    follow(page.get_by_role("button", name="Preview and check"))
    expect(control(page, "reasons.temptations~rows")).to_have_value(str(len(wrong)))
    for number in range(len(wrong)):
        control(page, f"reasons.temptations.{number}").fill("It looks right at first.")


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_an_item_is_written_previewed_submitted_approved_and_published(sit_down, database, people, name):
    kind = ITEM_TYPES[name]
    example = kind.examples[0]
    content, key = example.content.model_dump(mode="json"), example.key.model_dump(mode="json")
    answer = kind.full_response(example.content, example.key).model_dump(mode="json")

    page = sit_down(people[0])
    write_item(page, name, content, key, answer)
    follow(page.get_by_role("button", name="Save the draft", exact=True).last)
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    follow(page.get_by_role("button", name="Save and submit for review"))
    expect(page.get_by_text("Submitted. A second person decides now.")).to_be_visible()
    item_id = UUID(page.url.rpartition("/")[2])

    second = sit_down(people[1])
    second.goto("/authoring/items/?state=in-review")
    follow(second.get_by_role("link", name="Review", exact=False).last)
    expect(second.locator("h1")).to_contain_text("Review of")
    second.locator("details.item-key > summary").click()
    follow(second.get_by_role("button", name="Make it live"))
    expect(second.get_by_text("The item is live.")).to_be_visible()

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        stored = get_stored_item(session, item_id)
        assert stored.state is ItemState.LIVE
        assert stored.current.content == content
        assert stored.current.key == key
        assert len(get_pool(session, bank="shipping", floor=None).live) == 1
