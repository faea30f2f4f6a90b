"""Late answers on the pages: managers see the circumstances and decide, whoever sat the test sees what was decided."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessments.models.attempts import Attempt
from assessments.models.outages import Outage, OutageState
from lms.accounts.models import Person
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.assessments.factories import make_bank, make_test
from tests.assessments.late_answers import LIMIT, REASON, decide, sit_late
from tests.assessments.released_later import state_release
from tests.certificates.factories import AT, make_ladder
from tests.people import make_person, sign_in

LIST = "/manage/late-answers"


class Cast:
    """A manager and a candidate, each in a browser, and the attempt of the candidate with two late answers."""

    def __init__(self, app: Flask, database: Database, release: str = "at-once") -> None:
        self.app = app
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            make_bank(session, at=AT)
            make_test(session, at=AT)
            make_ladder(session)
            state_release(session, release, at=AT)
            manager = make_person(session, name="Grace Hopper", roles=(Role.CANDIDATE, Role.MANAGER))
            candidate = make_person(session, name="Nora Sitter")
            self.attempt_id = sit_late(session, candidate.id, at=AT, right=5, late=2)
            self.own = sit_late(session, manager.id, at=AT, right=1, late=1)
        self.manager_id = manager.id
        self.manager, self.candidate = self.browser(manager), self.browser(candidate)
        self.page = f"{LIST}/{self.attempt_id}"

    def browser(self, person: Person) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, person)
        return client

    def told(self) -> str:
        """What the candidate's result page says."""
        return words(self.candidate.get(f"/attempts/{self.attempt_id}/result").text)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def cast(app, database) -> Cast:
    return Cast(app, database)


def test_managers_alone_decide(app, database, cast):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        others = [make_person(session, roles=(Role.CANDIDATE, role)) for role in (Role.AUTHOR, Role.MARKER)]
    for client in (cast.candidate, *map(cast.browser, others)):
        assert client.get(LIST).status_code == 403
        assert client.get(cast.page).status_code == 403
        assert client.post(cast.page, data={"do": "count", "reason": REASON}).status_code == 403
    assert app.test_client().get(cast.page).status_code in (302, 303)
    assert "Kept as late, not scored" in cast.told()


def test_the_list_and_the_page_show_the_circumstances_and_neither_answers_nor_results(cast):
    listed, page = cast.manager.get(LIST).text, cast.manager.get(cast.page).text

    assert f'href="{cast.page}"' in listed
    assert "2: questions 6, 7" in words(listed)
    assert "1: question 2" in words(listed)
    assert "to be decided" in listed
    assert words(page).count("5 minutes nothing") == 2
    assert "Late answers 2 Of these also saved in time 0" in words(page)
    assert "No outage of ours is known" in page
    for said in (listed, page):
        assert "62.5" not in said
        assert not re.search(r"choices|evidence\b|levels|&#34;|spans|score\b.*%", words(said))


def test_an_outage_between_giving_and_arriving_is_named_and_another_one_is_not(database, cast):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for began, reason in ((LIMIT, "A disk was full."), (LIMIT + timedelta(hours=1), "Another day.")):
            session.add(
                Outage(
                    began_at=AT + began,
                    ended_at=AT + began + timedelta(minutes=2),
                    found_by="test",
                    reason=reason,
                    state=OutageState.WAITING,
                )
            )

    page = cast.manager.get(cast.page).text

    assert "A disk was full." in page
    assert "Another day." not in page
    assert "No outage of ours" not in page


def test_a_decision_without_a_reason_or_without_a_button_keeps_what_was_typed(cast):
    empty = cast.manager.post(cast.page, data={"do": "count", "reason": "  "})
    long = cast.manager.post(cast.page, data={"do": "leave", "reason": "It rained. " * 100})
    neither = cast.manager.post(cast.page, data={"reason": REASON})

    assert [empty.status_code, long.status_code, neither.status_code] == [422, 422, 422]
    assert "Say in plain words why" in empty.text
    assert "At most 1000 characters" in long.text
    assert "It rained. It rained." in long.text
    assert "Choose whether these answers count or are left out." in neither.text
    assert REASON in neither.text
    assert 'role="alert"' in neither.text
    assert "to be decided" in cast.manager.get(cast.page).text


def test_letting_them_count_is_told_on_the_result_with_the_reason_and_the_change(cast):
    done = cast.manager.post(cast.page, data={"do": "count", "reason": REASON})

    assert (done.status_code, done.location) == (303, LIST)
    assert "The late answers count from now on." in cast.manager.get(LIST).text
    told = cast.told()
    assert "Arrived late, and they count" in told
    assert REASON in told
    assert "Your score rose from 62.5 % to 87.5 %. You have passed the test now." in told
    assert "Question 6: given" in told
    decided = words(cast.manager.get(cast.page).text)
    assert f"They count. {REASON}" in decided
    assert "Decided by Grace Hopper" in decided
    assert "Let them count" not in decided


def test_leaving_them_out_is_told_with_the_reason_and_without_a_change(cast):
    cast.manager.post(cast.page, data={"do": "leave", "reason": "The device was set back."})

    told = cast.told()
    assert "Arrived late, and they do not count" in told
    assert "The device was set back." in told
    assert "Your score" not in told
    assert "left out" in cast.manager.get(LIST).text


def test_a_second_decision_and_one_about_oneself_are_refused_in_words(cast):
    own = cast.manager.get(f"{LIST}/{cast.own}").text
    refused = cast.manager.post(f"{LIST}/{cast.own}", data={"do": "count", "reason": REASON})
    cast.manager.post(cast.page, data={"do": "leave", "reason": REASON})
    again = cast.manager.post(cast.page, data={"do": "count", "reason": "Otherwise."})

    assert "another manager decides" in own
    assert "Let them count" not in own
    assert (refused.status_code, again.status_code) == (403, 409)
    assert "Nobody decides about late answers of their own." in refused.text
    assert "A decision is final." in again.text


def test_what_is_not_there_is_not_found(database, cast):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        empty = sit_late(session, make_person(session).id, at=AT, right=1, late=0)
    for address in (f"{LIST}/{empty}", f"{LIST}/{cast.manager_id}"):
        assert cast.manager.get(address).status_code == 404
        assert cast.manager.post(address, data={"do": "count", "reason": REASON}).status_code == 404


def test_before_the_release_the_candidate_reads_the_decision_and_no_effect(app, database):
    cast = Cast(app, database, release="by-hand")
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        decide(session, cast.attempt_id, cast.manager_id, at=AT)
        assert session.get_one(Attempt, cast.attempt_id).released_at is None

    told = cast.told()
    assert "Arrived late, and they count" in told
    assert REASON in told
    assert "Your score" not in told
    assert "passed" not in told
    assert "%" not in told


def test_an_answer_after_the_decision_is_not_kept(app, database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        person, manager = make_person(session), make_person(session)
        attempt_id = sit_late(session, person.id, at=AT, right=5, late=2)
        decide(session, attempt_id, manager.id, at=AT, accept=False)
    sign_in(client, person)

    answer = client.put(
        f"/attempts/{attempt_id}/responses/1",
        json={"response": {"choices": ["c"]}, "sequence": 9},
        headers={"X-Answer-Age": str(48 * 3600 * 1000)},
    )

    assert (answer.status_code, answer.get_json()["kept"]) == (410, False)
