"""Idempotency keys: what is sent twice is done once and answered alike, whatever happens in between."""

from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from lms import clock, faults
from lms.api import idempotency
from lms.api.models import ApiKey, IdempotencyRecord
from lms.audit.models import AuditEvent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.api_keys import caller_with, make_api_key
from tests.lms.things_api import make_things_app


@pytest.fixture
def things_app(process_settings, app):
    return make_things_app(process_settings)


@pytest.fixture
def things(things_app, database):
    """A client whose key was used a moment ago, so that no use of it is to be noted."""
    caller = caller_with(things_app, make_api_key(database).secret)
    assert caller.get("/api/v1/me").status_code == 200
    return caller


def noted(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).where(AuditEvent.action == "thing.noted").select_from(AuditEvent))


def recorded(database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return session.scalar(select(func.count()).select_from(IdempotencyRecord))


def note(caller, name="x", key="one", path="/api/v1/things", **body):
    return caller.post(path, json={"name": name, **body}, headers={"Idempotency-Key": key})


def code_of(answer):
    return answer.get_json()["type"].partition("#")[2]


def test_the_same_again_is_answered_alike_and_done_once(things, database):
    first, again = note(things), note(things)

    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert noted(database) == 1


def test_the_order_of_members_and_spaces_make_no_other_body(things, database):
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    things.post("/api/v1/things", data='{"name":"x","count":2}', headers=headers)
    again = things.post("/api/v1/things", data='{ "count": 2, "name": "x" }', headers=headers)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert noted(database) == 1


def test_another_body_under_the_same_key_is_refused(things, database):
    note(things)
    answer = note(things, name="y")

    assert answer.status_code == 422
    assert code_of(answer) == "idempotency-key-reused"
    assert noted(database) == 1


def test_the_same_key_of_another_caller_is_another_key(things, things_app, database):
    other = caller_with(things_app, make_api_key(database).secret)
    note(things)
    answer = note(other)

    assert "Idempotent-Replayed" not in answer.headers
    assert noted(database) == 2


def test_a_key_that_is_none_is_refused(things, database):
    for key in ["", " ", "a b", "é", "x" * 201]:
        answer = note(things, key=key)
        assert answer.status_code == 422
        assert code_of(answer) == "idempotency-key-invalid"
    assert noted(database) == 0


def test_what_was_refused_was_not_done_and_may_be_sent_again(things, database):
    assert note(things, name="spoiled").status_code == 409
    assert noted(database) == recorded(database) == 0

    assert note(things, name="x").status_code == 201


def test_after_a_crash_before_the_commit_nothing_is_left_and_the_next_try_does_it(things, database, monkeypatch):
    def crash(name):
        if name == "commit.before":
            raise faults.InjectedFault(name)

    monkeypatch.setattr(faults, "point", crash)
    assert note(things).status_code == 500
    monkeypatch.undo()
    assert noted(database) == recorded(database) == 0

    assert note(things).status_code == 201
    assert noted(database) == recorded(database) == 1


def test_after_a_crash_behind_the_commit_the_next_try_gets_the_answer(things, database, monkeypatch):
    def crash(name):
        if name == "commit.after":
            raise faults.InjectedFault(name)

    monkeypatch.setattr(faults, "point", crash)
    assert note(things).status_code == 500
    monkeypatch.undo()

    again = note(things)
    assert again.status_code == 201
    assert again.headers["Idempotent-Replayed"] == "true"
    assert noted(database) == 1


@pytest.mark.parametrize("processes", ["one process", "several processes"])
def test_eight_at_once_do_it_once(things_app, database, monkeypatch, processes):
    if processes == "several processes":  # what one of them remembers is nothing to the others
        monkeypatch.setattr(idempotency, "_alone", lambda _key_id, _key: nullcontext())
    secret = make_api_key(database).secret
    barrier, answers = Barrier(8), []

    def send():
        caller = caller_with(things_app, secret)
        barrier.wait()
        answers.append(note(caller))

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {201, 409}
    assert all(code_of(answer) == "idempotency-key-in-flight" for answer in answers if answer.status_code == 409)
    assert len({answer.data for answer in answers if answer.status_code == 201}) == 1
    assert noted(database) == recorded(database) == 1
    assert note(caller_with(things_app, secret)).headers["Idempotent-Replayed"] == "true"


def test_while_a_request_is_answered_the_same_key_is_told_so(things, database):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        key_id = session.scalars(select(ApiKey.id)).one()
    with idempotency._alone(key_id, "one"):
        answer = note(things)

    assert answer.status_code == 409
    assert code_of(answer) == "idempotency-key-in-flight"
    assert answer.headers["Retry-After"] == "1"
    assert note(things).status_code == 201


def test_an_answer_is_kept_for_a_day(things, database):
    note(things)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(IdempotencyRecord).values(made_at=clock.now() - timedelta(hours=25)))

    assert "Idempotent-Replayed" not in note(things, name="y").headers
    assert noted(database) == 2

    idempotency.sweep(database)
    assert recorded(database) == 1
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(IdempotencyRecord).values(made_at=clock.now() - timedelta(hours=25)))
    idempotency.sweep(database)
    assert recorded(database) == 0
