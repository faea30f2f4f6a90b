"""The pages on which managers make, replace and revoke API keys."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.api.keys import list_keys
from lms.audit.models import AuditEvent
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.api_keys import caller_with
from tests.people import make_person, sign_in

ME = "/api/v1/me"


@pytest.fixture
def manager(client, session):
    person = make_person(session, name="Mana Ger", roles=(Role.MANAGER,))
    session.commit()
    sign_in(client, person)
    return client


def made_on_page(client, **changes):
    form = {"name": "Our platform", "scopes": ["tests:read", "results:read"], "days": "90", "rate": "600", **changes}
    return client.post("/manage/api-keys/new", data=form)


def test_a_manager_makes_a_key_sees_it_once_and_it_works(app, manager, database):
    answer = made_on_page(manager)
    secret = re.search(r"assay_[a-z0-9]+_[\w-]+", answer.text)[0]

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert caller_with(app, secret).get(ME).get_json()["rate_per_minute"] == 600
    page = manager.get("/manage/api-keys/").text
    assert "Our platform" in page
    assert secret not in page
    assert secret not in manager.get(re.search(r"/manage/api-keys/[0-9a-f-]{36}", page)[0]).text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "api-key.made")).all()
    assert len(acts) == 1
    assert secret.split("_")[2] not in repr(acts[0].details)


def test_what_was_typed_is_kept_when_something_does_not_fit(manager):
    answer = made_on_page(manager, scopes=[], name="Our platform")

    assert answer.status_code == 422
    assert 'value="Our platform"' in answer.text
    assert "Tick at least one thing" in answer.text
    assert made_on_page(manager, name="").status_code == 422
    assert made_on_page(manager, days="9000").status_code == 422
    assert "checked" in made_on_page(manager, name="").text


def test_a_manager_replaces_and_revokes_a_key(app, manager, database):
    made_on_page(manager)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        (old,) = list_keys(session)

    replaced = manager.post(f"/manage/api-keys/{old.id}/rotate", data={"hours": "24"})
    secret = re.search(r"assay_[a-z0-9]+_[\w-]+", replaced.text)[0]
    revoked = manager.post(f"/manage/api-keys/{old.id}/revoke", follow_redirects=True)
    again = manager.post(f"/manage/api-keys/{old.id}/revoke", follow_redirects=True)

    assert replaced.status_code == 201
    assert caller_with(app, secret).get(ME).status_code == 200
    assert "The key is revoked" in revoked.text
    assert "revoked already" in again.text
    assert manager.post(f"/manage/api-keys/{old.id}/rotate", data={"hours": "24"}).status_code == 409
    assert manager.post(f"/manage/api-keys/{uuid4()}/rotate", data={"hours": "24"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "makes"), [(Role.AUDITOR, 200, 403), (Role.AUTHOR, 403, 403), (Role.CANDIDATE, 403, 403)]
)
def test_auditors_see_keys_and_only_managers_make_them(client, session, role, reads, makes):
    person = make_person(session, roles=(role,))
    session.commit()
    sign_in(client, person)

    assert client.get("/manage/api-keys/").status_code == reads
    assert made_on_page(client).status_code == makes
