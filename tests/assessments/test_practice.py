"""Practice: scored at once, all tries kept, first tries counted; the key is never there before."""

from uuid import uuid4

import pytest

from assessments.queries.practice import PracticeRecord, practice_record
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.return_path import sign_path
from tests.assessments.factories import make_bank
from tests.people import make_person, sign_in

KINDS = ["choice", "claim-verdict", "span-highlight", "rubric-score"]
RIGHT = {
    "choice": {"choices": "b"},
    "claim-verdict": {"label": "contradicted", "evidence": "2", "confidence": "1"},
    "span-highlight": {"spans": '[{"start": 50, "end": 54, "category": "wrong-number"}]'},
    "rubric-score": {"level-clarity": "3", "level-fidelity": "1"},
}


@pytest.fixture
def person(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        person = make_person(session)
    sign_in(client, person)
    return person


def attempt(client, kind, answers, *, key=None, **kw):
    prefix = f"p-practice-{kind}-"
    form = {prefix + name: value for name, value in answers.items()} | {"try_key": str(key or uuid4())}
    return client.post(f"/practice/practice-{kind}", data=form, **kw)


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_try_is_told_at_once_with_rationale_and_source(client, person, kind):
    box = attempt(client, kind, RIGHT[kind], headers={"X-Fragment": "1"})

    assert box.status_code == 200
    assert "100 %" in box.text
    assert "CANARY-RATIONALE" in box.text
    assert "CANARY-AUTHOR" in box.text


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_try_is_kept_and_explained(client, person, database, kind):
    box = attempt(client, kind, {}, headers={"X-Fragment": "1"})

    assert "CANARY-RATIONALE" in box.text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert practice_record(session, person_id=person.id) == PracticeRecord(tried=1, right_first=0)


def test_every_try_is_kept_and_the_first_counts(client, person, database):
    for answer in ("a", "b", "b"):
        attempt(client, "choice", {"choices": answer})
    attempt(client, "claim-verdict", RIGHT["claim-verdict"])

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert practice_record(session, person_id=person.id) == PracticeRecord(tried=2, right_first=1)
        only = practice_record(session, person_id=person.id, identifiers=["practice-choice"])
    assert only == PracticeRecord(tried=1, right_first=0)


def test_the_same_form_sent_twice_is_one_try(client, person, database):
    key = uuid4()
    attempt(client, "choice", {"choices": "a"}, key=key)
    second = attempt(client, "choice", {"choices": "b"}, key=key, headers={"X-Fragment": "1"})

    assert second.status_code == 200
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert practice_record(session, person_id=person.id) == PracticeRecord(tried=1, right_first=0)


def test_without_scripts_one_comes_back_to_the_place_in_the_lesson(app, client, person):
    with app.test_request_context():
        signed = sign_path("/courses/ferry-facts/lessons/1")
    form = {"p-practice-choice-choices": "b", "try_key": str(uuid4()), "return_path": signed}

    answer = client.post("/practice/practice-choice", data=form)
    foreign = client.post("/practice/practice-choice", data={**form, "return_path": "//evil.example"})

    assert answer.location == "/courses/ferry-facts/lessons/1#practice-practice-choice"
    assert foreign.location == "/#practice-practice-choice"


def test_a_try_that_does_not_fit_is_refused_with_a_reason_and_not_lost(client, person):
    answer = attempt(client, "rubric-score", {"level-clarity": "9", "level-fidelity": "2"})

    assert answer.status_code == 422
    assert "its levels are 1 to 4" in answer.text
    assert "CANARY" not in answer.text


def test_a_form_without_its_try_key_is_refused(client, person):
    assert client.post("/practice/practice-choice", data={"p-practice-choice-choices": "b"}).status_code == 422


def test_a_test_item_cannot_be_practised(client, person):
    assert client.post("/practice/choice-1", data={"try_key": str(uuid4())}).status_code == 404
    assert client.post("/practice/nothing", data={"try_key": str(uuid4())}).status_code == 404


def test_a_stranger_is_asked_to_sign_in(app, person):
    assert attempt(app.test_client(), "choice", {"choices": "b"}).location.startswith("/sign-in")
