"""Entitlements over the API: checks, many at once, tokens that hold offline, decisions, tiers, and every refusal."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from joserfc import jws
from joserfc.jwk import KeySet
from sqlalchemy import func, select

from certificates.models.entitlements import EntitlementDecision
from certificates.operations.keys import make_missing_keys
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.api_keys import caller_with, make_api_key
from tests.assessments.factories import BANK
from tests.certificates.factories import AT
from tests.certificates.vendors import (
    join,
    make_public_catalogue,
    make_qualified,
    make_sanction,
    make_tier,
    make_vendor,
    tier_id_of,
)
from tests.statements import counted, without_repetition

CHECK, MANY = "/api/v1/entitlements/check", "/api/v1/entitlements/check-many"
TOKENS, INTROSPECT = "/api/v1/entitlements/tokens", "/api/v1/entitlements/introspect"


@pytest.fixture
def vendor(app, database) -> UUID:
    """A vendor whose tier `boats` asks for the public ferry certificate."""
    make_public_catalogue(database)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_missing_keys(session, keys=app.extensions["assay.keys"], is_development=True, at=AT)
    organisation_id = make_vendor(database)
    with database.transaction(organisation_id) as session:
        make_tier(session)
    return organisation_id


@pytest.fixture
def api(app, database, vendor):
    """A caller of the vendor's with every scope."""
    with without_repetition(app):
        yield caller_with(app, make_api_key(database, organisation_id=vendor).secret)


def asked(subject, tier="boats", **more):
    return {"subject": str(subject), "tier": tier, "action": "work"} | more


def code_of(answer) -> str:
    assert answer.mimetype == "application/problem+json"
    return answer.get_json()["type"].partition("#")[2]


def count_decisions(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(EntitlementDecision))


def test_a_person_without_the_certificate_is_denied_with_what_is_missing(api, database, vendor):
    answer = api.post(CHECK, json=asked(join(database, vendor)))

    assert answer.status_code == 200
    said = answer.get_json()
    assert (said["outcome"], said["expires_at"]) == ("deny", None)
    [missing] = said["missing"]
    assert missing["kind"] == "achievement-not-held"
    assert missing["text"] == "The certificate “Ferry Fact Reviewer” is not held yet."
    assert missing["facts"] == {"organisation": "public", "achievement": BANK}


def test_a_person_with_it_is_allowed_until_it_expires(api, database, vendor):
    answer = api.post(CHECK, json=asked(join(database, vendor, make_qualified(database))))

    assert answer.get_json()["outcome"] == "allow"
    assert answer.get_json()["missing"] == []
    assert answer.get_json()["expires_at"] > clock.now().isoformat()


def test_a_check_takes_a_few_statements(api, database, vendor):
    body = asked(join(database, vendor, make_qualified(database)))
    api.post(CHECK, json=body)
    with counted(database) as sent:
        api.post(CHECK, json=body)

    told = [statement for statement in sent if "set_config" not in statement]
    assert len(told) == 3, told  # the key, what is known, the decision


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (asked(uuid4()), 404, "unknown-subject"),
        (asked(uuid4(), tier="ships"), 404, "unknown-tier"),
        (asked(uuid4(), tier="public/boats"), 404, "unknown-tier"),
        (asked("nobody"), 422, "invalid-request"),
        (asked(uuid4(), tier="Boats!"), 422, "invalid-request"),
        (asked(uuid4(), action=""), 422, "invalid-request"),
        (asked(uuid4(), colour="red"), 422, "invalid-request"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(api, database, body, status, code):
    answer = api.post(CHECK, json=body)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert count_decisions(database) == 0


def test_a_person_of_another_organisation_is_as_unknown_as_nobody(api, database):
    stranger = make_qualified(database)

    known, unknown = api.post(CHECK, json=asked(stranger)), api.post(CHECK, json=asked(uuid4()))

    assert known.get_json() == unknown.get_json() | {"instance": known.get_json()["instance"]}


def test_a_key_without_the_scope_is_refused(app, database, vendor):
    key = make_api_key(database, organisation_id=vendor, scopes=("tiers:read",))
    answer = caller_with(app, key.secret).post(CHECK, json=asked(uuid4()))

    assert (answer.status_code, code_of(answer)) == (403, "missing-scope")


def test_a_replayed_check_is_answered_alike_and_decided_once(api, database, vendor):
    body, once = asked(join(database, vendor)), {"Idempotency-Key": "check-1"}

    first, second = (api.post(CHECK, json=body, headers=once) for _ in range(2))

    assert first.get_json() == second.get_json()
    assert count_decisions(database) == 1


def test_many_are_answered_in_their_order_and_the_unknown_ones_say_so(api, database, vendor):
    allowed, denied, stranger = join(database, vendor, make_qualified(database)), join(database, vendor), uuid4()

    answer = api.post(MANY, json={"subjects": [str(denied), str(stranger), str(allowed), str(denied)], "tier": "boats"})

    rows = answer.get_json()["results"]
    assert [row["outcome"] for row in rows] == ["deny", None, "allow", "deny"]
    assert [row["problem"] for row in rows] == [None, "unknown-subject", None, None]
    assert rows[0]["decision_id"] == rows[3]["decision_id"]
    assert count_decisions(database) == 2


@pytest.mark.parametrize("count", [0, 1001, 10_001])
def test_no_subject_and_too_many_are_refused(api, count):
    answer = api.post(MANY, json={"subjects": [str(uuid4()) for _ in range(count)], "tier": "boats"})

    assert answer.status_code in (413, 422)
    assert code_of(answer) in ("invalid-request", "too-large")


def test_a_thousand_subjects_are_answered(api, database, vendor):
    known = join(database, vendor)
    subjects = [str(known), *(str(uuid4()) for _ in range(999))]

    rows = api.post(MANY, json={"subjects": subjects, "tier": "boats"}).get_json()["results"]

    assert len(rows) == 1000
    assert [row["subject"] for row in rows] == subjects


def test_a_decision_can_be_read_again_by_who_asked_and_by_no_other(app, api, database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    decision_id = api.post(CHECK, json=asked(person_id)).get_json()["decision_id"]
    other = make_api_key(database, organisation_id=make_vendor(database, slug="other"))

    read = api.get(f"/api/v1/entitlements/decisions/{decision_id}")
    refused = caller_with(app, other.secret).get(f"/api/v1/entitlements/decisions/{decision_id}")

    assert (read.get_json()["subject"], read.get_json()["outcome"]) == (str(person_id), "allow")
    assert [one["slug"] for one in read.get_json()["inputs"]["certificates"]] == [BANK]
    assert (refused.status_code, code_of(refused)) == (404, "unknown-decision")


def verified(app, token: str) -> dict:
    """The claims, as a platform reads them offline with the published keys."""
    keys = KeySet.import_key_set(app.test_client().get("/.well-known/jwks.json").get_json())
    read = jws.deserialize_compact(token, keys, algorithms=["ES256"])
    assert read.headers()["typ"] == "entitlement+jwt"
    return json.loads(read.payload)


def test_a_token_says_the_decision_and_holds_for_five_minutes(app, api, database, vendor):
    person_id = join(database, vendor, make_qualified(database))

    answer = api.post(TOKENS, json=asked(person_id))

    claims = verified(app, answer.get_json()["token"])
    assert (claims["aud"], claims["sub"], claims["tier"], claims["outcome"]) == (
        "vendor",
        str(person_id),
        "boats",
        "allow",
    )
    assert claims["iss"] == "http://127.0.0.1:8000"
    assert 290 <= claims["exp"] - claims["iat"] <= 300
    assert api.get(f"/api/v1/entitlements/decisions/{claims['decision_id']}").status_code == 200


def test_who_is_denied_gets_no_token_but_the_reason(api, database, vendor):
    answer = api.post(TOKENS, json=asked(join(database, vendor)))

    assert (answer.status_code, code_of(answer)) == (409, "not-entitled")
    assert [one["kind"] for one in answer.get_json()["missing"]] == ["achievement-not-held"]
    assert count_decisions(database) == 1


def test_a_token_is_active_until_the_tier_closes(api, database, vendor):
    person_id = join(database, vendor, make_qualified(database))
    token = api.post(TOKENS, json=asked(person_id)).get_json()["token"]

    before = api.post(INTROSPECT, json={"token": token}).get_json()
    with database.transaction(vendor) as session:
        make_sanction(session, person_id=person_id, tier_id=tier_id_of(session, "boats"))
    after = api.post(INTROSPECT, json={"token": token}).get_json()

    assert (before["active"], before["reason"], before["now"]) == (True, None, "allow")
    assert (after["active"], after["reason"], after["outcome"], after["now"]) == (
        False,
        "no-longer-so",
        "allow",
        "deny",
    )


def test_an_expired_token_is_not_active(api, database, vendor):
    token = api.post(TOKENS, json=asked(join(database, vendor, make_qualified(database)))).get_json()["token"]

    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        said = api.post(INTROSPECT, json={"token": token}).get_json()

    assert (said["active"], said["reason"], said["now"]) == (False, "expired", "allow")


def test_what_is_no_token_of_ours_is_answered_alike(api, database, vendor):
    token = api.post(TOKENS, json=asked(join(database, vendor, make_qualified(database)))).get_json()["token"]
    head, payload, signature = token.split(".")
    forged = [
        "x",
        "ä.b.c",
        f"{head}.{payload}.{'A' * len(signature)}",
        f"{head}.{payload[:-4]}AAAA.{signature}",
        "e30.e30.",
    ]

    answers = [api.post(INTROSPECT, json={"token": one}) for one in forged]

    assert [answer.status_code for answer in answers] == [200] * len(forged)
    assert {(answer.get_json()["active"], answer.get_json()["reason"]) for answer in answers} == {
        (False, "not-a-token")
    }


def test_a_token_of_another_organisation_tells_nothing(app, api, database, vendor):
    token = api.post(TOKENS, json=asked(join(database, vendor, make_qualified(database)))).get_json()["token"]
    other = caller_with(app, make_api_key(database, organisation_id=make_vendor(database, slug="other")).secret)

    said = other.post(INTROSPECT, json={"token": token}).get_json()

    assert (said["active"], said["reason"], said["subject"]) == (False, "of-another-organisation", None)


def test_the_tiers_of_the_organisation_come_before_the_public_ones_page_by_page(api):
    first = api.get("/api/v1/tiers?limit=3").get_json()
    second = api.get("/api/v1/tiers", query_string={"after": first["next"], "limit": 3}).get_json()

    names = [tier["name"] for page in (first, second) for tier in page["items"]]
    assert names == ["boats", "public/generalist", "public/pilot", "public/admiral"]
    assert second["next"] is None


def test_a_tier_says_what_it_pays_and_asks_for(api):
    own, public, announced = (
        api.get(f"/api/v1/tiers/{name}").get_json() for name in ("boats", "public/pilot", "public/admiral")
    )

    assert own["requirement"]["expression"] == {"kind": "achievement", "organisation": "public", "slug": BANK}
    assert public["requirement"]["text"] == (
        "the certificate “Ferry Fact Reviewer” and the certificate “Harbour Law Reviewer”"
    )
    assert (public["pay_low"], public["pay_high"], public["currency"], public["per"]) == (90, 120, "USD", "hour")
    assert announced["requirement"] is None


def test_a_tier_of_another_organisation_is_not_found(app, api, database):
    other = caller_with(app, make_api_key(database, organisation_id=make_vendor(database, slug="other")).secret)

    answer = other.get("/api/v1/tiers/boats")

    assert (answer.status_code, code_of(answer)) == (404, "unknown-tier")
