"""What a pass certifies, as managers and files state it; what files said before does not undo what people wrote."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from assessments.queries.tests import get_test
from certificates.models.achievements import Achievement, AchievementVersion
from certificates.operations.publishing import AchievementDraft, publish_achievement
from certificates.queries.achievement_versions import PUBLISHED, RESTORED
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.db.scope import organisation_of
from lms.db.upsert import insert_into
from lms.errors import Conflict, Invalid


def publish_by_hand(
    session: Session, *, draft: AchievementDraft, based_on: int, reason: str, actor_id: UUID, at: datetime
) -> int:
    """Let a pass of the test certify this from now on; the number of the version. Certificates keep theirs.

    `based_on` is the number of the version that was looked at, 0 for none: raises Conflict when somebody was faster,
    Invalid when nothing changes, NotFound without a test of this name.
    """
    get_test(session, draft.slug)
    achievement_id = _hold(session, draft.slug)
    current = _current(session, achievement_id)
    if (current.number if current else 0) != based_on:
        raise Conflict("Somebody else has changed this in the meantime. Your words are kept; look at what holds now.")
    of_achievement = AchievementVersion.achievement_id == achievement_id
    last = session.scalar(select(func.max(AchievementVersion.number)).where(of_achievement)) or 0
    number = publish_achievement(session, draft=draft, at=at)
    published = _current(session, achievement_id)
    if number is None or published is None:
        raise Invalid("This is what the certificate says already.")
    action = PUBLISHED if number > last else RESTORED
    details = {"achievement": draft.slug, "number": number, "reason": reason}
    record(session, action=action, actor=actor_id, subject_id=published.id, at=at, **details)
    return number


def publish_from_files(session: Session, *, draft: AchievementDraft, at: datetime) -> int | None:
    """The same from files; None, too, when they say what they said before people wrote something else."""
    if _said_by_files(session, draft.slug) == draft.content_hash:
        return None
    return publish_achievement(session, draft=draft, at=at)


def _hold(session: Session, slug: str) -> UUID:
    """The achievement, new or there before, held until the end of the transaction: one change after the other."""
    session.execute(
        insert_into(session, Achievement)
        .values(id=uuid4(), organisation_id=organisation_of(session), slug=slug)
        .on_conflict_do_nothing(index_elements=["organisation_id", "slug"])
    )
    return session.scalars(select(Achievement.id).where(Achievement.slug == slug).with_for_update()).one()


def _current(session: Session, achievement_id: UUID) -> AchievementVersion | None:
    return session.scalars(
        select(AchievementVersion).where(
            AchievementVersion.achievement_id == achievement_id, AchievementVersion.is_current
        )
    ).one_or_none()


def _said_by_files(session: Session, slug: str) -> str | None:
    """The hash of the newest version that no person wrote."""
    by_hand = exists().where(AuditEvent.subject_id == AchievementVersion.id, AuditEvent.action == PUBLISHED)
    return session.scalars(
        select(AchievementVersion.content_hash)
        .join(Achievement, Achievement.id == AchievementVersion.achievement_id)
        .where(Achievement.slug == slug, ~by_hand)
        .order_by(AchievementVersion.number.desc())
    ).first()
