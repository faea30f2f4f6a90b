"""The pages of items: who may see them, what they keep of what is typed, and what they say."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from assessments.models.authoring import Decision
from assessments.models.items import Item, ItemState
from assessments.operations.authoring import create_item, save_draft
from assessments.operations.reviewing import approve_item, submit_item
from assessments.queries.stored_items import get_stored_item
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.web.policy import policy_of
from tests.assessments.authoring.posted_forms import PostedForm
from tests.assessments.authoring.written import QUESTION, SOURCE, write
from tests.assessments.every_type import TYPE_NAMES
from tests.people import make_person, sign_in

AT = clock.now()


@pytest.fixture
def people(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        authors = [make_person(session, name=name, roles=(Role.CANDIDATE, Role.AUTHOR)) for name in ("Ada", "Grace")]
        return [*authors, make_person(session, name="Mary", roles=(Role.MANAGER,))]


@pytest.fixture
def author(client, people):
    sign_in(client, people[0])
    return client


@pytest.fixture
def second(app, people):
    client = app.test_client()
    sign_in(client, people[2])
    return client


@pytest.fixture
def item_id(database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return create_item(session, type="choice", written=write(), person_id=people[0].id, at=AT)


@pytest.fixture
def live_id(database, people, item_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        submit_item(session, item_id=item_id, person_id=people[0].id, at=AT)
        approve_item(
            session,
            item_id=item_id,
            revision=1,
            decision=Decision.LIVE,
            comment="",
            person_id=people[1].id,
            at=AT,
        )
    return item_id


def form_of(client, path):
    return PostedForm(client.get(path).text, "item-form").form


def stored(database, item_id):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_stored_item(session, item_id)


def post(client, path, do="save", **changes):
    """Send the form of a page with some fields changed."""
    form = form_of(client, path)
    form.poplist("do")
    for name, value in changes.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return client.post(path, data={**form.to_dict(flat=False), **({"do": do} if do else {})})


FILLED = {
    "content.prompt": QUESTION,
    "content.options.0.text": "This",
    "content.options.1.text": "That",
    "key.accepted": "",
    "reasons.rationale": "Because.",
    "reasons.sources.0.author": SOURCE["author"],
    "reasons.sources.0.title": SOURCE["title"],
    "reasons.sources.0.year": str(SOURCE["year"]),
    "particulars.bank": "ferries",
    "particulars.skill": "verdict",
}


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.MARKER])
def test_only_authors_and_managers_get_in(app, database, item_id, role):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(role,))
    client = app.test_client()
    stranger = client.get("/authoring/items/")
    sign_in(client, person)

    assert stranger.location.startswith("/sign-in")
    assert client.get("/authoring/items/").status_code == 403
    assert client.post(f"/authoring/items/{item_id}/review", data={"do": "live", "revision": "1"}).status_code == 403
    assert "Authoring" not in client.get("/account/").text


def test_every_route_of_authoring_is_for_authors_and_managers(app):
    routes = [rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("assessments_author.")]

    assert len(routes) > 10
    assert all(policy_of(app, endpoint).roles == {Role.AUTHOR, Role.MANAGER} for endpoint in routes)


def test_authors_find_the_way_to_every_type(author):
    assert 'href="/authoring/items/"' in author.get("/account/").text
    page = author.get("/authoring/items/new").text

    assert all(f'href="/authoring/items/new/{name}"' in page for name in TYPE_NAMES)
    assert author.get("/authoring/items/new/riddle").status_code == 404


@pytest.mark.parametrize("name", TYPE_NAMES)
def test_the_empty_form_of_a_type_is_kept_as_a_draft_and_opened_again(author, database, name):
    created = post(author, f"/authoring/items/new/{name}", **{"particulars.bank": "ferries"})
    again = author.get(created.location)
    checked = post(author, created.location, do="preview")

    assert created.status_code == 303
    assert again.status_code == checked.status_code == 200
    assert "is-error" not in again.text
    assert "has-errors" in checked.text
    assert stored(database, UUID(created.location.rpartition("/")[2])).type == name


def test_an_item_is_written_step_by_step_without_a_script(author, second, database):
    created = post(author, "/authoring/items/new/choice", **FILLED)
    path = created.location
    stated = post(author, path, **{"key-choices": "b"})
    tempting = post(author, path, **{"reasons.temptations.0": "It looks right."})
    submitted = post(author, path, do="submit")
    decided = second.post(f"{path}/review", data={"do": "live", "revision": "4", "comment": ""})

    assert [answer.status_code for answer in (created, stated, tempting, submitted, decided)] == [303] * 5
    item = stored(database, UUID(path.rpartition("/")[2]))
    assert item.state is ItemState.LIVE
    assert item.current.key["choices"] == ["b"]
    assert item.current.reasons["temptations"] == {"a": "It looks right."}
    assert item.current.reasons["sources"] == [SOURCE]
    assert item.identifier == "which-of-the-two-timetables-says"


def test_rows_change_without_losing_what_was_typed_and_without_saving(author, database, item_id):
    path = f"/authoring/items/{item_id}"
    page = post(
        author, path, do="", edit="add:content.options", **{"content.prompt": "Typed, not saved", "key-choices": "c"}
    ).text
    form = PostedForm(page, "item-form")

    assert form.form["content.prompt"] == "Typed, not saved"
    assert form.form["content.options~rows"] == "4"
    assert form.form["key~shown"] == '{"choices": ["c"]}'  # the new option is empty, so the controls wait
    assert form.autofocused[0] == "content.options.3.id"
    assert stored(database, item_id).revision == 1


def test_the_preview_shows_the_item_and_not_its_key(author, item_id):
    form = form_of(author, f"/authoring/items/{item_id}")
    form["reasons.rationale"] = "CANARY"
    form["content.prompt"] = "As it will be?"

    page = author.post("/authoring/items/preview", data=form).text
    preview = page.partition('id="key-controls"')[0]

    assert "As it will be?" in preview
    assert "CANARY" not in page
    assert "checked" not in preview
    assert 'name="preview-choices"' in preview
    assert 'name="key-choices" value="b" checked' in page


def test_the_preview_says_what_is_missing(author, item_id):
    form = form_of(author, f"/authoring/items/{item_id}")
    form["content.prompt"] = ""

    page = author.post("/authoring/items/preview", data=form).text

    assert "What is asked: Write something here." in page
    assert author.post("/authoring/items/preview", data={"type": "riddle"}).status_code == 404
    assert author.post("/authoring/items/preview", data={"type": "choice"}).status_code == 200


def test_what_cannot_be_kept_is_refused_with_all_that_was_typed(author, item_id):
    page = post(author, "/authoring/items/new/choice", **{**FILLED, "particulars.bank": "No bank"})
    taken = post(
        author,
        "/authoring/items/new/choice",
        **{**FILLED, "particulars.identifier": "which-of-the-two-timetables-says"},
    )

    assert (page.status_code, taken.status_code) == (422, 422)
    assert "mend these particulars first: bank" in page.text
    assert "Use lower case letters" in page.text
    assert PostedForm(page.text, "item-form").form["content.prompt"] == QUESTION
    assert "is taken by another item" in taken.text


def test_an_unfinished_item_is_saved_and_told_what_is_missing_at_its_place(author, database, item_id):
    path = f"/authoring/items/{item_id}"
    page = post(
        author,
        path,
        do="submit",
        **{"content.prompt": " ", "reasons.temptations.1": "", "reasons.sources.0.year": "soon", "key-choices": []},
    )

    assert page.status_code == 422
    assert "it cannot be submitted yet" in page.text
    assert "Write something here." in page.text
    assert "Write a whole number." in page.text
    item = stored(database, item_id)
    assert item.draft.written.reasons["sources"][0]["year"] == "soon"
    assert not item.draft.is_in_review


def test_a_wrong_answer_without_a_reason_is_named_in_the_form(author, item_id):
    page = post(author, f"/authoring/items/{item_id}", do="submit", **{"reasons.temptations.0": ""}).text

    assert "Say why somebody would answer this." in page
    assert 'id="reasons.temptations.1-hint"' in page
    assert "This" in page


def test_a_conflict_shows_both_and_loses_nothing(author, people, database, item_id):
    path = f"/authoring/items/{item_id}"
    mine = form_of(author, path)
    mine["content.prompt"] = "Mine, typed at the same time?"
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        save_draft(
            session, item_id=item_id, written=write("Theirs, saved before?"), revision=1, person_id=people[1].id, at=AT
        )

    page = author.post(path, data={**mine.to_dict(flat=False), "do": "save"})
    form = PostedForm(page.text, "item-form").form
    knowingly = author.post(path, data={**form.to_dict(flat=False), "do": "save"})

    assert page.status_code == 409
    assert "<del>Theirs</del><ins>Mine</ins>" in page.text
    assert form["content.prompt"] == "Mine, typed at the same time?"
    assert knowingly.status_code == 303
    assert stored(database, item_id).written.content["prompt"] == "Mine, typed at the same time?"


def test_changing_rows_does_not_hide_a_conflict(author, people, database, item_id):
    path = f"/authoring/items/{item_id}"
    mine = form_of(author, path)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        save_draft(session, item_id=item_id, written=write("Theirs?"), revision=1, person_id=people[1].id, at=AT)

    changed = author.post(path, data={**mine.to_dict(flat=False), "edit": "add:content.options"}).text
    saved = author.post(path, data={**PostedForm(changed, "item-form").form.to_dict(flat=False), "do": "save"})

    assert saved.status_code == 409


def test_what_is_in_review_is_shown_locked_and_can_be_taken_back(author, database, item_id):
    path = f"/authoring/items/{item_id}"
    typed = form_of(author, path)
    post(author, path, do="submit")
    locked = author.get(path).text
    late = author.post(path, data={**typed.to_dict(flat=False), "content.prompt": "Late", "do": "save"})
    withdrawn = author.post(f"{path}/withdraw")

    assert "content.prompt" not in PostedForm(locked, "item-form").form
    assert late.status_code == 409
    assert "Late" in late.text
    assert withdrawn.status_code == 303
    assert form_of(author, path)["content.prompt"] == QUESTION


def test_the_review_shows_item_key_reasons_and_differences(author, second, database, people, live_id):
    post(author, f"/authoring/items/{live_id}", **{"content.prompt": QUESTION.replace("winter", "summer")})
    post(author, f"/authoring/items/{live_id}", **{"key-choices": "c"})
    post(author, f"/authoring/items/{live_id}", do="submit", **{"reasons.temptations.2": "So."})

    page = second.get(f"/authoring/items/{live_id}/review").text

    assert "<del> winter</del><ins> summer</ins>" in page
    assert "Because it says so." in page
    assert "Key › Right options" in page
    assert 'name="right-choices" value="c" checked' in page
    assert 'name="preview-choices" value="c"' in page
    assert "Make it live" in page
    assert "pilot" not in page.partition("Decide")[2].partition("drawn for tests")[0]


def test_the_author_sees_the_review_without_its_buttons(author, database, item_id):
    path = f"/authoring/items/{item_id}"
    post(author, path, do="submit")

    page = author.get(f"{path}/review").text

    assert "A second person decides on this item." in page
    assert "Make it live" not in page
    assert author.post(f"{path}/review", data={"do": "live", "revision": "2"}).status_code == 403


def test_an_item_is_given_back_with_a_reason_that_its_author_sees(author, second, item_id):
    path = f"/authoring/items/{item_id}"
    post(author, path, do="submit")

    wordless = second.post(f"{path}/review", data={"do": "return", "revision": "2", "comment": ""})
    second.post(f"{path}/review", data={"do": "return", "revision": "2", "comment": "The <key> is wrong."})

    assert wordless.status_code == 422
    assert "Say what has to change" in wordless.text
    assert "The &lt;key&gt; is wrong." in author.get(path).text


def test_a_decision_that_comes_too_late_is_refused(author, second, item_id):
    path = f"/authoring/items/{item_id}"
    post(author, path, do="submit")
    second.post(f"{path}/review", data={"do": "pilot", "revision": "2"})

    assert second.post(f"{path}/review", data={"do": "live", "revision": "2"}).status_code == 409


def test_versions_are_listed_and_compared(author, second, live_id):
    path = f"/authoring/items/{live_id}"
    post(author, path, **{"content.prompt": "Another question?"})
    post(author, path, do="submit")
    second.post(f"{path}/review", data={"do": "live", "revision": "2", "comment": "Better."})

    listed = author.get(f"{path}/versions").text
    compared = author.get(f"{path}/versions/1.1..2.1").text

    assert "2.1" in listed
    assert "Better." in listed
    assert f'href="{path}/versions/1.1..2.1"' in listed
    assert "<ins>Another question</ins>" in compared or "<ins>Another" in compared
    for bad in ("1.1..3.1", "x..y", "1.1..", "1.1...2.1"):
        assert author.get(f"{path}/versions/{bad}").status_code == 404


def test_a_live_item_is_edited_under_its_name_and_bank(author, database, live_id):
    path = f"/authoring/items/{live_id}"
    page = author.get(path).text

    post(author, path, **{"particulars.bank": "other", "particulars.identifier": "other", "content.prompt": "New?"})

    assert 'name="particulars.bank"' not in page
    item = stored(database, live_id)
    assert (item.bank, item.identifier) == ("ferries", "which-of-the-two-timetables-says")
    assert item.current.content["prompt"] == QUESTION
    assert "Its current version is used until" in author.get(path).text


def test_a_draft_is_thrown_away(author, database, live_id):
    path = f"/authoring/items/{live_id}"
    post(author, path, **{"content.prompt": "New?"})

    assert author.post(f"{path}/discard").status_code == 303
    assert stored(database, live_id).draft is None
    assert author.post(f"{path}/discard").status_code == 409


def test_an_item_is_retired_and_brought_back_through_review(author, second, database, live_id):
    path = f"/authoring/items/{live_id}"
    wordless = author.post(f"{path}/retire", data={"reason": ""})
    author.post(f"{path}/retire", data={"reason": "Out of date."})
    retired = author.get(path).text
    author.post(f"{path}/bring-back")
    post(author, path, do="submit")
    second.post(f"{path}/review", data={"do": "live", "revision": "2"})

    assert wordless.status_code == 422
    assert "Bring it back" in retired
    assert stored(database, live_id).state is ItemState.LIVE


def test_a_near_duplicate_is_shown_with_a_link_and_must_be_looked_at(author, database, item_id):
    twin = QUESTION.replace("winter", "winter’s")
    created = post(author, "/authoring/items/new/choice", **{**FILLED, "content.prompt": twin})
    path = created.location
    post(author, path, **{"key-choices": "b"})
    refused = post(author, path, do="submit", **{"reasons.temptations.0": "So."})
    accepted = post(author, path, do="submit", same=str(item_id))

    assert refused.status_code == 422
    assert f'href="/authoring/items/{item_id}"' in refused.text
    assert "alike" in refused.text
    assert accepted.status_code == 303


def test_the_list_is_searched_filtered_and_paged(author, database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for number in range(53):
            written = write(f"Question {number} of many?", identifier=f"item-{number}")
            create_item(session, type="choice", written=written, person_id=people[0].id, at=AT)

    page = author.get("/authoring/items/?bank=ferries&words=question").text
    older = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    rest = author.get(older).text

    assert page.count('name="item"') == 50
    assert rest.count('name="item"') == 3
    assert "Question 0 of many" in rest or "Question 0 of many" in page
    assert author.get("/authoring/items/?words=nothing").text.count('name="item"') == 0
    assert author.get("/authoring/items/?after=rubbish&state=x&difficulty=%27").status_code == 200


def test_several_items_are_submitted_and_approved_at_once_each_for_itself(author, second, database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        questions = ["What is a ferry, and what is it not?", "Where do ships sleep at night in winter?"]
        ids = [
            create_item(session, type="choice", written=write(question), person_id=people[0].id, at=AT)
            for question in questions
        ]
        unfinished = create_item(session, type="choice", written=write(""), person_id=people[0].id, at=AT)
    chosen = [f"{one}:1" for one in (*ids, unfinished)]

    author.post("/authoring/items/bulk", data={"do": "submit", "item": [*chosen, "rubbish", f"{uuid4()}:1"]})
    said = author.get("/authoring/items/").text
    by_oneself = author.post("/authoring/items/bulk", data={"do": "approve", "item": chosen, "bank": "ferries"})
    second.post("/authoring/items/bulk", data={"do": "approve", "item": chosen})

    assert "Done with 2 items." in said
    assert "is not finished" in said
    assert "There is no such item." in said
    assert by_oneself.location == "/authoring/items/?bank=ferries"
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        states = dict(session.execute(select(Item.id, Item.state)).all())
    assert [states[one] for one in (*ids, unfinished)] == [ItemState.LIVE, ItemState.LIVE, ItemState.DRAFT]


def test_bulk_without_a_choice_says_what_to_do(author):
    author.post("/authoring/items/bulk", data={"do": "submit"})

    assert "Choose items first" in author.get("/authoring/items/").text


def test_texts_of_authors_are_never_markup(author, database):
    nasty = "<script>alert(1)</script>"
    created = post(
        author, "/authoring/items/new/choice", **{**FILLED, "content.prompt": nasty, "content.options.0.text": nasty}
    )
    pages = [created.location, "/authoring/items/", f"{created.location}/review"]

    assert all("<script>alert" not in author.get(page).text for page in pages)


def test_an_item_of_another_organisation_is_not_there(author):
    for path in ("", "/review", "/versions", "/versions/1.1..1.1"):
        assert author.get(f"/authoring/items/{uuid4()}{path}").status_code == 404
