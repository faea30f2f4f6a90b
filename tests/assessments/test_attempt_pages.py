"""The pages of an attempt: what is saved, what is refused, what each costs."""

import gzip
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine

from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.delivery import deliver_due
from tests.assessments.factories import ANSWERS, BANK, make_bank, make_test
from tests.people import make_person, sign_in
from tests.statements import counted


@pytest.fixture
def person(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now(), per_type=8)
        make_test(session, at=clock.now(), count=6)
        return make_person(session)


@pytest.fixture
def candidate(client, person):
    sign_in(client, person)
    return client


def start(client) -> UUID:
    answer = client.post(f"/tests/{BANK}/attempts")
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.split("/")[2])


def put(client, attempt_id, position, response, sequence=1, **kw):
    return client.put(
        f"/attempts/{attempt_id}/responses/{position}", json={"response": response, "sequence": sequence}, **kw
    )


def answer_to(position: int):
    return list(ANSWERS.values())[(position - 1) // 6]


def test_the_test_page_tells_the_terms_before_the_clock_starts(client, person):
    page = client.get(f"/tests/{BANK}/").text

    assert "Ferry facts" in page
    assert "30" in page
    assert "70" in page


def test_a_whole_attempt_is_answered_reviewed_submitted_and_explained(candidate):
    attempt_id = start(candidate)
    for position in range(1, 25):
        assert put(candidate, attempt_id, position, answer_to(position)).get_json() == {"saved": True, "sequence": 1}

    review = candidate.get(f"/attempts/{attempt_id}/review")
    submitted = candidate.post(f"/attempts/{attempt_id}/submit")
    result = candidate.get(submitted.location).text

    assert review.status_code == 200
    assert submitted.status_code == 303
    assert "100" in result
    assert "CANARY" not in result


def test_an_old_sequence_gets_409_with_what_is_stored(candidate):
    attempt_id = start(candidate)
    put(candidate, attempt_id, 1, {"choices": ["b"]}, sequence=7)

    answer = put(candidate, attempt_id, 1, {"choices": ["a"]}, sequence=6)

    assert answer.status_code == 409
    assert answer.get_json()["sequence"] == 7
    assert answer.get_json()["response"] == {"choices": ["b"]}
    assert answer.get_json()["saved"] is False


def test_a_closed_attempt_answers_410_and_its_page_leads_to_the_result(candidate):
    attempt_id = start(candidate)
    candidate.post(f"/attempts/{attempt_id}/submit")

    assert put(candidate, attempt_id, 1, {"choices": ["b"]}).status_code == 410
    assert candidate.get(f"/attempts/{attempt_id}/").location.endswith("/result")
    assert candidate.post(f"/attempts/{attempt_id}/submit").status_code == 303


def test_after_the_deadline_nothing_is_taken_and_the_worker_hands_in(app, candidate, database):
    with time_machine.travel(clock.now(), tick=False) as time:
        attempt_id = start(candidate)
        put(candidate, attempt_id, 1, {"choices": ["b"]})
        time.shift(timedelta(minutes=30, seconds=6))
        assert put(candidate, attempt_id, 1, {"choices": ["a"]}, sequence=2).status_code == 410
        assert candidate.get(f"/attempts/{attempt_id}/result").status_code == 200
        with app.app_context():
            deliver_due(database, app.extensions["assay.handlers"])
        result = candidate.get(f"/attempts/{attempt_id}/result").text
    assert "24" in result


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"[]",
        b'"text"',
        b"{}",
        b'{"response": {"choices": ["b"]}}',
        b'{"response": {"choices": ["b"]}, "sequence": "1"}',
        b'{"response": {"choices": ["b"]}, "sequence": 0}',
        b'{"response": {"choices": ["b"]}, "sequence": true}',
        b'{"response": {"choices": ["b"]}, "sequence": 1, "score": 1}',
        b'{"response": {"choices": ["nope"]}, "sequence": 1}',
        b'{"response": {"choices": "\\u0000"}, "sequence": 1}',
        b'{"response": {"choices": ["b"], "points": 1}, "sequence": 1}',
        b'{"response": {"choices": ["b"]}, "sequence": 1e400}',
        b"[" * 5000,
    ],
)
def test_a_malformed_save_is_refused_with_a_reason_and_loses_nothing(candidate, body):
    attempt_id = start(candidate)
    put(candidate, attempt_id, 1, {"choices": ["c"]})

    answer = candidate.put(f"/attempts/{attempt_id}/responses/1", data=body, content_type="application/json")

    assert answer.status_code == 422
    assert len(answer.get_json()["message"]) > 10
    assert put(candidate, attempt_id, 1, {"choices": ["b"]}, sequence=1).get_json()["response"] == {"choices": ["c"]}


def test_an_answer_of_five_megabytes_is_refused(candidate):
    attempt_id = start(candidate)

    answer = put(candidate, attempt_id, 1, {"choices": ["x" * 5_000_000]})

    assert answer.status_code == 413


def test_an_answer_of_half_a_megabyte_is_refused_with_its_limit(candidate):
    answer = put(candidate, start(candidate), 1, {"choices": ["x" * 500_000]})

    assert answer.status_code == 413
    assert "too large" in answer.get_json()["message"]


def test_somebody_elses_attempt_is_not_there(app, candidate, database):
    attempt_id = start(candidate)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        stranger = make_person(session)
    other = app.test_client()
    sign_in(other, stranger)

    assert put(other, attempt_id, 1, {"choices": ["b"]}).status_code == 404
    for path in ("", "review", "result"):
        assert other.get(f"/attempts/{attempt_id}/{path}").status_code == 404
    assert other.post(f"/attempts/{attempt_id}/submit").status_code == 404
    assert other.get(f"/attempts/{uuid4()}/").status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, person):
    assert put(client, uuid4(), 1, {}).status_code == 401
    assert client.post(f"/tests/{BANK}/attempts").location.startswith("/sign-in")


def test_the_fields_of_an_item_are_saved_as_they_stand_in_the_form(candidate):
    attempt_id = start(candidate)
    url = f"/attempts/{attempt_id}/responses/1"

    chosen = candidate.put(url, data={"r1-choices": "b", "r1-sequence": "1"})
    emptied = candidate.put(url, data={"r1-sequence": "2"})
    old = candidate.put(url, data={"r1-choices": "a", "r1-sequence": "1"}, headers={"Accept": "application/json"})
    strange = candidate.put(url, data={"r1-choices": "nonsense", "r1-sequence": "3"})
    countless = candidate.put(url, data={"r1-choices": "b"})
    nowhere = candidate.put(f"/attempts/{attempt_id}/responses/99", data={"r99-sequence": "1"})

    assert chosen.get_json() == {"saved": True, "sequence": 1, "is_answered": True}
    assert emptied.get_json() == {"saved": True, "sequence": 2, "is_answered": False}
    assert (old.status_code, old.get_json()["sequence"]) == (409, 2)
    assert (strange.status_code, countless.status_code, nowhere.status_code) == (422, 422, 404)


def test_without_javascript_the_form_saves_a_page_and_goes_on(candidate):
    attempt_id = start(candidate)
    form = {f"r{n}-choices": "b" for n in range(1, 6)} | {f"r{n}-sequence": "0" for n in range(1, 6)}

    saved = candidate.post(f"/attempts/{attempt_id}/pages/1", data={**form, "go": "next"})
    again = candidate.post(f"/attempts/{attempt_id}/pages/1", data={**form, "go": "review"})

    assert saved.location.endswith("?page=2")
    assert again.location.endswith("/review")
    assert "checked" in candidate.get(f"/attempts/{attempt_id}/?page=1").text


def test_a_form_that_another_window_overtook_shows_what_was_typed_and_wins_when_sent_again(candidate):
    attempt_id = start(candidate)
    put(candidate, attempt_id, 1, {"choices": ["a"]}, sequence=3)

    overtaken = candidate.post(
        f"/attempts/{attempt_id}/pages/1", data={"r1-choices": "c", "r1-sequence": "0", "go": "next"}
    )
    sequence = re.search(r'name="r1-sequence"[^>]*value="(\d+)"', overtaken.text)
    again = candidate.post(
        f"/attempts/{attempt_id}/pages/1", data={"r1-choices": "c", "r1-sequence": sequence[1], "go": "next"}
    )

    assert overtaken.status_code == 422
    assert "changed in another window" in overtaken.text
    assert again.status_code == 303


def test_a_page_that_an_attempt_does_not_have_is_not_there(candidate):
    attempt_id = start(candidate)

    assert candidate.get(f"/attempts/{attempt_id}/?page=6").status_code == 404
    assert candidate.get(f"/attempts/{attempt_id}/?page=0").status_code == 404


def test_reading_changes_nothing(candidate, database):
    attempt_id = start(candidate)
    paths = ["", "?page=2", "review", "result"]

    with counted(database) as sent:
        for path in paths:
            candidate.get(f"/attempts/{attempt_id}/{path}")
        candidate.get(f"/tests/{BANK}/")

    assert all(statement.lstrip().upper().startswith("SELECT") for statement in sent)


def test_a_page_needs_five_statements_at_most_and_a_save_three(candidate, database):
    attempt_id = start(candidate)

    with counted(database) as page:
        assert candidate.get(f"/attempts/{attempt_id}/").status_code == 200
    with counted(database) as save:
        put(candidate, attempt_id, 1, {"choices": ["b"]})
    with counted(database) as again:
        put(candidate, attempt_id, 1, {"choices": ["a"]}, sequence=2)
    with counted(database) as fields:
        candidate.put(f"/attempts/{attempt_id}/responses/1", data={"r1-choices": "b", "r1-sequence": "3"})

    assert len(fields) <= 2
    assert len(page) <= 5
    assert len(save) <= 3
    assert len(again) <= 2


def test_the_attempt_page_is_light(candidate):
    attempt_id = start(candidate)

    page = candidate.get(f"/attempts/{attempt_id}/", headers={"Accept-Encoding": "gzip"})
    html = gzip.decompress(page.data).decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    modules = {m for f in files for m in re.findall(r'from "\./([^"]+)"', candidate.get(f).text) if f.endswith(".js")}
    folder = {f.rpartition("/")[0] for f in files if "/assessments/js/" in f}
    files |= {f"{where}/{module}" for where in folder for module in modules}
    sizes = {f: len(candidate.get(f, headers={"Accept-Encoding": "gzip"}).data) for f in files}

    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.data) < 30_000
    assert sum(sizes.values()) < 60_000
    assert len(sizes) >= 3
