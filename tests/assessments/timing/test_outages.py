"""Outages of ours: found by a silence of the heartbeat, given back to whoever had an attempt open, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from assessments.domain.deadlines import Allowance
from assessments.models.attempts import Attempt, AttemptState
from assessments.models.outages import Heartbeat, Outage, OutageCredit, OutageState
from assessments.operations.accommodating import grant_accommodation
from assessments.operations.answering import save_response
from assessments.operations.breaks import begin_break
from assessments.operations.outages import beat, credit_outage, settle_outage
from assessments.operations.starting import start_attempt
from assessments.operations.submitting import hand_in_attempt, hand_in_if_overdue, look_again_at
from assessments.queries.attempts import get_attempt
from assessments.queries.outages import list_credits, list_outages
from lms.db.session import Database
from lms.errors import Conflict, Gone, Invalid, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.factories import BANK, make_bank, make_test
from tests.assessments.test_races import at_once
from tests.people import make_person

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def beating(session, attempt_id):
    """The attempt, begun at nine, while the service beats until 9:28."""
    for minutes in (0, 28):
        session.merge(Heartbeat(id=1, beat_at=AT + minutes * MINUTE))
    session.flush()
    return attempt_id


def seen(session, attempt_id, person):
    return get_attempt(session, attempt_id=attempt_id, person_id=person.id)


def count(session, what):
    return session.scalar(select(func.count()).select_from(what))


def test_after_a_silence_everybody_has_left_what_was_left(session, person, beating):
    outage = beat(session, at=AT + 33 * MINUTE)

    assert (outage.began_at, outage.ended_at) == (AT + 28 * MINUTE, AT + 33 * MINUTE)
    assert outage.state is OutageState.CREDITED
    attempt = seen(session, beating, person)
    assert attempt.deadline_at == AT + 35 * MINUTE
    assert attempt.clock.credit_seconds == 300
    assert [(given.began_at, given.seconds) for given in list_credits(session, attempt_id=beating)] == [
        (AT + 28 * MINUTE, 300)
    ]


def test_a_short_silence_is_none_and_several_may_beat(session, beating):
    for seconds in (45, 46, 47, 90, 91):
        assert beat(session, at=AT + 28 * MINUTE + seconds * SECOND) is None
    assert count(session, Outage) == 0


def test_the_worker_waits_for_the_first_beat_after_an_outage(session, person, beating):
    overdue = AT + 30 * MINUTE + 5 * SECOND
    assert hand_in_if_overdue(session, attempt_id=beating, at=overdue) is False
    assert look_again_at(session, attempt_id=beating, at=overdue) == overdue + 10 * SECOND

    beat(session, at=AT + 32 * MINUTE)

    assert hand_in_if_overdue(session, attempt_id=beating, at=AT + 33 * MINUTE) is False
    assert look_again_at(session, attempt_id=beating, at=AT + 33 * MINUTE) == AT + 34 * MINUTE + 5 * SECOND
    beat(session, at=AT + 32 * MINUTE + 40 * SECOND)
    beat(session, at=AT + 33 * MINUTE + 20 * SECOND)
    beat(session, at=AT + 34 * MINUTE)
    assert hand_in_if_overdue(session, attempt_id=beating, at=AT + 34 * MINUTE + SECOND) is True
    assert seen(session, beating, person).submitted_at == AT + 34 * MINUTE


def test_an_answer_that_comes_before_the_first_beat_is_neither_refused_for_good_nor_lost(session, person, beating):
    def save(at):
        return save_response(
            session,
            attempt_id=beating,
            person_id=person.id,
            position=1,
            response={"choices": ["a"]},
            sequence=1,
            at=at,
        )

    back = AT + 33 * MINUTE
    with pytest.raises(Conflict) as refusal:
        save(back)
    assert refusal.value.facts == {"saved": False, "reason": "undecided"}

    beat(session, at=back)

    assert save(back + SECOND) == 1
    for seconds in (40, 80, 120):
        assert beat(session, at=back + seconds * SECOND) is None
    with pytest.raises(Gone):
        save(AT + 35 * MINUTE + timedelta(milliseconds=1))


def test_a_service_that_is_known_to_beat_no_more_does_not_hold_attempts_for_ever(session, beating):
    assert hand_in_if_overdue(session, attempt_id=beating, at=AT + timedelta(days=2)) is True


def test_whoever_handed_in_or_was_over_before_gets_nothing(session, person, beating):
    hand_in_attempt(session, attempt_id=beating, person_id=person.id, at=AT + 10 * MINUTE)
    other = make_person(session)
    over = start_attempt(session, test_slug=BANK, person_id=other.id, at=AT - 10 * MINUTE)

    beat(session, at=AT + 33 * MINUTE)

    assert count(session, OutageCredit) == 0
    assert seen(session, over, other).deadline_at == AT + 20 * MINUTE


def test_an_outage_stops_a_break_as_well(session, person, manager, beating):
    grant_accommodation(
        session, person_id=person.id, allowance=Allowance(break_seconds=600), note="", by=manager.id, at=AT
    )
    begin_break(session, attempt_id=beating, person_id=person.id, at=AT + 25 * MINUTE)

    beat(session, at=AT + 40 * MINUTE)

    clock = seen(session, beating, person).clock
    assert clock.is_on_break(AT + 40 * MINUTE)
    assert clock.break_left(AT + 40 * MINUTE) == 7 * 60
    assert clock.time_left(AT + 40 * MINUTE) == 5 * MINUTE


@pytest.mark.parametrize("jump", [timedelta(hours=2), timedelta(days=30)])
def test_a_jump_of_hours_waits_for_a_person_and_nothing_is_handed_in_meanwhile(session, person, beating, jump):
    outage = beat(session, at=AT + 28 * MINUTE + jump)

    assert outage.state is OutageState.WAITING
    assert seen(session, beating, person).deadline_at == AT + 30 * MINUTE
    later = AT + 28 * MINUTE + jump + SECOND
    assert hand_in_if_overdue(session, attempt_id=beating, at=later) is False
    assert look_again_at(session, attempt_id=beating, at=later) == later + MINUTE

    settle_outage(session, outage_id=outage.id, is_credited=False, by="an operator", at=later)

    assert hand_in_if_overdue(session, attempt_id=beating, at=later) is True


def test_a_clock_that_is_set_back_is_no_outage(session, beating):
    assert beat(session, at=AT - timedelta(hours=2)) is None
    assert beat(session, at=AT - timedelta(hours=2) + 10 * SECOND) is None
    assert count(session, Outage) == 0


def test_an_operator_gives_back_what_waited_once(session, person, beating):
    outage = beat(session, at=AT + 28 * MINUTE + timedelta(hours=3))
    at = AT + timedelta(hours=4)

    assert settle_outage(session, outage_id=outage.id, is_credited=True, by="an operator", at=at) == 1
    assert seen(session, beating, person).deadline_at == AT + 30 * MINUTE + timedelta(hours=3)
    with pytest.raises(Conflict, match="decided already"):
        settle_outage(session, outage_id=outage.id, is_credited=True, by="an operator", at=at)
    with pytest.raises(NotFound):
        settle_outage(session, outage_id=beating, is_credited=True, by="an operator", at=at)
    assert [(each.outage.id, each.attempts) for each in list_outages(session)] == [(outage.id, 1)]


def test_an_operator_states_an_outage_that_the_heartbeat_could_not_see(session, person, attempt_id):
    def state(began, ended, reason="The network of the data centre failed."):
        return credit_outage(session, began_at=began, ended_at=ended, reason=reason, by="me", at=AT + 20 * MINUTE)

    _id, given = state(AT + 5 * MINUTE, AT + 9 * MINUTE)

    assert given == 1
    assert seen(session, attempt_id, person).deadline_at == AT + 34 * MINUTE
    with pytest.raises(Conflict, match="overlaps"):
        state(AT + 8 * MINUTE, AT + 10 * MINUTE)
    with pytest.raises(Invalid, match="ends after it began"):
        state(AT, AT)
    with pytest.raises(Invalid, match="in the future"):
        state(AT + 10 * MINUTE, AT + 21 * MINUTE)
    with pytest.raises(Invalid, match="why"):
        state(AT + 10 * MINUTE, AT + 11 * MINUTE, " ")


def test_an_attempt_that_began_during_an_outage_gets_the_rest_of_it(session, person, attempt_id):
    credit_outage(
        session,
        began_at=AT - 10 * MINUTE,
        ended_at=AT + 3 * MINUTE,
        reason="Pages came slowly.",
        by="me",
        at=AT + 4 * MINUTE,
    )

    assert seen(session, attempt_id, person).deadline_at == AT + 33 * MINUTE


def test_sixteen_processes_that_beat_at_once_find_one_outage(database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        attempts = [start_attempt(session, test_slug=BANK, person_id=make_person(session).id, at=AT) for _ in range(5)]
        session.add(Heartbeat(id=1, beat_at=AT + 10 * MINUTE))

    def run():
        with database.transaction() as session:
            return beat(session, at=AT + 15 * MINUTE)

    found = at_once([run] * 16)

    assert sum(outage is not None for outage in found) == 1
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert count(session, OutageCredit) == len(attempts)
        deadlines = session.scalars(select(Attempt.deadline_at)).all()
        assert set(deadlines) == {AT + 35 * MINUTE}


def test_a_hand_in_that_races_the_first_beat_never_costs_the_credit(database: Database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        attempts = [start_attempt(session, test_slug=BANK, person_id=make_person(session).id, at=AT) for _ in range(8)]
        session.add(Heartbeat(id=1, beat_at=AT + 28 * MINUTE))

    def run_beat():
        with database.transaction() as session:
            beat(session, at=AT + 33 * MINUTE)

    def worker(attempt_id):
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            return hand_in_if_overdue(session, attempt_id=attempt_id, at=AT + 33 * MINUTE)

    at_once([run_beat, *(lambda attempt_id=attempt_id: worker(attempt_id) for attempt_id in attempts)])

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        rows = session.execute(select(Attempt.state, Attempt.deadline_at)).all()
    assert set(rows) == {(AttemptState.OPEN, AT + 35 * MINUTE)}
