"""Webhooks in the API: which there are, what became of deliveries, and no secret."""

from uuid import uuid4

import pytest

from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.api_keys import caller_with, make_api_key
from tests.lms.webhook_factories import make_handlers, make_listener, make_organisation, tell_each, work_off
from tests.lms.webhook_receiver import listening
from tests.people import make_person


@pytest.fixture
def receiver():
    with listening() as receiver:
        yield receiver


@pytest.fixture
def endpoint(database, receiver):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_listener(session, receiver.url)


@pytest.fixture
def platform(app, database):
    return caller_with(app, make_api_key(database).secret)


def test_the_webhooks_of_the_keys_organisation_are_listed_without_secrets(platform, database, receiver, endpoint):
    with database.transaction() as session:
        vendor = make_organisation(session)
    with database.transaction(vendor) as session:
        make_listener(session, "http://127.0.0.1:1/CANARY")

    answer = platform.get("/api/v1/webhooks")

    [shown] = answer.get_json()["items"]
    assert (shown["id"], shown["url"], shown["state"]) == (str(endpoint.id), receiver.url, "active")
    assert "whsec" not in answer.text
    assert "CANARY" not in answer.text


def test_deliveries_are_read_page_by_page_with_their_newest_try(app, platform, database, receiver, endpoint):
    receiver.decide = lambda body: 500 if '"word":"4"' in body else 200
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = make_person(session).id
    tell_each(database, person_id, [str(number) for number in range(5)])
    work_off(app, make_handlers(app))

    seen, after = [], None
    while True:
        asked = {"webhook": endpoint.id, "limit": 2} | ({"after": after} if after else {})
        page = platform.get("/api/v1/webhooks/deliveries", query_string=asked).get_json()
        seen.extend(page["items"])
        after = page["next"]
        if after is None:
            break

    assert len({each["id"] for each in seen}) == 5
    assert {each["event_id"] for each in seen} == {each.id for each in receiver.requests}
    failed = platform.get(
        "/api/v1/webhooks/deliveries", query_string={"webhook": endpoint.id, "state": "waiting"}
    ).get_json()["items"]
    assert [each["last_try"]["status"] for each in failed] == [500]
    assert failed[0]["due_at"] is not None


def test_an_unknown_webhook_is_a_problem_like_one_of_another_organisation(platform, database):
    with database.transaction() as session:
        vendor = make_organisation(session)
    with database.transaction(vendor) as session:
        foreign = make_listener(session, "http://127.0.0.1:1/hooks")

    for given in (foreign.id, uuid4()):
        answer = platform.get("/api/v1/webhooks/deliveries", query_string={"webhook": given})
        assert answer.status_code == 404
        assert answer.get_json()["type"].endswith("#unknown-webhook")


def test_a_key_without_the_scope_reads_nothing(app, database, endpoint):
    client = caller_with(app, make_api_key(database, scopes=("tiers:read",)).secret)

    for path in ("/api/v1/webhooks", f"/api/v1/webhooks/deliveries?webhook={endpoint.id}"):
        assert client.get(path).status_code == 403
