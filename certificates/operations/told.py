"""What receivers of webhooks are told of certificates and tiers: ids and slugs, never names, scores or reasons."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from certificates.domain.entitlements import Outcome
from certificates.domain.standing import CertificateState
from certificates.events import CertificateChanged, CertificateExpiring, CertificateIssued, TierStandingChanged
from lms.members.models import ConsentScope
from lms.webhooks.event_types import SHOWN_AT, SUBJECT_SHOWN, EventType, Told
from lms.webhooks.publishing import publish

_EXPIRIES = UUID("6d1f3c0e-2f41-4c55-9d6c-8f5c4f2f7f10")  # the namespace of events that are told once for an end
_ID_SHOWN = "p7Yw3xQd9KJrZ8mTnvB4LeAs"
_SLUG_SHOWN = "fact-versus-fiction"


class ToldOfCertificate(Told):
    """A certificate, and the slug of what it certifies."""

    certificate: str
    achievement: str


class ToldOfExpiry(ToldOfCertificate):
    """A certificate that ends soon."""

    valid_until: datetime


class ToldOfTier(Told):
    """A tier, and what is answered for its work now and before: allow, provisional or deny."""

    tier: str
    was: str
    now: str


def _of_certificate(name: str, sentence: str) -> EventType:
    example = ToldOfCertificate(subject=SUBJECT_SHOWN, certificate=_ID_SHOWN, achievement=_SLUG_SHOWN)
    return EventType(name, sentence, example, needs=ConsentScope.CERTIFICATES)


def _of_tier(name: str, sentence: str, was: Outcome, now: Outcome) -> EventType:
    return EventType(name, sentence, ToldOfTier(subject=SUBJECT_SHOWN, tier="generalist", was=was, now=now))


ISSUED = _of_certificate("certificate.issued", "A pass earned a certificate.")
SUSPENDED = _of_certificate("certificate.suspended", "A certificate does not hold while something is examined.")
REVOKED = _of_certificate("certificate.revoked", "A certificate does not hold any more.")
REINSTATED = _of_certificate("certificate.reinstated", "A certificate that was suspended or revoked holds again.")
EXPIRING = EventType(
    "certificate.expiring",
    "A valid certificate ends within thirty days.",
    ToldOfExpiry(
        subject=SUBJECT_SHOWN,
        certificate=_ID_SHOWN,
        achievement=_SLUG_SHOWN,
        valid_until=SHOWN_AT.replace(microsecond=0),
    ),
    needs=ConsentScope.CERTIFICATES,
)
OPENED = _of_tier("tier.opened", "Somebody may do the work of a tier.", Outcome.DENY, Outcome.ALLOW)
CLOSED = _of_tier("tier.closed", "Somebody may not do the work of a tier any more.", Outcome.ALLOW, Outcome.DENY)
CHANGED = _of_tier(
    "tier.changed", "A tier stays open, for good now or provisionally.", Outcome.ALLOW, Outcome.PROVISIONAL
)
TYPES = (ISSUED, SUSPENDED, REVOKED, REINSTATED, EXPIRING, OPENED, CLOSED, CHANGED)
_OF_STATE = {
    CertificateState.VALID: REINSTATED,
    CertificateState.SUSPENDED: SUSPENDED,
    CertificateState.REVOKED: REVOKED,
}  # of one that was superseded, its successor is told; of one that was erased, nothing is


def tell_issued(session: Session, fact: CertificateIssued) -> None:
    """A certificate is there; its PDF follows a moment later."""
    told = ToldOfCertificate(subject=fact.person_id, certificate=fact.certificate_id, achievement=fact.slug)
    publish(session, type=ISSUED.name, subject_id=fact.person_id, data=told.as_json(), at=fact.at)


def tell_changed(session: Session, fact: CertificateChanged) -> None:
    """A decision about a certificate, without its reason, which is the holder's."""
    kind = _OF_STATE.get(fact.state)
    if kind is not None:
        told = ToldOfCertificate(subject=fact.person_id, certificate=fact.certificate_id, achievement=fact.slug)
        publish(session, type=kind.name, subject_id=fact.person_id, data=told.as_json(), at=fact.at)


def tell_expiring(session: Session, fact: CertificateExpiring) -> None:
    """Once for each end, however often it is announced."""
    told = ToldOfExpiry(
        subject=fact.person_id, certificate=fact.certificate_id, achievement=fact.slug, valid_until=fact.valid_until
    )
    event_id = uuid5(_EXPIRIES, f"{fact.certificate_id} {fact.valid_until.isoformat()}")
    publish(session, type=EXPIRING.name, subject_id=fact.person_id, data=told.as_json(), at=fact.at, event_id=event_id)


def tell_standing(session: Session, fact: TierStandingChanged) -> None:
    """A tier opened, closed, or stays open for another reason."""
    if fact.was == fact.now:
        return
    kind = CLOSED if fact.now is Outcome.DENY else OPENED if fact.was is Outcome.DENY else CHANGED
    told = ToldOfTier(subject=fact.person_id, tier=fact.tier_slug, was=fact.was, now=fact.now)
    publish(session, type=kind.name, subject_id=fact.person_id, data=told.as_json(), at=fact.at)
