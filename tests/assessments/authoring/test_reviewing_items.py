"""Deciding on items: finished ones are submitted, a second person decides, and only once."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assessments.models.authoring import Decision, DraftState, ItemReview
from assessments.models.items import AnswerKey, ItemState, ItemVersion
from assessments.operations.authoring import create_item, save_draft
from assessments.operations.reviewing import approve_item, return_item, submit_item, withdraw_item
from assessments.queries.near_duplicates import find_near_duplicates
from assessments.queries.stored_items import get_stored_item, list_released, list_reviews
from lms import clock
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.errors import Conflict, Invalid, NotAllowed, Refusal
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.authoring.written import QUESTION, write
from tests.assessments.test_races import at_once
from tests.people import make_person

AT = clock.now()


@pytest.fixture
def people(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return [make_person(session, roles=(Role.AUTHOR,)).id for _ in range(3)]


@pytest.fixture
def item_id(database, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return create_item(session, type="choice", written=write(), person_id=people[0], at=AT)


@pytest.fixture
def session(database, item_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        yield session


def submit(session, item_id, person_id, acknowledged=()):
    submit_item(session, item_id=item_id, person_id=person_id, at=AT, acknowledged=acknowledged)


def approve(session, item_id, person_id, decision=Decision.LIVE, revision=1):
    return approve_item(
        session, item_id=item_id, revision=revision, decision=decision, comment="Good.", person_id=person_id, at=AT
    )


def give_back(session, item_id, person_id, comment="Mend it.", revision=1):
    return_item(session, item_id=item_id, revision=revision, comment=comment, person_id=person_id, at=AT)


def rewrite(session, item_id, person_id, written, revision=1):
    save_draft(session, item_id=item_id, written=written, revision=revision, person_id=person_id, at=AT)


@pytest.mark.parametrize(("decision", "state"), [(Decision.LIVE, ItemState.LIVE), (Decision.PILOT, ItemState.PILOT)])
def test_a_second_person_makes_an_item_live_or_a_pilot(session, item_id, people, decision, state):
    submit(session, item_id, people[0])
    version_id = approve(session, item_id, people[1], decision)

    stored = get_stored_item(session, item_id)
    version = session.get_one(ItemVersion, version_id)
    (review,) = list_reviews(session, item_id)
    assert (stored.state, stored.draft) == (state, None)
    assert (version.created_by, version.approved_by, version.is_current) == (people[0], people[1], True)
    assert (review.decision, review.decided_by, review.comment) == (decision, people[1], "Good.")
    assert stored.current.key["choices"] == ["b"]


def test_every_decision_is_in_the_audit(session, item_id, people):
    submit(session, item_id, people[0])
    give_back(session, item_id, people[1])
    submit(session, item_id, people[0])
    withdraw_item(session, item_id=item_id, person_id=people[0], at=AT)
    submit(session, item_id, people[0])
    approve(session, item_id, people[1])

    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == item_id)).all()
    assert sorted(event.action for event in events) == [
        "item.approved",
        "item.begun",
        "item.returned",
        *["item.submitted"] * 3,
        "item.withdrawn",
    ]
    assert {event.actor for event in events if event.action == "item.approved"} == {str(people[1])}


@pytest.mark.parametrize("decide", [approve, give_back])
def test_neither_the_last_editor_nor_the_submitter_decides(session, item_id, people, decide):
    rewrite(session, item_id, people[1], write())
    submit(session, item_id, people[0])

    for person_id in people[:2]:
        with pytest.raises(NotAllowed, match="second person"):
            decide(session, item_id, person_id, revision=2)
    decide(session, item_id, people[2], revision=2)


def test_the_database_itself_refuses_a_decision_by_the_author(session, item_id, people):
    session.add(
        ItemReview(
            organisation_id=PUBLIC_ORGANISATION_ID,
            item_id=item_id,
            edited_by=people[0],
            submitted_by=people[1],
            submitted_at=AT,
            decided_by=people[0],
            decided_at=AT,
            decision=Decision.RETURNED,
            comment="By myself.",
        )
    )
    with pytest.raises(IntegrityError, match="decided_by_another"), session.begin_nested():
        session.flush()


UNFINISHED = [
    (lambda w: replace(w, content={**w.content, "prompt": " "}), "content, prompt"),
    (lambda w: replace(w, content={**w.content, "options": w.content["options"][:1]}), "content, options"),
    (lambda w: replace(w, key={}), "key, choices"),
    (lambda w: replace(w, key={**w.key, "choices": ["z"]}), "key names unknown options"),
    (lambda w: replace(w, reasons={**w.reasons, "rationale": ""}), "rationale"),
    (lambda w: replace(w, reasons={**w.reasons, "sources": []}), "sources"),
    (lambda w: replace(w, reasons={**w.reasons, "sources": [{"title": "Only this"}]}), "sources, 1, author"),
    (lambda w: replace(w, reasons={**w.reasons, "temptations": {"a": "So."}}), "say why c tempts"),
    (lambda w: replace(w, particulars={**w.particulars, "skill": ""}), "skill"),
    (lambda w: replace(w, particulars={**w.particulars, "tags": ["Not good"]}), "tags, 1"),
    (lambda w: replace(w, particulars={**w.particulars, "provenance": {"given_by": "A panel"}}), "experts"),
    (lambda w: replace(w, particulars={**w.particulars, "attribution": {"source": "A set"}}), "licence"),
]


@pytest.mark.parametrize(("spoil", "said"), UNFINISHED, ids=[said for _spoil, said in UNFINISHED])
def test_what_is_unfinished_is_kept_but_not_submitted(session, item_id, people, spoil, said):
    rewrite(session, item_id, people[0], spoil(write()))

    with pytest.raises(Invalid, match=said):
        submit(session, item_id, people[0])
    assert get_stored_item(session, item_id).draft.state is DraftState.DRAFT


def test_all_that_is_missing_is_said_at_once(session, item_id, people):
    rewrite(session, item_id, people[0], replace(write(), key={}, reasons={}))

    with pytest.raises(Invalid) as refusal:
        submit(session, item_id, people[0])
    assert all(word in str(refusal.value) for word in ("choices", "rationale", "sources"))


def test_a_near_duplicate_must_be_looked_at(session, item_id, people):
    twin = write(QUESTION.replace("winter", "winter’s"), identifier="twin")
    twin_id = create_item(session, type="choice", written=twin, person_id=people[0], at=AT)

    with pytest.raises(Invalid, match="which-of-the-two"):
        submit(session, twin_id, people[0])
    submit(session, twin_id, people[0], acknowledged=[item_id])

    assert get_stored_item(session, twin_id).draft.is_in_review
    (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "item.submitted"))
    assert event.details["acknowledged"] == ["which-of-the-two-timetables-says"]


def test_an_item_is_no_duplicate_of_itself(session, item_id, people):
    assert find_near_duplicates(session, stem=QUESTION, item_id=item_id) == []
    assert [one.similarity for one in find_near_duplicates(session, stem=QUESTION)] == [1]
    assert find_near_duplicates(session, stem="") == []


def test_a_returned_item_is_edited_and_submitted_again(session, item_id, people):
    submit(session, item_id, people[0])
    with pytest.raises(Invalid, match="Say what"):
        give_back(session, item_id, people[1], comment=" ")
    give_back(session, item_id, people[1])

    rewrite(session, item_id, people[0], write("A better question?"))
    submit(session, item_id, people[0])
    approve(session, item_id, people[1], revision=2)

    assert {review.decision for review in list_reviews(session, item_id)} == {Decision.LIVE, Decision.RETURNED}
    assert get_stored_item(session, item_id).current.content["prompt"] == "A better question?"


def test_a_decision_on_another_state_than_was_seen_is_refused(session, item_id, people):
    submit(session, item_id, people[0])
    withdraw_item(session, item_id=item_id, person_id=people[0], at=AT)
    rewrite(session, item_id, people[0], write("Something else?"))
    submit(session, item_id, people[0])

    for decide in (approve, give_back):
        with pytest.raises(Conflict, match="submitted again"):
            decide(session, item_id, people[1], revision=1)


def test_only_what_is_in_review_is_decided_on_or_withdrawn(session, item_id, people):
    for decide in (approve, give_back):
        with pytest.raises(Conflict, match="not in review"):
            decide(session, item_id, people[1])
    with pytest.raises(Conflict, match="not in review"):
        withdraw_item(session, item_id=item_id, person_id=people[0], at=AT)
    submit(session, item_id, people[0])
    with pytest.raises(Conflict, match="already"):
        submit(session, item_id, people[0])
    approve(session, item_id, people[1])
    with pytest.raises(Conflict, match="no draft"):
        submit(session, item_id, people[0])


def test_a_live_item_gets_no_pilot(session, item_id, people):
    submit(session, item_id, people[0])
    approve(session, item_id, people[1])
    rewrite(session, item_id, people[0], write("A new version of it?"), revision=0)
    submit(session, item_id, people[0])

    with pytest.raises(Invalid, match="live and scored"):
        approve(session, item_id, people[1], Decision.PILOT)


def test_a_new_key_alone_makes_a_new_key_of_the_same_version(session, item_id, people):
    submit(session, item_id, people[0])
    first = approve(session, item_id, people[1])
    rewrite(session, item_id, people[0], write(choice="c"), revision=0)
    submit(session, item_id, people[0])
    second = approve(session, item_id, people[1])

    keys = session.scalars(select(AnswerKey).where(AnswerKey.item_version_id == first).order_by(AnswerKey.number))
    assert first == second
    assert [(key.key["choices"], key.is_current, key.approved_by) for key in keys] == [
        (["b"], False, people[1]),
        (["c"], True, people[1]),
    ]
    assert [one.name for one in list_released(session, item_id)] == ["1.2", "1.1"]


def decide_at_once(database: Database, jobs):
    def run(job):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return job(session)

    return at_once([lambda job=job: run(job) for job in jobs])


def test_of_two_decisions_at_once_one_counts(database, item_id, people):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        submit(session, item_id, people[0])

    results = decide_at_once(
        database,
        [
            lambda session: approve(session, item_id, people[1]),
            lambda session: approve(session, item_id, people[2], Decision.PILOT),
            lambda session: give_back(session, item_id, people[2]),
            lambda session: withdraw_item(session, item_id=item_id, person_id=people[0], at=AT),
        ]
        * 3,
    )

    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(refused) == len(results) - 1
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert len(list_reviews(session, item_id)) <= 1
        assert len(list_released(session, item_id)) <= 1


def test_of_saves_on_the_same_revision_one_counts(database, item_id, people):
    jobs = [
        lambda session, n=n: save_draft(
            session, item_id=item_id, written=write(f"Question {n}?"), revision=1, person_id=people[n % 3], at=AT
        )
        for n in range(12)
    ]

    results = decide_at_once(database, jobs)

    assert sorted(result == 2 for result in results) == [False] * 11 + [True]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        stored = get_stored_item(session, item_id)
        assert stored.revision == 2
        assert stored.written.content["prompt"] == f"Question {results.index(2)}?"
