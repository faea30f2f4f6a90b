"""The shell of the API: whatever is wrong is told as a problem, strictly read, and pages and ETags do what they say."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from lms import clock
from lms.audit.operations import record
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.limits import limiter
from lms.web.transactions import EXTENSION
from tests.api_keys import bearer, caller_with, make_api_key
from tests.lms.things_api import make_things_app
from tests.people import make_person, sign_in


@pytest.fixture
def things(process_settings, database):
    """An application with a small API of its own, and a client whose key may do everything."""
    app = make_things_app(process_settings)
    return caller_with(app, make_api_key(database).secret)


@pytest.fixture(scope="module")
def steady_things(process_app, process_settings):
    """The same for one test with many examples: nothing is emptied between them."""
    secret = make_api_key(process_app.extensions[EXTENSION]).secret
    return caller_with(make_things_app(process_settings), secret)


def code_of(answer):
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith("/api/")
    return problem["type"].partition("#")[2]


def pointers_of(answer):
    assert answer.status_code == 422
    return [fault["pointer"] for fault in answer.get_json()["errors"]]


def test_unknown_addresses_and_methods_are_problems(things):
    assert code_of(things.get("/api/v1/nowhere")) == "not-found"
    assert code_of(things.get("/api/v2/")) == "not-found"
    wrong = things.delete("/api/v1/things")
    assert code_of(wrong) == "method-not-allowed"
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["Allow"]


def test_a_defect_is_a_problem_that_tells_no_detail(things):
    answer = things.post("/api/v1/things", json={"name": "broken"})

    assert answer.status_code == 500
    assert code_of(answer) == "defect"
    assert "CANARY" not in answer.text


def test_with_the_database_away_the_problem_says_when_to_try_again(things, monkeypatch):
    def away(_database):
        raise OperationalError("SELECT", {}, Exception("CANARY-DETAIL"))

    monkeypatch.setattr(Database, "looking_up", away)
    answer = things.get("/api/v1/me")

    assert answer.status_code == 503
    assert code_of(answer) == "unavailable"
    assert int(answer.headers["Retry-After"]) >= 1
    assert "CANARY" not in answer.text


def test_a_refusal_of_an_endpoint_carries_its_own_type(things):
    answer = things.post("/api/v1/things", json={"name": "spoiled"})

    assert answer.status_code == 409
    assert code_of(answer) == "spoiled"
    assert answer.get_json()["title"] == "The thing was spoiled after it was noted."


def test_only_json_is_read(things):
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"]:
        answer = things.post("/api/v1/things", data='{"name": "x"}', content_type=kind)
        assert answer.status_code == 415
        assert code_of(answer) == "unsupported-media-type"
    assert things.post("/api/v1/things").status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"name": "x",}',
        b'{"name": NaN}',
        b'{"name": "x", "name": "y"}',
        b'{"name": "\xff"}',
        b"[" * 100_000,
        b"[" * 30 + b"]" * 30,
        b'{"name": "x", "count": ' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "open", "comma", "NaN", "twins", "not UTF-8", "endless", "deep", "digits"],
)
def test_what_is_no_json_is_malformed(things, body):
    answer = things.post("/api/v1/things", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert code_of(answer) == "malformed-request"


def test_each_fault_of_a_body_is_named_with_a_pointer(things):
    body = {"name": "", "count": "3", "colour": "red", "parts": [{"weight": 1}, {"weight": -1, "a/b": 1}]}

    answer = things.post("/api/v1/things", json=body)

    assert code_of(answer) == "invalid-request"
    assert sorted(pointers_of(answer)) == ["#/colour", "#/count", "#/name", "#/parts/1/a~1b", "#/parts/1/weight"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"name": "a\\u0000b"}', "#/name"),
        ('{"name": "\\ud800"}', "#/name"),
        ('{"na\\u0000me": "x"}', "#"),
        ('{"name": "x", "parts": [{"weight": 1e999}]}', "#/parts/0/weight"),
        ('{"name": "x", "at": "0001-01-01T00:00:00+14:00"}', "#/at"),
        ('{"name": "x", "at": "2026-11-21T00:00:00"}', "#/at"),
        ('"x"', "#"),
    ],
)
def test_what_json_allows_and_no_record_can_hold_is_refused(things, body, pointer):
    answer = things.post("/api/v1/things", data=body, content_type="application/json")

    assert pointers_of(answer) == [pointer]


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
DOCUMENTS = st.deferred(
    lambda: LEAVES | st.lists(DOCUMENTS, max_size=3) | st.dictionaries(st.text(), DOCUMENTS, max_size=3)
)


@given(DOCUMENTS)
def test_whatever_json_is_sent_is_answered_and_never_by_a_defect(steady_things, document):
    answer = steady_things.post("/api/v1/things", data=json.dumps(document), content_type="application/json")

    assert answer.status_code in {201, 400, 422}


def test_too_large_a_body_is_a_problem(things):
    answer = things.post("/api/v1/things", json={"name": "x" * 1_100_000})

    assert answer.status_code == 413
    assert code_of(answer) == "too-large"


def test_parameters_are_read_as_strictly_as_bodies(things):
    for query in ["limit=0", "limit=201", "limit=5.0", "limit=+5", "limit=5&limit=5", "colour=red", "after=%00"]:
        answer = things.get(f"/api/v1/things?{query}")
        assert answer.status_code == 422, query
        assert answer.get_json()["errors"][0]["parameter"] == query.partition("=")[0]
    assert things.get("/api/v1/me?limit=5").status_code == 422


def note(database, count):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for number in range(count):
            record(session, action="thing.noted", actor="test", at=clock.now(), name=f"{number}")


@pytest.mark.parametrize("limit", [1, 3, 7, 8])
def test_pages_together_hold_everything_once(things, database, limit):
    note(database, 7)
    seen, query = [], f"limit={limit}"
    while query:
        page = things.get(f"/api/v1/things?{query}").get_json()
        assert 1 <= len(page["items"]) <= limit
        seen += [each["id"] for each in page["items"]]
        query = f"limit={limit}&after={page['next']}" if page["next"] else ""

    assert len(seen) == len(set(seen)) == 7


def test_a_cursor_that_this_list_did_not_hand_out_is_refused(things, database):
    note(database, 3)
    cursor = things.get("/api/v1/things?limit=1").get_json()["next"]

    for broken in ["x", cursor[:-1], cursor + "x", "." + cursor]:
        assert code_of(things.get(f"/api/v1/things?after={broken}")) == "broken-cursor"
    assert code_of(things.get(f"/api/v1/tests?after={cursor}")) == "broken-cursor"


def test_an_answer_that_is_there_already_is_not_sent_again(things, database):
    note(database, 1)
    first = things.get("/api/v1/things")
    again = things.get("/api/v1/things", headers={"If-None-Match": first.headers["ETag"]})
    note(database, 1)
    changed = things.get("/api/v1/things", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.data == b""
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_a_compressed_answer_has_an_etag_that_works_as_well(things, database):
    note(database, 60)
    first = things.get("/api/v1/things", headers={"Accept-Encoding": "gzip"})
    headers = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}

    assert first.headers["Content-Encoding"] == "gzip"
    assert things.get("/api/v1/things", headers=headers).status_code == 304


def test_head_answers_like_get_without_a_body(things):
    answer = things.head("/api/v1/me")

    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.headers["ETag"]


def test_options_tells_the_methods_of_an_address_to_anybody(process_settings, app):
    answer = make_things_app(process_settings).test_client().options("/api/v1/things")

    assert answer.status_code == 200
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_cookie_is_no_key_and_a_token_against_forgery_is_not_asked_for(process_settings, database, session):
    app = make_things_app(process_settings)
    app.config["WTF_CSRF_ENABLED"] = False
    person = make_person(session)
    session.commit()
    browser = app.test_client()
    sign_in(browser, person)
    app.config["WTF_CSRF_ENABLED"] = True
    secret = make_api_key(database).secret

    assert code_of(browser.get("/api/v1/me")) == "missing-key"
    assert code_of(browser.post("/api/v1/things", json={"name": "x"})) == "missing-key"
    assert browser.post("/api/v1/things", json={"name": "x"}, headers=bearer(secret)).status_code == 201


def test_a_key_calls_as_often_as_its_rate_allows(process_settings, database):
    app = make_things_app(replace(process_settings, is_throttled=True))
    caller = caller_with(app, make_api_key(database, rate_per_minute=3).secret)
    other = caller_with(app, make_api_key(database, rate_per_minute=3).secret)
    try:
        answers = [caller.get("/api/v1/me") for _ in range(4)]
        elsewhere = other.get("/api/v1/me")
    finally:
        limiter.reset()
        limiter.enabled = False

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"key";q=3;w=60'
    assert answers[0].headers["RateLimit"].startswith('"key";r=2;t=')
    assert code_of(answers[3]) == "rate-exceeded"
    assert int(answers[3].headers["Retry-After"]) >= 1
    assert elsewhere.status_code == 200
