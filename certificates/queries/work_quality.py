"""The quality of somebody's work: estimates for each skill, how they came about, and the latest outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from certificates.domain.outcomes import Outcome, OutcomeKind
from certificates.domain.work_quality import Estimate, estimate, estimate_of_all
from certificates.models.sanctions import Sanction
from certificates.models.tiers import Tier
from certificates.models.work_quality import QualityWatch, WorkOutcome, WorkQuality

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class SkillQuality:
    """What a person's first answers in a skill say; `skill` is None for all of them together."""

    skill: str | None
    estimate: Estimate
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TierQuality:
    """How the work in a tier compares with its floor; `skill` is None for every skill."""

    tier: str
    skill: str | None
    floor: Fraction
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome, as its worker reads it."""

    external_id: str
    task_id: str
    skill: str
    tier: str | None
    kind: OutcomeKind
    score: Fraction
    is_first: bool
    occurred_at: datetime


def has_work(session: Session, *, person_id: UUID) -> bool:
    """Whether anything is known of a person's work, or was decided about it."""
    counted = select(WorkQuality.person_id).where(WorkQuality.person_id == person_id)
    suspended = select(Sanction.person_id).where(Sanction.person_id == person_id)
    return session.execute(union_all(counted, suspended).limit(1)).first() is not None


def list_quality(session: Session, *, person_id: UUID) -> list[SkillQuality]:
    """The estimate of each skill by its name, and after them that of all together; nothing without work."""
    rows = session.scalars(
        select(WorkQuality).where(WorkQuality.person_id == person_id).order_by(WorkQuality.skill)
    ).all()
    skills = [SkillQuality(row.skill, estimate(row.tasks, row.points), row.updated_at) for row in rows]
    together = estimate_of_all((row.tasks, row.points) for row in rows)
    if together is None:
        return []
    return [*skills, SkillQuality(None, together, max(row.updated_at for row in rows))]


def list_watched(session: Session, *, person_id: UUID) -> list[TierQuality]:
    """The work in each tier that has a floor, in the order of the catalogue."""
    rows = session.execute(
        select(Tier.title, QualityWatch)
        .join(Tier, Tier.id == QualityWatch.tier_id)
        .where(QualityWatch.person_id == person_id)
        .order_by(Tier.rank, QualityWatch.skill)
    )
    return [
        TierQuality(title, watch.skill or None, watch.floor, estimate(watch.tasks, watch.points))
        for title, watch in rows
    ]


def list_latest(session: Session, *, person_id: UUID) -> Sequence[OutcomeLine]:
    """The latest outcomes of a person, the newest first."""
    rows = session.execute(
        select(
            WorkOutcome.external_id,
            WorkOutcome.task_id,
            WorkOutcome.skill,
            WorkOutcome.tier_slug,
            WorkOutcome.kind,
            WorkOutcome.score,
            WorkOutcome.is_first,
            WorkOutcome.occurred_at,
        )
        .where(WorkOutcome.person_id == person_id)
        .order_by(WorkOutcome.number.desc())
        .limit(MOST_LISTED)
    )
    return [OutcomeLine(*row) for row in rows]


def work_since(session: Session, *, person_id: UUID, tier: str, skill: str | None, since: date) -> Estimate | None:
    """What first answers in a tier say that were given on that day or later; None without any."""
    summing = select(func.count(), func.sum(WorkOutcome.score)).where(
        WorkOutcome.person_id == person_id,
        WorkOutcome.tier_slug == tier,
        WorkOutcome.is_first,
        WorkOutcome.occurred_on >= since,
    )
    if skill is not None:
        summing = summing.where(WorkOutcome.skill == skill)
    tasks, score = session.execute(summing).one()
    return estimate(tasks, round(score * 100_000_000)) if tasks else None


def outcome_of(row: WorkOutcome) -> Outcome:
    """The outcome as it was posted."""
    return Outcome(
        external_id=row.external_id,
        person_id=row.person_id,
        task_id=row.task_id,
        skill=row.skill,
        tier=row.tier_slug,
        kind=row.kind,
        score=row.score,
        occurred_at=row.occurred_at,
    )
