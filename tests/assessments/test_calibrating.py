"""Rounds through the gold: one open round, one try an item, however many come at once; the mean is exact."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessments.models.calibration import Calibration, CalibrationRound
from assessments.models.items import ItemUse
from assessments.models.results import PracticeTry
from assessments.operations.calibrating import begin_round, try_gold
from assessments.operations.personal_data import erase_assessments, export_assessments
from assessments.operations.publishing import publish_items
from assessments.operations.publishing_calibrations import retire_calibration
from assessments.queries.calibration import find_calibration, get_calibration, get_round
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.calibrations import make_calibration
from tests.assessments.factories import BANK, make_bank, make_draft
from tests.assessments.test_races import THREADS, at_once
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MANY = {
    "prompt": "Which are islands?",
    "many": True,
    "options": [{"id": name, "text": name} for name in ("malta", "cuba", "chad", "laos", "nepal")],
}


@pytest.fixture
def person_id(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_calibration(session)
        return make_person(session).id


def begin(database, person_id, at=AT):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return begin_round(session, slug=BANK, person_id=person_id, at=at)


def round_of(database, person_id, number=1):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_round(session, get_calibration(session, BANK), person_id=person_id, number=number)


def attempt(database, person_id, position, response, *, version_id=None, try_key=None, number=1, at=AT):
    if version_id is None:
        version_id = round_of(database, person_id, number).left[0].version_id
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        try_gold(
            session,
            slug=BANK,
            round_number=number,
            position=position,
            version_id=version_id,
            person_id=person_id,
            response=response,
            try_key=try_key or uuid4(),
            at=at,
        )


def count(database, what, **equal):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).select_from(what).filter_by(**equal))


def test_sixteen_beginnings_are_one_round(database, person_id):
    results = at_once([lambda: begin(database, person_id)] * THREADS)

    assert set(results) == {1}
    assert count(database, CalibrationRound, person_id=person_id) == 1


def test_sixteen_answers_to_one_item_are_one_try_and_the_others_are_told(database, person_id):
    begin(database, person_id)
    version_id = round_of(database, person_id).left[0].version_id

    results = at_once([lambda: attempt(database, person_id, 1, {}, version_id=version_id)] * THREADS)

    assert results.count(None) == 1
    assert sum(isinstance(result, Conflict) for result in results) == THREADS - 1
    assert count(database, PracticeTry, person_id=person_id) == 1


def test_one_form_sent_sixteen_times_is_one_try_and_nobody_is_refused(database, person_id):
    begin(database, person_id)
    version_id, key = round_of(database, person_id).left[0].version_id, uuid4()

    results = at_once([lambda: attempt(database, person_id, 1, {}, version_id=version_id, try_key=key)] * THREADS)

    assert results == [None] * THREADS
    assert count(database, PracticeTry, person_id=person_id) == 1


def test_the_database_itself_refuses_a_second_try_of_an_item_in_a_round(database, person_id):
    begin(database, person_id)
    attempt(database, person_id, 1, {})

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        first = session.scalars(select(PracticeTry)).one()
        copied = {column.key: getattr(first, column.key) for column in PracticeTry.__table__.columns}
        session.add(PracticeTry(**{**copied, "id": uuid4(), "try_key": uuid4(), "number": 2}))
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            session.flush()


def test_the_agreement_is_judged_by_exact_points_and_not_by_those_that_are_stored(database, person_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        draft = make_draft("many", use=ItemUse.PRACTICE, key={"choices": ["malta", "cuba"]})
        drafts = [replace(draft, identifier=f"many-{number}", content=MANY) for number in range(5)]
        publish_items(session, bank=BANK, drafts=drafts, at=AT, is_whole_bank=False)
        names = [draft.identifier for draft in drafts]
        make_calibration(session, agreement=Fraction(4, 5), window=5, items=names)
    begin(database, person_id)

    partly, fully = {"choices": ["malta", "cuba", "chad"]}, {"choices": ["malta", "cuba"]}
    for position, response in enumerate((partly, partly, partly, fully, fully), start=1):
        attempt(database, person_id, position, response, at=AT + timedelta(minutes=position))

    current = round_of(database, person_id)
    assert current.points == [Fraction(2, 3)] * 3 + [1, 1]
    assert current.summary.reached_at == AT + timedelta(minutes=5)


def test_a_round_keeps_the_standard_that_it_was_begun_under(database, person_id):
    begin(database, person_id)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_calibration(session, agreement=Fraction(1, 100), window=1)
    attempt(database, person_id, 1, {})

    assert round_of(database, person_id).summary.standard.window == 2


def test_what_does_not_fit_is_refused_and_leaves_no_try(database, person_id):
    begin(database, person_id)

    with pytest.raises(Invalid):
        attempt(database, person_id, 1, {"nothing": "known"})
    assert count(database, PracticeTry) == 0


def test_a_closed_round_takes_no_more_tries(database, person_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_calibration(
            session, agreement=Fraction(1, 100), window=1, items=["practice-choice", "practice-rubric-score"]
        )
    begin(database, person_id)
    answers = {"choice": {"choices": ["b"]}, "rubric-score": {"levels": {"clarity": 3, "fidelity": 1}}}
    attempt(database, person_id, 1, answers[round_of(database, person_id).left[0].type])

    with pytest.raises(Conflict, match="reached the agreement"):
        attempt(database, person_id, 2, {})
    assert begin(database, person_id, AT + timedelta(hours=1)) == 2


def test_a_retired_calibration_is_gone(database, person_id):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert retire_calibration(session, slug=BANK)
        assert not retire_calibration(session, slug=BANK)
        assert find_calibration(session, BANK) is None
    with pytest.raises(NotFound):
        begin(database, person_id)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_calibration(session)
        assert find_calibration(session, BANK) is not None


def test_rounds_are_exported_with_the_person_and_erased_with_them(database, person_id):
    begin(database, person_id)
    attempt(database, person_id, 1, {})

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        exported = export_assessments(session, person_id)["calibration"]
        erase_assessments(session, person_id=person_id, at=AT)

    assert exported == [{"calibration": BANK, "round": 1, "started_at": AT.isoformat(), "reached_at": None}]
    assert count(database, CalibrationRound) == count(database, PracticeTry) == 0


def test_the_items_of_a_calibration_are_stored_once(database, person_id):
    assert count(database, Calibration) == 1
