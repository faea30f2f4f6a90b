"""Guessing API keys: an address that sends wrong ones is refused for a while, and valid keys do not count."""

from dataclasses import replace
from datetime import timedelta
from itertools import count as counting
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import update

from lms import clock
from lms.api.models import ApiKey
from lms.api.rates import WRONG_KEYS
from lms.config import read_settings
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.limits import limiter
from tests.api_keys import bearer, caller_with, make_api_key
from tests.lms.things_api import make_things_app
from tests.statements import counted

ME = "/api/v1/me"
_hosts = counting(1)


@pytest.fixture
def watch():
    """Time stands in the middle of a minute until a test moves it: limits count by the minute."""
    with time_machine.travel(clock.now().replace(second=30, microsecond=0), tick=False) as watch:
        yield watch


@pytest.fixture
def throttled(process_settings, database, watch):
    """An application that counts tries; the limiter is one for the process, so it is put back afterwards."""
    yield make_things_app(replace(process_settings, is_throttled=True))
    limiter.reset()
    limiter.enabled = False


@pytest.fixture
def address():
    """One that no other test has called from."""
    return f"198.51.100.{next(_hosts)}"


def ask(app, secret, address):
    client = caller_with(app, secret)
    return client.get(ME, environ_base={"REMOTE_ADDR": address})


def guess(app, address, times=WRONG_KEYS.amount):
    return [ask(app, f"assay_guess_{uuid4().hex}", address).status_code for _each in range(times)]


def code_of(answer):
    assert answer.mimetype == "application/problem+json"
    return answer.get_json()["type"].partition("#")[2]


def test_after_thirty_wrong_keys_an_address_is_refused_and_told_for_how_long(throttled, address, watch):
    assert guess(throttled, address) == [401] * 30

    refused = ask(throttled, "assay_guess_another", address)

    assert refused.status_code == 429
    assert code_of(refused) == "too-many-wrong-keys"
    assert refused.get_json()["retry_after"] == int(refused.headers["Retry-After"]) == 30
    watch.shift(31)
    assert ask(throttled, "assay_guess_another", address).status_code == 401


def test_refused_attempts_do_not_make_the_wait_longer(throttled, address, watch):
    guess(throttled, address)
    assert guess(throttled, address, 100) == [429] * 100

    watch.shift(31)

    assert guess(throttled, address, 1) == [401]


def test_the_refusal_asks_the_database_nothing(throttled, database, address):
    guess(throttled, address)
    secret = make_api_key(database).secret

    with counted(database) as sent:
        assert ask(throttled, secret, address).status_code == 429
        assert list(sent) == []


def test_an_office_with_valid_keys_is_not_hurt_by_how_much_it_calls(throttled, database, address):
    secret = make_api_key(database).secret

    assert {ask(throttled, secret, address).status_code for _each in range(40)} == {200}
    assert guess(throttled, address, 29) == [401] * 29
    assert {ask(throttled, secret, address).status_code for _each in range(40)} == {200}
    assert guess(throttled, address, 1) == [401]
    assert ask(throttled, secret, address).status_code == 429


def test_other_addresses_call_on(throttled, database, address):
    secret = make_api_key(database).secret
    guess(throttled, address)

    assert ask(throttled, secret, f"203.0.113.{next(_hosts)}").status_code == 200


def test_a_key_that_has_ended_and_a_request_without_any_are_no_guesses(throttled, database, address):
    secret = make_api_key(database).secret
    now = clock.now()
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(update(ApiKey).values(made_at=now - timedelta(days=2), expires_at=now))

    answers = [ask(throttled, secret, address) for _each in range(40)]
    without = [throttled.test_client().get(ME, environ_base={"REMOTE_ADDR": address}) for _each in range(40)]

    assert {code_of(answer) for answer in answers} == {"expired-key"}
    assert {code_of(answer) for answer in without} == {"missing-key"}
    assert guess(throttled, address, 1) == [401]


def test_where_nothing_is_limited_nobody_is_refused(app, address):
    for _each in range(40):
        answer = app.test_client().get(ME, headers=bearer("assay_guess_x"), environ_base={"REMOTE_ADDR": address})
        assert code_of(answer) == "unknown-key"


def forwarded(app, secret, told):
    return caller_with(app, secret).get(ME, headers={"X-Forwarded-For": told}).status_code


def test_behind_a_proxy_of_ours_callers_are_told_apart_by_what_it_wrote(process_settings, database, watch, address):
    app = make_things_app(replace(process_settings, is_throttled=True, trusted_proxies=1))
    secret = make_api_key(database).secret
    try:
        guesses = [forwarded(app, "assay_guess_x", f"203.0.113.{number}, {address}") for number in range(31)]
        there = forwarded(app, secret, address)
        elsewhere = forwarded(app, secret, f"{address}, 192.0.2.{next(_hosts)}")
    finally:
        limiter.reset()
        limiter.enabled = False

    assert guesses == [401] * 30 + [429]
    assert (there, elsewhere) == (429, 200)


def test_without_such_a_proxy_nobody_writes_where_they_come_from(throttled, address):
    client = caller_with(throttled, "assay_guess_x")
    client.environ_base["REMOTE_ADDR"] = address
    statuses = [client.get(ME, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(31)]

    assert statuses == [401] * 30 + [429]


def test_the_number_of_proxies_is_a_number(tmp_path):
    assert read_settings({"DATA_DIR": str(tmp_path)}).trusted_proxies == 0
    assert read_settings({"DATA_DIR": str(tmp_path), "TRUSTED_PROXIES": "2"}).trusted_proxies == 2
    for given in ("-1", "one", "1.5", "²"):
        with pytest.raises(ValueError, match="TRUSTED_PROXIES"):
            read_settings({"DATA_DIR": str(tmp_path), "TRUSTED_PROXIES": given})
