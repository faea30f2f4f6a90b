"""Sanctions: people decide with a reason, others decide on the appeal, and whoever is concerned is told."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from certificates.domain.entitlements import Outcome
from certificates.models.entitlements import TierStanding
from certificates.models.sanctions import AppealState, Sanction, SanctionAppeal, SuspensionProposal, SuspensionState
from certificates.operations.quality_personal_data import erase_quality, export_quality
from certificates.operations.sanction_appeals import decide_appeal, make_appeal
from certificates.operations.sanctions import (
    AlreadySuspended,
    Decider,
    NotSuspended,
    decide_suspension,
    get_active_sanction,
    impose_sanction,
    lift_sanction,
)
from certificates.operations.standings import follow
from certificates.queries.sanctions import active_sanctions, count_waiting, list_proposals, list_sanctions
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from lms.events import announce
from lms.members.events import MembershipEnded
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.assessments.test_races import at_once
from tests.certificates.factories import BASE_URL
from tests.certificates.workers import (
    AT,
    make_manager,
    make_platform_key,
    make_worker,
    make_workplace,
    post_work,
    suspend,
    the_proposal,
    tier_id_of,
)
from tests.mails import all_waiting_mails
from tests.people import make_person

CONFIRMED, DISMISSED = SuspensionState.CONFIRMED, SuspensionState.DISMISSED


@pytest.fixture
def worker(session):
    make_workplace(session)
    return make_worker(session)


@pytest.fixture
def manager(session):
    return make_manager(session)


@pytest.fixture
def second(session):
    return make_manager(session, name="Katherine Johnson")


@pytest.fixture
def proposal(session, worker, manager):
    """The id of an open proposal."""
    follow(session, person_id=worker, at=AT)
    post_work(session, worker, [0] * 20)
    return the_proposal(session, worker).id


def decide(session, proposal_id, by, decision=CONFIRMED, reason="CANARY-REASON"):
    decide_suspension(
        session, proposal_id=proposal_id, decision=decision, reason=reason, person_id=by, base_url=BASE_URL, at=AT
    )


def appeal(session, sanction_id, by, *, at=AT, grounds="The key was wrong."):
    return make_appeal(session, sanction_id=sanction_id, person_id=by, grounds=grounds, base_url=BASE_URL, at=at)


def judge(session, appeal_id, by, decision=AppealState.UPHELD, reason="The key was wrong indeed."):
    decide_appeal(
        session, appeal_id=appeal_id, decision=decision, reason=reason, person_id=by, base_url=BASE_URL, at=AT
    )


def standing(session, person_id):
    wanted = select(TierStanding.outcome).where(
        TierStanding.person_id == person_id, TierStanding.tier_id == tier_id_of(session)
    )
    return session.scalars(wanted).one()


def test_a_proposal_closes_nothing_until_somebody_confirms_it(session, worker, proposal, manager):
    follow(session, person_id=worker, at=AT)
    assert standing(session, worker) is Outcome.ALLOW

    decide(session, proposal, manager)

    assert standing(session, worker) is Outcome.DENY
    [fact] = active_sanctions(session, worker)
    assert (fact.tier, fact.reason) == (tier_id_of(session), "CANARY-REASON")


def test_a_dismissed_proposal_leaves_the_tier_open(session, worker, proposal, manager):
    decide(session, proposal, manager, DISMISSED)

    assert active_sanctions(session, worker) == []
    assert the_proposal(session, worker).state is DISMISSED


def test_after_a_dismissal_another_run_of_bad_work_proposes_anew(session, worker, proposal, manager):
    decide(session, proposal, manager, DISMISSED)
    post_work(session, worker, [0] * 20, begin=21)

    assert len(list_proposals(session, person_id=worker)) == 2


def test_a_decision_needs_a_reason_and_a_choice(session, proposal, manager):
    with pytest.raises(Invalid, match="reason"):
        decide(session, proposal, manager, reason="  ")
    with pytest.raises(Invalid, match="too long"):
        decide(session, proposal, manager, reason="x" * 501)
    with pytest.raises(Invalid, match="Choose"):
        decide(session, proposal, manager, SuspensionState.WITHDRAWN)


def test_nobody_decides_about_their_own_work(session, worker, proposal):
    with pytest.raises(NotAllowed):
        decide(session, proposal, worker)
    with pytest.raises(NotAllowed):
        suspend(session, worker, worker)


def test_an_unknown_proposal_is_not_found(session, worker, manager):
    with pytest.raises(NotFound):
        decide(session, worker, manager)


def test_of_managers_who_decide_at_once_one_does(database: Database, session, worker, proposal, manager, second):
    session.commit()

    def run(by, decision):
        with database.transaction(PUBLIC_ORGANISATION_ID) as own:
            decide(own, proposal, by, decision)

    results = at_once(
        [lambda by=by, what=what: run(by, what) for by in (manager, second) for what in (CONFIRMED, DISMISSED)]
    )

    assert [type(result) for result in results].count(Conflict) == 3
    with database.reading(PUBLIC_ORGANISATION_ID) as own:
        confirmed = the_proposal(own, worker).state is CONFIRMED
        assert own.scalar(select(func.count()).select_from(Sanction)) == confirmed


def test_the_worker_reads_the_reason_and_how_to_appeal(database: Database, session, worker, proposal, manager):
    decide(session, proposal, manager)
    session.commit()

    [mail] = [mail for mail in all_waiting_mails(database) if mail.startswith("You are suspended")]
    assert "CANARY-REASON" in mail
    assert "within 30 days" in mail
    assert "/me/quality/suspensions/" in mail


def test_an_upheld_appeal_opens_the_tier_again(session, worker, proposal, manager, second):
    decide(session, proposal, manager)
    [line] = list_sanctions(session, person_id=worker)

    judge(session, appeal(session, line.sanction.id, worker), second)

    assert active_sanctions(session, worker) == []
    assert standing(session, worker) is Outcome.ALLOW


def test_a_rejected_appeal_leaves_the_suspension(session, worker, manager, second):
    sanction_id = suspend(session, worker, manager)
    judge(session, appeal(session, sanction_id, worker), second, AppealState.REJECTED)

    assert len(active_sanctions(session, worker)) == 1


def test_whoever_imposed_it_and_whoever_it_concerns_do_not_decide_on_the_appeal(session, worker, manager, second):
    appeal_id = appeal(session, suspend(session, worker, manager), worker)

    for somebody in (manager, worker):
        with pytest.raises(NotAllowed):
            judge(session, appeal_id, somebody)
    judge(session, appeal_id, second)
    with pytest.raises(Conflict):
        judge(session, appeal_id, second)


def test_the_database_lets_nobody_decide_twice_on_the_same_matter(session, worker, manager):
    appeal_id = appeal(session, suspend(session, worker, manager), worker)
    decided = update(SanctionAppeal).where(SanctionAppeal.id == appeal_id)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(decided.values(state=AppealState.UPHELD, decided_by=manager, decided_at=AT, reason="Me again."))


def test_an_appeal_needs_grounds_comes_once_and_in_time(session, worker, manager):
    sanction_id = suspend(session, worker, manager)
    with pytest.raises(Invalid):
        appeal(session, sanction_id, worker, grounds=" ")
    with pytest.raises(Invalid):
        appeal(session, sanction_id, worker, grounds="x" * 2001)
    with pytest.raises(Gone):
        appeal(session, sanction_id, worker, at=AT + timedelta(days=30, seconds=1))
    appeal(session, sanction_id, worker, at=AT + timedelta(days=30))
    with pytest.raises(Conflict):
        appeal(session, sanction_id, worker)


def test_nobody_appeals_for_somebody_else(session, worker, manager):
    sanction_id = suspend(session, worker, manager)

    with pytest.raises(NotFound):
        appeal(session, sanction_id, make_person(session).id)


def test_lifting_settles_an_appeal_that_waits(session, worker, manager, second):
    sanction_id = suspend(session, worker, manager)
    appeal(session, sanction_id, worker)
    lift_sanction(session, sanction_id=sanction_id, reason="An error.", by=Decider(second), base_url=BASE_URL, at=AT)

    [line] = list_sanctions(session, person_id=worker)
    assert line.appeal.state is AppealState.SETTLED
    with pytest.raises(NotSuspended):
        lift_sanction(session, sanction_id=sanction_id, reason="Again.", by=Decider(second), base_url=BASE_URL, at=AT)


def test_the_same_suspension_is_imposed_once_and_others_beside_it(session, worker, manager):
    suspend(session, worker, manager)
    suspend(session, worker, manager, tier=None)
    for tier in ("generalist", None):
        with pytest.raises(AlreadySuspended):
            suspend(session, worker, manager, tier=tier)

    assert len(active_sanctions(session, worker)) == 2


def test_many_who_suspend_at_once_suspend_once(database: Database, session, worker, manager):
    session.commit()

    def run():
        with database.transaction(PUBLIC_ORGANISATION_ID) as own:
            return suspend(own, worker, manager)

    results = at_once([run] * 6)

    assert sum(isinstance(result, AlreadySuspended) for result in results) == 5


def test_a_suspension_by_hand_takes_a_proposal_off_the_table(session, worker, proposal, manager):
    assert count_waiting(session) == 1
    suspend(session, worker, manager, tier=None)

    assert the_proposal(session, worker).state is SuspensionState.WITHDRAWN
    assert count_waiting(session) == 0


def test_a_proposal_about_somebody_who_left_is_withdrawn(session, worker, proposal):
    announce(session, MembershipEnded(worker, AT))

    assert the_proposal(session, worker).state is SuspensionState.WITHDRAWN


def test_a_program_suspends_by_its_key_and_a_manager_decides_on_the_appeal(session, worker, manager):
    sanction_id = impose_sanction(
        session,
        person_id=worker,
        tier_id=None,
        reason="Copied answers.",
        by=Decider(key_id=make_platform_key(session)),
        base_url=BASE_URL,
        at=AT,
    )
    judge(session, appeal(session, sanction_id, worker), manager)

    with pytest.raises(NotSuspended):
        get_active_sanction(session, person_id=worker, tier_id=None)


def test_everything_is_in_the_audit(session, worker, proposal, manager, second):
    decide(session, proposal, manager)
    [line] = list_sanctions(session, person_id=worker)
    judge(session, appeal(session, line.sanction.id, worker), second)
    session.flush()

    about = select(AuditEvent.action).where(AuditEvent.subject_id == worker)
    assert {
        "suspension.proposed",
        "suspension.confirmed",
        "sanction.imposed",
        "sanction.appealed",
        "sanction.appeal-upheld",
        "sanction.lifted",
    } <= set(session.scalars(about))


def test_who_leaves_takes_figures_and_words_along(session, worker, proposal, manager, second):
    decide(session, proposal, manager)
    [line] = list_sanctions(session, person_id=worker)
    appeal(session, line.sanction.id, worker, grounds="CANARY-GROUNDS")
    before = str(export_quality(session, worker))
    assert "CANARY-GROUNDS" in before
    assert "CANARY-REASON" in before

    erase_quality(session, person_id=worker, at=AT)
    session.expire_all()

    after = str(export_quality(session, worker))
    assert "CANARY" not in after
    assert export_quality(session, worker)["outcomes"] == []
    assert session.scalar(select(func.count()).select_from(SuspensionProposal)) == 1
