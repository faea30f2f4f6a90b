"""Extending certificates: work that stayed good lets them hold longer, without a new test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.domain.extension import WINDOW, Term, extended_until
from certificates.domain.standing import CertificateState
from certificates.domain.work_quality import RULE_VERSION, Estimate
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from certificates.models.credentials import Cause
from certificates.models.extensions import ValidityExtension
from certificates.models.sanctions import SuspensionProposal, SuspensionState
from certificates.operations.credentials import ask_for_credential
from certificates.operations.expiring import watch_expiry
from certificates.operations.standings import ask_to_follow
from certificates.queries.quality_rules import Reward, list_rewards
from certificates.queries.sanctions import active_sanctions
from certificates.queries.work_quality import work_since
from lms.accounts.models import Person
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.mail.operations import send_mail


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that may be extended, the months of a fresh one, and what was extended before."""

    certificate: Certificate
    achievement: str
    months: int
    extended_at: datetime | None
    extensions: int


def extend_certificates(session: Session, *, person_id: UUID, base_url: str, at: datetime) -> Sequence[str]:
    """Let certificates hold longer that a person's good work earned it for; returns their ids.

    Each gets a new credential, because it says its end; the holder is told. While a suspension is proposed or in force,
    nothing is extended. Looking again changes nothing: an extension comes at most once a year.
    """
    rewards = list_rewards(session)
    if not rewards or _is_in_doubt(session, person_id):
        return []
    extended: list[str] = []
    for reward in rewards:
        work = work_since(
            session, person_id=person_id, tier=reward.tier, skill=reward.skill, since=(at - WINDOW).date()
        )
        for held in _list_held(session, person_id, reward, at):
            term = Term(held.certificate.valid_until, held.months, held.extended_at)
            until = extended_until(term, reward.rule, work, at)
            if until is not None and work is not None and _extend(session, held, reward, work, until, at):
                _tell(session, held, reward, until, base_url, at)
                extended.append(held.certificate.id)
    if extended:
        ask_to_follow(session, person_id=person_id, at=at)
    return extended


def _is_in_doubt(session: Session, person_id: UUID) -> bool:
    proposed = select(SuspensionProposal.id).where(
        SuspensionProposal.person_id == person_id, SuspensionProposal.state == SuspensionState.OPEN
    )
    return bool(active_sanctions(session, person_id)) or session.scalars(proposed).first() is not None


def _list_held(session: Session, person_id: UUID, reward: Reward, at: datetime) -> list[Held]:
    rows: Any = session.execute(
        select(
            Certificate,
            AchievementVersion.name,
            AchievementVersion.validity_months,
            func.max(ValidityExtension.at),
            func.count(ValidityExtension.id),
        )
        .join(AchievementVersion, AchievementVersion.id == Certificate.achievement_version_id)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .outerjoin(ValidityExtension, ValidityExtension.certificate_id == Certificate.id)
        .where(
            Certificate.person_id == person_id,
            Certificate.state == CertificateState.VALID,
            Certificate.valid_until > at,
            Achievement.slug.in_(reward.achievements),
        )
        .group_by(Certificate.id, AchievementVersion.name, AchievementVersion.validity_months)
        .order_by(Certificate.id)
    )
    return [Held(*row) for row in rows]


def _extend(session: Session, held: Held, reward: Reward, work: Estimate, until: datetime, at: datetime) -> bool:
    """Of several workers that look at this moment only one moves the end."""
    certificate, before = held.certificate, held.certificate.valid_until
    moved = session.execute(
        update(Certificate)
        .where(
            Certificate.id == certificate.id,
            Certificate.state == CertificateState.VALID,
            Certificate.valid_until == before,
        )
        .values(valid_until=until)
        .returning(Certificate.id)
    ).scalar_one_or_none()
    if moved is None:
        return False
    evidence = {
        "tasks": work.tasks,
        "estimate": float(work.value),
        "low": float(work.low),
        "floor": str(reward.rule.floor),
        "days": WINDOW.days,
    }
    session.add(
        ValidityExtension(
            id=uuid4(),
            organisation_id=organisation_of(session),
            certificate_id=certificate.id,
            number=held.extensions + 1,
            tier_id=reward.tier_id,
            was_until=before,
            until=until,
            evidence=evidence,
            rule_version=RULE_VERSION,
            at=at,
        )
    )
    watch_expiry(session, certificate_id=certificate.id, valid_until=until, at=at)
    ask_for_credential(session, certificate_id=certificate.id, cause=Cause.RENEWED, at=at)
    watch_expiry(session, certificate_id=certificate.id, valid_until=until, at=at)
    record(
        session,
        action="certificate.extended",
        actor="quality watch",
        subject_id=certificate.person_id,
        at=at,
        certificate=certificate.id,
        tier=reward.tier,
        before=before.isoformat(),
        until=until.isoformat(),
        rule_version=RULE_VERSION,
        **evidence,
    )
    return True


def _tell(session: Session, held: Held, reward: Reward, until: datetime, base_url: str, at: datetime) -> None:
    person = session.get_one(Person, held.certificate.person_id)
    if person.email is None:
        return
    body = _(
        "Hello %(name)s,\n\nyour work in the tier “%(tier)s” stayed good. For that your certificate “%(achievement)s” "
        "holds longer: until %(until)s, without a new test.\n\nYou do not have to do anything. A new PDF is being "
        "prepared, and you find it here:\n\n%(address)s\n",
        name=person.name,
        tier=reward.title,
        achievement=held.achievement,
        until=format_date(until.date(), "d MMMM y", locale=get_locale() or "en"),
        address=f"{base_url}/certificates/{held.certificate.id}/",
    )
    subject = _("Your certificate holds longer: %(achievement)s", achievement=held.achievement)
    send_mail(session, to_name=person.name, to=person.email, subject=subject, body=body, at=at)
