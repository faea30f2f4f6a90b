"""Certificates: in full for their holder, and the little that a stranger may verify."""

from fractions import Fraction
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from certificates.domain.contents import CertificateView, SkillShown
from certificates.domain.standing import CertificateState
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate, CertificateFile
from certificates.models.credentials import Credential
from lms.errors import NotFound
from lms.organisations.models import Organisation


def find_certificate(session: Session, certificate_id: str) -> CertificateView | None:
    """A certificate in whatever state but erased."""
    row = session.execute(_certificates().where(Certificate.id == certificate_id)).one_or_none()
    return _view(*row) if row else None


def get_own_certificate(session: Session, *, certificate_id: str, person_id: UUID) -> CertificateView:
    """Raises NotFound also when the certificate is somebody else's."""
    row = session.execute(
        _certificates().where(Certificate.id == certificate_id, Certificate.person_id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such certificate among yours.")
    return _view(*row)


def find_certificate_of_attempt(session: Session, *, attempt_id: UUID, person_id: UUID) -> CertificateView | None:
    """The certificate that a person's attempt earned."""
    row = session.execute(
        _certificates().where(Certificate.attempt_id == attempt_id, Certificate.person_id == person_id)
    ).one_or_none()
    return _view(*row) if row else None


def list_certificates(session: Session, *, person_id: UUID) -> list[CertificateView]:
    """The certificates of a person, newest first."""
    rows = session.execute(
        _certificates().where(Certificate.person_id == person_id).order_by(Certificate.issued_at.desc())
    )
    return [_view(*row) for row in rows]


def find_file(session: Session, certificate_id: str) -> CertificateFile | None:
    """The PDF of the current credential; None while it is being prepared."""
    return session.scalars(
        select(CertificateFile)
        .join(Credential, Credential.id == CertificateFile.credential_id)
        .where(CertificateFile.certificate_id == certificate_id, Credential.is_current)
    ).one_or_none()


def _certificates() -> Select[Certificate, AchievementVersion, str, str]:
    return (
        select(Certificate, AchievementVersion, Achievement.slug, Organisation.name)
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(Certificate.state != CertificateState.ERASED)
    )


def _view(certificate: Certificate, version: AchievementVersion, slug: str, issuer: str) -> CertificateView:
    return CertificateView(
        id=certificate.id,
        attempt_id=certificate.attempt_id,
        slug=slug,
        achievement=version.name,
        description=version.description,
        criteria=version.criteria,
        holder_name=certificate.holder_name,
        issuer=issuer,
        issued_at=certificate.issued_at,
        valid_until=certificate.valid_until,
        state=certificate.state,
        state_reason=certificate.state_reason,
        score=certificate.score,
        cut_score=certificate.cut_score,
        skills=tuple(
            SkillShown(entry["skill"], entry["title"], Fraction(entry["score"])) for entry in certificate.skills
        ),
    )
