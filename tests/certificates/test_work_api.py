"""Work quality and suspensions in the API: contract, bad input, and that nothing is told to who may not know."""

from datetime import timedelta
from uuid import uuid4

import pytest

from certificates.queries.sanctions import active_sanctions, list_sanctions
from lms import clock
from lms.accounts.models import Membership
from lms.members.consents import ConsentScope, give, withdraw
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.api_keys import caller_with, make_api_key
from tests.certificates.workers import AT, make_worker, make_workplace
from tests.people import make_person
from tests.statements import without_repetition

OUTCOMES = "/api/v1/work/outcomes"
QUALITY = "/api/v1/work/quality/"
TYPE = "http://127.0.0.1:8000/api/v1/problems#"


@pytest.fixture
def worker(session):
    make_workplace(session)
    person_id = make_worker(session)
    session.commit()
    return person_id


@pytest.fixture
def caller(app, database, worker):
    with without_repetition(app):
        yield caller_with(app, make_api_key(database).secret)


def outcome(person_id, number=1, **given):
    facts = {
        "external_id": f"o-{number}",
        "subject": str(person_id),
        "task_id": f"t-{number}",
        "skill": "splitting",
        "tier": "generalist",
        "kind": "gold",
        "score": 1,
        "occurred_at": (clock.now() - timedelta(minutes=5)).isoformat(),
    }
    return facts | given


def post(caller, *outcomes, **options):
    return caller.post(OUTCOMES, json={"outcomes": list(outcomes)}, **options)


def test_each_outcome_has_its_own_receipt(caller, worker):
    first, second = outcome(worker, 1), outcome(worker, 2)
    post(caller, first)
    answer = post(caller, first, second, outcome(worker, 3, tier="unheard-of"), outcome(uuid4(), 4))

    assert answer.status_code == 200, answer.text
    told = [(each["external_id"], each["state"], each["reason"]) for each in answer.json["outcomes"]]
    assert told == [
        ("o-1", "duplicate", None),
        ("o-2", "accepted", None),
        ("o-3", "refused", "unknown-tier"),
        ("o-4", "refused", "unknown-subject"),
    ]
    assert (answer.json["accepted"], answer.json["duplicate"], answer.json["refused"]) == (1, 1, 2)


def test_a_score_in_parts_is_kept_to_eight_places(caller, worker):
    one = outcome(worker, score=0.1234567891)
    assert post(caller, one).json["accepted"] == 1
    assert post(caller, one).json["duplicate"] == 1

    assert caller.get(f"{QUALITY}{worker}").json["overall"]["estimate"] == 0.12345678


def test_the_estimates_can_be_read(caller, worker):
    post(caller, *[outcome(worker, number, score=number % 2) for number in range(1, 11)])
    answer = caller.get(f"{QUALITY}{worker}").json

    [skill] = answer["skills"]
    assert skill["skill"] == "splitting"
    assert (skill["tasks"], skill["estimate"]) == (10, 0.5)
    assert skill["low"] < 0.5 < skill["high"]
    assert answer["overall"]["tasks"] == 10


def test_the_same_key_gets_the_same_answer(caller, worker):
    headers = {"Idempotency-Key": "once"}
    one = outcome(worker)
    first = post(caller, one, headers=headers)
    again = post(caller, one, headers=headers)

    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert post(caller, outcome(worker, 2), headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"score": 1.5}, "#/outcomes/0/score"),
        ({"score": "1"}, "#/outcomes/0/score"),
        ({"kind": "guess"}, "#/outcomes/0/kind"),
        ({"subject": "nobody"}, "#/outcomes/0/subject"),
        ({"occurred_at": "2026-11-21T09:00:00"}, "#/outcomes/0/occurred_at"),
        ({"external_id": ""}, "#/outcomes/0/external_id"),
        ({"skill": "No Skill!"}, "#/outcomes/0/skill"),
        ({"colour": "red"}, "#/outcomes/0/colour"),
    ],
)
def test_a_fault_is_told_at_its_place(caller, worker, given, pointer):
    answer = post(caller, outcome(worker, **given))

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("count", [0, 1001])
def test_a_call_takes_one_to_a_thousand_outcomes(caller, worker, count):
    answer = post(caller, *[outcome(worker, number) for number in range(count)])

    assert answer.status_code == 422
    assert answer.json["type"] == TYPE + "invalid-request"


def test_a_thousand_outcomes_are_taken_at_once(caller, worker):
    sent = [outcome(worker, number, tier=None) for number in range(1000)]
    answer = post(caller, *sent)

    assert answer.json["accepted"] == 500  # the bound of a day
    assert {each["reason"] for each in answer.json["outcomes"][500:]} == {"too-many"}


def test_without_consent_a_person_is_unknown(caller, database, worker):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        withdraw(session, person_id=worker, scope=ConsentScope.QUALITY, at=AT)
    hidden, missing = caller.get(f"{QUALITY}{worker}"), caller.get(f"{QUALITY}{uuid4()}")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.json["type"] == missing.json["type"] == TYPE + "unknown-subject"
    assert hidden.json["detail"] == missing.json["detail"]


def test_another_organisation_knows_nothing_of_a_worker(app, database, worker):
    vendor = Organisation(id=uuid4(), slug=f"v-{uuid4().hex[:8]}", name="A vendor", created_at=AT)
    with database.transaction() as session:
        session.add(vendor)
    stranger = caller_with(app, make_api_key(database, organisation_id=vendor.id).secret)

    assert stranger.get(f"{QUALITY}{worker}").status_code == 404
    assert post(stranger, outcome(worker)).json["outcomes"][0]["reason"] == "unknown-subject"
    answer = stranger.post(f"/api/v1/persons/{worker}/suspend", json={"tier": None, "reason": "Because."})
    assert answer.json["type"] == TYPE + "unknown-subject"


def test_an_organisation_suspends_from_a_public_tier_in_its_own_eyes_alone(app, database, worker):
    vendor = Organisation(id=uuid4(), slug=f"v-{uuid4().hex[:8]}", name="A vendor", created_at=AT)
    with database.transaction() as session:
        session.add(vendor)
    with database.transaction(vendor.id) as session:
        session.add(
            Membership(person_id=worker, organisation_id=vendor.id, role=Role.CANDIDATE, granted_at=clock.now())
        )
        session.flush()
        give(session, person_id=worker, scopes=[ConsentScope.QUALITY], at=AT)
    caller = caller_with(app, make_api_key(database, organisation_id=vendor.id).secret)
    body = {"tier": "public/generalist", "reason": "Copied answers."}

    assert post(caller, outcome(worker, tier="public/generalist")).json["accepted"] == 1
    assert post(caller, outcome(worker, 2)).json["outcomes"][0]["reason"] == "unknown-tier"
    assert caller.post(f"/api/v1/persons/{worker}/suspend", json=body).status_code == 200
    with database.reading(vendor.id) as session:
        [line] = list_sanctions(session, person_id=worker)
        assert line.tier.title == "Generalist"
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert active_sanctions(session, worker) == list_sanctions(session, person_id=worker) == []
    assert caller.post(f"/api/v1/persons/{worker}/reinstate", json=body).json["is_suspended"] is False


@pytest.mark.parametrize("scopes", [("tiers:read",), ("quality:write",)])
def test_each_endpoint_needs_its_scope(app, database, worker, scopes):
    caller = caller_with(app, make_api_key(database, scopes=scopes).secret)
    suspended = caller.post(f"/api/v1/persons/{worker}/suspend", json={"reason": "Because."})

    assert suspended.status_code == 403
    assert suspended.json["type"] == TYPE + "missing-scope"
    assert post(caller, outcome(worker)).status_code == (200 if "quality:write" in scopes else 403)


@pytest.mark.parametrize(("scope", "posted", "read"), [("quality:read", 403, 200), ("quality:write", 200, 403)])
def test_reporting_outcomes_and_reading_estimates_are_two_scopes(app, database, worker, scope, posted, read):
    caller = caller_with(app, make_api_key(database, scopes=(scope,)).secret)
    post_answer, read_answer = post(caller, outcome(worker)), caller.get(f"{QUALITY}{worker}")

    assert (post_answer.status_code, read_answer.status_code) == (posted, read)
    refused = post_answer if posted == 403 else read_answer
    assert refused.json["type"] == TYPE + "missing-scope"
    assert {refused.json["scope"], scope} == {"quality:read", "quality:write"}


@pytest.mark.parametrize("tier", [None, "generalist"])
def test_a_program_suspends_and_reinstates(caller, database, worker, tier):
    body = {"tier": tier, "reason": " Copied answers. "}
    suspended = caller.post(f"/api/v1/persons/{worker}/suspend", json=body)

    assert suspended.status_code == 200, suspended.text
    assert (suspended.json["is_suspended"], suspended.json["tier"]) == (True, tier)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert [fact.reason for fact in active_sanctions(session, worker)] == ["Copied answers."]
    again = caller.post(f"/api/v1/persons/{worker}/suspend", json=body)
    assert (again.status_code, again.json["type"]) == (409, TYPE + "already-suspended")

    lifted = caller.post(f"/api/v1/persons/{worker}/reinstate", json=body)
    assert lifted.json["sanction_id"] == suspended.json["sanction_id"]
    again = caller.post(f"/api/v1/persons/{worker}/reinstate", json=body)
    assert (again.status_code, again.json["type"]) == (409, TYPE + "not-suspended")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"tier": "unheard-of", "reason": "x"}, 404, "unknown-tier"),
        ({"tier": None, "reason": "   "}, 422, "invalid-request"),
        ({"tier": None}, 422, "invalid-request"),
        ({"reason": "x" * 501}, 422, "invalid-request"),
    ],
)
def test_a_faulty_suspension_is_refused(caller, worker, body, status, code):
    for verb in ("suspend", "reinstate"):
        answer = caller.post(f"/api/v1/persons/{worker}/{verb}", json=body)
        assert (answer.status_code, answer.json["type"]) == (status, TYPE + code)


def test_who_is_no_member_is_unknown(caller, database, worker):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        stranger = make_person(session, roles=()).id

    assert caller.post(f"/api/v1/persons/{stranger}/suspend", json={"reason": "x"}).status_code == 404
