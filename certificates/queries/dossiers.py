"""A certificate's dossier for managers: whose it is, what was signed for it, and everything that happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.contents import CertificateView
from certificates.domain.standing import CertificateState
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause, Credential, CredentialState
from certificates.models.life_cycle import ProposalState, RevocationProposal, StateChange
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.queries.certificates import find_certificate
from lms.accounts.models import Person
from lms.errors import NotFound


@dataclass(frozen=True, slots=True)
class CredentialLine:
    """One credential of the certificate; `leaf_index` counts the leaves of the issuance log from 0."""

    number: int
    is_current: bool
    cause: Cause
    state: CredentialState
    flag: str | None
    leaf_index: int
    intended_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of state. `actor_id` is None when it followed from something else."""

    number: int
    state: CertificateState
    reason: str
    actor_id: UUID | None
    at: datetime
    leaf_index: int


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal to revoke the certificate, and what became of it."""

    id: UUID
    state: ProposalState
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decision_reason: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one certificate. Credentials, changes and proposals stand in their order."""

    certificate: CertificateView
    person_id: UUID
    account_name: str
    credentials: tuple[CredentialLine, ...]
    changes: tuple[ChangeLine, ...]
    proposals: tuple[ProposalLine, ...]
    review_id: UUID | None  # of the open review
    names: Mapping[UUID, str]  # of everybody who acted; who has left has an empty one

    @property
    def open_proposal(self) -> ProposalLine | None:
        return next((one for one in self.proposals if one.state is ProposalState.OPEN), None)


def get_dossier(session: Session, certificate_id: str) -> Dossier:
    """Raises NotFound, for an erased certificate as well."""
    view = find_certificate(session, certificate_id)
    if view is None:
        raise NotFound("There is no such certificate.")
    holder = session.execute(
        select(Person.id, Person.name)
        .join(Certificate, Certificate.person_id == Person.id)
        .where(Certificate.id == certificate_id)
    ).one()
    changes, proposals = _changes(session, certificate_id), _proposals(session, certificate_id)
    return Dossier(
        certificate=view,
        person_id=holder.id,
        account_name=holder.name,
        credentials=_credentials(session, certificate_id),
        changes=changes,
        proposals=proposals,
        review_id=_open_review(session, certificate_id),
        names=_names(session, changes, proposals),
    )


def _credentials(session: Session, certificate_id: str) -> tuple[CredentialLine, ...]:
    rows = session.execute(
        select(
            Credential.number,
            Credential.is_current,
            Credential.cause,
            Credential.state,
            Credential.flag,
            Credential.leaf_index,
            Credential.intended_at,
            Credential.signed_at,
        )
        .where(Credential.certificate_id == certificate_id)
        .order_by(Credential.number)
    )
    return tuple(CredentialLine(*row) for row in rows)


def _changes(session: Session, certificate_id: str) -> tuple[ChangeLine, ...]:
    rows = session.execute(
        select(
            StateChange.number,
            StateChange.state,
            StateChange.reason,
            StateChange.actor_id,
            StateChange.at,
            StateChange.leaf_index,
        )
        .where(StateChange.certificate_id == certificate_id)
        .order_by(StateChange.number)
    )
    return tuple(ChangeLine(*row) for row in rows)


def _proposals(session: Session, certificate_id: str) -> tuple[ProposalLine, ...]:
    rows = session.execute(
        select(
            RevocationProposal.id,
            RevocationProposal.state,
            RevocationProposal.reason,
            RevocationProposal.proposed_by,
            RevocationProposal.proposed_at,
            RevocationProposal.decided_by,
            RevocationProposal.decision_reason,
            RevocationProposal.closed_at,
        )
        .where(RevocationProposal.certificate_id == certificate_id)
        .order_by(RevocationProposal.proposed_at, RevocationProposal.id)
    )
    return tuple(ProposalLine(*row) for row in rows)


def _open_review(session: Session, certificate_id: str) -> UUID | None:
    return session.scalars(
        select(CertificateReview.id).where(
            CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.OPEN
        )
    ).one_or_none()


def _names(
    session: Session, changes: tuple[ChangeLine, ...], proposals: tuple[ProposalLine, ...]
) -> Mapping[UUID, str]:
    people = {one.actor_id for one in changes} | {one.proposed_by for one in proposals}
    people |= {one.decided_by for one in proposals}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_([one for one in people if one])))
    return dict(rows.all())
