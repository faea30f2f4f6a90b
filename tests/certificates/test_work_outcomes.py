"""Outcomes of work: each is kept once, first answers count, and figures below the floor propose a suspension."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update

from certificates.cli.quality import quality as quality_command
from certificates.domain.evidence import read_evidence
from certificates.domain.outcomes import Fault
from certificates.domain.quality_watch import Watch
from certificates.domain.work_quality import UNITS, estimate
from certificates.models.sanctions import SuspensionProposal, SuspensionState
from certificates.models.work_quality import QualityWatch, WorkOutcome, WorkQuality
from certificates.operations.outcome_records import find_altered_calls
from certificates.operations.outcomes import receive_outcomes
from certificates.operations.quality_personal_data import erase_quality
from certificates.operations.quality_rules import RuleDraft, set_quality_rule
from certificates.queries.work_quality import list_quality
from lms.accounts.models import Membership
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.errors import Conflict, Invalid, NotFound
from lms.members.consents import ConsentScope, withdraw
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.test_races import at_once
from tests.certificates.factories import BASE_URL, deliver_all
from tests.certificates.workers import (
    AT,
    FLOOR,
    TIER,
    make_manager,
    make_outcomes,
    make_platform_key,
    make_worker,
    make_workplace,
    post_work,
    suspend,
    the_proposal,
)
from tests.mails import all_waiting_mails

WRONG = [0.0] * 20


@pytest.fixture
def worker(session):
    make_workplace(session)
    return make_worker(session)


def count(session, what, **equal):
    return session.scalar(select(func.count()).select_from(what).filter_by(**equal))


def states(receipts):
    return [receipt.state for receipt in receipts]


def test_first_answers_add_up_to_an_estimate(session, worker):
    post_work(session, worker, [1, 0, 0.5, 1])

    [of_skill, overall] = list_quality(session, person_id=worker)

    assert of_skill.skill == "splitting"
    assert overall.skill is None
    assert of_skill.estimate == overall.estimate == estimate(4, 5 * UNITS // 2)


def test_a_second_answer_to_a_task_is_kept_and_not_counted(session, worker):
    post_work(session, worker, [0])
    [again] = make_outcomes(worker, [1])
    receipts = receive_outcomes(
        session,
        outcomes=[replace(again, external_id="again")],
        key_id=make_platform_key(session),
        base_url=BASE_URL,
        at=AT,
    )

    assert states(receipts) == ["accepted"]
    assert count(session, WorkOutcome, is_first=False) == 1
    assert list_quality(session, person_id=worker)[0].estimate == estimate(1, 0)


def test_the_same_posted_again_changes_nothing(session, worker):
    first = post_work(session, worker, [1, 0.25, 0])
    again = post_work(session, worker, [1, 0.25, 0])

    assert states(first) == ["accepted"] * 3
    assert states(again) == ["duplicate"] * 3
    assert count(session, WorkOutcome) == 3
    assert list_quality(session, person_id=worker)[0].estimate.tasks == 3


def test_another_content_under_the_same_id_is_refused(session, worker):
    post_work(session, worker, [1])
    [receipt] = post_work(session, worker, [0])

    assert receipt.fault is Fault.CONFLICT
    assert list_quality(session, person_id=worker)[0].estimate.value == 1


def test_in_whatever_calls_they_come_the_figures_are_those_of_all_of_them(session, worker):
    bob = make_worker(session, name="Bob")
    scores = [1, 0, 0.5, 1, 0, 0, 1, 0.75, 0, 1]
    post_work(session, worker, scores)
    for number, score in enumerate(scores, start=1):
        post_work(session, bob, [score], begin=number)

    mine, theirs = (
        session.scalars(select(QualityWatch).where(QualityWatch.person_id == each)).one() for each in (worker, bob)
    )
    replayed = Watch(FLOOR)
    for number, score in enumerate(scores, start=1):
        replayed = replayed.take(number=number, points=int(score * UNITS))
    for row in (mine, theirs):
        assert (row.level, row.run_from, row.run_tasks, row.run_points, row.tasks, row.points) == (
            replayed.level,
            replayed.run_from,
            replayed.run_tasks,
            replayed.run_points,
            replayed.tasks,
            replayed.points,
        )


def test_nothing_is_kept_of_people_who_do_not_let_it_be_seen(session, worker):
    withdraw(session, person_id=worker, scope=ConsentScope.QUALITY, at=AT)
    [receipt] = post_work(session, worker, [1])

    assert receipt.fault is Fault.UNKNOWN_SUBJECT
    assert count(session, WorkOutcome) == 0


def test_nothing_is_kept_of_former_members(session, worker):
    session.execute(delete(Membership).where(Membership.person_id == worker))

    assert post_work(session, worker, [1])[0].fault is Fault.UNKNOWN_SUBJECT


def test_an_unknown_tier_does_not_hold_up_the_others(session, worker):
    good, bad = make_outcomes(worker, [1, 1])
    receipts = receive_outcomes(
        session,
        outcomes=[replace(bad, tier="unheard-of"), good],
        key_id=make_platform_key(session),
        base_url=BASE_URL,
        at=AT,
    )

    assert [receipt.fault for receipt in receipts] == [Fault.UNKNOWN_TIER, None]
    assert [receipt.external_id for receipt in receipts] == [bad.external_id, good.external_id]


def test_more_than_the_bound_of_a_day_is_refused(session, worker):
    set_quality_rule(session, tier=TIER, draft=RuleDraft(floor=FLOOR, most_a_day=3), by=None, at=AT)
    noon = AT.replace(hour=12) - timedelta(days=2)
    outcomes = [replace(one, occurred_at=noon) for one in make_outcomes(worker, [1] * 5)]
    receipts = receive_outcomes(session, outcomes=outcomes, key_id=make_platform_key(session), base_url=BASE_URL, at=AT)

    assert [receipt.fault for receipt in receipts] == [None] * 3 + [Fault.TOO_MANY] * 2


def test_what_is_changed_in_the_database_afterwards_is_noticed(session, worker):
    post_work(session, worker, [1, 0])
    post_work(session, worker, [1], begin=3)
    session.flush()
    assert find_altered_calls(session) == []

    session.execute(update(WorkOutcome).where(WorkOutcome.number == 2).values(score=Fraction(1)))
    [altered] = find_altered_calls(session)

    assert altered == session.scalars(select(WorkOutcome.call_id).where(WorkOutcome.number == 2)).one()


def test_an_erasure_is_no_alteration(session, worker):
    post_work(session, worker, [1, 0])
    erase_quality(session, person_id=worker, at=AT)
    session.flush()

    assert find_altered_calls(session) == []


def test_a_command_names_the_calls_that_were_altered(app, database: Database, session, worker):
    post_work(session, worker, [1, 0])
    session.commit()
    fine = CliRunner().invoke(quality_command, ["check"], obj=app)
    with database.transaction(PUBLIC_ORGANISATION_ID) as own:
        own.execute(delete(WorkOutcome).where(WorkOutcome.number == 2))
    altered = CliRunner().invoke(quality_command, ["check"], obj=app)

    assert (fine.exit_code, altered.exit_code) == (0, 1)
    assert "1 call" in altered.output


def test_a_drop_below_the_floor_proposes_and_closes_nothing(session, worker):
    manager = make_manager(session)
    post_work(session, worker, [1] * 30)
    assert count(session, SuspensionProposal) == 0

    post_work(session, worker, WRONG, begin=31)
    session.flush()

    proposal = the_proposal(session, worker)
    assert proposal.state is SuspensionState.OPEN
    evidence = read_evidence(proposal.evidence)
    assert evidence.floor == FLOOR
    assert evidence.answers[-1].level >= 1
    assert [answer.number for answer in evidence.answers] == list(range(31, 31 + evidence.run.tasks))
    assert manager is not None


def test_only_one_proposal_is_open_however_bad_it_gets(session, worker):
    post_work(session, worker, [0] * 60)

    assert count(session, SuspensionProposal) == 1


def test_the_worker_and_the_managers_are_told(database: Database, session, worker):
    make_manager(session)
    post_work(session, worker, WRONG)
    session.commit()

    subjects = sorted(mail.splitlines()[0] for mail in all_waiting_mails(database))
    assert "A suspension is proposed: Generalist" in subjects
    assert "Somebody looks at your work in the tier Generalist" in subjects


def test_nothing_is_proposed_where_the_tier_is_closed_already(session, worker):
    suspend(session, worker, make_manager(session))
    post_work(session, worker, WRONG)

    assert count(session, SuspensionProposal) == 0


def test_another_floor_begins_anew(session, worker):
    post_work(session, worker, [0] * 5)
    set_quality_rule(session, tier=TIER, draft=RuleDraft(floor=Fraction(1, 2)), by=None, at=AT)
    post_work(session, worker, [0], begin=6)

    watch = session.scalars(select(QualityWatch)).one()
    assert (watch.floor, watch.tasks) == (Fraction(1, 2), 1)


def test_a_floor_for_one_skill_lets_others_be(session, worker):
    set_quality_rule(session, tier=TIER, draft=RuleDraft(floor=FLOOR, skill="style"), by=None, at=AT)
    post_work(session, worker, WRONG)

    assert count(session, QualityWatch) == 0


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft(floor=Fraction(1)),
        RuleDraft(floor=Fraction(1, 50)),
        RuleDraft(most_a_day=0),
        RuleDraft(extension_tasks=200),
        RuleDraft(floor=FLOOR, extension_tasks=0),
    ],
)
def test_a_rule_that_cannot_work_is_refused(session, worker, draft):
    with pytest.raises(Invalid):
        set_quality_rule(session, tier=TIER, draft=draft, by=None, at=AT)


def test_a_rule_needs_a_tier(session):
    with pytest.raises(NotFound):
        set_quality_rule(session, tier="unheard-of", draft=RuleDraft(), by=None, at=AT)


def test_every_call_is_in_the_audit_with_what_became_of_it(session, worker):
    post_work(session, worker, [1, 0])
    post_work(session, worker, [1, 1])
    session.flush()

    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "work.outcomes-received")).all()
    told = sorted((event.details["accepted"], event.details["duplicate"], event.details["refused"]) for event in events)
    assert told == [(0, 1, 1), (2, 0, 0)]


def test_the_same_posted_by_many_at_once_counts_once(database: Database, session, worker):
    key_id = make_platform_key(session)
    session.commit()
    outcomes = make_outcomes(worker, [1, 0, 1, 0, 1])

    def post():
        with database.transaction(PUBLIC_ORGANISATION_ID) as own:
            return receive_outcomes(own, outcomes=outcomes, key_id=key_id, base_url=BASE_URL, at=AT)

    results = at_once([post] * 8)

    accepted = [result for result in results if not isinstance(result, Conflict) and "accepted" in states(result)]
    assert len(accepted) == 1
    with database.reading(PUBLIC_ORGANISATION_ID) as own:
        assert count(own, WorkOutcome) == 5
        assert own.scalars(select(WorkQuality.tasks)).one() == 5


def test_different_outcomes_of_one_person_at_once_all_count(database: Database, session, worker):
    key_id = make_platform_key(session)
    session.commit()

    def post(number):
        with database.transaction(PUBLIC_ORGANISATION_ID) as own:
            outcomes = make_outcomes(worker, [1, 1, 0], begin=number * 3)
            return receive_outcomes(own, outcomes=outcomes, key_id=key_id, base_url=BASE_URL, at=AT)

    at_once([lambda number=number: post(number) for number in range(8)])

    with database.reading(PUBLIC_ORGANISATION_ID) as own:
        assert sorted(own.scalars(select(WorkOutcome.number))) == list(range(1, 25))
        row = own.scalars(select(WorkQuality)).one()
        assert (row.tasks, row.points) == (24, 16 * UNITS)


def test_what_follows_is_looked_at_by_the_worker_of_the_outbox(app, session, worker):
    post_work(session, worker, [1, 0])
    session.commit()

    deliver_all(app)  # no handler fails, or this would not end with everything delivered
