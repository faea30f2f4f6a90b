"""Achievements as they stand now: what a pass certifies, and who holds which."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.domain.standing import CertificateState
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from lms.organisations.editions import kept


@dataclass(frozen=True, slots=True)
class AchievementSummary:
    """The current version of an achievement; `slug` is its track's and its test's."""

    slug: str
    version_id: UUID
    name: str
    description: str
    criteria: str
    validity_months: int


def find_achievement(session: Session, slug: str) -> AchievementSummary | None:
    """What a pass of the test with this slug certifies; None when it certifies nothing."""
    return kept(session, ("achievement", slug), lambda: _load_achievement(session, slug))


def _load_achievement(session: Session, slug: str) -> AchievementSummary | None:
    row = session.execute(
        select(Achievement, AchievementVersion)
        .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
        .where(Achievement.slug == slug, AchievementVersion.is_current)
    ).one_or_none()
    if row is None:
        return None
    achievement, version = row
    return AchievementSummary(
        slug=achievement.slug,
        version_id=version.id,
        name=version.name,
        description=version.description,
        criteria=version.criteria,
        validity_months=version.validity_months,
    )


def get_slug(session: Session, version_id: UUID) -> str:
    """The slug of the achievement that this version is one of."""

    def load() -> str:
        return session.scalars(
            select(Achievement.slug)
            .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
            .where(AchievementVersion.id == version_id)
        ).one()

    return kept(session, ("achievement-slug", version_id), load)


def held_achievements(session: Session, *, person_id: UUID, at: datetime) -> frozenset[str]:
    """The slugs of the achievements for which a person holds a certificate that is valid at this instant."""
    return frozenset(
        session.scalars(
            select(Achievement.slug)
            .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
            .join(Certificate, Certificate.achievement_version_id == AchievementVersion.id)
            .where(
                Certificate.person_id == person_id,
                Certificate.state == CertificateState.VALID,
                Certificate.valid_until > at,
            )
        )
    )
