"""Who leaves takes everything along that says who they were; the log keeps leaves that nobody can assign."""

import json

import pytest
from sqlalchemy import func, select

from certificates.domain.life_cycle import ERASED_TEXT
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import Credential, CredentialState
from certificates.models.life_cycle import ProposalState, RevocationProposal, StateChange
from certificates.models.log import LogLeaf
from certificates.operations.personal_data import erase_certificates, export_certificates
from certificates.operations.revoking import decide_proposal, propose_revocation
from lms.accounts.personal_data import erase_person, export_person
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage
from tests.certificates.factories import AT
from tests.certificates.held import change, changes_of, make_credential, make_held, make_signing, state_of
from tests.people import make_person

CANARY = "Ada of the canary"


@pytest.fixture
def signing(app, database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_signing(session, app)


@pytest.fixture
def left(session, signing):
    """A certificate about which things were said, and then its holder left; and one of somebody else."""
    held, other = make_held(session, count=2)
    first, second = make_person(session).id, make_person(session).id
    row = session.get_one(Certificate, held.id)
    row.holder_name = CANARY
    make_credential(session, held.id, signing).content = json.dumps({"name": CANARY})
    make_credential(session, other.id, signing)
    change(session, signing, held.id, CertificateState.SUSPENDED, reason=f"{CANARY} is examined.")
    declined = propose_revocation(session, certificate_id=held.id, reason=f"{CANARY} again.", person_id=first, at=AT)
    decide_proposal(
        session,
        proposal_id=declined,
        decision=ProposalState.DECLINED,
        reason=f"Leave {CANARY} alone.",
        person_id=second,
        signing=signing,
        at=AT,
    )
    propose_revocation(session, certificate_id=held.id, reason=f"{CANARY} still.", person_id=first, at=AT)
    mails = session.scalar(select(func.count()).select_from(OutboxMessage).where(OutboxMessage.topic == "mail"))
    leaves = session.scalar(select(func.count()).select_from(LogLeaf))
    erase_certificates(session, person_id=row.person_id, signing=signing, at=AT)
    session.expire_all()
    return {"id": held.id, "other": other.id, "mails": mails, "leaves": leaves, "person_id": row.person_id}


def test_nothing_that_names_the_holder_or_tells_their_leaf_stays(session, left):
    rows = [
        session.get_one(Certificate, left["id"]),
        *session.scalars(select(Credential).where(Credential.certificate_id == left["id"])),
        *changes_of(session, left["id"]),
        *session.scalars(select(RevocationProposal).where(RevocationProposal.certificate_id == left["id"])),
    ]
    kept = [{column.name: getattr(row, column.name) for column in row.__table__.columns} for row in rows]

    assert CANARY not in repr(kept)
    assert all(row.get("salt") is None for row in kept)
    assert {row["reason"] for row in kept if "proposed_by" in row} == {ERASED_TEXT}
    [credential] = session.scalars(select(Credential).where(Credential.certificate_id == left["id"]))
    assert (credential.state, credential.content) == (CredentialState.ERASED, None)


def test_the_erasure_is_a_change_in_the_log_of_which_nobody_is_told(session, left):
    assert state_of(session, left["id"]) is CertificateState.ERASED
    assert [one.state for one in changes_of(session, left["id"])] == ["suspended", "erased"]
    assert session.scalar(select(func.count()).select_from(LogLeaf)) == left["leaves"] + 1
    mails = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.topic == "mail")
    assert session.scalar(mails) == left["mails"]
    assert ProposalState.OPEN not in session.scalars(select(RevocationProposal.state)).all()


def test_everybody_else_keeps_theirs_and_erasing_again_changes_nothing(session, signing, left):
    [credential] = session.scalars(select(Credential).where(Credential.certificate_id == left["other"]))
    assert (credential.state, credential.salt is None) == (CredentialState.SIGNED, False)
    erase_certificates(session, person_id=left["person_id"], signing=signing, at=AT)
    assert session.scalar(select(func.count()).select_from(StateChange)) == 2


def test_an_export_tells_what_was_signed_and_what_happened(session, signing):
    [held] = make_held(session)
    make_credential(session, held.id, signing)
    change(session, signing, held.id, CertificateState.SUSPENDED, reason="A second look.")

    [told] = export_certificates(session, session.get_one(Certificate, held.id).person_id)

    assert [one["number"] for one in told["credentials"]] == [1]
    assert [(one["state"], one["reason"]) for one in told["changes"]] == [("suspended", "A second look.")]
    assert json.dumps(told)


def test_the_whole_account_is_exported_and_erased_together_with_its_certificates(app, session, signing):
    [held] = make_held(session)
    person_id = session.get_one(Certificate, held.id).person_id

    told = export_person(app, session, person_id=person_id)
    erase_person(app, session, person_id=person_id, at=AT)

    assert told["certificates"][0]["id"] == held.id
    assert state_of(session, held.id) is CertificateState.ERASED
