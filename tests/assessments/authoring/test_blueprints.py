"""Blueprints: a test is written in the browser, held against the pool, approved by a second person."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assessments.models.attempts import FormItem
from assessments.models.items import Item, ItemState
from assessments.models.tests import TestVersion
from assessments.operations.blueprints import approve_test_draft, save_test_draft, start_from, submit_test_draft
from assessments.operations.starting import start_attempt
from assessments.queries.blueprints import find_test_draft
from assessments.queries.tests import get_test
from lms import clock
from lms.errors import Conflict, Invalid, NotAllowed
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in

FIELDS = {
    "title": "Ferry facts",
    "summary": "About ferries.",
    "bank": BANK,
    "skills-rows": "1",
    "skills-0-id": "splitting",
    "skills-0-title": "Splitting",
    "skills-0-summary": "Splitting texts into claims.",
    "sections-rows": "1",
    "sections-0-title": "Choices",
    "sections-0-skill": "splitting",
    "sections-0-type": "choice",
    "sections-0-count": "2",
    "minutes": "40",
    "basis": "A trial with two authors.",
    "cut_score": "72,5",
    "cut_method": "Modified Angoff",
    "cut_panel": "Two authors.",
    "tries": "3",
    "window_days": "90",
    "cool_down_hours": "24",
    "agreement_floor": "",
    "pilot_items": "0",
}
PAGE = "/authoring/tests/ferry-news"


@pytest.fixture
def people(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        return [make_person(session, roles=(Role.CANDIDATE, Role.AUTHOR)) for _ in range(2)]


@pytest.fixture
def author(client, people):
    sign_in(client, people[0])
    return client


def save(client, do="save", revision=0, **changes):
    return client.post(PAGE, data={**FIELDS, "revision": str(revision), "do": do, **changes})


def test_a_draft_is_saved_as_typed_and_shown_again(author, database):
    answer = save(author)
    page = author.get(PAGE).text

    assert answer.status_code == 303
    assert 'value="72.5"' in page
    assert "Modified Angoff" in page
    assert "The pool fills every section" in page
    assert "choice-" in page  # items of a form as it would be drawn
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        draft = find_test_draft(session, "ferry-news")
    assert draft.terms["cut_score"]["score"] == 0.725
    assert draft.terms["sections"][0]["difficulty"] is None


def test_a_live_test_that_does_not_state_everything_is_edited_all_the_same(author, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_test(session, at=clock.now())
    page = author.get(f"/authoring/tests/{BANK}")

    assert page.status_code == 200
    assert 'value="Ferry facts"' in page.text


def test_rows_are_added_and_removed_without_losing_what_was_typed(author):
    added = save(author, do="add:sections", title="Typed and not saved").text
    removed = save(author, do="remove:skills:0").text

    assert "Typed and not saved" in added
    assert 'name="sections-1-title"' in added
    assert 'name="skills-0-id"' not in removed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": "soon"}, "time limit minutes"),
        ({"sections-0-count": "4"}, "pool is too small"),
        ({"sections-0-skill": "nothing"}, "not among the skills"),
        ({"sections-0-type": "riddle"}, "the types are"),
        ({"cut_score": "120"}, "cut score score"),
        ({"agreement_floor": "80"}, "pool is too small"),
        ({"must_include": "choice-9"}, "must include: choice-9 is not among the items"),
        ({"must_include": "Not a name"}, "must include 1: String should match"),
        ({"never_together": "choice-1"}, "never together 1: Tuple should have at least 2 items"),
        ({"must_include": "choice-1, choice-2", "never_together": "choice-2 choice-1"}, "so that they always meet"),
        ({"exposure_cap": "50"}, "exposure cap: a cap of 0.5 cannot be kept"),
        ({"exposure_overlap": "lots"}, "exposure overlap: Input should be a valid number"),
    ],
)
def test_what_is_unfinished_is_kept_and_cannot_be_submitted(author, database, change, said):
    answer = save(author, do="submit", **change)

    assert answer.status_code == 422
    assert said in answer.text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert find_test_draft(session, "ferry-news").submitted_by is None


def test_what_forms_hold_is_kept_as_typed_and_the_preview_keeps_to_it(author, database):
    typed = {
        "must_include": "choice-3",
        "never_together": "choice-1, choice-3\nchoice-1 choice-2",
        "exposure_cap": "70,5",
        "exposure_overlap": "",
    }
    save(author, **typed)
    pages = [author.get(f"{PAGE}?seed={seed}").text for seed in range(6)]

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        terms = find_test_draft(session, "ferry-news").terms
    assert terms["must_include"] == ["choice-3"]
    assert terms["never_together"] == [["choice-1", "choice-3"], ["choice-1", "choice-2"]]
    assert terms["exposure"] == {"cap": 0.705}
    assert 'value="70.5"' in pages[0]
    assert "choice-1 choice-3\nchoice-1 choice-2" in pages[0]
    for page in pages:
        assert "The pool fills every section" in page
        assert all(f'data-label="Item">{name}<' in page for name in ("choice-2", "choice-3"))
        assert 'data-label="Item">choice-1<' not in page


def test_saving_on_top_of_somebody_elses_save_is_refused_and_loses_nothing(author):
    save(author)
    save(author, revision=1, title="The second")

    late = save(author, revision=1, title="The third, which came late")

    assert late.status_code == 409
    assert "The third, which came late" in late.text


def test_a_second_person_approves_and_the_test_is_live(author, people, database, app):
    save(author)
    save(author, do="submit", revision=1)
    by_oneself = author.post(f"{PAGE}/decision", data={"do": "approve"})
    other = app.test_client()
    sign_in(other, people[1])

    approved = other.post(f"{PAGE}/decision", data={"do": "approve"})

    assert by_oneself.status_code == 403
    assert approved.status_code == 303
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        test = get_test(session, "ferry-news")
        version = session.get_one(TestVersion, test.version_id)
        assert (version.created_by, version.approved_by) == (people[0].id, people[1].id)
        assert (test.minutes, float(test.cut_score), test.bank) == (40, 0.725, BANK)
        assert find_test_draft(session, "ferry-news") is None


def test_a_draft_is_given_back_with_a_reason(author, people, app):
    save(author)
    save(author, do="submit", revision=1)
    other = app.test_client()
    sign_in(other, people[1])

    wordless = other.post(f"{PAGE}/decision", data={"do": "return", "reason": " "})
    other.post(f"{PAGE}/decision", data={"do": "return", "reason": "The cut is too low."})

    assert wordless.status_code == 422
    assert "The cut is too low." in author.get(PAGE).text


def test_what_authors_changed_is_not_undone_by_loading_the_files_again(session, people):
    now = clock.now()
    make_test(session, at=now)
    terms = start_from(session, BANK) | {"title": "Ferry facts, edited"}
    save_test_draft(session, slug=BANK, terms=terms, revision=0, person_id=people[0].id, at=now)
    submit_test_draft(session, slug=BANK, person_id=people[0].id, at=now)
    approve_test_draft(session, slug=BANK, person_id=people[1].id, at=now)

    make_test(session, at=now)

    assert get_test(session, BANK).title == "Ferry facts, edited"


def test_only_a_draft_in_review_is_decided_on_and_only_once(session, people):
    now = clock.now()
    make_test(session, at=now)
    terms = start_from(session, BANK)
    save_test_draft(session, slug=BANK, terms=terms, revision=0, person_id=people[0].id, at=now)
    with pytest.raises(Conflict, match="not in review"):
        approve_test_draft(session, slug=BANK, person_id=people[1].id, at=now)
    submit_test_draft(session, slug=BANK, person_id=people[0].id, at=now)
    with pytest.raises(NotAllowed, match="second person"):
        approve_test_draft(session, slug=BANK, person_id=people[0].id, at=now)
    with pytest.raises(Conflict, match="in review already"):
        submit_test_draft(session, slug=BANK, person_id=people[0].id, at=now)


def test_the_database_itself_refuses_terms_that_their_author_approved(session, people):
    make_test(session, at=clock.now())
    version = session.scalars(select(TestVersion)).one()

    version.created_by = version.approved_by = people[0].id

    with pytest.raises(IntegrityError, match="approved_by_another"):
        session.flush()
    session.rollback()


def test_strangers_and_candidates_have_no_way_in(client, database):
    assert client.get("/authoring/tests/").status_code == 303
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        candidate = make_person(session)
    sign_in(client, candidate)

    assert client.get("/authoring/tests/").status_code == 403
    assert client.post(PAGE, data=FIELDS).status_code == 403


def test_a_key_below_the_floor_enters_no_form(session, people):
    now = clock.now()
    make_test(session, at=now, floor=0.8)

    with pytest.raises(ValueError, match="left in the pool"):
        start_attempt(session, test_slug=BANK, person_id=people[0].id, at=now)

    make_bank(session, at=now, agreement=0.85)
    assert start_attempt(session, test_slug=BANK, person_id=people[0].id, at=now)


def test_a_draft_whose_keys_are_below_the_floor_is_not_submitted(session, people):
    now = clock.now()
    make_test(session, at=now)
    terms = start_from(session, BANK) | {"agreement_floor": 0.9}
    save_test_draft(session, slug=BANK, terms=terms, revision=0, person_id=people[0].id, at=now)

    with pytest.raises(Invalid, match="pool is too small"):
        submit_test_draft(session, slug=BANK, person_id=people[0].id, at=now)


def test_pilot_items_are_tried_out_among_the_others_and_not_scored(session, people):
    now = clock.now()
    make_test(session, at=now, pilot_items=1)
    pilot = session.scalars(select(Item).where(Item.identifier == "choice-1")).one()
    pilot.state = ItemState.PILOT
    session.flush()

    attempt_id = start_attempt(session, test_slug=BANK, person_id=people[0].id, at=now, seed=3)

    places = session.scalars(select(FormItem).where(FormItem.attempt_id == attempt_id)).all()
    assert [place.position for place in places if not place.is_scored] != []
    assert len(places) == 9
    assert sum(place.is_scored for place in places) == 8
