"""After release a result says question by question what was earned and why, and never what would have been right."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.scores import with_marks
from assessments.models.attempts import FormItem
from assessments.models.results import ItemResult
from assessments.operations.answering import save_response
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from assessments.queries.results import list_question_results
from assessments.web.explained_results import two_decimals
from assessments.web.item_views import ITEM_VIEWS
from lms import clock
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.every_type import random_items
from tests.assessments.factories import BANK, make_bank, make_test
from tests.people import make_person, sign_in
from tests.statements import counted

ANSWERS = {
    1: {"choices": ["b"]},
    2: {"label": "contradicted", "evidence": [2, 3], "confidence": 0.9},
    3: {
        "spans": [
            {"start": 50, "end": 54, "category": "wrong-entity"},
            {"start": 0, "end": 10, "category": "wrong-number"},
        ]
    },
}


@pytest.fixture
def person(client, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=clock.now())
        make_test(session, at=clock.now(), count=1)
        person = make_person(session)
    sign_in(client, person)
    return person


@pytest.fixture
def attempt_id(database, person):
    """Answers that are right, partly right and wrong; the fourth question is left open."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=clock.now())
        for position, response in ANSWERS.items():
            save_response(
                session,
                attempt_id=attempt_id,
                person_id=person.id,
                position=position,
                response=response,
                sequence=1,
                at=clock.now(),
            )
        hand_in_attempt(session, attempt_id=attempt_id, person_id=person.id, at=clock.now())
    return attempt_id


def rows(page: str) -> list[list[str]]:
    """The cells of the table of questions, as they read."""
    table = page.partition('aria-label="Points of each question"')[2].partition("</table>")[0].partition("<tbody>")[2]
    lines = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in table.split("</tr>")[:-1]]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in line] for line in lines]


def change(database, statement):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.execute(statement)


def test_every_question_has_its_points_and_the_reason_for_them(client, attempt_id):
    shown = rows(client.get(f"/attempts/{attempt_id}/result").text)

    assert [row[:3] for row in shown] == [
        ["Question 1", "Choice", "1.00"],
        ["Question 2", "Claim verdict", "0.93"],
        ["Question 3", "Span highlight", shown[2][2]],
        ["Question 4", "Rubric score", "0.00"],
    ]
    explained = [row[3] for row in shown]
    assert explained[0] == "Right"
    assert explained[1].startswith("The verdict fits, 1 of 1 passages found, 1 passage too many")
    assert "1 extra span" in explained[2]
    assert explained[3] == "Left open"


def test_the_page_never_says_what_would_have_been_right(client, attempt_id):
    page = client.get(f"/attempts/{attempt_id}/result").text

    for secret in ("CANARY", "contradicted", "Monday", "1923", "wrong-number", "Wrong number", "That"):
        assert secret not in page.partition("<h2>Per question</h2>")[2].partition("<h2>")[0], secret
    assert 'href="/scoring/claim-verdict"' in page


def test_a_question_that_was_tried_out_says_so_and_shows_no_points(client, attempt_id, database):
    change(database, update(FormItem).where(FormItem.position == 1).values(is_scored=False))

    assert rows(client.get(f"/attempts/{attempt_id}/result").text)[0] == [
        "Question 1",
        "Choice",
        "–",
        "Tried out, not scored",
    ]


def test_results_from_before_counts_were_kept_still_show_their_points(client, attempt_id, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for result in session.scalars(select(ItemResult)):
            result.parts = [{name: part[name] for name in ("name", "points", "weight")} for part in result.parts]

    explained = [row[3] for row in rows(client.get(f"/attempts/{attempt_id}/result").text)]

    assert (explained[0], explained[1], explained[3]) == ("Right", "Partly right", "Left open")


def test_the_questions_are_read_in_one_statement_with_exact_parts(attempt_id, database):
    with counted(database) as sent, database.reading(PUBLIC_ORGANISATION_ID) as session:
        results = list_question_results(session, attempt_id)

    assert len(sent) == 1
    assert [result.position for result in results] == [1, 2, 3, 4]
    verdict = results[1]
    assert [(part.name, part.points, part.weight) for part in verdict.parts] == [
        ("label", Fraction(1), Fraction(6, 10)),
        ("evidence", Fraction(2, 3), Fraction(2, 10)),
        ("confidence", Fraction(99, 100), Fraction(2, 10)),
    ]
    assert verdict.parts[1].counts == {"found": 1, "right": 1, "extra": 1}


@pytest.mark.parametrize(
    ("points", "shown"),
    [(Fraction(0), "0.00"), (Fraction(1), "1.00"), (Fraction(2, 3), "0.66"), (Fraction(1, 20), "0.05")],
)
def test_points_are_cut_off_and_never_rounded_up(points, shown):
    assert two_decimals(points) == shown


@pytest.mark.parametrize("name", ITEM_TYPES)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_kind_explains_its_stored_parts_in_sentences(app, name, data):
    content, key, response = data.draw(random_items(name))
    score = ITEM_TYPES[name].score(content, key, response)
    marked = with_marks(score, dict.fromkeys(score.waiting, Fraction(1, 2)))
    stored = json.loads(json.dumps([{"name": p.name, "counts": dict(p.counts)} for p in marked.parts]))
    parts = tuple(replace(part, counts=kept["counts"]) for part, kept in zip(marked.parts, stored, strict=True))

    with app.test_request_context():
        said = ITEM_VIEWS[name].explain(content, parts)

    assert all(isinstance(str(sentence), str) and str(sentence).strip() for sentence in said)
