"""Regrading: foreseen, committed by a second person, carried out once; versions and pinned keys stay as they were."""

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessments.domain.regrade_tally import read_tally
from assessments.models.attempts import Attempt, FormItem
from assessments.models.items import AnswerKey, Item
from assessments.models.regrades import Regrade, RegradeChange, RegradeState
from assessments.models.results import ItemResult
from assessments.operations.publishing_tests import publish_test
from assessments.operations.regrade_runs import Upcoming, look_again, run_batch
from assessments.operations.regrading import commit_regrade, foresee_again, propose_regrade, withdraw_regrade
from assessments.operations.releasing import release_attempt
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt
from assessments.queries.regrades import get_regrade, has_outdated_scores, list_changes, list_regrade_notices
from assessments.queries.tests import get_test
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotAllowed
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK
from tests.assessments.released_later import state_release
from tests.assessments.wrong_keys import (
    BASE_URL,
    FAULTY,
    REASON,
    RIGHT,
    WRONG,
    current_key,
    make_faulty_test,
    position_of_fault,
    propose,
    regrade,
    run_through,
    sit_faulty,
    state_key,
)
from tests.certificates.factories import AT, deliver_all
from tests.mails import waiting_mails
from tests.people import make_person
from tests.statements import counted

LATER = AT + timedelta(hours=1)


class Staff:
    """Two people who decide, and the two keys of the faulty item."""

    def __init__(self, session) -> None:
        make_faulty_test(session, at=AT)
        self.old = current_key(session)
        self.first, self.second = make_person(session).id, make_person(session).id

    def repair(self, session) -> UUID:
        self.new = state_key(session, RIGHT, at=AT)
        return self.new


@pytest.fixture
def staff(session) -> Staff:
    return Staff(session)


def result(session, attempt_id) -> tuple[Fraction, bool]:
    session.flush()
    return tuple(session.execute(select(Attempt.score, Attempt.has_passed).where(Attempt.id == attempt_id)).one())


def test_a_dry_run_says_who_changes_and_changes_nothing(session, staff):
    gains = sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5)
    loses = sit_faulty(session, make_person(session).id, at=AT, faulty=WRONG, right=5)
    stays = sit_faulty(session, make_person(session).id, at=AT, faulty=None, right=7)
    before = [result(session, one) for one in (gains, loses, stays)]

    proposed = propose(session, staff.old, staff.repair(session), staff.first, at=LATER)

    tally = read_tally(get_regrade(session, proposed).tally)
    assert (tally.attempts, tally.changed, tally.gained, tally.lost) == (3, 2, 1, 1)
    assert {line.attempt_id: (line.old_score, line.new_score) for line in list_changes(session, proposed)} == {
        gains: (Fraction(5, 8), Fraction(6, 8)),
        loses: (Fraction(6, 8), Fraction(5, 8)),
    }
    assert sum(tally.old) == sum(tally.new) == 3
    assert [result(session, one) for one in (gains, loses, stays)] == before


def test_a_committed_regrade_changes_results_and_keeps_what_was(session, staff):
    person = make_person(session)
    attempt_id = sit_faulty(session, person.id, at=AT, faulty=RIGHT, right=5)
    pinned = session.scalars(select(FormItem.answer_key_id).where(FormItem.attempt_id == attempt_id)).all()

    done = regrade(session, staff.old, staff.repair(session), staff.first, staff.second, at=LATER)

    assert result(session, attempt_id) == (Fraction(6, 8), True)
    position = position_of_fault(session, attempt_id)
    assert session.get_one(ItemResult, (attempt_id, position), populate_existing=True).points == 1
    assert session.scalars(select(FormItem.answer_key_id).where(FormItem.attempt_id == attempt_id)).all() == pinned
    [notice] = list_regrade_notices(session, [attempt_id])[attempt_id]
    assert (notice.position, notice.reason, notice.had_passed, notice.has_passed) == (position, REASON, False, True)
    kept = session.get_one(RegradeChange, (done, attempt_id))
    assert (kept.old_points, kept.new_points, kept.old_score) == (0, 1, Fraction(5, 8))
    assert {skill["skill"] for skill in kept.replaced["skills"]} == {"splitting", "verdict", "evidence", "rating"}
    assert kept.replaced["parts"]


def test_who_is_graded_after_the_commit_is_scored_with_the_repaired_key(session, staff):
    person = make_person(session)
    attempt_id = start_attempt(session, test_slug=BANK, person_id=person.id, at=AT, seed=1)
    regrade(session, staff.old, staff.repair(session), staff.first, staff.second, at=AT)

    assert sit_faulty(session, person.id, at=AT, faulty=RIGHT, right=5) == attempt_id

    assert result(session, attempt_id) == (Fraction(6, 8), True)
    assert list_regrade_notices(session, [attempt_id]) == {}  # nobody was ever told another score


def test_a_dropped_question_counts_for_nobody(session, staff):
    attempt_id = sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5)

    regrade(session, staff.old, None, staff.first, staff.second, at=LATER)

    assert result(session, attempt_id) == (Fraction(71428571, 10**8), True)  # 5 of 7
    assert session.get(ItemResult, (attempt_id, position_of_fault(session, attempt_id)), populate_existing=True) is None
    with pytest.raises(Conflict, match="dropped"):
        propose_regrade(
            session, old_key_id=staff.old, new_key_id=None, reason="Again.", person_id=staff.first, at=LATER
        )


def test_where_nothing_else_is_scored_a_dropped_question_goes_on_counting(session, staff):
    test = get_test(session, BANK)
    sections = [{**test.document["sections"][0], "count": 1}]
    publish_test(
        session,
        slug=BANK,
        title="One question",
        summary="One question.",
        limit=test.limit,
        cut_score=test.cut_score,
        document={**test.document, "sections": sections},
        at=AT,
    )
    people = [make_person(session).id for _ in range(8)]
    attempts = [sit_faulty(session, one, at=AT, faulty=WRONG, right=0, seed=n) for n, one in enumerate(people)]
    asked = session.scalars(select(FormItem.attempt_id).where(FormItem.answer_key_id == staff.old)).all()
    assert set(asked) <= set(attempts)
    assert asked

    done = regrade(session, staff.old, None, staff.first, staff.second, at=LATER)

    assert [result(session, one) for one in asked] == [(Fraction(1), True)] * len(asked)
    assert get_regrade(session, done).tally["changed"] == 0


def test_a_repair_of_a_repair_reaches_those_of_the_first_key_too(session, staff):
    first = sit_faulty(session, make_person(session).id, at=AT, faulty={"choices": ["c"]}, right=5)
    second_key = staff.repair(session)
    regrade(session, staff.old, second_key, staff.first, staff.second, at=LATER)
    second = sit_faulty(session, make_person(session).id, at=LATER, faulty={"choices": ["c"]}, right=5)
    third_key = state_key(session, {"choices": ["c"]}, at=LATER)

    regrade(session, second_key, third_key, staff.first, staff.second, at=LATER)

    assert result(session, first) == result(session, second) == (Fraction(6, 8), True)


def test_a_regrade_needs_a_reason_a_key_of_the_same_version_and_a_second_person(session, staff):
    new = staff.repair(session)
    elsewhere = session.scalars(
        select(AnswerKey.id).where(AnswerKey.item_version_id != session.get_one(AnswerKey, new).item_version_id)
    ).first()
    common = {"old_key_id": staff.old, "person_id": staff.first, "at": LATER}
    with pytest.raises(Invalid, match="plain words"):
        propose_regrade(session, **common, new_key_id=new, reason="  ")
    with pytest.raises(Invalid, match="At most 1000"):
        propose_regrade(session, **common, new_key_id=new, reason="x" * 1001)
    with pytest.raises(Invalid, match="another key of the same version"):
        propose_regrade(session, **common, new_key_id=staff.old, reason=REASON)
    with pytest.raises(Invalid, match="another key of the same version"):
        propose_regrade(session, **common, new_key_id=elsewhere, reason=REASON)
    proposed = propose(session, staff.old, new, staff.first, at=LATER)
    with pytest.raises(Conflict, match="proposed already"):
        propose_regrade(session, **common, new_key_id=new, reason=REASON)
    with pytest.raises(NotAllowed, match="second person"):
        commit_regrade(session, regrade_id=proposed, note="Mine.", person_id=staff.first, at=LATER)
    with pytest.raises(Invalid, match="Say why"):
        commit_regrade(session, regrade_id=proposed, note="", person_id=staff.second, at=LATER)
    withdraw_regrade(session, regrade_id=proposed, person_id=staff.first, at=LATER)
    with pytest.raises(Conflict, match="decided"):
        commit_regrade(session, regrade_id=proposed, note="Late.", person_id=staff.second, at=LATER)


def test_nothing_is_committed_before_its_dry_run_is_through(session, staff):
    new = staff.repair(session)
    proposed = propose_regrade(
        session, old_key_id=staff.old, new_key_id=new, reason=REASON, person_id=staff.first, at=LATER
    )
    with pytest.raises(Conflict, match="dry run"):
        commit_regrade(session, regrade_id=proposed, note="Now.", person_id=staff.second, at=LATER)
    with pytest.raises(Conflict, match="under way"):
        foresee_again(session, regrade_id=proposed, at=LATER)
    run_through(session, proposed, at=LATER)
    sit_faulty(session, make_person(session).id, at=AT, faulty=WRONG, right=5)  # scored by the new key: not affected
    foresee_again(session, regrade_id=proposed, at=LATER)
    run_through(session, proposed, at=LATER)
    assert get_regrade(session, proposed).seen == 0


def test_the_database_refuses_to_be_committed_by_the_same_person(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        staff = Staff(session)
        proposed = propose(session, staff.old, staff.repair(session), staff.first, at=LATER)
    with pytest.raises(IntegrityError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        one = session.get_one(Regrade, proposed)
        one.state, one.approved_by, one.approval_note = RegradeState.COMMITTED, staff.first, "Mine."
        one.commit_number, one.committed_at = 1, LATER


def test_one_regrade_at_a_time_is_carried_out(session, staff):
    new = staff.repair(session)
    first = propose(session, staff.old, new, staff.first, at=LATER)
    commit_regrade(session, regrade_id=first, note="Yes.", person_id=staff.second, at=LATER)
    back = propose(session, new, staff.old, staff.first, at=LATER)
    with pytest.raises(Conflict, match="being carried out"):
        commit_regrade(session, regrade_id=back, note="Yes.", person_id=staff.second, at=LATER)
    run_through(session, first, at=LATER)
    commit_regrade(session, regrade_id=back, note="Yes.", person_id=staff.second, at=LATER)


def test_it_stops_and_goes_on_where_it_stopped_and_changes_each_once(session, staff, monkeypatch):
    monkeypatch.setattr("assessments.operations.regrade_runs.BATCH", 2)
    attempts = [sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5) for _ in range(5)]
    proposed = propose(session, staff.old, staff.repair(session), staff.first, at=LATER)
    commit_regrade(session, regrade_id=proposed, note="Yes.", person_id=staff.second, at=LATER)

    ahead, other = Upcoming(), Upcoming()  # of two workers that take turns
    steps = [
        run_batch(session, regrade_id=proposed, base_url=BASE_URL, at=LATER, upcoming=worker)
        for worker in (ahead, other, ahead, other)
    ]

    assert steps == [False, False, True, True]
    assert get_regrade(session, proposed).seen == 5
    assert all(result(session, one) == (Fraction(6, 8), True) for one in attempts)
    applied = select(func.count()).select_from(RegradeChange).where(RegradeChange.applied_at.is_not(None))
    assert session.scalars(applied).one() == 5


def test_what_was_graded_while_it_was_committed_is_looked_at_again(session, staff):
    new = staff.repair(session)
    done = regrade(session, staff.old, new, staff.first, staff.second, at=LATER)
    state_key(session, WRONG, at=LATER)
    attempt_id = sit_faulty(session, make_person(session).id, at=LATER, faulty=RIGHT, right=5)
    attempt = session.get_one(Attempt, attempt_id)
    assert attempt.score == Fraction(6, 8)  # in force already
    place = session.get_one(ItemResult, (attempt_id, position_of_fault(session, attempt_id)))
    attempt.score, attempt.has_passed, place.points = Fraction(5, 8), False, Fraction(0)  # as if it had not heard
    session.flush()

    assert look_again(session, regrade_id=done, base_url=BASE_URL, at=LATER) == 1
    assert look_again(session, regrade_id=done, base_url=BASE_URL, at=LATER) == 0
    assert result(session, attempt_id) == (Fraction(6, 8), True)


def test_everybody_whose_score_changed_is_written_to_in_plain_words(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        staff = Staff(session)
        people = {name: make_person(session, email=f"{name}@example.org") for name in ("gains", "loses", "stays")}
        sit_faulty(session, people["gains"].id, at=AT, faulty=RIGHT, right=5)
        sit_faulty(session, people["loses"].id, at=AT, faulty=WRONG, right=5)
        attempt_id = sit_faulty(session, people["stays"].id, at=AT, faulty=None, right=6)
        position = position_of_fault(session, attempt_id)
        regrade(session, staff.old, staff.repair(session), staff.first, staff.second, at=LATER)
    mails = waiting_mails(database)

    assert f"The key of question {position} was wrong and has been repaired. {REASON}" in mails["gains@example.org"]
    assert "Your score rose from 62.5 % to 75 %. You have passed the test now." in mails["gains@example.org"]
    assert "Your score fell from 75 % to 62.5 %. That is below the cut." in mails["loses@example.org"]
    assert "stays@example.org" not in mails


def test_before_the_release_a_regrade_tells_nobody(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        staff = Staff(session)
        state_release(session, "by-hand", at=AT)
        attempt_id = sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5)
        regrade(session, staff.old, staff.repair(session), staff.first, staff.second, at=LATER)
        assert result(session, attempt_id) == (Fraction(6, 8), True)
        release_attempt(session, attempt_id=attempt_id, base_url=BASE_URL, at=LATER)
        assert list_regrade_notices(session, [attempt_id]) == {}
    assert not any("has changed" in mail for mail in waiting_mails(database).values())


def test_the_worker_foresees_and_carries_out(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        staff = Staff(session)
        attempt_id = sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5)
        new = staff.repair(session)
        proposed = propose_regrade(
            session, old_key_id=staff.old, new_key_id=new, reason=REASON, person_id=staff.first, at=AT
        )
    deliver_all(app)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert get_regrade(session, proposed).tally["changed"] == 1
        commit_regrade(session, regrade_id=proposed, note="Yes.", person_id=staff.second, at=AT)
    deliver_all(app)
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert not get_regrade(session, proposed).is_running
        assert result(session, attempt_id) == (Fraction(6, 8), True)
        actions = set(session.scalars(select(AuditEvent.action)))
    assert {"regrade.proposed", "regrade.committed"} <= actions


def test_an_item_says_when_attempts_were_scored_with_a_former_key(session, staff):
    sit_faulty(session, make_person(session).id, at=AT, faulty=RIGHT, right=5)
    item_id = session.scalars(select(Item.id).where(Item.identifier == FAULTY)).one()

    assert has_outdated_scores(session, item_id) is None
    staff.repair(session)
    assert has_outdated_scores(session, item_id) == staff.old
    propose(session, staff.old, staff.new, staff.first, at=AT)
    assert has_outdated_scores(session, item_id) is None


def test_grading_costs_one_statement_more_where_a_key_was_repaired_and_none_elsewhere(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        staff = Staff(session)
        people = [make_person(session).id for _ in range(3)]
        sit_faulty(session, people[0], at=AT, faulty=RIGHT, right=7)  # fills the cache of versions
        attempts = [start_attempt(session, test_slug=BANK, person_id=one, at=AT, seed=1) for one in people[1:]]

    def hand_in(number: int) -> int:
        with counted(database) as sent, database.transaction(PUBLIC_ORGANISATION_ID) as session:
            hand_in_attempt(session, attempt_id=attempts[number], person_id=people[number + 1], at=AT)
        return len(sent)

    before = hand_in(0)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        regrade(session, staff.old, staff.repair(session), staff.first, staff.second, at=AT)

    assert hand_in(1) == before + 1
