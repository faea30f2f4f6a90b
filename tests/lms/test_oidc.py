"""Signing in to other services: the whole way, and every way in which it is refused."""

from datetime import timedelta

import pytest
import time_machine
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import func, select, update

from lms import clock
from lms.accounts.models import Membership, Person, PersonState
from lms.audit.models import AuditEvent
from lms.oidc.models import AccessToken, AuthorizationCode
from lms.oidc.signing import token_signer
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.held import make_signing
from tests.lms.signing_in_elsewhere import (
    BACK,
    VERIFIER,
    address_of,
    agree,
    answer_of,
    exchange,
    make_organisation,
    make_service,
    way_on,
)
from tests.people import make_person, sign_in

ISSUER = "http://127.0.0.1:8000"


@pytest.fixture
def person(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_signing(session, app)
        return make_person(session, name="Ada Lovelace", email="ada@example.org")


@pytest.fixture
def service(database):
    return make_service(database)


@pytest.fixture
def ada(client, person):
    sign_in(client, person)
    return client


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def verified(client, id_token):
    keys = KeySet.import_key_set(client.get("/.well-known/jwks.json").json)
    return jwt.decode(id_token, keys, algorithms=["ES256"])


def test_somebody_signs_in_and_the_service_learns_who_it_is(ada, app, person, service):
    asked = ada.get(address_of(service))
    assert asked.status_code == 200
    for words in ("Sign in to Tasks?", "Assay public catalogue", "Your name.", "Your e-mail address.", "tasks.example"):
        assert words in asked.text

    back = agree(ada, service)
    assert back["state"] == "as we left it"
    assert back["iss"] == ISSUER

    answer = exchange(app.test_client(), service, back["code"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 600
    assert "refresh_token" not in answer.json

    token = verified(ada, answer.json["id_token"])
    assert token.header["alg"] == "ES256"
    assert token.header["kid"].startswith("token-")
    wanted = {"iss": ISSUER, "sub": str(person.id), "aud": service.client_id, "nonce": "n-1"}
    assert {name: token.claims[name] for name in wanted} == wanted
    assert token.claims["auth_time"] <= token.claims["iat"] < token.claims["exp"]
    assert "name" not in token.claims

    told = app.test_client().get("/oauth/userinfo", headers=bearer(answer.json["access_token"]))
    assert told.json == {"sub": str(person.id), "name": "Ada Lovelace", "email": "ada@example.org"}


def test_a_service_learns_no_more_than_it_asked_for(ada, app, service):
    page = ada.get(address_of(service, scope="openid phone"))
    assert "Your name." not in page.text

    code = agree(ada, service, scope="openid phone")["code"]
    answer = exchange(app.test_client(), service, code)
    assert answer.json["scope"] == "openid"
    told = app.test_client().get("/oauth/userinfo", headers=bearer(answer.json["access_token"]))
    assert set(told.json) == {"sub"}


def test_who_agreed_once_goes_straight_back_and_is_asked_again_for_more(ada, service):
    agree(ada, service, scope="openid profile")

    straight = ada.get(address_of(service, scope="openid"))
    assert straight.status_code == 303
    assert straight.location.startswith(BACK + "?code=")
    assert ada.get(address_of(service)).status_code == 200
    assert ada.get(address_of(service, scope="openid", prompt="consent")).status_code == 200


def test_who_says_no_takes_a_refusal_back_and_nothing_else(ada, database, service):
    address = address_of(service).replace("/authorize", "/authorize/answer")
    page = ada.post(address, data={"do": "deny"})

    assert answer_of(way_on(page.text)) == {"error": "access_denied", "state": "as we left it", "iss": ISSUER} | {
        "error_description": answer_of(way_on(page.text))["error_description"]
    }
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuthorizationCode)) == 0


def test_a_stranger_signs_in_first_and_then_goes_on(client, app, person, service):
    sent = client.get(address_of(service))
    assert sent.status_code == 303
    assert sent.location.startswith("/sign-in?next=")

    signed = answer_of(sent.location)["next"]
    entered = client.post("/sign-in", data={"email": person.email, "password": "correct horse battery", "next": signed})
    assert entered.location.startswith("/oauth/authorize?")
    assert "Sign in to Tasks?" in client.get(entered.location).text


def test_after_a_form_of_ours_the_way_back_is_a_page_because_browsers_hold_redirects_to_our_policy(
    client, person, service
):
    sent = client.get(address_of(service))
    sign_in(client, person)
    agree(client, service)
    sent = client.post(
        "/sign-in",
        data={"email": person.email, "password": "correct horse battery", "next": answer_of(sent.location)["next"]},
    )
    page = client.get(sent.location if sent.location != "/me/" else address_of(service))

    assert page.status_code == 200
    assert answer_of(way_on(page.text))["code"]


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://tasks.example/signed-in/"},
        {"redirect_uri": "https://tasks.example/signed-in?more=1"},
        {"redirect_uri": "https://tasks.example.evil.example/signed-in"},
        {"redirect_uri": "https://tasks.example@evil.example/signed-in"},
        {"redirect_uri": "HTTPS://tasks.example/signed-in"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": '"\\é'},
        {"redirect_uri": ""},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": "\x7f"},
        {"client_id": None},
    ],
)
def test_an_unknown_client_or_address_gets_a_page_of_ours_and_nobody_is_sent_there(ada, service, changes):
    for method, path in ((ada.get, "/oauth/authorize"), (ada.post, "/oauth/authorize/answer")):
        answer = method(address_of(service, **changes).replace("/oauth/authorize", path))
        assert answer.status_code == 422
        assert "Location" not in answer.headers
        assert "evil.example" not in answer.text


def test_an_address_that_is_there_twice_is_not_the_registered_one(ada, service):
    twice = address_of(service) + "&redirect_uri=https://evil.example/"

    assert ada.get(twice).status_code == 422


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": '"é\\'}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "é" * 43}, "invalid_request"),
        ({"code_challenge": "a" * 44}, "invalid_request"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"prompt": "none"}, "consent_required"),
        ({"request": "a.b.c"}, "request_not_supported"),
        ({"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
    ],
)
def test_what_is_wrong_with_a_request_is_told_to_the_client_by_the_book(ada, service, changes, error):
    answer = ada.get(address_of(service, **changes))

    assert answer.status_code == 303
    assert answer.location.startswith(BACK + "?")
    back = answer_of(answer.location)
    assert (back["error"], back["state"], back["iss"]) == (error, "as we left it", ISSUER)


def test_a_parameter_that_is_there_twice_is_refused(ada, service):
    for name in ("scope", "state", "nonce", "code_challenge", "prompt", "max_age"):
        back = answer_of(ada.get(f"{address_of(service, max_age='9', prompt='consent')}&{name}=9").location)
        assert back["error"] == "invalid_request"


def test_a_code_is_good_once_and_what_was_made_of_it_ends_when_it_comes_again(ada, app, service):
    code = agree(ada, service)["code"]
    first = exchange(app.test_client(), service, code)
    second = exchange(app.test_client(), service, code)

    assert second.status_code == 400
    assert second.json["error"] == "invalid_grant"
    told = app.test_client().get("/oauth/userinfo", headers=bearer(first.json["access_token"]))
    assert told.status_code == 401
    assert 'error="invalid_token"' in told.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": ""},
        {"redirect_uri": "https://tasks.example/other"},
        {"code": "no-such-code"},
        {"code": ""},
        {"grant_type": "password"},
        {"grant_type": "client_credentials"},
        {"grant_type": "refresh_token"},
    ],
)
def test_a_code_with_anything_else_wrong_becomes_no_token(ada, app, database, service, changes):
    code = agree(ada, service)["code"]
    answer = exchange(app.test_client(), service, **{"code": code, **changes})

    assert answer.status_code == 400
    assert answer.json["error"] in {"invalid_grant", "invalid_request", "unsupported_grant_type"}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AccessToken)) == 0


def test_the_code_of_one_client_is_worth_nothing_to_another(ada, app, database, service):
    other = make_service(database, name="Other")
    code = agree(ada, service)["code"]

    assert exchange(app.test_client(), other, code).json["error"] == "invalid_grant"
    assert exchange(app.test_client(), service, code).status_code == 200


def test_a_code_lives_for_a_minute(ada, app, service):
    code = agree(ada, service)["code"]
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert exchange(app.test_client(), service, code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic /////w=="},
        {"Authorization": "Basic bm9ib2R5OnNlY3JldA=="},
        {"Authorization": "Basic AAA6AAA="},
        {"Authorization": "Bearer x"},
    ],
)
def test_who_does_not_show_the_secret_is_not_the_client(ada, app, service, headers):
    code = agree(ada, service)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    stranger = app.test_client()

    for more in ({}, {"client_id": service.client_id}, {"client_id": service.client_id, "client_secret": "guess"}):
        answer = stranger.post("/oauth/token", data=form | more, headers=headers)
        assert answer.status_code in {400, 401}
        assert answer.json["error"] == "invalid_client"
    assert stranger.post("/oauth/token", data=form, headers=service.basic).status_code == 200


def test_the_secret_may_come_in_the_body_and_never_in_the_address(ada, app, service):
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    shown = {"client_id": service.client_id, "client_secret": service.secret}
    form["code"] = agree(ada, service)["code"]

    assert app.test_client().post("/oauth/token", data=form, query_string=shown).json["error"] == "invalid_client"
    assert app.test_client().post("/oauth/token", data=form | shown).status_code == 200


def test_an_app_without_a_secret_proves_itself_by_its_verifier(ada, app, database):
    public = make_service(database, keeps_secrets=False, name="App")
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "client_id": public.client_id}
    code = agree(ada, public)["code"]

    assert app.test_client().post("/oauth/token", data=form | {"code": code}).json["error"] == "invalid_request"
    good = form | {"code": code, "code_verifier": VERIFIER}
    assert app.test_client().post("/oauth/token", data=good).status_code == 200


def test_members_of_the_organisation_go_on_and_nobody_else(ada, app, database, person):
    with database.transaction() as session:
        vendor = make_organisation(session)
    service = make_service(database, organisation_id=vendor.id)

    page = ada.get(address_of(service))
    assert page.status_code == 403
    assert "This is for members of Vendor of tasks" in page.text
    assert "ada@example.org" in page.text
    answered = ada.post(address_of(service).replace("/authorize", "/authorize/answer"), data={"do": "allow"})
    assert answered.status_code == 303
    assert answer_of(ada.get(address_of(service, prompt="none")).location)["error"] == "access_denied"

    with database.transaction(vendor.id) as session:
        session.add(
            Membership(person_id=person.id, organisation_id=vendor.id, role="candidate", granted_at=clock.now())
        )
    code = agree(ada, service)["code"]
    assert exchange(app.test_client(), service, code).status_code == 200


@pytest.mark.parametrize("end", ["suspended", "membership", "client", "token"])
def test_what_ends_takes_effect_at_once(ada, app, database, person, service, end):
    token = exchange(app.test_client(), service, agree(ada, service)["code"]).json["access_token"]
    code = answer_of(ada.get(address_of(service)).location)["code"]
    asking = app.test_client()
    assert asking.get("/oauth/userinfo", headers=bearer(token)).status_code == 200

    if end == "token":
        revoked = asking.post("/oauth/revoke", data={"token": token}, headers=service.basic)
        assert revoked.status_code == 200
    elif end == "client":
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_person(session)
        manager = app.test_client()
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            boss = make_person(session, roles=("manager",))
        sign_in(manager, boss)
        assert manager.post(f"/manage/sign-in-clients/{service.id}/revoke").status_code == 303
        assert ada.get(address_of(service)).status_code == 422
    else:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            if end == "suspended":
                session.execute(
                    update(Person)
                    .where(Person.id == person.id)
                    .values(state=PersonState.SUSPENDED, suspension_reason="because")
                )
            else:
                session.execute(Membership.__table__.delete().where(Membership.person_id == person.id))

    assert asking.get("/oauth/userinfo", headers=bearer(token)).status_code == 401
    if end != "token":
        assert exchange(asking, service, code).json["error"] in {"invalid_grant", "invalid_client"}


def test_only_the_client_that_holds_a_token_ends_it_and_answers_tell_nothing(ada, app, database, service):
    token = exchange(app.test_client(), service, agree(ada, service)["code"]).json["access_token"]
    other = make_service(database, name="Other")
    asking = app.test_client()

    for word in (token, "no such token"):
        answer = asking.post("/oauth/revoke", data={"token": word, "token_type_hint": "any"}, headers=other.basic)
        assert (answer.status_code, answer.json) == (200, {})
    assert asking.post("/oauth/revoke", data={}, headers=other.basic).json["error"] == "invalid_request"
    assert asking.get("/oauth/userinfo", headers=bearer(token)).status_code == 200


def test_a_token_lives_for_ten_minutes(ada, app, service):
    token = exchange(app.test_client(), service, agree(ada, service)["code"]).json["access_token"]
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        assert app.test_client().post("/oauth/userinfo", headers=bearer(token)).status_code == 401
    for headers in ({}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}):
        assert app.test_client().get("/oauth/userinfo", headers=headers).headers["WWW-Authenticate"] == "Bearer"


def test_a_client_may_want_a_fresh_sign_in(ada, person, service):
    agree(ada, service)
    page = ada.get(address_of(service, prompt="login"))
    assert "Please sign in again" in page.text
    assert ada.get(address_of(service, max_age="0")).status_code == 200
    assert ada.get(address_of(service, max_age="3600")).status_code == 303
    # Not even a form of ours leads past it.
    answered = ada.post(
        address_of(service, prompt="login").replace("/authorize", "/authorize/answer"), data={"do": "allow"}
    )
    assert answered.location.startswith("/oauth/authorize?")

    sent = ada.post(address_of(service, prompt="login").replace("/authorize", "/authorize/again"))
    assert sent.location.startswith("/sign-in?next=")
    assert ada.get("/account/").status_code == 303
    data = {"email": person.email, "password": "correct horse battery", "next": answer_of(sent.location)["next"]}
    entered = ada.post("/sign-in", data=data)
    assert answer_of(way_on(ada.get(entered.location).text))["code"]


def test_a_client_may_want_nobody_to_be_asked(client, person, service):
    assert answer_of(client.get(address_of(service, prompt="none")).location)["error"] == "login_required"
    sign_in(client, person)
    assert answer_of(client.get(address_of(service, prompt="none", max_age="0")).location)["error"] == "login_required"
    agree(client, service)
    assert answer_of(client.get(address_of(service, prompt="none")).location)["code"]


def test_a_request_may_come_as_a_form(ada, service):
    path, _, query = address_of(service).partition("?")
    sent = ada.post(
        path, data=dict(pair.split("=", 1) for pair in query.split("&")) | {"_scheme": "x", "endpoint": "y"}
    )

    assert sent.status_code == 303
    assert sent.location.startswith("/oauth/authorize?")


def test_the_configuration_names_what_there_is(client, person):
    told = client.get("/.well-known/openid-configuration").json

    assert told["issuer"] == ISSUER
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["authorization_response_iss_parameter_supported"] is True
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "revocation_endpoint", "jwks_uri"):
        path = told[name].removeprefix(ISSUER)
        assert client.open(path, method="OPTIONS").status_code == 200


def test_services_need_no_form_token(app, ada, service, monkeypatch):
    code = agree(ada, service)["code"]
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = exchange(app.test_client(), service, code)
    assert answer.status_code == 200
    token = answer.json["access_token"]
    assert app.test_client().post("/oauth/userinfo", headers=bearer(token)).status_code == 200
    assert app.test_client().post("/oauth/revoke", data={"token": token}, headers=service.basic).status_code == 200
    refused = ada.post(address_of(service).replace("/authorize", "/authorize/answer"), data={"do": "allow"})
    assert refused.status_code == 400


def test_agreeing_is_recorded_and_can_be_taken_back(ada, app, database, person, service):
    token = exchange(app.test_client(), service, agree(ada, service)["code"]).json["access_token"]
    page = ada.get("/account/services/")
    assert "Tasks" in page.text

    address = page.text.partition('action="/account/services/')[2].partition('"')[0]
    assert ada.post(f"/account/services/{address}").status_code == 303
    assert "Tasks" not in ada.get("/account/services/").text
    assert app.test_client().get("/oauth/userinfo", headers=bearer(token)).status_code == 401
    assert ada.get(address_of(service)).status_code == 200
    with database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == person.id)).all()
    assert {"sign-in-client.admitted", "sign-in-client.withdrawn"} <= set(acts)


def test_nobody_takes_back_what_is_not_theirs(ada, app, database, person, service):
    agree(ada, service)
    address = ada.get("/account/services/").text.partition('action="')[2].partition('"')[0]
    page = ada.get("/account/services/").text
    address = "/account/services/" + page.partition("/account/services/")[2].partition('"')[0]
    other = app.test_client()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        eve = make_person(session)
    sign_in(other, eve)

    assert other.post(address).status_code == 404
    assert "Tasks" in ada.get("/account/services/").text


def test_tokens_are_signed_by_the_key_that_is_for_them(app, database, person):
    signer = token_signer(app)
    with database.reading() as session:
        one = signer.sign({"sub": "x"}, typ="JWT", session=session)
    two = signer.sign({"sub": "x"}, typ="entitlement+jwt")

    for token, typ in ((one, "JWT"), (two, "entitlement+jwt")):
        assert verified(app.test_client(), token).header["typ"] == typ


def test_going_to_another_organisation_is_no_fresh_sign_in(ada, database, person, service):
    agree(ada, service)
    with database.transaction() as session:
        vendor = make_organisation(session)
    with database.transaction(vendor.id) as session:
        session.add(
            Membership(person_id=person.id, organisation_id=vendor.id, role="candidate", granted_at=clock.now())
        )

    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        ada.post("/organisations/switch", data={"organisation": str(vendor.id)})
        assert ada.get(address_of(service)).status_code == 303
        assert "Please sign in again" in ada.get(address_of(service, max_age="600")).text
