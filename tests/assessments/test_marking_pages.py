"""The markers' pages, and what a candidate sees meanwhile: no name there, no number here."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessments.models.marks import Mark
from assessments.models.results import PracticeTry
from assessments.queries.marking import list_waiting
from assessments.queries.practice import list_tries
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.marked_tests import ANSWERS, BANK, BEST, hand_in, make_marked_test, make_marker, mark
from tests.people import make_person, sign_in
from tests.statements import counted

BEST_FORM = {f"level-{name}": str(level) for name, level in BEST.items()}


@pytest.fixture
def candidate(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_marked_test(session, at=clock.now())
        return make_person(session, name="Cyril Candidate")


@pytest.fixture
def attempt_id(database, candidate):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return hand_in(session, candidate.id, at=clock.now() - timedelta(hours=1))


@pytest.fixture
def marker(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        marker = make_marker(session, name="Mara Marker")
    sign_in(client, marker)
    return marker


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def test_a_marker_works_through_the_queue(client, marker, attempt_id, database):
    queue = client.get("/marking/")
    assert f"/marking/{attempt_id}/2" in queue.text
    assert "Waiting 2" in words(queue.text)

    first = client.post(f"/marking/{attempt_id}/2", data={**BEST_FORM, "comment": "Clear.\r\nShort."})
    assert first.location == f"/marking/{attempt_id}/3"
    last = client.post(first.location, data=BEST_FORM)

    assert last.location == "/marking/"
    done = words(client.get("/marking/").text)
    assert "Nothing waits at the moment" in done
    assert "Marked by you 2" in done
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        comments = session.scalars(select(Mark.comment).order_by(Mark.position)).all()
    assert comments == ["Clear.\nShort.", ""]


def test_an_essay_stands_beside_task_exemplar_notes_and_rubric(client, marker, attempt_id):
    page = words(client.get(f"/marking/{attempt_id}/2").text)

    for text in (
        "Why do ferries stop in winter?",
        "Because the bay freezes.",
        "CANARY-EXEMPLAR: the bay freezes.",
        "CANARY-NOTES",
        "How is its reason?",
        "What level 3 takes.",
        "7 words",
    ):
        assert text in page, text


def test_a_rewrite_is_shown_with_what_was_changed(client, marker, attempt_id):
    page = client.get(f"/marking/{attempt_id}/3").text

    assert re.search(r"<del>.*9.*</del>", page)
    assert re.search(r"<ins>.*10.*</ins>", page)
    assert "It leaves at 9 from the north quay." in words(page)
    assert "When does the ferry leave?" in words(page)


def test_no_page_says_who_wrote_it(client, marker, attempt_id, candidate):
    for address in ("/marking/", f"/marking/{attempt_id}/2", f"/marking/{attempt_id}/3"):
        page = client.get(address).text
        assert candidate.name not in page
        assert str(candidate.id) not in page
        assert candidate.email not in page


def test_what_was_forgotten_is_said_and_what_was_typed_is_kept(client, marker, attempt_id, database):
    answer = client.post(f"/marking/{attempt_id}/2", data={"level-reason": "2", "comment": "CANARY-TYPED"})

    assert answer.status_code == 422
    assert "A level is missing for: Style." in answer.text
    assert "CANARY-TYPED" in answer.text
    assert re.search(r'name="level-reason" value="2" checked', answer.text)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(Mark)).all() == []


@pytest.mark.parametrize(
    "levels", [{"level-reason": "9", "level-style": "1"}, {"level-reason": "x", "level-style": "1"}]
)
def test_levels_that_there_are_not_are_refused(client, marker, attempt_id, levels):
    assert client.post(f"/marking/{attempt_id}/2", data=levels).status_code == 422


def test_whoever_comes_too_late_is_told_and_led_on(client, marker, attempt_id, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        faster = make_marker(session)
        for name in ("essay", "rewrite"):
            mark(session, attempt_id, name, faster.id, at=clock.now())

    shown = client.get(f"/marking/{attempt_id}/2", follow_redirects=True)
    sent = client.post(f"/marking/{attempt_id}/2", data=BEST_FORM, follow_redirects=True)

    for answer in (shown, sent):
        assert answer.status_code == 200
        assert "does not wait for a mark" in answer.text


def test_ones_own_attempt_is_neither_listed_nor_shown(client, marker, candidate, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        own = hand_in(session, marker.id, at=clock.now())

    assert str(own) not in client.get("/marking/").text
    assert client.get(f"/marking/{own}/2").status_code == 403
    assert client.post(f"/marking/{own}/2", data=BEST_FORM).status_code == 403
    assert client.get(f"/marking/{uuid4()}/2").status_code == 404


def test_only_markers_get_there_and_only_they_have_the_link(client, marker, attempt_id, candidate, app):
    assert 'href="/marking/"' in client.get("/account/").text
    other = app.test_client()
    sign_in(other, candidate)

    assert 'href="/marking/"' not in other.get("/account/").text
    for address in ("/marking/", f"/marking/{attempt_id}/2"):
        assert other.get(address).status_code == 403
        assert app.test_client().get(address).location.startswith("/sign-in")
    assert other.post(f"/marking/{attempt_id}/2", data=BEST_FORM).status_code == 403


def test_the_queue_costs_a_fixed_number_of_statements(client, marker, attempt_id, database):
    with counted(database) as one:
        client.get("/marking/")
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for _ in range(5):
            hand_in(session, make_person(session).id, at=clock.now())
    with counted(database) as six:
        page = client.get("/marking/")

    assert "Waiting 12" in words(page.text)
    assert len(six) == len(one) <= 5


def test_a_long_queue_is_read_batch_by_batch_in_its_order(marker, attempt_id, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for _ in range(2):
            hand_in(session, make_person(session).id, at=clock.now())
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        whole = list_waiting(session, marker_id=marker.id)
        some = list_waiting(session, marker_id=marker.id, most=5, batch=2)

    assert len(whole) == 6
    assert some == whole[:5]
    assert whole == sorted(whole, key=lambda one: (one.submitted_at, one.attempt_id, one.position))


def test_while_texts_are_marked_the_candidate_sees_that_and_no_number(client, candidate, attempt_id):
    sign_in(client, candidate)

    page = client.get(f"/attempts/{attempt_id}/result")

    said = words(page.text)
    assert page.status_code == 200
    assert "Your answers are being marked" in said
    assert "people read and mark them" in said
    assert "%" not in said
    assert "points" not in said
    assert "CANARY" not in page.text
    assert "Being marked" in client.get(f"/tests/{BANK}/").text
    assert client.post(f"/tests/{BANK}/attempts").status_code == 409


def test_the_result_comes_with_the_last_mark_and_says_what_the_rubric_gave(client, candidate, attempt_id, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        marker = make_marker(session)
        mark(
            session, attempt_id, "essay", marker.id, at=clock.now(), levels={"reason": 2, "style": 1}, comment="CANARY"
        )
        mark(session, attempt_id, "rewrite", marker.id, at=clock.now())
    sign_in(client, candidate)

    page = client.get(f"/attempts/{attempt_id}/result").text

    assert "You passed" in page
    assert "0.25 of 1 by the markers’ rubric" in page
    assert "1 of 1 faults mended, 1 of 1 right things kept, 1.00 of 1 by the markers’ rubric" in page
    assert "CANARY" not in page


# In practice nobody marks: what only a marker could judge is not scored.


@pytest.fixture
def practise(client, candidate):
    sign_in(client, candidate)

    def send(name, text):
        form = {f"p-practice-{name}-text": text, "try_key": str(uuid4())}
        return client.post(f"/practice/practice-{name}", data=form, headers={"X-Fragment": "1"})

    return send


def test_an_essay_is_not_scored_and_shows_exemplar_notes_and_rubric(practise, database, candidate):
    practise("essay", ANSWERS["essay"]["text"])
    box = practise("essay", "Because.\r\nOf ice.").text

    assert "Your tries: not scored, not scored." in " ".join(box.split())
    assert "The first one counts" not in box
    for told in ("CANARY-EXEMPLAR", "CANARY-NOTES", "CANARY-RATIONALE", "What level 2 takes."):
        assert told in box
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        tries = list_tries(session, person_id=candidate.id, identifiers=["practice-essay"])["practice-essay"]
        assert session.scalars(select(PracticeTry.points)).all() == [None, None]
    assert tries[1].response == {"text": "Because.\nOf ice."}


def test_a_rewrite_is_scored_by_its_checks_alone(practise, database):
    right = practise("rewrite", ANSWERS["rewrite"]["text"]).text
    wrong = practise("rewrite", "It leaves at 11 from the north quay.").text

    assert "Every check is passed" in right
    assert "Nothing is earned yet" in wrong
    assert "Your tries: 100 %, 0 %. The first one counts for your accuracy." in " ".join(wrong.split())
    assert "What level 2 takes." in wrong


def test_the_longest_text_in_any_script_is_taken(practise):
    assert "not scored" in practise("essay", "🙂" * 20_000).text


@pytest.mark.parametrize("as_form", [True, False])
def test_the_longest_essay_fits_into_a_save_as_fields_and_as_json(client, candidate, as_form):
    sign_in(client, candidate)
    address = client.post(f"/tests/{BANK}/attempts").location + "responses/2"
    text = "🙂" * 20_000

    if as_form:
        saved = client.put(address, data={"r2-text": text, "r2-sequence": "1"})
        fields = {"r2-text": f"{text}x", "r2-sequence": "2"}
        too_long = client.put(address, data=fields, headers={"Accept": "application/json"})
    else:
        saved = client.put(address, json={"response": {"text": text}, "sequence": 1})
        too_long = client.put(address, json={"response": {"text": f"{text}x"}, "sequence": 2})

    assert (saved.status_code, too_long.status_code) == (200, 422)
    assert "at most 20000 characters" in too_long.get_json()["message"]
