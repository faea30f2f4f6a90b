"""Calibration: work through gold items until the first tries agree; each is told at once, and none before."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from assessments.models.items import Difficulty, ItemUse
from assessments.operations.publishing import publish_items
from assessments.queries.calibration import get_calibration, get_round
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.calibrations import GOLD, RIGHT, URL, form_of, kind_of, make_calibration, try_next
from tests.assessments.factories import BANK, make_bank, make_draft, make_test
from tests.people import make_person, sign_in

ITEM = URL + "rounds/1/items/{}"
OTHER_KEYS = {
    "choice": {"choices": ["a"]},
    "claim-verdict": {"label": "supported", "evidence": [1]},
    "span-highlight": {"spans": [{"start": 0, "end": 10, "category": "wrong-entity"}]},
    "rubric-score": {"levels": {"clarity": 1, "fidelity": 4}},
}


@pytest.fixture
def person(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now())
        make_calibration(session)
        person = make_person(session)
    sign_in(client, person)
    return person


def begin(client):
    answer = client.post(URL + "rounds")
    assert answer.status_code == 303
    return answer.location


def round_of(database, person, number=1):
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return get_round(session, get_calibration(session, BANK), person_id=person.id, number=number)


def test_everybody_may_read_what_the_calibration_asks_for(app, person):
    page = app.test_client().get(URL)

    assert page.status_code == 200
    for words in ("Ferry calibration", "75 %", "2 first tries", "Why so much: to be sure.", "Sign in"):
        assert words in page.text
    assert app.test_client().get("/calibrations/nothing/").status_code == 404
    assert app.test_client().get(ITEM.format(1)).location.startswith("/sign-in")


def test_beginning_again_goes_on_with_the_open_round(client, person):
    assert begin(client) == begin(client) == ITEM.format(1)
    try_next(client, ITEM.format(1))

    assert begin(client) == ITEM.format(2)


def test_before_the_try_nothing_of_the_key_is_in_the_page_and_after_it_everything_is_told(client, person):
    before = client.get(begin(client))
    after = try_next(client, ITEM.format(1), right=False)

    assert before.status_code == after.status_code == 200
    assert "CANARY" not in before.text
    for told in ("Not right", "CANARY-RATIONALE", "CANARY-AUTHOR", "Next item"):
        assert told in after.text
    assert "Check my answer" not in after.text
    assert 'name="version_id"' not in after.text


def test_right_tries_reach_the_agreement_and_close_the_round(client, person, database):
    begin(client)
    first = try_next(client, ITEM.format(1))
    second = try_next(client, ITEM.format(2))

    assert "1 more try is needed before it counts" in first.text
    assert "You are calibrated" in second.text
    assert "Next item" not in second.text
    current = round_of(database, person)
    assert current.summary.reached_at is not None
    assert not current.is_open
    assert client.get(ITEM.format(3)).location == URL
    assert "Begin another round" in client.get(URL).text


def test_a_bad_beginning_is_forgotten(client, person, database):
    begin(client)
    for number, right in enumerate((False, True, True), start=1):
        page = try_next(client, ITEM.format(number), right=right)

    assert "You are calibrated" in page.text
    assert round_of(database, person).points == [0, 1, 1]


def test_when_the_gold_runs_out_a_new_round_begins_with_all_of_it(client, person, database):
    begin(client)
    for number in range(1, 5):
        page = try_next(client, ITEM.format(number), right=number == 2)

    assert "All gold items are tried" in page.text
    assert "Not calibrated yet" in client.get(URL).text
    assert begin(client) == URL + "rounds/2/items/1"
    assert round_of(database, person, 2).length == len(GOLD)
    assert "Round 1" in client.get(URL).text


def test_it_is_said_when_the_round_can_no_longer_reach_it(client, person):
    begin(client)
    for number in range(1, 4):
        page = try_next(client, ITEM.format(number), right=False)

    assert "cannot be reached in this round any more. 1 item is left" in page.text


def test_progress_is_a_picture_with_its_numbers_in_a_table(client, person):
    begin(client)
    for number, right in enumerate((False, True, False), start=1):
        try_next(client, ITEM.format(number), right=right)
    page = client.get(URL).text

    assert page.count('class="dot"') == 3
    assert page.count('class="bar is-past"') == 1
    assert re.findall(r'data-label="(?:Points|Agreement)">(\d+ %)<', page) == [
        "0 %",
        "0 %",
        "100 %",
        "50 %",
        "0 %",
        "50 %",
    ]


def test_an_item_is_tried_once_and_a_second_try_is_told_so(client, person, database):
    begin(client)
    page = client.get(ITEM.format(1)).text
    form = form_of(page)
    try_next(client, ITEM.format(1))

    again = client.post(ITEM.format(1), data=form, follow_redirects=True)

    assert "in a round the first try counts" in again.text
    assert len(round_of(database, person).tries) == 1


def test_the_same_form_sent_twice_is_one_try_without_a_word(client, person, database):
    begin(client)
    form = form_of(client.get(ITEM.format(1)).text)
    answers = [client.post(ITEM.format(1), data=form, follow_redirects=True) for _ in range(2)]

    assert all("first try counts" not in answer.text for answer in answers)
    assert len(round_of(database, person).tries) == 1


def test_items_come_one_after_the_other(client, person):
    begin(client)

    assert client.get(ITEM.format(3)).location == ITEM.format(1)
    form = form_of(client.get(ITEM.format(1)).text)
    assert client.post(ITEM.format(2), data=form).status_code == 404


def test_an_answer_that_does_not_fit_is_refused_with_a_reason_and_not_lost(client, person, database):
    begin(client)
    number = 1
    while kind_of(client.get(ITEM.format(number)).text) != "rubric-score":
        try_next(client, ITEM.format(number), right=False)
        number += 1
    form = form_of(client.get(ITEM.format(number)).text) | {"c-level-clarity": "9", "c-level-fidelity": "2"}

    answer = client.post(ITEM.format(number), data=form)

    assert answer.status_code == 422
    assert "its levels are 1 to 4" in answer.text
    assert 'name="c-level-fidelity" value="2" checked' in " ".join(answer.text.split())
    assert "CANARY" not in answer.text
    assert client.post(ITEM.format(number), data={}).status_code == 422


def test_what_was_answered_to_an_older_version_is_not_scored_by_a_newer_key(client, person, database):
    begin(client)
    page = client.get(ITEM.format(1)).text
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        draft = make_draft(f"practice-{kind_of(page)}", kind_of(page), use=ItemUse.PRACTICE)
        newer = replace(draft, difficulty=Difficulty.HARD)
        publish_items(session, bank=BANK, drafts=[newer], at=clock.now(), is_whole_bank=False)

    answer = client.post(ITEM.format(1), data=form_of(page), follow_redirects=True)

    assert "has changed since you opened it" in answer.text
    assert round_of(database, person).tries == ()


def test_what_somebody_tried_before_comes_last(client, person, database):
    form = {"p-practice-choice-choices": "b", "try_key": "00000000-0000-4000-8000-000000000001"}
    client.post("/practice/practice-choice", data=form)
    begin(client)

    assert [item.identifier for item in round_of(database, person).left][-1] == "practice-choice"


def test_a_key_that_changes_counts_for_the_tries_after_it(client, person, database):
    begin(client)
    first, second = round_of(database, person).left[:2]
    told = try_next(client, ITEM.format(1))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        drafts = [
            make_draft(item.identifier, item.type, use=ItemUse.PRACTICE, key=OTHER_KEYS[item.type])
            for item in (first, second)
        ]
        publish_items(session, bank=BANK, drafts=drafts, at=clock.now(), is_whole_bank=False)
    try_next(client, ITEM.format(2))

    assert "100 %" in told.text
    earned = round_of(database, person).points
    assert earned[0] == 1
    assert earned[1] < Fraction(3, 4)


def test_a_round_belongs_to_one_person(app, client, person, database):
    begin(client)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        other = make_person(session)
    stranger = app.test_client()
    sign_in(stranger, other)

    assert stranger.get(ITEM.format(1)).status_code == 404
    assert stranger.post(ITEM.format(1), data=form_of(client.get(ITEM.format(1)).text)).status_code == 404


def test_a_calibration_without_items_says_so(client, person, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_calibration(session, items=())

    assert "no items" in client.get(URL).text
    assert client.post(URL + "rounds").status_code == 409


def test_every_kind_of_answer_is_read_from_its_form(client, person, database):
    begin(client)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_calibration(session, slug="all", agreement=Fraction(1), window=4)
    client.post("/calibrations/all/rounds")
    for number in range(1, 5):
        page = try_next(client, f"/calibrations/all/rounds/1/items/{number}")
        assert "100 %" in page.text

    assert "You are calibrated" in page.text
    assert len(RIGHT) == 4
