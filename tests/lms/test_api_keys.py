"""API keys: who may call and for how long, and what a key that does not hold is told."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from lms import clock
from lms.api.keys import list_keys, make_key, revoke_key, rotate_key
from lms.api.models import ApiKey
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from tests.api_keys import bearer, caller_with, make_api_key
from tests.people import make_person
from tests.statements import counted

ME = "/api/v1/me"


def code_of(answer):
    assert answer.mimetype == "application/problem+json"
    return answer.get_json()["type"].partition("#")[2]


@pytest.fixture
def elsewhere(database):
    """The id of another organisation."""
    organisation = Organisation(id=uuid4(), slug=f"o-{uuid4().hex[:8]}", name="Another", created_at=clock.now())
    with database.transaction() as session:
        session.add(organisation)
    return organisation.id


def test_a_key_says_what_it_is(app, database):
    key = make_api_key(database, scopes=("tests:read",))

    answer = caller_with(app, key.secret).get(ME)

    assert answer.status_code == 200
    assert answer.get_json()["scopes"] == ["tests:read"]
    assert answer.get_json()["organisation"]["slug"] == "public"
    assert key.secret not in answer.text


def test_a_key_has_at_least_128_random_bits_and_only_its_hash_is_kept(app, database):
    key = make_api_key(database)
    kind, prefix, secret = key.secret.split("_", 2)

    assert kind == "assay"
    assert len(secret) * 6 >= 128
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        row = session.scalars(select(ApiKey)).one()
    assert row.prefix == prefix
    assert secret not in repr(vars(row))
    assert make_api_key(database).secret != key.secret


def test_without_a_key_the_answer_is_a_problem_that_says_how(app):
    for headers in [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer  "}]:
        answer = app.test_client().get(ME, headers=headers)
        assert answer.status_code == 401
        assert code_of(answer) == "missing-key"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Assay"'


def test_a_key_that_is_none_is_refused(app, database):
    secret = make_api_key(database).secret
    for wrong in [secret[:-1], secret + "x", secret.replace("assay_", "assay-"), "x" * 5000, "é"]:
        answer = app.test_client().get(ME, headers=bearer(wrong))
        assert answer.status_code == 401
        assert code_of(answer) == "unknown-key"
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_an_expired_key_is_told_so(app, database):
    key = make_api_key(database)
    now = clock.now()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(ApiKey).values(made_at=now - timedelta(days=2), expires_at=now))

    answer = caller_with(app, key.secret).get(ME)

    assert answer.status_code == 401
    assert code_of(answer) == "expired-key"


def test_a_revoked_key_is_refused_from_that_moment_on(app, database, session):
    key = make_api_key(database)
    person = make_person(session)
    session.commit()
    caller = caller_with(app, key.secret)
    assert caller.get(ME).status_code == 200

    with database.transaction(PUBLIC_ORGANISATION_ID) as write:
        revoke_key(write, key_id=key.id, by=person.id, at=clock.now())

    answer = caller.get(ME)
    assert answer.status_code == 401
    assert code_of(answer) == "revoked-key"


def test_a_key_without_the_scope_is_told_which(app, database):
    answer = caller_with(app, make_api_key(database, scopes=("persons:read",)).secret).get("/api/v1/tests")

    assert answer.status_code == 403
    assert code_of(answer) == "missing-scope"
    assert answer.get_json()["scope"] == "tests:read"


def test_the_look_up_of_a_key_is_one_statement_and_its_use_is_noted_once_a_minute(app, database):
    key = make_api_key(database)
    caller = caller_with(app, key.secret)
    with counted(database) as first:
        caller.get(ME)
        sent = [statement for statement in first if "set_config" not in statement]
    with counted(database) as second:
        caller.get(ME)
        again = [statement for statement in second if "set_config" not in statement]

    assert [statement.split()[0] for statement in sent] == ["SELECT", "UPDATE"]
    assert [statement.split()[0] for statement in again] == ["SELECT"]
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(ApiKey.last_used_at)).one() is not None


def test_a_replaced_key_lives_on_for_its_overlap_and_has_one_successor(app, database, session):
    old = make_api_key(database, scopes=("tests:read",), days=10)
    person = make_person(session)
    session.commit()
    now = clock.now()

    with database.transaction(PUBLIC_ORGANISATION_ID) as write:
        new = rotate_key(write, key_id=old.id, overlap=timedelta(hours=1), by=person.id, at=now)
    shown = caller_with(app, new.secret).get(ME).get_json()

    assert shown["scopes"] == ["tests:read"]
    assert caller_with(app, old.secret).get(ME).status_code == 200
    with database.reading(PUBLIC_ORGANISATION_ID) as read:
        lines = {line.id: line for line in list_keys(read)}
    assert lines[old.id].expires_at == now + timedelta(hours=1)
    assert lines[old.id].state(now) == "replaced"
    assert lines[new.id].expires_at - now == timedelta(days=10)
    with database.transaction(PUBLIC_ORGANISATION_ID) as write, pytest.raises(Conflict):
        rotate_key(write, key_id=old.id, overlap=timedelta(hours=1), by=person.id, at=now)


def test_a_key_replaced_without_overlap_ends_at_once(app, database, session):
    old = make_api_key(database)
    person = make_person(session)
    session.commit()
    now = clock.now()
    with database.transaction(PUBLIC_ORGANISATION_ID) as write:
        rotate_key(write, key_id=old.id, overlap=timedelta(0), by=person.id, at=now)
        line = next(line for line in list_keys(write) if line.id == old.id)

    assert line.state(now + timedelta(seconds=1)) == "expired"


def test_a_key_that_six_replace_at_once_gets_one_successor(app, database, session):
    old = make_api_key(database)
    person = make_person(session)
    session.commit()
    barrier, made = Barrier(6), []

    def replace():
        barrier.wait()
        with suppress(Conflict), database.transaction(PUBLIC_ORGANISATION_ID) as write:
            rotate_key(write, key_id=old.id, overlap=timedelta(hours=1), by=person.id, at=clock.now())
            made.append(1)

    threads = [Thread(target=replace) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    with database.reading(PUBLIC_ORGANISATION_ID) as read:
        assert len(list_keys(read)) == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"rate_per_minute": 0},
        {"expires_at": clock.now() - timedelta(days=1)},
        {"expires_at": clock.now() + timedelta(days=900)},
    ],
)
def test_a_key_without_name_scope_or_end_is_not_made(session, bad):
    now = clock.now()
    good = {"name": "A platform", "scopes": ["tests:read"], "expires_at": now + timedelta(days=30)}

    with pytest.raises(Invalid):
        make_key(session, **{**good, **bad}, by=None, at=now)


def test_keys_of_another_organisation_are_not_there(database, elsewhere):
    key = make_api_key(database, organisation_id=elsewhere)

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert list_keys(session) == []
        with pytest.raises(NotFound):
            revoke_key(session, key_id=key.id, by=uuid4(), at=clock.now())


def test_a_key_calls_for_its_own_organisation(app, database, elsewhere):
    key = make_api_key(database, organisation_id=elsewhere)

    assert caller_with(app, key.secret).get(ME).get_json()["organisation"]["id"] == str(elsewhere)
