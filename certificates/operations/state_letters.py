"""Letters to a holder: what happened to a certificate, what it means, why, and how to have it looked at again."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.models.achievements import AchievementVersion
from certificates.models.certificates import Certificate
from lms.accounts.models import Person
from lms.mail.operations import send_mail


def write_to_holder(
    session: Session, certificate: Certificate, *, before: CertificateState, reason: str, base_url: str, at: datetime
) -> None:
    """Write what the present state means. Nothing is sent to a person who has left."""
    name = session.get_one(AchievementVersion, certificate.achievement_version_id).name
    subject, meaning = _in_words(certificate.state, before, name)
    send_letter(session, certificate, subject=subject, meaning=meaning, reason=reason, base_url=base_url, at=at)


def send_letter(
    session: Session,
    certificate: Certificate,
    *,
    subject: str,
    meaning: str,
    reason: str,
    base_url: str,
    at: datetime,
) -> None:
    """A letter about a decision: its meaning, its reason, the certificate's page, and the way to appeal."""
    person = session.get_one(Person, certificate.person_id)
    if person.email is None:
        return
    page = f"{base_url}/certificates/{certificate.id}/"
    body = _(
        "Hello %(name)s,\n\n%(meaning)s\n\nThe reason: %(reason)s\n\nThe certificate: %(page)s\n\n"
        "If you think that this is wrong, say so here; a person looks at it again and answers you:\n%(appeal)s\n",
        name=person.name,
        meaning=meaning,
        reason=reason,
        page=page,
        appeal=f"{page}appeal",
    )
    send_mail(session, to_name=person.name, to=person.email, subject=subject, body=body, at=at)


def _in_words(state: CertificateState, before: CertificateState, achievement: str) -> tuple[str, str]:
    """A subject, and a sentence that says what the state means."""
    match state:
        case CertificateState.SUSPENDED:
            return _("Your certificate is suspended: %(achievement)s", achievement=achievement), _(
                "your certificate “%(achievement)s” is suspended: it does not hold while something is examined. "
                "Whoever verifies it is told so.",
                achievement=achievement,
            )
        case CertificateState.REVOKED:
            return _("Your certificate is revoked: %(achievement)s", achievement=achievement), _(
                "your certificate “%(achievement)s” is revoked: it does not hold any more.", achievement=achievement
            )
        case CertificateState.SUPERSEDED:
            return _("Your certificate is renewed: %(achievement)s", achievement=achievement), _(
                "a newer certificate took the place of your certificate “%(achievement)s”. Show that one from now on.",
                achievement=achievement,
            )
        case CertificateState.VALID if before is CertificateState.SUSPENDED:
            return _("Your certificate holds again: %(achievement)s", achievement=achievement), _(
                "the suspension of your certificate “%(achievement)s” is over: it holds again.", achievement=achievement
            )
        case CertificateState.VALID:
            return _("Your certificate is given back: %(achievement)s", achievement=achievement), _(
                "your certificate “%(achievement)s” had been revoked. It is given back to you and holds again.",
                achievement=achievement,
            )
        case CertificateState.ERASED:
            raise ValueError("nobody is written to about an erased certificate")
