"""The pages about time: what a person sees before and during a test, breaks without a script, managers' grants."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from assessments.domain.deadlines import Allowance
from assessments.models.attempts import AttemptState
from assessments.models.outages import Heartbeat
from assessments.operations.accommodating import grant_accommodation
from assessments.operations.outages import beat
from assessments.queries.attempts import get_attempt
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.outbox.delivery import deliver_due
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in


@pytest.fixture
def people(database):
    """Somebody who sits a test, a manager, an operator, and another candidate."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        return {
            "sitter": make_person(session, name="Nora Sitter", email="nora@example.org"),
            "manager": make_person(session, name="Max Manager", roles=(Role.MANAGER,)),
            "operator": make_person(session, name="Olga Operator", roles=(Role.OPERATOR,)),
            "other": make_person(session, name="Otto Other"),
        }


@pytest.fixture
def as_(app, people):
    """A browser of each of them."""

    def browser(role):
        client = app.test_client()
        sign_in(client, people[role])
        return client

    return browser


def grant(database, people, allowance):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        grant_accommodation(
            session,
            person_id=people["sitter"].id,
            allowance=allowance,
            note="CANARY-NOTE",
            by=people["manager"].id,
            at=clock.now(),
        )


def start(client) -> UUID:
    answer = client.post(f"/tests/{BANK}/attempts")
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.split("/")[2])


def attempt_of(database, people, attempt_id):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_attempt(session, attempt_id=attempt_id, person_id=people["sitter"].id)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_person_sees_the_own_accommodation_before_the_start_and_nobody_else_does(database, people, as_, client):
    grant(database, people, Allowance(percent=150, break_seconds=600))

    mine = text_of(as_("sitter").get(f"/tests/{BANK}/").text)
    assert "1.5 times the time; breaks of 10 minutes in all" in mine
    assert "Start the test (45 minutes)" in mine
    assert "Your time is 30 minutes × 1.5" in mine
    assert "If you start now, your time is up on" in mine
    assert "1.5 times the time" in text_of(as_("sitter").get("/account/").text)
    assert "Accommodation" not in as_("other").get("/account/").text
    for page in (as_("other").get(f"/tests/{BANK}/").text, client.get(f"/tests/{BANK}/").text):
        assert "Your accommodation" not in page
        assert "Start the test (45" not in page


def test_without_a_limit_no_countdown_is_shown_but_when_the_attempt_is_closed(database, people, as_):
    grant(database, people, Allowance(is_untimed=True))
    sitter = as_("sitter")
    before = text_of(sitter.get(f"/tests/{BANK}/").text)
    attempt_id = start(sitter)
    page = sitter.get(f"/attempts/{attempt_id}/").text

    assert "Start the test (no time limit)" in before
    assert "closed after 90 days" in before
    assert "data-countdown" not in page
    assert "No time limit; closed on" in text_of(page)
    assert sitter.get(f"/attempts/{attempt_id}/clock").get_json()["is_untimed"] is True


def test_a_break_hides_the_questions_and_stops_the_clock(database, people, as_):
    grant(database, people, Allowance(break_seconds=600))
    sitter = as_("sitter")
    with time_machine.travel(clock.now(), tick=False) as now:
        attempt_id = start(sitter)
        now.shift(60)
        assert "Take a break" in sitter.get(f"/attempts/{attempt_id}/").text
        assert "10 minutes" in sitter.get(f"/attempts/{attempt_id}/break").text

        assert sitter.post(f"/attempts/{attempt_id}/break").location == f"/attempts/{attempt_id}/break"
        now.shift(120)
        for address in (
            f"/attempts/{attempt_id}/",
            f"/attempts/{attempt_id}/?page=2",
            f"/attempts/{attempt_id}/review",
        ):
            assert sitter.get(address).location == f"/attempts/{attempt_id}/break"
        page = sitter.get(f"/attempts/{attempt_id}/break").text
        assert "8 minutes" in page
        assert "Which one?" not in page
        told = sitter.get(f"/attempts/{attempt_id}/clock").get_json()
        assert (told["is_on_break"], told["seconds_left"], told["break_seconds_left"]) == (True, 29 * 60, 8 * 60)

        save = sitter.put(f"/attempts/{attempt_id}/responses/1", json={"response": {"choices": ["a"]}, "sequence": 1})
        assert (save.status_code, save.get_json()["reason"]) == (409, "on-break")

        assert sitter.post(f"/attempts/{attempt_id}/break/end").location == f"/attempts/{attempt_id}/"
        told = sitter.get(f"/attempts/{attempt_id}/clock").get_json()
        assert (told["is_on_break"], told["seconds_left"], told["break_seconds_left"]) == (False, 29 * 60, 8 * 60)
        assert "Which one?" in sitter.get(f"/attempts/{attempt_id}/").text


def test_a_form_that_is_sent_during_a_break_loses_nothing_that_was_typed(database, people, as_):
    grant(database, people, Allowance(break_seconds=600))
    sitter = as_("sitter")
    attempt_id = start(sitter)
    sitter.post(f"/attempts/{attempt_id}/break")

    answer = sitter.post(f"/attempts/{attempt_id}/pages/1", data={"r1-choices": "b", "r1-sequence": "0"})

    assert answer.status_code in (409, 422)
    assert "You are on a break" in answer.text
    assert re.search(r'value="b"[^>]*checked|checked[^>]*value="b"', answer.text)


def test_the_clock_of_somebody_elses_attempt_does_not_exist(people, as_):
    attempt_id = start(as_("sitter"))
    other = as_("other")

    assert other.get(f"/attempts/{attempt_id}/clock").status_code == 404
    assert other.get(f"/attempts/{attempt_id}/break").status_code == 404
    assert other.post(f"/attempts/{attempt_id}/break").status_code == 404
    assert other.post(f"/attempts/{attempt_id}/break/end").status_code == 404


def test_after_an_outage_the_page_says_that_the_time_was_extended(database, people, as_):
    sitter = as_("sitter")
    with time_machine.travel(clock.now(), tick=False) as now:
        attempt_id = start(sitter)
        with database.transaction() as session:
            session.add(Heartbeat(id=1, beat_at=clock.now()))
        now.shift(240)
        with database.transaction() as session:
            beat(session, at=clock.now())

        page = text_of(sitter.get(f"/attempts/{attempt_id}/").text)

    assert "We were away while you sat this test. Your time was extended by 4 minutes" in page


def test_the_worker_follows_a_deadline_that_moved(app, database, people, as_):
    handlers = app.extensions["assay.handlers"]
    sitter = as_("sitter")
    with time_machine.travel(clock.now(), tick=False) as now:
        attempt_id = start(sitter)
        now.shift(60)
        grant(database, people, Allowance(percent=200))

        now.shift(timedelta(minutes=30))
        deliver_due(database, handlers)
        assert attempt_of(database, people, attempt_id).state is AttemptState.OPEN

        now.shift(timedelta(minutes=28, seconds=59))
        deliver_due(database, handlers)
        assert attempt_of(database, people, attempt_id).state is AttemptState.OPEN
        now.shift(6)
        deliver_due(database, handlers)

    attempt = attempt_of(database, people, attempt_id)
    assert attempt.state is AttemptState.GRADED
    assert attempt.submitted_at == attempt.deadline_at == attempt.started_at + timedelta(minutes=60)


def test_the_clients_clock_and_extra_parameters_move_nothing(people, as_, database):
    sitter = as_("sitter")
    with time_machine.travel(clock.now(), tick=False):
        answer = sitter.post(
            f"/tests/{BANK}/attempts?started_at=2030-01-01&limit=9999",
            data={"started_at": "2030-01-01T00:00:00Z", "limit": ["1", "9999"], "time_percent": "1000"},
            headers={"Date": "Tue, 01 Jan 2030 00:00:00 GMT"},
        )
        attempt = attempt_of(database, people, UUID(answer.location.split("/")[2]))
        assert attempt.started_at == clock.now()
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=30)


def test_a_manager_finds_somebody_looks_at_what_changes_and_grants(database, people, as_):
    manager, sitter = as_("manager"), as_("sitter")
    attempt_id = start(sitter)
    person = f"/manage/people/{people['sitter'].id}"

    assert "Nora Sitter" not in manager.get("/manage/people/").text
    for words in ("nora", "SITTER", "nora@example", "sit nor"):
        assert person in manager.get("/manage/people/", query_string={"q": words}).text
    assert "Nobody here" in manager.get("/manage/people/?q=%25").text

    typed = {"time_percent": "150", "break_minutes": "10", "note": "CANARY-NOTE"}
    look = manager.post(f"{person}/accommodation", data=typed)
    assert "Grant this accommodation?" in look.text
    assert "Ferry facts, attempt 1: until" in text_of(look.text)
    assert attempt_of(database, people, attempt_id).clock.percent == 100

    assert manager.post(f"{person}/accommodation", data={**typed, "do": "grant"}).status_code == 303
    attempt = attempt_of(database, people, attempt_id)
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=45)
    shown = manager.get(person).text
    assert "CANARY-NOTE" in shown
    assert "Granted by Max Manager" in text_of(shown)

    assert "End this accommodation?" in manager.post(f"{person}/accommodation/end").text
    assert manager.post(f"{person}/accommodation/end", data={"do": "end"}).status_code == 303
    assert "None is in force." in manager.get(person).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"time_percent": "90", "break_minutes": "0"}, "whole number from 100 to 1000"),
        ({"time_percent": "much", "break_minutes": "0"}, "whole number from 100 to 1000"),
        ({"time_percent": "100", "break_minutes": "0"}, "grants nothing"),
        ({"time_percent": "150", "break_minutes": "601"}, "from 0 to 600"),
        ({"time_percent": "150", "break_minutes": "0", "note": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_typed_is_lost(people, as_, typed, message):
    note = typed.get("note", "CANARY-NOTE")
    answer = as_("manager").post(f"/manage/people/{people['sitter'].id}/accommodation", data={"note": note, **typed})

    assert answer.status_code == 422
    assert re.search(message, answer.text)
    assert note in answer.text
    assert f'value="{typed["time_percent"]}"' in answer.text


def test_a_manager_decides_about_nobody_by_themselves_and_candidates_about_nobody(people, as_):
    manager, sitter = as_("manager"), as_("sitter")
    own = f"/manage/people/{people['manager'].id}"

    assert "Another manager decides" in manager.get(own).text
    data = {"time_percent": "200", "break_minutes": "0", "do": "grant"}
    assert manager.post(f"{own}/accommodation", data=data).status_code == 403
    assert manager.post(f"{own}/accommodation/end", data={"do": "end"}).status_code == 403
    for address in ("/manage/", "/manage/people/", own, "/manage/outages"):
        assert sitter.get(address).status_code == 403
    assert 'href="/manage/"' not in sitter.get("/me/").text
    assert 'href="/manage/"' in manager.get("/manage/outages").text


def test_operators_decide_about_a_long_outage_and_managers_read_it(database, people, as_):
    with database.transaction() as session:
        session.add(Heartbeat(id=1, beat_at=clock.now() - timedelta(hours=3)))
        session.flush()
        outage = beat(session, at=clock.now())
    manager, operator = as_("manager"), as_("operator")

    assert "to be decided" in manager.get("/manage/outages").text
    assert "Give none" not in manager.get("/manage/outages").text
    assert manager.post(f"/manage/outages/{outage.id}", data={"do": "dismiss"}).status_code == 403
    assert "Give none" in operator.get("/manage/outages").text
    assert operator.post(f"/manage/outages/{outage.id}", data={"do": "dismiss"}).status_code == 303
    assert "no time given" in operator.get("/manage/outages").text
    assert (
        "decided already"
        in operator.post(f"/manage/outages/{outage.id}", data={"do": "give"}, follow_redirects=True).text
    )


def test_the_note_is_told_to_the_person_in_the_export_and_goes_with_the_account(database, people, as_, app):
    grant(database, people, Allowance(percent=150))
    sitter = as_("sitter")
    start(sitter)

    exported = sitter.get("/account/export").get_json()["assessments"]
    assert exported["accommodations"][0]["note"] == "CANARY-NOTE"
    assert exported["attempts"][0]["time_percent"] == 150
    for role in ("other", "manager"):
        assert "CANARY-NOTE" not in as_(role).get("/account/export").text

    grant(database, people, Allowance(percent=150, break_seconds=60))
    with database.engine.connect() as connection:
        attempt_id = connection.exec_driver_sql("SELECT id FROM attempt").scalar_one()
    sitter.post(f"/attempts/{UUID(str(attempt_id))}/break")
    sitter.post("/account/delete", data={"password": "correct horse battery"})
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM accommodation").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT state FROM attempt").scalar_one() == "voided"
