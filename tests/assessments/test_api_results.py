"""Tests and results in the API: the terms of tests, and results once they are released, of people who agreed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from assessments.operations.releasing import release_test
from lms import clock
from lms.members.consents import ConsentScope, give, withdraw
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver_due
from tests.api_keys import caller_with, make_api_key
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.assessments.released_later import make_test_released
from tests.people import make_person
from tests.statements import without_repetition

AT = (clock.now() - timedelta(days=1)).replace(microsecond=0)


@pytest.fixture
def caller(app, database):
    with without_repetition(app):
        yield caller_with(app, make_api_key(database).secret)


def sat_by(session, *, consents=(ConsentScope.RESULTS,), right=8, at=AT):
    person = make_person(session)
    give(session, person_id=person.id, scopes=consents, at=at)
    sit(session, person_id=person.id, at=at, right=right)
    return person


def test_the_terms_of_tests_are_listed_and_read_and_no_question_is(caller, session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    session.commit()

    listed = caller.get("/api/v1/tests").get_json()
    read = caller.get(f"/api/v1/tests/{BANK}")

    assert [test["slug"] for test in listed["items"]] == [BANK]
    assert listed["next"] is None
    assert read.get_json() == listed["items"][0]
    assert 0 < read.get_json()["cut_score"] <= 1
    assert read.get_json()["questions"] > 0
    assert "key" not in read.text


def test_a_test_that_is_not_there_is_a_problem_of_its_own(caller):
    answer = caller.get("/api/v1/tests/nothing-like-that")

    assert answer.status_code == 404
    assert answer.get_json()["type"].endswith("#unknown-test")


def test_results_of_people_who_agreed_are_listed_with_their_skills(caller, session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    told, untold = sat_by(session), sat_by(session, consents=())
    session.commit()

    page = caller.get("/api/v1/results").get_json()

    assert [result["subject"] for result in page["items"]] == [str(told.id)]
    assert page["items"][0]["test"] == BANK
    assert page["items"][0]["has_passed"] is True
    assert page["items"][0]["score"] == 1.0
    assert page["items"][0]["skills"]
    assert str(untold.id) not in str(page)
    assert told.email not in str(page)


def test_results_are_found_by_person_and_by_test(caller, session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    first, second = sat_by(session), sat_by(session, right=0)
    session.commit()

    def subjects(query):
        return [each["subject"] for each in caller.get(f"/api/v1/results?{query}").get_json()["items"]]

    assert subjects(f"subject={second.id}") == [str(second.id)]
    assert sorted(subjects(f"test={BANK}")) == sorted([str(first.id), str(second.id)])
    assert subjects("test=another") == subjects(f"subject={uuid4()}") == []
    assert caller.get("/api/v1/results?subject=nobody").status_code == 422


def test_nothing_of_a_result_is_there_before_it_is_released(app, caller, session, database):
    make_test_released(session, at=AT, release="by-hand")
    person = sat_by(session)
    manager = make_person(session)
    session.commit()
    before = caller.get(f"/api/v1/results?subject={person.id}")

    with database.transaction(PUBLIC_ORGANISATION_ID) as write:
        release_test(write, test_slug=BANK, person_id=manager.id, at=clock.now())
    deliver_due(database, app.extensions["assay.handlers"])
    after = caller.get(f"/api/v1/results?subject={person.id}").get_json()

    assert before.get_json() == {"items": [], "next": None}
    assert len(after["items"]) == 1


def test_a_withdrawn_consent_counts_at_once(caller, session, database):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    person = sat_by(session)
    session.commit()
    assert len(caller.get("/api/v1/results").get_json()["items"]) == 1

    with database.transaction(PUBLIC_ORGANISATION_ID) as write:
        withdraw(write, person_id=person.id, scope=ConsentScope.RESULTS, at=clock.now())

    assert caller.get("/api/v1/results").get_json()["items"] == []


def test_pages_of_results_released_at_one_instant_hold_each_once(caller, session):
    make_bank(session, at=AT)
    make_test(session, at=AT)
    people = [sat_by(session) for _ in range(5)]
    session.commit()
    seen, query = [], "limit=2"
    while query:
        page = caller.get(f"/api/v1/results?{query}").get_json()
        seen += [result["subject"] for result in page["items"]]
        query = f"limit=2&after={page['next']}" if page["next"] else ""

    assert sorted(seen) == sorted(str(person.id) for person in people)
