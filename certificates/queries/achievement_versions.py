"""The achievements of an organisation as managers see them: one a test, with every version and why it was published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.queries.tests import TestSummary, list_tests
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.models.certificates import Certificate
from lms.accounts.models import Person
from lms.audit.models import AuditEvent

PUBLISHED = "achievement.published"  # of audit events, which name the version: a person wrote it
RESTORED = "achievement.restored"  # it was there before and holds again


@dataclass(frozen=True, slots=True)
class Publication:
    """Once that a person published a version; `by` is a name, None when the account is gone."""

    at: datetime
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of what a pass certifies, with the number of certificates that say it; files publish without a word."""

    id: UUID
    number: int
    is_current: bool
    name: str
    description: str
    criteria: str
    validity_months: int
    created_at: datetime
    certificates: int
    publications: tuple[Publication, ...]


def list_certifying(session: Session) -> list[tuple[TestSummary, str | None]]:
    """Every test with the name of the certificate that a pass earns, None for none; by title."""
    rows = session.execute(
        select(Achievement.slug, AchievementVersion.name)
        .join(AchievementVersion, AchievementVersion.achievement_id == Achievement.id)
        .where(AchievementVersion.is_current)
    )
    names = {row.slug: row.name for row in rows}
    return [(test, names.get(test.slug)) for test in list_tests(session)]


def list_achievement_versions(session: Session, slug: str) -> list[VersionLine]:
    """Every version of the achievement of this test, the newest first; none without one."""
    issued = (
        select(func.count(Certificate.id))
        .where(Certificate.achievement_version_id == AchievementVersion.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(AchievementVersion, issued)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(Achievement.slug == slug)
        .order_by(AchievementVersion.number.desc())
    ).all()
    published = _publications(session, [version.id for version, _count in rows])
    return [_line(version, count, published) for version, count in rows]


def _line(version: AchievementVersion, count: int, published: Mapping[UUID, list[Publication]]) -> VersionLine:
    return VersionLine(
        id=version.id,
        number=version.number,
        is_current=version.is_current,
        name=version.name,
        description=version.description,
        criteria=version.criteria,
        validity_months=version.validity_months,
        created_at=version.created_at,
        certificates=count,
        publications=tuple(published.get(version.id, ())),
    )


def _publications(session: Session, versions: list[UUID]) -> Mapping[UUID, list[Publication]]:
    """When people published these, the latest first."""
    if not versions:
        return {}
    wanted = select(AuditEvent).where(AuditEvent.subject_id.in_(versions), AuditEvent.action.in_((PUBLISHED, RESTORED)))
    events = session.scalars(wanted.order_by(AuditEvent.at.desc())).all()
    names = _names(session, {event.actor for event in events})
    found = defaultdict[UUID, list[Publication]](list)
    for event in events:
        if event.subject_id is not None:
            found[event.subject_id].append(
                Publication(event.at, names.get(event.actor), str(event.details.get("reason", "")))
            )
    return found


def _names(session: Session, actors: Iterable[str]) -> dict[str, str]:
    people = [UUID(actor) for actor in actors]
    if not people:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return {str(person_id): name for person_id, name in rows}
