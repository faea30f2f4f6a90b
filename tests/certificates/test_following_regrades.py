"""Certificates follow a regrade: issued, put to review and decided by a second person, never withdrawn unseen."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.models.regrades import Regrade
from certificates.domain.standing import CertificateState, Standing
from certificates.models.credentials import ISSUE_TOPIC
from certificates.models.life_cycle import ProposalState
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.operations.deciding import decide_review
from certificates.operations.revoking import decide_proposal, propose_revocation
from certificates.queries.certificates import find_certificate, list_certificates
from certificates.queries.reviews import count_touched, is_under_review, list_reviews
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.errors import Conflict, Invalid, NotAllowed
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from lms.outbox.models import OutboxMessage
from tests.assessments.wrong_keys import (
    REASON,
    RIGHT,
    WRONG,
    current_key,
    make_faulty_test,
    propose,
    regrade,
    sit_faulty,
    state_key,
)
from tests.certificates.factories import AT, make_ladder, the_certificate
from tests.certificates.held import changes_of, make_credential, make_signing
from tests.mails import waiting_mails
from tests.people import make_person, sign_in

LATER = AT + timedelta(hours=1)
STAFF = (Role.CANDIDATE, Role.AUTHOR, Role.MANAGER)


class Office:
    """A faulty test that certifies, somebody who gains by its repair, somebody who loses, and three who decide."""

    def __init__(self, session, signing) -> None:
        self.signing = signing
        make_faulty_test(session, at=AT)
        make_ladder(session)
        self.old = current_key(session)
        self.author, self.manager, self.other = (make_person(session, roles=STAFF, name=n) for n in ("A", "M", "O"))
        self.gains = make_person(session, email="gains@example.org")
        self.loses = make_person(session, email="loses@example.org")
        sit_faulty(session, self.gains.id, at=AT, faulty=RIGHT, right=5)
        sit_faulty(session, self.loses.id, at=AT, faulty=WRONG, right=5)
        self.new = state_key(session, RIGHT, at=AT)

    def repair(self, session) -> UUID:
        return regrade(session, self.old, self.new, self.author.id, self.manager.id, at=LATER)

    def undo(self, session) -> UUID:
        return regrade(session, self.new, self.old, self.author.id, self.manager.id, at=LATER)


@pytest.fixture
def office(app: Flask, database: Database) -> Office:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return Office(session, make_signing(session, app))


def open_review(session) -> CertificateReview:
    return session.scalars(select(CertificateReview)).one()


def test_a_dry_run_touches_no_certificate_and_says_how_many_it_would(session, office):
    proposed = propose(session, office.old, office.new, office.author.id, at=LATER)

    assert count_touched(session, proposed) == 1
    assert list_certificates(session, person_id=office.gains.id) == []
    assert list_reviews(session) == []


def test_who_newly_passes_gets_the_certificate(session, office):
    office.repair(session)

    certificate = the_certificate(session, office.gains.id)
    assert (certificate.score, certificate.issued_at) == (0.75, LATER)


def test_who_passes_no_more_keeps_a_valid_certificate_under_review(session, office):
    held = the_certificate(session, office.loses.id)

    done = office.repair(session)

    still = find_certificate(session, held.id)
    assert still is not None
    assert still.standing(LATER) is Standing.VALID
    assert is_under_review(session, held.id)
    [line] = list_reviews(session)
    assert (line.regrade_id, line.reason, line.state) == (done, REASON, ReviewState.OPEN)
    assert (line.old_score, line.new_score) == (0.75, 0.625)


def test_a_second_person_keeps_it_or_revokes_it_with_a_reason(session, office):
    office.repair(session)
    held, review = the_certificate(session, office.loses.id), open_review(session)
    common = {"review_id": review.id, "signing": office.signing, "at": LATER}
    with pytest.raises(NotAllowed, match="second person"):
        decide_review(session, **common, decision=ReviewState.KEPT, reason="So be it.", person_id=office.manager.id)
    with pytest.raises(NotAllowed, match="your own"):
        decide_review(session, **common, decision=ReviewState.KEPT, reason="Mine.", person_id=office.loses.id)
    with pytest.raises(Invalid, match="reason"):
        decide_review(session, **common, decision=ReviewState.REVOKED, reason=" ", person_id=office.other.id)
    with pytest.raises(Invalid, match="kept or revoked"):
        decide_review(session, **common, decision=ReviewState.LAPSED, reason="Hm.", person_id=office.other.id)

    decide_review(session, **common, decision=ReviewState.REVOKED, reason="Far below.", person_id=office.other.id)

    [certificate] = list_certificates(session, person_id=office.loses.id)
    assert (certificate.id, certificate.state, certificate.state_reason) == (
        held.id,
        CertificateState.REVOKED,
        "Far below.",
    )
    with pytest.raises(Conflict, match="already"):
        decide_review(session, **common, decision=ReviewState.KEPT, reason="Late.", person_id=office.other.id)


def test_what_is_kept_is_valid_and_under_review_no_more(app, database, office):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        office.repair(session)
        held = the_certificate(session, office.loses.id)
        decide_review(
            session,
            review_id=open_review(session).id,
            decision=ReviewState.KEPT,
            reason="Sat in good faith.",
            person_id=office.other.id,
            signing=office.signing,
            at=LATER,
        )
        assert not is_under_review(session, held.id)
        assert the_certificate(session, office.loses.id).state is CertificateState.VALID
    assert "stays valid" in waiting_mails(database)["loses@example.org"]


def test_a_pass_that_comes_back_ends_the_review_and_undoes_a_revocation(session, office):
    office.repair(session)
    decide_review(
        session,
        review_id=open_review(session).id,
        decision=ReviewState.REVOKED,
        reason="Far below.",
        person_id=office.other.id,
        signing=office.signing,
        at=LATER,
    )

    office.undo(session)

    assert the_certificate(session, office.loses.id).state is CertificateState.VALID
    states = {line.state for line in list_reviews(session)}
    assert states == {ReviewState.REVOKED, ReviewState.OPEN}  # now it is the other one who passes no more
    office.repair_again = regrade(session, office.old, office.new, office.author.id, office.manager.id, at=LATER)
    assert ReviewState.LAPSED in {line.state for line in list_reviews(session)}


def asked_for(session, certificate_id):
    """The causes for which this certificate was asked to be signed, in their order."""
    found = select(OutboxMessage.payload).where(OutboxMessage.topic == ISSUE_TOPIC).order_by(OutboxMessage.created_at)
    return [one["cause"] for one in session.scalars(found) if one.get("certificate_id") == certificate_id]


def test_where_the_pass_stands_the_certificate_says_the_new_score_and_is_signed_anew(session, office):
    falls = make_person(session)
    sit_faulty(session, falls.id, at=AT, faulty=RIGHT, right=6)
    before = the_certificate(session, falls.id)
    make_credential(session, before.id, office.signing)

    office.undo(session)

    after = the_certificate(session, falls.id)
    assert (before.score, after.score) == (0.875, 0.75)
    assert (after.id, after.issued_at, after.state) == (before.id, before.issued_at, CertificateState.VALID)
    assert after.skills != before.skills
    assert asked_for(session, after.id) == ["issued", "result"]
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.score-changed")).one()


def test_a_result_that_stays_the_same_asks_for_nothing(session, office):
    stays = make_person(session)
    sit_faulty(session, stays.id, at=AT, faulty=None, right=6)
    held = the_certificate(session, stays.id)

    office.undo(session)

    assert asked_for(session, held.id) == ["issued"]


def test_a_revocation_and_its_undoing_are_changes_in_the_log(session, office):
    office.repair(session)
    held = the_certificate(session, office.loses.id)
    decide_review(
        session,
        review_id=open_review(session).id,
        decision=ReviewState.REVOKED,
        reason="Far below.",
        person_id=office.other.id,
        signing=office.signing,
        at=LATER,
    )
    office.undo(session)

    revoked, restored = changes_of(session, held.id)
    assert (revoked.state, revoked.actor_id) == (CertificateState.REVOKED, office.other.id)
    assert (restored.state, restored.actor_id) == (CertificateState.VALID, None)


def test_what_two_people_revoked_for_another_reason_is_not_given_back_by_a_regrade(session, office):
    office.repair(session)
    held = the_certificate(session, office.loses.id)
    proposal_id = propose_revocation(
        session, certificate_id=held.id, reason="Sat by another.", person_id=office.author.id, at=LATER
    )
    decide_proposal(
        session,
        proposal_id=proposal_id,
        decision=ProposalState.REVOKED,
        reason="Seen.",
        person_id=office.other.id,
        signing=office.signing,
        at=LATER,
    )
    assert open_review(session).state is ReviewState.LAPSED

    office.undo(session)

    [certificate] = list_certificates(session, person_id=office.loses.id)
    assert certificate.state is CertificateState.REVOKED


def test_the_pages_lead_from_the_item_to_the_decision_on_the_certificate(app, database, office):
    author, manager, other, loser = (app.test_client() for _ in range(4))
    for client, person in (
        (author, office.author),
        (manager, office.manager),
        (other, office.other),
        (loser, office.loses),
    ):
        sign_in(client, person)
    page = author.get(f"/manage/regrades/new?key={office.old}").text
    assert "Propose a regrade: choice-1" in page
    assert f'value="{office.new}" checked' in page
    typed = {"key": str(office.old), "new_key": str(office.new), "reason": ""}
    refused = author.post("/manage/regrades/", data=typed)
    assert refused.status_code == 422
    assert "Say in plain words" in refused.text
    path = author.post("/manage/regrades/", data={**typed, "reason": REASON}).headers["Location"]

    seen = author.get(path).text
    assert "Dry run" in seen
    fragment = author.get(path, headers={"X-Fragment": "1"}).text
    assert "data-is-over" in fragment
    assert "<html" not in fragment
    assert "newly passed" in seen
    assert "1 certificate would be put to review" in seen
    assert "you proposed it yourself" in seen
    assert author.post(path, data={"do": "commit", "note": "Yes."}).status_code == 403
    assert manager.post(path, data={"do": "commit", "note": ""}).status_code == 422
    assert manager.post(path, data={"do": "commit", "note": "Looked it up."}).status_code == 303
    assert manager.post(path, data={"do": "commit", "note": "Again."}).status_code == 409
    assert "What it changed" in manager.get(path).text
    assert "carried out" in manager.get("/manage/regrades/").text

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        review, held = open_review(session), the_certificate(session, office.loses.id)
        attempt_id = held.attempt_id
    told = loser.get(f"/attempts/{attempt_id}/result").text
    assert "Your score fell from 75 % to 62.5 %." in told
    assert "It is under review" in told
    assert "Under review" in loser.get("/me/").text
    assert "under review" in loser.get(f"/certificates/{held.id}/").text
    assert "under review" not in app.test_client().get(f"/verify/{held.id}").text.lower()
    reviews = "/manage/certificates/reviews/"
    assert "Ferry Fact Reviewer" in other.get(reviews).text
    assert "you committed the regrade yourself" in manager.get(f"{reviews}{review.id}").text
    assert other.post(f"{reviews}{review.id}", data={"do": "kept", "reason": ""}).status_code == 422
    assert other.post(f"{reviews}{review.id}", data={"do": "kept", "reason": "Good faith."}).status_code == 303
    assert "stays valid" in other.get(reviews).text
    assert loser.get("/manage/regrades/").status_code == 403
    assert loser.get(reviews).status_code == 403


def test_a_regrade_of_nobody_changes_nothing(session, office):
    with pytest.raises(Invalid):
        propose(session, office.new, office.new, office.author.id, at=LATER)
    proposed = propose(session, office.new, None, office.author.id, at=LATER)
    assert session.get_one(Regrade, proposed).tally["attempts"] == 0
