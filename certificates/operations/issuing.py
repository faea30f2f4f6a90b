"""Issuing: a passed attempt earns its certificate in the transaction that releases its result, exactly once."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from assessments.events import AttemptReleased, SkillScore
from assessments.models.attempts import Attempt
from assessments.queries.tests import get_terms
from certificates.adapters.signing import Signing
from certificates.domain.standing import CertificateState
from certificates.domain.validity import validity
from certificates.events import CertificateIssued
from certificates.models.certificates import Certificate, make_certificate_id
from certificates.models.credentials import Cause
from certificates.operations.credentials import ask_for_number
from certificates.operations.expiring import watch_expiry
from certificates.operations.standings import ask_to_follow
from certificates.operations.superseding import supersede_older
from certificates.queries.achievements import AchievementSummary, find_achievement
from lms.accounts.models import Person, PersonState
from lms.accounts.people import get_person
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.events import announce
from lms.mail.operations import send_mail


def issue_certificate(session: Session, *, released: AttemptReleased, signing: Signing) -> str | None:
    """Issue what a passed attempt earned, and return its id.

    None when the attempt did not pass, its test certifies nothing, the person left, or it was issued before. An older
    certificate of the same person for the same achievement is superseded by it.
    """
    if not released.has_passed:
        return None
    achievement = find_achievement(session, released.test_slug)
    person = get_person(session, person_id=released.person_id)
    if achievement is None or person.state is PersonState.ERASED:
        return None
    attempt = session.get_one(Attempt, released.attempt_id)
    cut_score = get_terms(session, attempt.test_version_id).cut_score
    certificate_id = _insert_once(session, released, achievement, holder_name=person.name, cut_score=cut_score)
    if certificate_id is not None:
        supersede_older(session, certificate_id=certificate_id, signing=signing, at=released.at)
        _follow_up(session, certificate_id, achievement.name, person, signing.base_url, released.at)
        until = validity(released.at, achievement.validity_months)
        watch_expiry(session, certificate_id=certificate_id, valid_until=until, at=released.at)
        announce(session, CertificateIssued(certificate_id, person.id, achievement.slug, released.at))
    return certificate_id


def _insert_once(
    session: Session,
    released: AttemptReleased,
    achievement: AchievementSummary,
    *,
    holder_name: str,
    cut_score: Fraction,
) -> str | None:
    """The unique attempt lets one of many through; None for the others."""
    return session.execute(
        insert_into(session, Certificate)
        .values(
            id=make_certificate_id(),
            organisation_id=organisation_of(session),
            achievement_version_id=achievement.version_id,
            person_id=released.person_id,
            attempt_id=released.attempt_id,
            holder_name=holder_name,
            issued_at=released.at,
            valid_until=validity(released.at, achievement.validity_months),
            state=CertificateState.VALID,
            score=released.score,
            cut_score=cut_score,
            skills=skills_as_json(released.skills),
        )
        .on_conflict_do_nothing(index_elements=["attempt_id"])
        .returning(Certificate.id)
    ).scalar_one_or_none()


def _follow_up(
    session: Session, certificate_id: str, achievement: str, person: Person, base_url: str, at: datetime
) -> None:
    """What leaves after the commit, and what the audit keeps."""
    person_id: UUID = person.id
    record(
        session, action="certificate.issued", actor="release", subject_id=person_id, at=at, certificate=certificate_id
    )
    ask_for_number(session, certificate_id=certificate_id, number=1, cause=Cause.ISSUED, at=at)
    ask_to_follow(session, person_id=person_id, at=at)
    if person.email is not None:
        send_mail(
            session,
            to_name=person.name,
            to=person.email,
            subject=_("Your certificate is ready: %(achievement)s", achievement=achievement),
            body=_letter(person.name, achievement, f"{base_url}/certificates/{certificate_id}/"),
            at=at,
        )


def _letter(name: str, achievement: str, address: str) -> str:
    text: str = _(
        "Hello %(name)s,\n\n"
        "you passed, and your certificate \u201c%(achievement)s\u201d is ready:\n\n"
        "%(address)s\n\n"
        "There you can read it, download it as a PDF, and find the address at which anybody can verify it.\n",
        name=name,
        achievement=achievement,
        address=address,
    )
    return text


def skills_as_json(skills: Iterable[SkillScore]) -> list[dict[str, str]]:
    """Skills as a certificate keeps them, the scores as exact fractions in text."""
    return [{"skill": skill.skill, "title": skill.title, "score": str(skill.score)} for skill in skills]
