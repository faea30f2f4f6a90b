"""Services that sign people in: managers add, change and revoke them; nothing of other organisations is seen."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms import clock
from lms.accounts import personal_data
from lms.audit.models import AuditEvent
from lms.events import announce
from lms.members.events import MembershipEnded
from lms.oidc.codes import forget_expired
from lms.oidc.models import AccessToken, Admission, AuthorizationCode, SignInClient
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.certificates.held import make_signing
from tests.lms.signing_in_elsewhere import BACK, address_of, agree, exchange, make_organisation, make_service
from tests.people import make_person, sign_in

HERE = "/manage/sign-in-clients/"
NEW = {"name": "  Task   platform ", "redirect_uris": f"{BACK}\nhttp://127.0.0.1:5000/back", "kind": "server"}


@pytest.fixture
def manager(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        boss = make_person(session, roles=(Role.MANAGER,))
    sign_in(client, boss)
    return client


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_manager_adds_a_service_and_sees_its_secret_once(manager, database):
    assert "There is no service yet." in manager.get(HERE).text

    made = manager.post(HERE, data=NEW)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    secret = re.search(r'id="client-secret">([^<]+)<', made.text)[1]
    with database.reading() as session:
        kept = session.scalars(select(SignInClient)).one()
        assert kept.name == "Task platform"
        assert kept.redirect_uris == [BACK, "http://127.0.0.1:5000/back"]
        assert kept.secret_hash not in (None, secret)
        acts = session.scalars(select(AuditEvent.action)).all()
    assert "sign-in-client.made" in acts
    for path in (HERE, f"{HERE}{kept.id}"):
        assert secret not in manager.get(path).text
    assert HERE in manager.get("/manage/").text


def test_an_app_gets_no_secret(manager, database):
    made = manager.post(HERE, data=NEW | {"kind": "app"})

    assert "client-secret" not in made.text
    with database.reading() as session:
        assert session.scalars(select(SignInClient.secret_hash)).one() is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": " "}, "Give the name"),
        ({"name": "x" * 101}, "100"),
        ({"redirect_uris": ""}, "at least one"),
        ({"redirect_uris": f"{BACK}\nhttp://tasks.example/"}, "Line 2: An address begins with https://"),
        ({"kind": "spaceship"}, "Not a valid choice"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_typed_is_lost(manager, database, changes, fault):
    sent = NEW | changes
    answer = manager.post(HERE, data=sent)

    assert answer.status_code == 422
    assert fault in html.unescape(answer.text)
    assert html.escape(sent["redirect_uris"].split("\n")[0]) in answer.text
    assert count(database, SignInClient) == 0


def test_addresses_are_changed_and_hold_from_then_on(manager, database):
    service = make_service(database)
    there = f"{HERE}{service.id}"

    assert manager.post(there, data={"name": "Tasks", "redirect_uris": "nonsense"}).status_code == 422
    assert manager.post(there, data={"name": "New", "redirect_uris": "https://b.example/"}).status_code == 303
    assert "https://b.example/" in manager.get(there).text
    assert manager.get(address_of(service)).status_code == 422
    assert manager.get(address_of(service, redirect_uri="https://b.example/")).status_code == 200


def test_a_revoked_service_stays_in_the_list_and_is_not_changed_any_more(manager, database):
    service = make_service(database)
    there = f"{HERE}{service.id}"

    assert manager.post(f"{there}/revoke").status_code == 303
    assert manager.post(f"{there}/revoke").status_code == 303
    assert "revoked" in manager.get(HERE).text
    assert manager.get(there).status_code == 200
    assert manager.post(there, data={"name": "x", "redirect_uris": BACK}).status_code == 409


def test_services_of_another_organisation_are_not_there(manager, database):
    with database.transaction() as session:
        vendor = make_organisation(session)
    other = make_service(database, organisation_id=vendor.id, name="Elsewhere")

    assert "Elsewhere" not in manager.get(HERE).text
    for path in (f"{HERE}{other.id}", f"{HERE}{other.id}/revoke"):
        assert manager.post(path, data={"name": "Mine", "redirect_uris": BACK}).status_code == 404


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.MARKER])
def test_services_are_for_managers(client, database, role):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(role,))
    sign_in(client, person)

    assert client.get(HERE).status_code == 403
    assert client.post(HERE, data=NEW).status_code == 403


def test_who_leaves_and_who_is_erased_is_known_to_no_service(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        ada = make_person(session)
    sign_in(client, ada)
    service = make_service(database)
    token = exchange(app.test_client(), service, agree(client, service)["code"]).json["access_token"]

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        announce(session, MembershipEnded(ada.id, clock.now()))
    told = app.test_client().get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert told.status_code == 401
    assert client.get(address_of(service)).status_code == 200  # asked anew

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        exported = personal_data.export_person(app, session, person_id=ada.id)
        assert exported["sign_in_to_services"][0]["service"] == "Tasks"
        personal_data.erase_person(app, session, person_id=ada.id, at=clock.now())
    for table in (Admission, AuthorizationCode, AccessToken):
        assert count(database, table) == 0


def test_what_ended_long_ago_is_forgotten(app, client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        ada = make_person(session)
    sign_in(client, ada)
    service = make_service(database)
    exchange(app.test_client(), service, agree(client, service)["code"])
    client.get(address_of(service))

    with database.transaction() as session:
        forget_expired(session, at=clock.now() + timedelta(hours=23))
    assert (count(database, AuthorizationCode), count(database, AccessToken)) == (2, 1)
    with database.transaction() as session:
        forget_expired(session, at=clock.now() + timedelta(hours=25))
    assert (count(database, AuthorizationCode), count(database, AccessToken)) == (0, 0)
