"""Changing the state of a certificate: guarded, in the log, in the audit, and told to the holder with the reason."""

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.adapters.canonical_json import canonical
from certificates.adapters.signing import Signing
from certificates.domain.life_cycle import IN_FORCE, LONGEST_REASON, STATES_BEFORE, change_statement
from certificates.domain.log_leaves import commitment
from certificates.domain.standing import CertificateState
from certificates.events import CertificateChanged
from certificates.models.certificates import Certificate
from certificates.models.life_cycle import ProposalState, RevocationProposal, StateChange
from certificates.models.log import LeafKind
from certificates.models.reviews import CertificateReview, ReviewState
from certificates.operations.expiring import watch_expiry
from certificates.operations.issuance_log import append_leaf
from certificates.operations.standings import ask_to_follow
from certificates.operations.state_letters import write_to_holder
from certificates.queries.achievements import get_slug
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.errors import Conflict, Invalid, NotFound
from lms.events import announce

_SALT_BYTES = 32
_ACTIONS = {
    CertificateState.SUSPENDED: "certificate.suspended",
    CertificateState.REVOKED: "certificate.revoked",
    CertificateState.SUPERSEDED: "certificate.superseded",
    CertificateState.ERASED: "certificate.erased",
}


def change_state(
    session: Session,
    *,
    certificate_id: str,
    to: CertificateState,
    reason: str,
    actor_id: UUID | None,
    signing: Signing,
    at: datetime,
    only_from: Collection[CertificateState] | None = None,
    source: str = "system",
) -> None:
    """Move a certificate to another state, of many who try at once only one.

    The reason is for the holder, in at most 500 characters. `only_from` narrows the states from which the life cycle
    allows the change. Without a person who acted, `actor_id` is None and the audit keeps `source`.
    Raises NotFound, Conflict when the certificate is in another state, Invalid for a reason that says nothing.
    """
    said = checked_reason(reason)
    before = _claim(session, certificate_id, to, said, STATES_BEFORE[to] if only_from is None else only_from)
    _log(session, certificate_id, to, said, actor_id, signing, at)
    if to not in IN_FORCE:
        _close_what_waits(session, certificate_id, at)
    certificate = session.get_one(Certificate, certificate_id, populate_existing=True)
    record(
        session,
        action=_action(before, to),
        actor=actor_id or source,
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate_id,
        reason=said,
    )
    ask_to_follow(session, person_id=certificate.person_id, at=at)
    slug = get_slug(session, certificate.achievement_version_id)
    announce(session, CertificateChanged(certificate_id, certificate.person_id, slug, to, said, at))
    if to is CertificateState.VALID:
        watch_expiry(session, certificate_id=certificate_id, valid_until=certificate.valid_until, at=at)
    if to is not CertificateState.ERASED:
        write_to_holder(session, certificate, before=before, reason=said, base_url=signing.base_url, at=at)


def checked_reason(reason: str) -> str:
    """The reason without white space around it. Raises Invalid for none, and for more than 500 characters."""
    said = reason.strip()
    if not said:
        raise Invalid(_("Give the reason of your decision; the holder reads it."))
    if len(said) > LONGEST_REASON:
        raise Invalid(_("The reason is too long: at most %(most)s characters are kept.", most=LONGEST_REASON))
    return said


def _claim(
    session: Session,
    certificate_id: str,
    to: CertificateState,
    reason: str,
    allowed: Collection[CertificateState],
) -> CertificateState:
    """Write the state, and return the one before. The guard lets one of many through."""
    before = session.scalars(select(Certificate.state).where(Certificate.id == certificate_id)).one_or_none()
    if before is None:
        raise NotFound(_("There is no such certificate."))
    if before not in allowed or before not in STATES_BEFORE[to]:
        raise Conflict(_already(before))
    values = {"state": to, "state_reason": None if to is CertificateState.VALID else reason}
    if to is CertificateState.ERASED:
        values["holder_name"] = ""  # a constraint ties the two together
    moved = session.execute(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == before)
        .values(values)
        .returning(Certificate.id)
    ).scalar_one_or_none()
    if moved is None:
        raise Conflict(_("Somebody else changed the state of this certificate at the same moment. Look again."))
    return before


def _already(state: CertificateState) -> str:
    said = {
        CertificateState.VALID: _("This certificate is valid, so this cannot be done."),
        CertificateState.SUSPENDED: _("This certificate is suspended, so this cannot be done."),
        CertificateState.REVOKED: _("This certificate is revoked, so this cannot be done."),
        CertificateState.SUPERSEDED: _("A newer certificate took the place of this one, so this cannot be done."),
        CertificateState.ERASED: _("The holder of this certificate has left, so this cannot be done."),
    }
    text: str = said[state]
    return text


def _log(
    session: Session,
    certificate_id: str,
    to: CertificateState,
    reason: str,
    actor_id: UUID | None,
    signing: Signing,
    at: datetime,
) -> None:
    """The row of the change, and the leaf that commits to it; of an erasure nobody keeps the salt."""
    last = session.scalar(select(func.max(StateChange.number)).where(StateChange.certificate_id == certificate_id))
    number = (last or 0) + 1
    salt = secrets.token_hex(_SALT_BYTES)
    statement = change_statement(certificate_id=certificate_id, number=number, state=to, reason=reason, at=at)
    committed = commitment(salt, canonical(statement))
    inclusion = append_leaf(
        session, kind=LeafKind.STATE, commitment=committed, keys=signing.keys, origin=signing.origin, at=at
    )
    session.add(
        StateChange(
            organisation_id=organisation_of(session),
            certificate_id=certificate_id,
            number=number,
            state=to,
            reason=reason,
            actor_id=actor_id,
            at=at,
            salt=None if to is CertificateState.ERASED else salt,
            commitment=committed,
            leaf_index=inclusion.index,
        )
    )
    session.flush()


def _close_what_waits(session: Session, certificate_id: str, at: datetime) -> None:
    """Nothing is left to decide on a certificate that is not in force any more."""
    session.execute(
        update(CertificateReview)
        .where(CertificateReview.certificate_id == certificate_id, CertificateReview.state == ReviewState.OPEN)
        .values(state=ReviewState.LAPSED, closed_at=at)
    )
    session.execute(
        update(RevocationProposal)
        .where(RevocationProposal.certificate_id == certificate_id, RevocationProposal.state == ProposalState.OPEN)
        .values(state=ProposalState.WITHDRAWN, closed_at=at)
    )


def _action(before: CertificateState, to: CertificateState) -> str:
    if to is CertificateState.VALID:
        return "certificate.reinstated" if before is CertificateState.SUSPENDED else "certificate.restored"
    return _ACTIONS[to]
