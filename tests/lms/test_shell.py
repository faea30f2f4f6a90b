"""The web shell: headers, errors as pages and as JSON, limits, health, static files."""

import gzip
import re
from dataclasses import replace

import pytest

from lms.errors import STATUS_OF, Conflict, Refusal
from lms.web.errors import messages, titles
from lms.web.limits import limiter
from lms.web.panels import Panels
from lms.web.policy import public
from tests.people import make_person, sign_in
from wsgi import create_app


@pytest.fixture
def broken(process_settings):
    """An application with routes that go wrong."""
    app = create_app(process_settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def defect():
        raise ZeroDivisionError("CANARY-DETAIL")

    def conflict():
        raise Conflict("It was graded <b>before</b>.", facts={"sequence": 3})

    app.add_url_rule("/defect", "defect", public(defect))
    app.add_url_rule("/conflict", "conflict", public(conflict))
    return app.test_client()


@pytest.fixture
def throttled(process_settings):
    """An application that counts tries; the limiter is one for the process, so it is put back afterwards."""
    app = create_app(replace(process_settings, is_throttled=True))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    limiter.reset()
    limiter.enabled = False


def test_every_answer_carries_the_security_headers(client):
    for path in ["/sign-in", "/nowhere", "/healthz"]:
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_pages_of_a_signed_in_person_are_not_stored(client, session):
    person = make_person(session)
    session.commit()
    sign_in(client, person)

    assert client.get("/account/").headers["Cache-Control"] == "no-store"


def test_no_page_has_inline_script_or_style(client):
    page = client.get("/sign-up").text

    assert not re.search(r"<script(?![^>]*src=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_a_defect_ends_as_a_500_that_tells_no_detail(broken):
    answer = broken.get("/defect")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "CANARY-DETAIL" not in answer.text


def test_a_refusal_becomes_its_page_or_its_json(broken):
    page = broken.get("/conflict")
    data = broken.get("/conflict", headers={"Accept": "application/json"})

    assert page.status_code == data.status_code == 409
    assert "It was graded &lt;b&gt;before&lt;/b&gt;." in page.text
    assert data.get_json() == {"error": "conflict", "message": "It was graded <b>before</b>.", "sequence": 3}


def test_unknown_addresses_and_wrong_methods_have_pages(client):
    assert client.get("/nowhere").status_code == 404
    assert client.get("/sign-out").status_code == 405


def test_every_status_that_a_refusal_can_have_has_words(app):
    with app.test_request_context():
        assert set(STATUS_OF.values()) <= set(titles())
        assert set(titles()) == set(messages())
    assert all(issubclass(kind, Refusal) for kind in STATUS_OF)


def test_too_many_tries_are_slowed_for_the_source_and_told_so(throttled):
    statuses = [throttled.post("/sign-in", data={"email": "a@b.org", "password": "x"}).status_code for _ in range(12)]
    last = throttled.post("/sign-in", data={"email": "a@b.org", "password": "x"})

    assert statuses[:10] == [422] * 10
    assert last.status_code == 429
    assert "wait a moment" in last.text.lower()
    assert int(last.headers["Retry-After"]) > 0


def test_an_account_is_slowed_from_whatever_source_it_is_tried(throttled):
    for host in range(12):
        answer = throttled.post(
            "/sign-in",
            data={"email": "victim@b.org", "password": "x"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{host}"},
        )

    assert answer.status_code == 429


def test_static_files_of_this_build_are_kept_for_a_year_and_older_addresses_still_answer(client):
    address = re.search(r'/static/[^"]+assay\.css', client.get("/sign-in").text)[0]
    older = address.replace(address.split("/")[2], "0" * 16)

    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert client.get(older).status_code == 200
    assert client.get(older).headers["Cache-Control"] == "no-cache"
    assert client.get(f"/static/{'0' * 16}/lms/../config.py").status_code == 404
    assert client.get(f"/static/{'0' * 16}/nobody/x.css").status_code == 404


def test_health_and_readiness_answer(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json()["status"] == "ready"


def test_panels_of_one_place_stand_in_the_order_of_their_ranks(app):
    panels = Panels()
    panels.offer("place", lambda **facts: "last ")
    panels.offer("place", lambda *, name: f"first for {name} ", rank=10)

    assert panels.render("place", name="Ada") == "first for Ada last "


def test_style_sheets_and_scripts_are_sent_compressed_to_whoever_takes_that(client):
    address = re.search(r'/static/[^"]+assay\.css', client.get("/sign-in").text)[0]

    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert packed.mimetype == plain.mimetype == "text/css"
    assert "Accept-Encoding" in packed.headers["Vary"]
