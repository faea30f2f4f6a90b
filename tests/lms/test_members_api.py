"""Members and invitations in the API: only who agreed is read, and nobody learns who has an account."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from lms import clock
from lms.accounts.models import Membership
from lms.api.scopes import Scope
from lms.audit.models import AuditEvent
from lms.members import consents
from lms.members.consents import ConsentScope
from lms.members.memberships import remove_member
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.api_keys import caller_with, make_api_key
from tests.mails import path_in, waiting_mails
from tests.organisations import make_member, make_organisation
from tests.people import make_person


@pytest.fixture
def north(database):
    return make_organisation(database, name="North Star")


@pytest.fixture
def api(app, database, north):
    return caller_with(app, make_api_key(database, organisation_id=north.id).secret)


def test_persons_are_read_page_by_page_by_consent(database, api, north):
    with database.transaction(north.id) as session:
        seen = {str(make_member(session, name=f"P{number}").id) for number in range(4)} | {str(north.manager_id)}
        make_member(session, sees=())
    found, path = [], "/api/v1/persons?limit=2"
    while path:
        answer = api.get(path).get_json()
        found += answer["items"]
        path = answer["next"] and f"/api/v1/persons?limit=2&after={answer['next']}"
    assert {person["subject"] for person in found} == seen
    assert all(person["sees"] == ["profile"] for person in found)
    managers = api.get("/api/v1/persons?role=manager").get_json()["items"]
    assert [person["email"] for person in managers] == [north.manager.email]


def test_who_is_not_to_be_read_does_not_exist(database, api, north):
    with database.transaction(north.id) as session:
        silent = make_member(session, sees=())
        gone = make_member(session)
        remove_member(session, person_id=gone.id, by=north.manager_id, reason="Done.", at=clock.now())
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        stranger = make_person(session)
    answers = [api.get(f"/api/v1/persons/{each}") for each in (silent.id, gone.id, stranger.id, uuid4())]
    assert {answer.status_code for answer in answers} == {404}
    told = [{**answer.get_json(), "instance": ""} for answer in answers]
    assert all(each == told[0] for each in told)
    assert told[0]["type"].endswith("#unknown-subject")


def test_a_person_is_read_with_what_they_let_be_seen(database, api, north):
    with database.transaction(north.id) as session:
        person = make_member(session, sees=(ConsentScope.PROFILE, ConsentScope.RESULTS))
    told = api.get(f"/api/v1/persons/{person.id}").get_json()
    assert told["name"] == "Ada Lovelace"
    assert told["sees"] == ["profile", "results"]
    with database.transaction(north.id) as session:
        consents.withdraw_all(session, person_id=person.id, at=clock.now())
    assert api.get(f"/api/v1/persons/{person.id}").status_code == 404


def test_a_program_invites_by_mail_once(database, api, north):
    body = {"email": "New@example.org", "name": "New", "labels": {"cohort": "spring"}}
    answer = api.post("/api/v1/invitations", json=body, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201, answer.text
    told = answer.get_json()
    assert (told["email"], told["role"], told["state"]) == ("new@example.org", "candidate", "waiting")
    token = path_in(waiting_mails(database)["new@example.org"]).rpartition("/")[2]
    assert token not in answer.text

    again = api.post("/api/v1/invitations", json=body, headers={"Idempotency-Key": "one"})
    assert again.get_json() == told
    refused = api.post("/api/v1/invitations", json=body)
    assert refused.status_code == 409
    assert refused.get_json()["type"].endswith("#already-invited")
    assert api.get(f"/api/v1/invitations/{told['id']}").get_json() == told
    with database.reading(north.id) as session:
        (actor,) = session.scalars(select(AuditEvent.actor).where(AuditEvent.action == "member.invited"))
    assert actor.startswith("api key ")


def test_the_answer_says_nothing_of_who_has_an_account(database, api):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_person(session, email="known@example.org")
    told = [
        api.post("/api/v1/invitations", json={"email": email}).get_json()
        for email in ("known@example.org", "unknown@example.org")
    ]
    assert [each["state"] for each in told] == ["waiting", "waiting"]
    assert told[0].keys() == told[1].keys()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "nowhere"}, "#/email"),
        ({"email": "a@example.org", "name": "=1+1"}, "#/name"),
        ({"email": "a@example.org", "role": "manager"}, "#/role"),
        ({"email": "a@example.org", "role": "operator"}, "#/role"),
        ({"email": "a@example.org", "labels": {"x" * 41: "y"}}, "#/labels"),
        ({"email": "a@example.org", "more": 1}, "#/more"),
        ({}, "#/email"),
    ],
)
def test_what_does_not_fit_is_named_by_its_pointer(api, body, pointer):
    answer = api.post("/api/v1/invitations", json=body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == [pointer]


def test_invitations_of_others_do_not_exist(app, database, api):
    south = make_organisation(database, name="South")
    other = caller_with(app, make_api_key(database, organisation_id=south.id).secret)
    made = api.post("/api/v1/invitations", json={"email": "a@example.org"}).get_json()
    assert other.get(f"/api/v1/invitations/{made['id']}").status_code == 404


def test_keys_need_the_scope(app, database, north):
    key = make_api_key(database, organisation_id=north.id, scopes=(Scope.TESTS_READ,))
    api = caller_with(app, key.secret)
    assert api.get("/api/v1/persons").status_code == 403
    assert api.post("/api/v1/invitations", json={"email": "a@example.org"}).status_code == 403


def test_a_role_given_elsewhere_makes_nobody_a_person_here(database, api, north):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(Role.CANDIDATE, Role.AUTHOR))
        consents.give(session, person_id=person.id, scopes=[ConsentScope.PROFILE], at=clock.now())
        assert session.scalars(select(Membership).where(Membership.person_id == person.id)).first()
    assert api.get(f"/api/v1/persons/{person.id}").status_code == 404
