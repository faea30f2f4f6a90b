"""Signing up, in and out; what ends a sign-in; what an answer gives away."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from lms import clock
from lms.accounts import people
from lms.accounts.models import Person, PersonState, SignIn
from lms.accounts.sign_ins import find_signed_in
from lms.accounts.tokens import hash_token
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.mails import waiting_mails
from tests.people import PASSWORD, make_person, sign_in

NEW = {"name": "Grace Hopper", "email": "grace@example.org", "password": "a ship in port is safe"}


@pytest.fixture
def person(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session, email="ada@example.org")


def cookie_of(client):
    return client.get_cookie("assay").value


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def test_a_newcomer_signs_up_and_is_signed_in_at_once(client, database):
    answer = client.post("/sign-up", data=NEW)

    assert answer.status_code == 303
    assert is_signed_in(client)
    with database.reading() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.email) == ("Grace Hopper", "grace@example.org")
        assert person.password_hash.startswith("$argon2id$")


def test_signing_up_with_a_known_address_answers_alike_and_only_tells_the_owner(app, client, person, database):
    unknown = app.test_client().post("/sign-up", data=NEW)
    known = client.post("/sign-up", data={**NEW, "email": " ADA@example.org "})

    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
    assert not is_signed_in(client)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2
    assert "You already have an account" in waiting_mails(database)["ada@example.org"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person):
    wrong = client.post("/sign-in", data={"email": "ada@example.org", "password": "not it at all"})
    unknown = client.post("/sign-in", data={"email": "eve@example.org", "password": "not it at all"})

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("ada@", "") == unknown.text.replace("eve@", "")
    assert "do not fit together" in wrong.text


def test_a_reset_answers_alike_for_known_and_unknown_addresses(client, person):
    known = client.post("/forgotten-password", data={"email": "ada@example.org"})
    unknown = client.post("/forgotten-password", data={"email": "eve@example.org"})

    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)


def test_what_was_typed_is_kept_when_something_is_wrong_but_never_the_password(client):
    answer = client.post("/sign-up", data={**NEW, "email": "not an address"})

    assert answer.status_code == 422
    assert "Grace Hopper" in answer.text
    assert "not an address" in answer.text
    assert NEW["password"] not in answer.text


@pytest.mark.parametrize("name", ["محمد بن موسى الخوارزمي", "आर्यभट", "李时珍", "O'Brien <b>bold</b>", "N" * 200])
def test_names_of_any_script_are_kept_and_shown_escaped(client, database, name):
    client.post("/sign-up", data={**NEW, "name": name})

    page = client.get("/account/").text

    assert name.replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<b>bold" not in page


def test_a_name_of_300_characters_is_refused_and_not_lost(client):
    answer = client.post("/sign-up", data={**NEW, "name": "N" * 300})

    assert answer.status_code == 422
    assert "at most 200 characters" in answer.text
    assert "N" * 300 in answer.text


@pytest.mark.parametrize("name", ["\u200b\u200b", "\u3164", "\u2800", "42.", "☃"])
def test_a_name_that_nobody_can_read_is_refused_because_a_certificate_could_not_show_it(client, name):
    answer = client.post("/sign-up", data={**NEW, "name": name})

    assert answer.status_code == 422
    assert "at least one letter" in answer.text


def test_signing_out_revokes_a_copied_cookie(app, client, person):
    sign_in(client, person)
    thief = app.test_client()
    thief.set_cookie("assay", cookie_of(client))
    assert is_signed_in(thief)

    client.post("/sign-out")

    assert not is_signed_in(thief)
    assert not is_signed_in(client)


def test_changing_the_password_ends_every_other_sign_in(app, client, person):
    other = app.test_client()
    sign_in(client, person)
    sign_in(other, person)

    answer = client.post(
        "/account/password", data={"current_password": PASSWORD, "new_password": "quite another sentence"}
    )

    assert answer.status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert other.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422


def test_a_wrong_current_password_changes_nothing(app, client, person):
    sign_in(client, person)

    answer = client.post(
        "/account/password", data={"current_password": "wrong one", "new_password": "quite another sentence"}
    )

    assert answer.status_code == 422
    assert "current password is not right" in answer.text
    sign_in(app.test_client(), person)


def test_suspension_locks_out_at_once(app, client, person, database):
    sign_in(client, person)

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        people.suspend(session, person_id=person.id, reason="rented account", actor="test", at=clock.now())

    assert not is_signed_in(client)
    assert client.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        people.reinstate(session, person_id=person.id, actor="test", at=clock.now())
    sign_in(client, person)


def test_a_sign_in_expires(client, person):
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client, person)
        time.shift(timedelta(days=14))
        assert not is_signed_in(client)


def test_signing_in_gives_a_new_session_and_only_a_hash_is_stored(client, person, database):
    client.get("/sign-in")
    sign_in(client, person)
    first = cookie_of(client)
    client.post("/sign-out")
    sign_in(client, person)

    assert cookie_of(client) != first
    with database.reading() as session:
        hashes = session.scalars(select(SignIn.token_hash)).all()
        assert all(find_signed_in(session, token=h, at=clock.now()) is None for h in hashes)
        assert len({hash_token(h) for h in hashes}) == 2


def test_other_devices_can_be_signed_out(app, client, person):
    other = app.test_client()
    sign_in(client, person)
    sign_in(other, person)

    client.post("/account/sign-out-elsewhere")

    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_after_signing_in_one_is_where_one_was_going(app, client, person):
    asked = client.get("/account/?tab=1")
    assert asked.status_code == 303

    page = client.get(asked.location)
    signed = page.text.split('name="next"')[1].split('value="')[1].split('"')[0]
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "next": signed})

    assert answer.location == "/account/?tab=1"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\n//evil",
    ],
)
def test_no_link_leads_elsewhere_after_signing_in(client, person, target):
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "next": target})

    assert answer.location == "/me/"


def test_every_form_needs_its_token(app, client, person):
    sign_in(client, person)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for url in ["/sign-up", "/sign-in", "/sign-out", "/forgotten-password", "/account/name", "/account/delete"]:
            answer = client.post(url, data={"email": person.email, "password": PASSWORD})
            assert answer.status_code == 400, url
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_an_unconfirmed_person_cannot_sign_in(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, state=PersonState.UNCONFIRMED)

    assert client.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422
