"""Mailed links: to choose a new password, and to prove an address where mail really leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.mails import path_in, waiting_mails
from tests.people import PASSWORD, make_person, sign_in

NEW_PASSWORD = "a new sentence to remember"


@pytest.fixture
def person(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session, email="ada@example.org")


def ask(client, database):
    client.post("/forgotten-password", data={"email": "ada@example.org"})
    return path_in(waiting_mails(database)["ada@example.org"])


def test_the_mailed_link_sets_a_new_password_once_and_ends_all_sign_ins(app, client, person, database):
    sign_in(client, person)
    link = ask(app.test_client(), database)
    assert app.test_client().get(link).status_code == 200

    first = app.test_client().post(link, data={"password": NEW_PASSWORD})
    second = app.test_client().post(link, data={"password": "yet another sentence"})

    assert first.status_code == 303
    assert second.status_code == 410
    assert client.get("/account/").status_code == 303
    fresh = app.test_client()
    assert fresh.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422
    assert fresh.post("/sign-in", data={"email": person.email, "password": NEW_PASSWORD}).status_code == 303


def test_a_link_dies_after_two_hours(client, person, database):
    with time_machine.travel(clock.now(), tick=False) as time:
        link = ask(client, database)
        time.shift(timedelta(hours=2))
        assert client.get(link).status_code == 410
        assert client.post(link, data={"password": NEW_PASSWORD}).status_code == 410


def test_a_newer_link_makes_the_older_one_worthless(client, person, database):
    older = ask(client, database)
    newer = ask(client, database)

    assert client.get(older).status_code == 410
    assert client.get(newer).status_code == 200


def test_a_short_password_is_refused_and_the_link_still_works(client, person, database):
    link = ask(client, database)

    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": NEW_PASSWORD}).status_code == 303


def test_links_carry_the_configured_origin_whatever_host_the_request_names(client, person, database):
    client.post("/forgotten-password", data={"email": "ada@example.org"}, headers={"Host": "evil.example"})

    assert "evil.example" not in waiting_mails(database)["ada@example.org"]


def test_where_mail_leaves_a_new_account_waits_for_its_link(app, client, database):
    settings = app.extensions["assay.settings"]
    app.extensions["assay.settings"] = replace(settings, smtp_url="smtp://mail.example")
    try:
        answer = client.post("/sign-up", data={"name": "Grace", "email": "grace@example.org", "password": NEW_PASSWORD})
    finally:
        app.extensions["assay.settings"] = settings
    link = path_in(waiting_mails(database)["grace@example.org"])

    assert answer.location == "/welcome"
    assert client.get("/account/").status_code == 303
    credentials = {"email": "grace@example.org", "password": NEW_PASSWORD}
    assert client.post("/sign-in", data=credentials).status_code == 422
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 303
    assert client.get("/account/").status_code == 200
    assert client.post(link).status_code == 410
