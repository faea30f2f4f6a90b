"""Late answers: a manager lets those of an attempt count, or leaves them out; result, person and certificate follow."""

from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessments.models.attempts import Attempt, AttemptState, FormItem, LateDecision, LateResponse
from assessments.models.results import ItemResult
from assessments.operations.personal_data import erase_assessments, export_assessments
from assessments.operations.regrading import commit_regrade
from assessments.operations.releasing import release_attempt
from assessments.operations.scoring_attempts import score_attempts
from assessments.operations.starting import start_attempt
from assessments.operations.verifying import Range, verify_batch
from assessments.queries.late_answers import get_late_attempt, list_late_attempts, list_late_notices
from lms.audit.models import AuditEvent
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments import marked_tests, wrong_keys
from tests.assessments.factories import BANK, make_bank, make_test, sit
from tests.assessments.late_answers import BASE_URL, REASON, decide, keep_late, save, sit_late, time_over
from tests.assessments.released_later import state_release
from tests.assessments.test_races import at_once
from tests.certificates.factories import AT, make_ladder, the_certificate
from tests.mails import waiting_mails
from tests.people import make_person
from tests.statements import counted

LATER = AT + timedelta(hours=2)
FAILED, PASSED = (Fraction(5, 8), False), (Fraction(7, 8), True)
RIGHT, WRONG = {"choices": ["b"]}, {"choices": ["c"]}  # to the first two questions


class Cast:
    """A manager, and somebody whose last two answers, both right, came late: they would make it a pass."""

    def __init__(self, session: Session) -> None:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        make_ladder(session)
        self.manager = make_person(session, name="Grace Hopper").id
        self.person = make_person(session, email="late@example.org")
        self.attempt_id = sit_late(session, self.person.id, at=AT, right=5, late=2)


@pytest.fixture
def cast(session) -> Cast:
    return Cast(session)


def result(session: Session, attempt_id: UUID) -> tuple[Fraction, bool]:
    session.flush()
    return tuple(session.execute(select(Attempt.score, Attempt.has_passed).where(Attempt.id == attempt_id)).one())


def differences(session: Session) -> list[Any]:
    """What is stored otherwise than it is computed."""
    session.flush()
    count, _last, found = verify_batch(session, Range(), after=None)
    assert count
    return found


def test_accepted_answers_raise_the_score_and_the_verdict_and_bring_the_certificate(session, cast):
    assert result(session, cast.attempt_id) == FAILED

    decide(session, cast.attempt_id, cast.manager, at=LATER)

    assert result(session, cast.attempt_id) == PASSED
    certificate = the_certificate(session, cast.person.id)
    assert (certificate.score, certificate.issued_at) == (0.875, LATER)
    assert differences(session) == []
    points = select(func.sum(ItemResult.points)).where(ItemResult.attempt_id == cast.attempt_id)
    assert session.scalar(points) == 7


def test_what_was_before_is_kept_and_the_decision_is_audited_without_its_words(session, cast):
    decide(session, cast.attempt_id, cast.manager, at=LATER)

    kept = session.get_one(LateDecision, cast.attempt_id, populate_existing=True)
    assert (kept.old_score, kept.new_score, kept.had_passed, kept.has_passed) == (FAILED[0], PASSED[0], False, True)
    assert (kept.decided_by, kept.decided_at, kept.was_released) == (cast.manager, LATER, True)
    assert [(one["position"], one["points"]) for one in kept.replaced["points"]] == [(6, "0"), (7, "0")]
    assert {skill["skill"] for skill in kept.replaced["skills"]} == {"splitting", "verdict", "evidence", "rating"}
    audited = session.scalars(select(AuditEvent).where(AuditEvent.action == "attempt.late-answers-decided")).one()
    assert audited.details == {"attempt": str(cast.attempt_id), "is_accepted": True}


def test_the_person_is_told_what_changed_and_why(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        cast = Cast(session)
        decide(session, cast.attempt_id, cast.manager, at=LATER)

    mail = waiting_mails(database)["late@example.org"]
    assert "Your late answers count: Ferry facts" in mail
    assert REASON in mail
    assert "Your score rose from 62.5 % to 87.5 %. You have passed the test now." in mail
    assert f"{BASE_URL}/attempts/{cast.attempt_id}/result" in mail


def test_answers_left_out_change_nothing_and_the_person_is_told_why(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        cast = Cast(session)
        decide(session, cast.attempt_id, cast.manager, at=LATER, accept=False, reason="The device was set back.")
        assert result(session, cast.attempt_id) == FAILED
        assert differences(session) == []
        notice = list_late_notices(session, [cast.attempt_id])[cast.attempt_id]

    assert (notice.is_accepted, notice.reason, notice.new_score) == (False, "The device was set back.", None)
    mail = waiting_mails(database)["late@example.org"]
    assert "Your late answers do not count: Ferry facts" in mail
    assert "The reason: The device was set back." in mail


@pytest.mark.parametrize("accept", [True, False])
def test_a_decision_is_final(session, cast, accept):
    decide(session, cast.attempt_id, cast.manager, at=LATER, accept=accept)
    before = result(session, cast.attempt_id)

    with pytest.raises(Conflict, match="decided already"):
        decide(session, cast.attempt_id, cast.manager, at=LATER, accept=not accept)

    assert result(session, cast.attempt_id) == before


def test_the_database_takes_one_decision_an_attempt_with_a_reason_and_no_lower_score(session, cast):
    facts = {
        "attempt_id": cast.attempt_id,
        "organisation_id": organisation_of(session),
        "reason": REASON,
        "decided_by": cast.manager,
        "decided_at": LATER,
        "was_released": True,
    }
    lower = {"old_score": Fraction(1, 2), "new_score": Fraction(1, 4), "had_passed": False, "has_passed": False}
    for wrong in (
        {"is_accepted": False, "reason": ""},
        {"is_accepted": True},
        {"is_accepted": True, "replaced": {}, **lower},
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(LateDecision(**(facts | wrong)))
    decide(session, cast.attempt_id, cast.manager, at=LATER)
    session.expunge_all()
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(LateDecision(**facts, is_accepted=False))


def test_nobody_decides_on_their_own_attempt_nor_without_a_reason_nor_where_nothing_came_late(session, cast):
    with pytest.raises(NotAllowed, match="of their own"):
        decide(session, cast.attempt_id, cast.person.id, at=LATER)
    with pytest.raises(Invalid, match="plain words"):
        decide(session, cast.attempt_id, cast.manager, at=LATER, reason=" \n ")
    with pytest.raises(Invalid, match="At most 1000"):
        decide(session, cast.attempt_id, cast.manager, at=LATER, reason="x" * 1001)
    with pytest.raises(NotFound):
        decide(session, sit(session, person_id=make_person(session).id, at=AT), cast.manager, at=LATER)
    with pytest.raises(NotFound):
        decide(session, uuid4(), cast.manager, at=LATER)
    assert result(session, cast.attempt_id) == FAILED
    assert list_late_notices(session, [cast.attempt_id]) == {}


def test_late_answers_are_never_counted_against_somebody(session, cast):
    person = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT, seed=1)
    save(session, attempt_id, person.id, at=AT, position=1, response=RIGHT)
    time_over(session, attempt_id, at=AT)
    keep_late(session, attempt_id, person.id, at=AT, position=1, response=WRONG)

    with pytest.raises(Conflict, match="never counted against somebody"):
        decide(session, attempt_id, cast.manager, at=LATER)

    assert result(session, attempt_id) == (Fraction(1, 8), False)
    assert list_late_notices(session, [attempt_id]) == {}
    decide(session, attempt_id, cast.manager, at=LATER, accept=False)
    assert result(session, attempt_id) == (Fraction(1, 8), False)


def test_what_was_saved_after_a_late_answer_was_given_stands(session, cast):
    person = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT, seed=1)
    save(session, attempt_id, person.id, at=AT, position=1, response=RIGHT, sequence=7)
    time_over(session, attempt_id, at=AT)
    keep_late(session, attempt_id, person.id, at=AT, position=1, response=WRONG, sequence=6)
    keep_late(session, attempt_id, person.id, at=AT, position=2, response=RIGHT)

    decide(session, attempt_id, cast.manager, at=LATER)

    assert result(session, attempt_id) == (Fraction(2, 8), False)
    assert differences(session) == []


def test_before_an_attempt_is_marked_nobody_decides(session, cast):
    person = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT, seed=1)
    keep_late(session, attempt_id, person.id, at=AT, position=1, response=RIGHT)
    with pytest.raises(Conflict, match="not handed in yet"):
        decide(session, attempt_id, cast.manager, at=LATER)
    void = {"state": AttemptState.VOIDED, "void_reason": "For a test."}
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(void))
    with pytest.raises(Conflict, match="voided"):
        decide(session, attempt_id, cast.manager, at=LATER)


def sit_marked(session: Session, *, essay: str | None) -> tuple[UUID, UUID]:
    """Sit the marked test until the deadline, with this essay saved in time and another that came late."""
    marked_tests.make_marked_test(session, at=AT)
    person_id = make_person(session).id
    attempt_id = start_attempt(session, test_slug=marked_tests.BANK, person_id=person_id, at=AT, seed=1)
    place = marked_tests.ORDER.index("essay") + 1
    if essay is not None:
        save(session, attempt_id, person_id, at=AT, position=place, response={"text": essay})
    time_over(session, attempt_id, at=AT)
    keep_late(session, attempt_id, person_id, at=AT, position=place, response={"text": "The bay is full of ice."})
    return attempt_id, person_id


def test_a_late_text_that_a_marker_would_have_to_read_cannot_count(session):
    attempt_id, _person = sit_marked(session, essay=None)
    before = result(session, attempt_id)

    with pytest.raises(Conflict, match="only a marker could judge"):
        decide(session, attempt_id, make_person(session).id, at=LATER)

    assert result(session, attempt_id) == before


def test_marks_of_the_text_that_was_saved_are_not_taken_for_the_late_one(session):
    attempt_id, _person = sit_marked(session, essay="Because of ice.")
    manager = make_person(session).id
    with pytest.raises(Conflict, match="still wait for marks"):
        decide(session, attempt_id, manager, at=LATER)
    assert marked_tests.mark(session, attempt_id, "essay", marked_tests.make_marker(session).id, at=LATER)

    with pytest.raises(Conflict, match="only a marker could judge"):
        decide(session, attempt_id, manager, at=LATER)


def test_a_late_text_that_is_only_tried_out_holds_nothing_up(session):
    attempt_id, person_id = sit_marked(session, essay=None)
    session.get_one(FormItem, (attempt_id, marked_tests.ORDER.index("essay") + 1)).is_scored = False
    session.flush()
    # As it would have been graded: two questions count, and neither was answered.
    place = marked_tests.ORDER.index("choice") + 1
    keep_late(session, attempt_id, person_id, at=AT, position=place, response=RIGHT)

    decide(session, attempt_id, make_person(session).id, at=LATER)

    assert result(session, attempt_id) == (Fraction(1, 2), False)
    assert differences(session) == []


def test_before_the_release_nothing_is_told_and_the_release_tells_what_counts(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        make_ladder(session)
        state_release(session, "by-hand", at=AT)
        person = make_person(session, email="late@example.org")
        attempt_id = sit_late(session, person.id, at=AT, right=5, late=2)
        decide(session, attempt_id, make_person(session).id, at=LATER)

        notice = list_late_notices(session, [attempt_id])[attempt_id]
        (exported,) = export_assessments(session, person.id)["late_decisions"]
    mail = waiting_mails(database)["late@example.org"]

    assert (notice.is_accepted, notice.old_score, notice.new_score, notice.has_passed) == (True, None, None, None)
    assert (exported["reason"], exported["old_score"], exported["new_score"]) == (REASON, None, None)
    assert "not released yet" in mail
    assert "%" not in mail
    assert "passed" not in mail
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert result(session, attempt_id) == PASSED
        release_attempt(session, attempt_id=attempt_id, base_url=BASE_URL, at=LATER)
        assert the_certificate(session, person.id).score == Fraction(7, 8)
        assert list_late_notices(session, [attempt_id])[attempt_id].old_score is None  # nobody was ever told another


def test_after_a_decision_nothing_more_is_kept_and_what_was_kept_is_acknowledged_again(session, cast):
    common = {"at": AT, "response": RIGHT}
    keep_late(session, cast.attempt_id, cast.person.id, position=1, **(common | {"response": WRONG}))
    decide(session, cast.attempt_id, cast.manager, at=LATER, accept=False)

    assert not keep_late(session, cast.attempt_id, cast.person.id, position=8, **common | {"response": {"levels": {}}})
    assert not keep_late(
        session, cast.attempt_id, cast.person.id, position=2, sequence=9, **common | {"response": WRONG}
    )
    assert keep_late(session, cast.attempt_id, cast.person.id, position=1, **common | {"response": WRONG})
    positions = session.scalars(select(LateResponse.position).order_by(LateResponse.position)).all()
    assert positions == [1, 6, 7]


class Regraded:
    """Somebody whose right answer to the question with the wrong key came late, beside another right one."""

    def __init__(self, session: Session) -> None:
        wrong_keys.make_faulty_test(session, at=AT)
        self.old = wrong_keys.current_key(session)
        self.first, self.second = make_person(session).id, make_person(session).id
        self.person_id = make_person(session).id
        self.attempt_id = start_attempt(session, test_slug=BANK, person_id=self.person_id, at=AT, seed=1)
        time_over(session, self.attempt_id, at=AT)
        faulty = wrong_keys.position_of_fault(session, self.attempt_id)
        other = 1 if faulty == 2 else 2
        self.keep(session, faulty, wrong_keys.RIGHT)
        self.keep(session, other, RIGHT)
        self.new = wrong_keys.state_key(session, wrong_keys.RIGHT, at=AT)

    def keep(self, session: Session, position: int, response: dict[str, Any]) -> None:
        assert keep_late(session, self.attempt_id, self.person_id, at=AT, position=position, response=response)


def test_a_regrade_after_the_acceptance_scores_the_late_answer(session):
    office = Regraded(session)
    decide(session, office.attempt_id, office.first, at=LATER)
    assert result(session, office.attempt_id) == (Fraction(1, 8), False)

    wrong_keys.regrade(session, office.old, office.new, office.first, office.second, at=LATER)

    assert result(session, office.attempt_id) == (Fraction(2, 8), False)
    assert differences(session) == []


def test_while_a_regrade_has_not_come_to_the_attempt_nobody_decides(session):
    office = Regraded(session)
    person_id = make_person(session).id
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person_id, at=AT, seed=1)  # with the repaired key
    place = wrong_keys.position_of_fault(session, attempt_id)
    save(session, attempt_id, person_id, at=AT, position=place, response=wrong_keys.RIGHT)
    time_over(session, attempt_id, at=AT)
    keep_late(session, attempt_id, person_id, at=AT, position=3 - place, response=RIGHT)
    undone = wrong_keys.propose(session, office.new, office.old, office.first, at=LATER)
    commit_regrade(session, regrade_id=undone, note="Looked it up.", person_id=office.second, at=LATER)

    with pytest.raises(Conflict, match="computed anew"):
        decide(session, attempt_id, office.first, at=LATER)

    wrong_keys.run_through(session, undone, at=LATER)
    assert result(session, attempt_id) == (Fraction(0), False)
    decide(session, attempt_id, office.first, at=LATER)
    assert result(session, attempt_id) == (Fraction(1, 8), False)


def test_scoring_costs_one_statement_more_where_late_answers_count_however_many(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        cast = Cast(session)
        attempts = [
            cast.attempt_id,
            *(sit_late(session, make_person(session).id, at=AT, right=n, late=2) for n in range(1, 5)),
        ]

    def cost() -> int:
        with counted(database) as sent, database.reading(PUBLIC_ORGANISATION_ID) as session:
            score_attempts(session, attempts)
        return len(sent)

    before = cost()
    costs = []
    for attempt_id in attempts:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            decide(session, attempt_id, cast.manager, at=LATER)
        costs.append(cost())

    assert costs == [before + 1] * 5


def test_what_counts_stays_without_a_name_when_the_person_leaves_and_the_rest_goes(session, cast):
    other = make_person(session)
    left_out = sit_late(session, other.id, at=AT, right=5, late=1)
    decide(session, cast.attempt_id, cast.manager, at=LATER, reason="She was taken ill.")
    decide(session, left_out, cast.manager, at=LATER, accept=False)
    (exported,) = export_assessments(session, cast.person.id)["late_decisions"]
    assert (exported["is_accepted"], exported["reason"]) == (True, "She was taken ill.")
    assert (exported["old_score"], exported["new_score"]) == (0.625, 0.875)

    erase_assessments(session, person_id=cast.person.id, at=LATER)
    erase_assessments(session, person_id=other.id, at=LATER)

    session.expire_all()
    kept = session.scalars(select(LateDecision)).one()
    assert (kept.attempt_id, kept.reason) == (cast.attempt_id, "The person deleted the account.")
    assert set(session.scalars(select(LateResponse.attempt_id))) == {cast.attempt_id}
    assert differences(session) == []


def test_what_waits_is_listed_first_and_nothing_of_the_result_is(session, cast):
    waiting = sit_late(session, make_person(session).id, at=AT, right=0, late=3)
    decide(session, cast.attempt_id, cast.manager, at=LATER)

    first, second = list_late_attempts(session)

    assert (first.id, first.is_accepted, len(first.answers), first.saved_in_time) == (waiting, None, 3, 0)
    assert (second.id, second.is_accepted, second.decided_by) == (cast.attempt_id, True, cast.manager)
    assert get_late_attempt(session, waiting) == first
    assert "score" not in repr(first)
    with pytest.raises(NotFound):
        get_late_attempt(session, sit(session, person_id=make_person(session).id, at=AT))


def test_of_many_decisions_at_once_one_holds(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        cast = Cast(session)

    def deciding(accept: bool):
        def job() -> bool:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                decide(session, cast.attempt_id, cast.manager, at=LATER, accept=accept)
            return accept

        return job

    told = at_once([deciding(number % 2 == 0) for number in range(8)])
    held = [one for one in told if isinstance(one, bool)]

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert [session.get_one(LateDecision, cast.attempt_id).is_accepted] == held
        assert result(session, cast.attempt_id) == (PASSED if held == [True] else FAILED)
        assert differences(session) == []


def test_a_late_answer_that_arrives_with_the_decision_is_scored_or_not_kept(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        cast = Cast(session)

    def arriving() -> bool:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            common = {"at": AT, "position": 1, "sequence": 9}
            return keep_late(session, cast.attempt_id, cast.person.id, response=WRONG, **common)

    def deciding() -> bool:
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            decide(session, cast.attempt_id, cast.manager, at=LATER)
        return True

    is_kept, is_decided = at_once([arriving, deciding])

    assert is_decided is True
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert (session.get(LateResponse, (cast.attempt_id, 1)) is not None) is is_kept
        assert result(session, cast.attempt_id) == ((Fraction(6, 8), True) if is_kept else PASSED)
        assert differences(session) == []
