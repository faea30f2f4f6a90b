"""Revoking takes two people, suspending one; nobody decides on what they proposed or what is their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.life_cycle import ProposalState, RevocationProposal
from certificates.operations.revoking import (
    decide_proposal,
    propose_revocation,
    reinstate_certificate,
    suspend_certificate,
    withdraw_proposal,
)
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.factories import AT
from tests.certificates.held import LATER, change, changes_of, make_held, make_signing, state_of
from tests.mails import waiting_mails
from tests.people import make_person

THREADS = 8
VALID, SUSPENDED, REVOKED = CertificateState.VALID, CertificateState.SUSPENDED, CertificateState.REVOKED


@pytest.fixture
def office(app, database):
    """A certificate, its holder, two managers, and what signs."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        signing = make_signing(session, app)
        [held] = make_held(session)
        return SimpleNamespace(
            id=held.id,
            holder=session.get_one(Certificate, held.id).person_id,
            first=make_person(session, name="First").id,
            second=make_person(session, name="Second").id,
            signing=signing,
        )


def propose(session, office, reason="The test was sat by somebody else."):
    return propose_revocation(session, certificate_id=office.id, reason=reason, person_id=office.first, at=LATER)


def decide(session, office, proposal_id, decision=ProposalState.REVOKED, *, by=None, reason="Seen on the recording."):
    decide_proposal(
        session,
        proposal_id=proposal_id,
        decision=decision,
        reason=reason,
        person_id=by or office.second,
        signing=office.signing,
        at=LATER,
    )


def by(office, **given):
    return {"certificate_id": office.id, "person_id": office.first, "signing": office.signing, "at": AT} | given


def test_a_second_person_revokes_what_the_first_proposed(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        proposal_id = propose(session, office)
        assert state_of(session, office.id) is VALID
        decide(session, office, proposal_id)

        assert state_of(session, office.id) is REVOKED
        [kept] = changes_of(session, office.id)
        assert (kept.actor_id, kept.reason) == (office.second, "Seen on the recording.")
        proposal = session.get_one(RevocationProposal, proposal_id, populate_existing=True)
        assert (proposal.state, proposal.decided_by) == (ProposalState.REVOKED, office.second)
        actions = set(session.scalars(select(AuditEvent.action)))
    assert {"certificate.revocation-proposed", "certificate.revoked"} <= actions
    [mail] = waiting_mails(database).values()
    assert "is revoked" in mail
    assert "Seen on the recording." in mail
    assert "sat by somebody else" not in mail


def test_who_proposed_does_not_decide_and_nobody_decides_on_their_own(session, office):
    proposal_id = propose(session, office)

    with pytest.raises(NotAllowed, match="proposed it yourself"):
        decide(session, office, proposal_id, by=office.first)
    for own in (
        lambda: decide(session, office, proposal_id, by=office.holder),
        lambda: suspend_certificate(session, reason="Mine.", **by(office, person_id=office.holder)),
        lambda: reinstate_certificate(session, reason="Mine.", **by(office, person_id=office.holder)),
        lambda: propose_revocation(
            session, certificate_id=office.id, reason="Mine.", person_id=office.holder, at=LATER
        ),
    ):
        with pytest.raises(NotAllowed, match="your own"):
            own()
    assert state_of(session, office.id) is VALID


def test_the_database_refuses_a_decision_by_who_proposed(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        proposal_id = propose(session, office)

    with (
        pytest.raises(IntegrityError, match="decided_by_another"),
        database.transaction(PUBLIC_ORGANISATION_ID) as session,
    ):
        proposal = session.get_one(RevocationProposal, proposal_id)
        proposal.state, proposal.decided_by = ProposalState.REVOKED, office.first
        proposal.decision_reason, proposal.closed_at = "So be it.", AT


def test_a_declined_proposal_changes_nothing_and_another_may_follow(session, office):
    proposal_id = propose(session, office)
    decide(session, office, proposal_id, ProposalState.DECLINED, reason="That was an invigilator.")

    assert state_of(session, office.id) is VALID
    with pytest.raises(Conflict, match="closed"):
        decide(session, office, proposal_id)
    assert propose(session, office) != proposal_id


def test_only_who_proposed_withdraws(session, office):
    proposal_id = propose(session, office)

    with pytest.raises(NotAllowed):
        withdraw_proposal(session, proposal_id=proposal_id, person_id=office.second, at=LATER)
    withdraw_proposal(session, proposal_id=proposal_id, person_id=office.first, at=LATER)
    with pytest.raises(Conflict):
        withdraw_proposal(session, proposal_id=proposal_id, person_id=office.first, at=LATER)


def test_one_proposal_is_open_at_a_time_and_each_needs_a_reason(session, office):
    with pytest.raises(Invalid):
        propose(session, office, reason="  ")
    propose(session, office)
    with pytest.raises(Conflict, match="already"):
        propose(session, office)
    with pytest.raises(NotFound):
        propose_revocation(session, certificate_id="nothing", reason="Hm.", person_id=office.first, at=LATER)


def test_whoever_proposed_may_suspend_at_once_and_another_reinstates(session, office):
    propose(session, office)
    suspend_certificate(session, reason="While we look.", **by(office))
    assert state_of(session, office.id) is SUSPENDED
    reinstate_certificate(session, reason="It was a mistake.", **by(office, person_id=office.second))
    assert state_of(session, office.id) is VALID


def test_a_suspended_certificate_can_be_revoked_and_a_revoked_one_not_reinstated(session, office):
    suspend_certificate(session, reason="While we look.", **by(office))
    decide(session, office, propose(session, office))

    with pytest.raises(Conflict, match="revoked"):
        reinstate_certificate(session, reason="Sorry.", **by(office, person_id=office.second))
    with pytest.raises(Conflict, match="not in force"):
        propose(session, office)


def test_a_certificate_that_ends_otherwise_leaves_no_open_proposal(session, office):
    proposal_id = propose(session, office)

    change(session, office.signing, office.id, CertificateState.SUPERSEDED)

    proposal = session.get_one(RevocationProposal, proposal_id, populate_existing=True)
    assert proposal.state is ProposalState.WITHDRAWN


def test_eight_decisions_at_once_are_one_decision(database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        proposal_id = propose(session, office)
        deciders = [make_person(session).id for _ in range(THREADS)]
    barrier = Barrier(THREADS)

    def revoke(person_id) -> bool:
        barrier.wait()
        try:
            with database.transaction(PUBLIC_ORGANISATION_ID) as session:
                decide(session, office, proposal_id, by=person_id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(revoke, deciders)).count(True) == 1
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert len(changes_of(session, office.id)) == 1
