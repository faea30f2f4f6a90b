"""Saving through the pages: keys, pens and late answers as browsers and programs meet them."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver_due
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in
from tests.statements import counted

TAB, OTHER_TAB = "a-window-of-the-browser", "another-window-of-it"


@pytest.fixture
def person(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        return make_person(session)


@pytest.fixture
def candidate(client, person):
    sign_in(client, person)
    return client


@pytest.fixture
def attempt_id(candidate) -> UUID:
    return UUID(candidate.post(f"/tests/{BANK}/attempts").location.split("/")[2])


def put(client, attempt_id, choice="b", sequence=1, **headers):
    return client.put(
        f"/attempts/{attempt_id}/responses/1",
        json={"response": {"choices": [choice]}, "sequence": sequence},
        headers={name.replace("_", "-"): str(value) for name, value in headers.items()},
    )


def ask_pen(client, attempt_id, tab=TAB, take=False):
    return client.post(f"/attempts/{attempt_id}/pen", json={"tab": tab, "take": take})


def post_form(client, attempt_id, choice="b", **fields):
    form = {"r1-choices": choice, "r1-sequence": "0", **fields}
    return client.post(f"/attempts/{attempt_id}/pages/1", data=form)


def test_a_save_with_a_key_gets_the_same_answer_again_and_another_answer_under_it_is_refused(candidate, attempt_id):
    key = uuid4()

    first, again = (put(candidate, attempt_id, Idempotency_Key=key) for _ in range(2))
    other = put(candidate, attempt_id, "a", 2, Idempotency_Key=key)

    assert first.get_json() == again.get_json() == {"saved": True, "sequence": 1}
    assert other.status_code == 422
    assert "Idempotency-Key" in other.get_json()["message"]


@pytest.mark.parametrize(
    ("header", "value"), [("Idempotency_Key", "seven"), ("X_Pen_Epoch", "0"), ("X_Pen_Epoch", "9" * 30)]
)
def test_a_header_that_cannot_be_read_is_refused_by_name(candidate, attempt_id, header, value):
    answer = put(candidate, attempt_id, **{header: value})

    assert answer.status_code == 422
    assert header.replace("_", "-") in answer.get_json()["message"]


def test_a_save_with_key_and_pen_is_still_one_statement(candidate, attempt_id, database):
    epoch = ask_pen(candidate, attempt_id).get_json()["epoch"]
    put(candidate, attempt_id)

    with counted(database) as sent:
        assert put(candidate, attempt_id, "a", 2, Idempotency_Key=uuid4(), X_Pen_Epoch=epoch).status_code == 200

    assert len([statement for statement in sent if "response" in statement.lower()]) == 1
    assert len(sent) <= 2  # the other one asks who is signed in


def test_a_second_window_reads_until_it_takes_over_and_then_the_first_is_told(candidate, attempt_id):
    first = ask_pen(candidate, attempt_id).get_json()
    second = ask_pen(candidate, attempt_id, OTHER_TAB).get_json()
    taken = ask_pen(candidate, attempt_id, OTHER_TAB, take=True).get_json()
    fenced_off = put(candidate, attempt_id, X_Pen_Epoch=first["epoch"])

    assert first == {"epoch": 2, "is_mine": True}
    assert second == {"epoch": 2, "is_mine": False}
    assert taken == {"epoch": 3, "is_mine": True}
    assert fenced_off.status_code == 409
    assert (fenced_off.get_json()["saved"], fenced_off.get_json()["reason"]) == (False, "taken-over")
    assert put(candidate, attempt_id, X_Pen_Epoch=3).status_code == 200


@pytest.mark.parametrize(
    "body", [[], {}, {"tab": TAB}, {"tab": TAB, "take": 1}, {"tab": "x", "take": False}, {"tab": 7, "take": True}]
)
def test_a_malformed_question_for_the_pen_is_refused_with_a_reason(candidate, attempt_id, body):
    answer = candidate.post(f"/attempts/{attempt_id}/pen", json=body)

    assert answer.status_code == 422
    assert len(answer.get_json()["message"]) > 10


def test_without_javascript_the_form_gets_the_pen_by_itself(candidate, attempt_id):
    assert post_form(candidate, attempt_id).status_code == 303
    assert post_form(candidate, attempt_id, "c", **{"r1-sequence": "1"}).status_code == 303
    assert ask_pen(candidate, attempt_id).get_json()["is_mine"] is False


def test_without_javascript_a_form_that_was_taken_over_shows_what_was_typed_and_can_take_the_pen_back(
    candidate, attempt_id
):
    epoch = ask_pen(candidate, attempt_id).get_json()["epoch"]
    put(candidate, attempt_id, "a", X_Pen_Epoch=epoch)
    page = candidate.get(f"/attempts/{attempt_id}/").text

    refused = post_form(candidate, attempt_id, "c", **{"r1-sequence": "1"})
    sequence = re.search(r'name="r1-sequence"[^>]*value="(\d+)"', refused.text)[1]
    taken = post_form(candidate, attempt_id, "c", **{"r1-sequence": sequence, "take": "yes"})
    shown = candidate.get(taken.location).text

    assert "you are asked before anything is saved" in page
    assert refused.status_code == 409
    assert re.search(r'value="c"\s[^>]*checked', refused.text)
    assert re.search(r'<button[^>]*type="submit"[^>]*name="take" value="yes"', refused.text)
    assert taken.location.endswith(f"/attempts/{attempt_id}/?page=1")
    assert re.search(r'value="c"\s[^>]*checked', shown)
    assert put(candidate, attempt_id, "b", 9, X_Pen_Epoch=epoch).status_code == 409


def test_a_form_on_which_nothing_changed_needs_no_pen(candidate, attempt_id):
    ask_pen(candidate, attempt_id)

    answer = candidate.post(f"/attempts/{attempt_id}/pages/1", data={"go": "next"})

    assert answer.location.endswith("?page=2")


@pytest.mark.parametrize(("age", "is_kept"), [(60_000, True), (5_000, False), ("soon", None), (-5, None), (None, None)])
def test_an_answer_that_arrives_late_is_closed_and_kept_when_it_was_given_in_time(
    app, candidate, attempt_id, database, age, is_kept
):
    with time_machine.travel(clock.now() + timedelta(minutes=30, seconds=20), tick=False):
        answer = put(candidate, attempt_id, **({} if age is None else {"X_Answer_Age": age}))
        with app.app_context():
            deliver_due(database, app.extensions["assay.handlers"])
        result = candidate.get(f"/attempts/{attempt_id}/result").text

    assert answer.status_code == 410
    assert answer.get_json()["saved"] is False
    assert answer.get_json().get("kept") == is_kept
    assert ("not scored" in answer.get_json()["message"]) is bool(is_kept)
    assert ("Question 1: given" in result) is bool(is_kept)
