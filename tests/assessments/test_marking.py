"""Marking: what waits stays without a result until the last mark, which grades exactly as everything else is graded."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from assessments.events import AttemptReleased
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.marks import Mark
from assessments.models.results import ItemResult, SkillResult
from assessments.operations.scoring_attempts import score_attempt
from assessments.queries.attempts import get_attempt, list_skill_results
from assessments.queries.marking import count_marks, get_response_to_mark, list_waiting
from assessments.queries.results import list_question_results
from lms.audit.models import AuditEvent
from lms.db.scope import enter_organisation
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.organisations.models import Organisation
from tests.assessments.marked_tests import (
    ANSWERS,
    BEST,
    ORDER,
    WORST,
    hand_in,
    make_marked_test,
    make_marker,
    mark,
)
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(days=2)


@pytest.fixture
def candidate(session):
    make_marked_test(session, at=AT)
    return make_person(session)


@pytest.fixture
def marker(session):
    return make_marker(session, name="Mara Marker")


@pytest.fixture
def told(app):
    """The results that were announced."""
    facts: list[AttemptReleased] = []
    app.extensions["assay.subscriptions"].subscribe(AttemptReleased, lambda session, fact: facts.append(fact))
    return facts


def state_of(session, attempt_id):
    return session.scalars(select(Attempt.state).where(Attempt.id == attempt_id)).one()


def waiting_places(session, marker):
    return [(each.attempt_id, ORDER[each.position - 1]) for each in list_waiting(session, marker_id=marker.id)]


def test_an_attempt_with_a_text_to_mark_stays_submitted_and_nobody_hears_of_it(session, candidate, told):
    attempt_id = hand_in(session, candidate.id, at=AT)

    attempt = get_attempt(session, attempt_id=attempt_id, person_id=candidate.id)
    assert (attempt.state, attempt.score, attempt.has_passed) == (AttemptState.SUBMITTED, None, None)
    assert attempt.submitted_at == AT
    assert session.scalar(select(func.count()).select_from(ItemResult)) == 0
    assert session.scalar(select(func.count()).select_from(SkillResult)) == 0
    assert told == []


def test_the_last_mark_grades_the_attempt_and_announces_it_once(session, candidate, marker, told):
    attempt_id = hand_in(session, candidate.id, at=AT)

    assert mark(session, attempt_id, "essay", marker.id, at=LATER) is False
    assert state_of(session, attempt_id) is AttemptState.SUBMITTED
    assert told == []
    assert mark(session, attempt_id, "rewrite", marker.id, at=LATER, levels={"reason": 2, "style": 3}) is True

    attempt = get_attempt(session, attempt_id=attempt_id, person_id=candidate.id)
    rewritten = Fraction(4, 10) + Fraction(6, 10) * Fraction(3, 4)
    assert told[0].score == (1 + 1 + rewritten) / 3
    assert [(fact.attempt_id, fact.has_passed, fact.at) for fact in told] == [(attempt_id, True, LATER)]
    assert (attempt.state, attempt.has_passed) == (AttemptState.GRADED, True)
    assert {skill.skill: skill.score for skill in list_skill_results(session, attempt_id)} == {
        "choice": 1,
        "essay": 1,
        "rewrite": rewritten,
    }


def test_the_marked_part_stands_among_the_parts_of_the_result(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)
    for name in ("essay", "rewrite"):
        mark(session, attempt_id, name, marker.id, at=LATER, levels={"reason": 2, "style": 2})

    _choice, essay, rewrite = list_question_results(session, attempt_id)

    assert [(part.name, part.points, part.weight) for part in essay.parts] == [("marking", Fraction(1, 2), 1)]
    assert [(part.name, part.points, part.weight) for part in rewrite.parts] == [
        ("checks", 1, Fraction(4, 10)),
        ("marking", Fraction(1, 2), Fraction(6, 10)),
    ]
    assert rewrite.parts[0].counts == {"mended": 1, "to_mend": 1, "kept": 1, "to_keep": 1}


def test_several_marks_of_one_response_count_alike(session, candidate, marker, told):
    second = make_marker(session)
    attempt_id = hand_in(session, candidate.id, at=AT)
    mark(session, attempt_id, "essay", marker.id, at=LATER, levels=BEST)
    mark(session, attempt_id, "essay", second.id, at=LATER, levels=WORST)
    mark(session, attempt_id, "rewrite", marker.id, at=LATER)

    assert told[0].score == (1 + Fraction(1, 2) + 1) / 3
    assert [place.score.points for place in score_attempt(session, attempt_id)] == [1, Fraction(1, 2), 1]


def test_what_is_left_empty_or_unchanged_waits_for_nobody(session, candidate, told):
    unchanged = {"text": "It leaves at 9  from the north quay.\n"}

    attempt_id = hand_in(session, candidate.id, at=AT, answers={"choice": ANSWERS["choice"], "rewrite": unchanged})

    assert state_of(session, attempt_id) is AttemptState.GRADED
    assert [fact.score for fact in told] == [Fraction(1, 3)]


def test_an_attempt_waits_for_its_written_texts_alone(session, candidate, marker, told):
    attempt_id = hand_in(session, candidate.id, at=AT, answers={"essay": ANSWERS["essay"]})

    assert waiting_places(session, marker) == [(attempt_id, "essay")]
    assert mark(session, attempt_id, "essay", marker.id, at=LATER) is True
    assert told[0].score == Fraction(1, 3)


def test_the_queue_is_oldest_first_and_leaves_out_what_is_marked_and_ones_own(session, candidate, marker):
    newer = hand_in(session, make_person(session).id, at=LATER)
    own = hand_in(session, marker.id, at=AT - timedelta(days=1))
    older = hand_in(session, candidate.id, at=AT)

    assert waiting_places(session, marker) == [
        (older, "essay"),
        (older, "rewrite"),
        (newer, "essay"),
        (newer, "rewrite"),
    ]
    mark(session, older, "rewrite", marker.id, at=LATER)
    assert waiting_places(session, marker)[:2] == [(older, "essay"), (newer, "essay")]
    assert [place[0] for place in waiting_places(session, make_marker(session))][:3] == [own, own, older]
    assert len(list_waiting(session, marker_id=marker.id, most=1)) == 1
    assert count_marks(session, marker_id=marker.id) == 1


def test_a_marker_sees_the_item_the_key_and_the_response_and_no_name(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)

    found = get_response_to_mark(session, attempt_id=attempt_id, position=2, marker_id=marker.id)

    assert found.response.text == ANSWERS["essay"]["text"]
    assert found.key.exemplar.startswith("CANARY-EXEMPLAR")
    assert candidate.name not in repr(found)
    assert str(candidate.id) not in repr(found)


def test_nobody_marks_their_own_attempt(session, candidate, marker):
    attempt_id = hand_in(session, marker.id, at=AT)

    with pytest.raises(NotAllowed, match="an attempt of your own"):
        mark(session, attempt_id, "essay", marker.id, at=LATER)
    assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_only_a_marker_may_mark(session, candidate):
    attempt_id = hand_in(session, candidate.id, at=AT)

    with pytest.raises(NotAllowed, match="Only markers"):
        mark(session, attempt_id, "essay", make_person(session).id, at=LATER)


def test_a_marker_marks_a_response_once(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)
    mark(session, attempt_id, "essay", marker.id, at=LATER)

    with pytest.raises(Conflict, match="marked this response already"):
        mark(session, attempt_id, "essay", marker.id, at=LATER, levels=WORST)


@pytest.mark.parametrize("name", ["choice", "rewrite"])
def test_what_does_not_wait_takes_no_mark(session, candidate, marker, name):
    attempt_id = hand_in(session, candidate.id, at=AT, answers={name: ANSWERS[name] for name in ("choice", "essay")})

    with pytest.raises(Conflict, match="does not wait for a mark"):
        mark(session, attempt_id, name, marker.id, at=LATER)


def test_a_graded_or_an_open_attempt_takes_no_mark(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT, answers={"essay": ANSWERS["essay"]})
    mark(session, attempt_id, "essay", marker.id, at=LATER)
    second = make_marker(session)

    with pytest.raises(Conflict, match="not any more"):
        mark(session, attempt_id, "essay", second.id, at=LATER)
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(
            state=AttemptState.VOIDED,
            void_reason="A test.",
            score=None,
            has_passed=None,
            graded_at=None,
            released_at=None,
        )
    )
    with pytest.raises(Conflict, match="not any more"):
        mark(session, attempt_id, "essay", second.id, at=LATER)


def test_an_unknown_attempt_or_position_does_not_exist(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)

    with pytest.raises(NotFound):
        get_response_to_mark(session, attempt_id=attempt_id, position=9, marker_id=marker.id)
    with pytest.raises(NotFound):
        mark(session, marker.id, "essay", marker.id, at=LATER)


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ({"reason": 2}, "A level is missing for: Style"),
        ({**BEST, "whim": 1}, "no criterion whim"),
        ({**BEST, "style": 4}, "Style: choose a level from 1 to 3"),
    ],
)
def test_levels_that_do_not_fit_are_refused_and_change_nothing(session, candidate, marker, levels, message):
    attempt_id = hand_in(session, candidate.id, at=AT)

    with pytest.raises(Invalid, match=message):
        mark(session, attempt_id, "essay", marker.id, at=LATER, levels=levels)
    assert session.scalar(select(func.count()).select_from(Mark)) == 0


def test_the_comment_is_kept_with_the_mark_and_a_novel_is_refused(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)
    with pytest.raises(Invalid, match="at most 2000 characters"):
        mark(session, attempt_id, "essay", marker.id, at=LATER, comment="x" * 2001)

    mark(session, attempt_id, "essay", marker.id, at=LATER, comment="  No reason given. ")

    kept = session.scalars(select(Mark)).one()
    assert (kept.comment, kept.levels, kept.marked_at, kept.position) == ("No reason given.", BEST, LATER, 2)


def test_marking_is_audited(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)
    mark(session, attempt_id, "essay", marker.id, at=LATER)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "response.marked")).one()
    assert (event.actor, event.subject_id, event.details) == (str(marker.id), attempt_id, {"position": 2})


def test_a_marker_of_another_organisation_sees_and_marks_nothing(session, candidate, marker):
    attempt_id = hand_in(session, candidate.id, at=AT)
    other = Organisation(id=uuid4(), slug="other", name="Other", created_at=AT)
    enter_organisation(session, other.id)
    session.add(other)
    session.flush()
    stranger = make_marker(session)

    assert list_waiting(session, marker_id=stranger.id) == []
    with pytest.raises(NotFound):
        mark(session, attempt_id, "essay", stranger.id, at=LATER)
    with pytest.raises(NotAllowed):
        mark(session, attempt_id, "essay", marker.id, at=LATER)


def test_a_text_that_is_tried_out_neither_counts_nor_waits_nor_stands_in_the_queue(session, candidate, marker, told):
    attempt_id = hand_in(session, candidate.id, at=AT, tried_out=["essay", "rewrite"])

    assert [fact.score for fact in told] == [1]
    assert [skill.skill for skill in list_skill_results(session, attempt_id)] == ["choice"]
    assert waiting_places(session, marker) == []
    with pytest.raises(Conflict, match="does not wait"):
        mark(session, attempt_id, "essay", marker.id, at=LATER)


def test_what_is_tried_out_keeps_its_points_where_it_has_any(session, candidate, told):
    answers = {"choice": {"choices": ["a"]}, "rewrite": {"text": "It leaves at 9 from the north quay."}}

    attempt_id = hand_in(session, candidate.id, at=AT, answers=answers, tried_out=["choice", "essay"])

    assert [fact.score for fact in told] == [0]
    results = list_question_results(session, attempt_id)
    assert [(result.points, result.is_scored) for result in results] == [(0, False), (0, False), (0, True)]


def test_a_pilot_text_that_nobody_marked_has_no_points_to_keep(session, candidate, told):
    attempt_id = hand_in(
        session, candidate.id, at=AT, answers={name: ANSWERS[name] for name in ("choice", "essay")}, tried_out=["essay"]
    )

    assert [result.points for result in list_question_results(session, attempt_id)] == [1, None, 0]


def test_a_form_without_a_scored_position_is_a_defect(session, candidate):
    with pytest.raises(ValueError, match="no result"):
        hand_in(session, candidate.id, at=AT, tried_out=ORDER)
