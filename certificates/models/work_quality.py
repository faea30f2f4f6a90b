"""The tables of work quality: outcomes that platforms post, the running figures made of them, the floors of tiers."""

from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from certificates.domain.outcomes import OutcomeKind
from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

_FIRST = text("is_first")


class WorkOutcome(OwnedByOrganisation, Base):
    """How one answer to one task turned out. Rows are only ever added; the figures follow from them."""

    __tablename__ = "work_outcome"
    __table_args__ = (
        UniqueConstraint("organisation_id", "external_id"),
        UniqueConstraint("organisation_id", "person_id", "number"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_is_fraction"),
        CheckConstraint("number >= 1", name="number_from_one"),
        Index(
            "uq_work_outcome_first",
            "organisation_id",
            "person_id",
            "task_id",
            "skill",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
        Index("ix_work_outcome_day", "organisation_id", "person_id", "occurred_on"),
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]  # 1 is the person's first in this organisation; the order in which outcomes are counted
    external_id: Mapped[str] = mapped_column(String(200))  # the platform's own
    task_id: Mapped[str] = mapped_column(String(200))
    skill: Mapped[str] = mapped_column(String(60))
    tier_slug: Mapped[str | None] = mapped_column(String(80))  # of the work; None: it counts toward the skill alone
    kind: Mapped[OutcomeKind] = mapped_column(choice_of(OutcomeKind, "kind_is_known"))
    score: Mapped[Fraction]  # 1 is right, 0 is wrong
    is_first: Mapped[bool]  # only a person's first answer to a task counts
    occurred_at: Mapped[datetime]
    occurred_on: Mapped[date]  # the day of that in UTC
    received_at: Mapped[datetime]
    call_id: Mapped[UUID] = mapped_column(index=True)  # of the API: its audit event has the hash of its outcomes
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))  # that posted it


class WorkQuality(OwnedByOrganisation, Base):
    """All that a person's first answers in a skill add up to; the estimate and its interval are computed from it."""

    __tablename__ = "work_quality"
    __table_args__ = (
        CheckConstraint("tasks >= 1", name="tasks_from_one"),
        CheckConstraint("points BETWEEN 0 AND CAST(tasks AS BIGINT) * 100000000", name="points_within_tasks"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(60), primary_key=True)
    tasks: Mapped[int]
    points: Mapped[int] = mapped_column(BigInteger)  # the sum of the scores in hundred-millionths, which is exact
    updated_at: Mapped[datetime]


class QualityWatch(OwnedByOrganisation, Base):
    """The sequential test of a person's work against the floor of a tier: where it stands."""

    __tablename__ = "quality_watch"
    __table_args__ = (
        CheckConstraint("floor BETWEEN 0 AND 1", name="floor_is_fraction"),
        CheckConstraint("level >= 0", name="level_not_negative"),
        CheckConstraint("(level = 0) = (run_tasks = 0)", name="run_iff_level"),
        CheckConstraint(
            "run_points BETWEEN 0 AND CAST(run_tasks AS BIGINT) * 100000000", name="run_points_within_tasks"
        ),
        CheckConstraint("points BETWEEN 0 AND CAST(tasks AS BIGINT) * 100000000", name="points_within_tasks"),
    )

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(60), primary_key=True)  # empty: every skill of the tier's work
    floor: Mapped[Fraction]
    level: Mapped[int] = mapped_column(BigInteger)  # of the evidence against the floor, in millionths of a nat
    run_from: Mapped[int]  # the number of the outcome with which the present run of evidence began
    run_tasks: Mapped[int]
    run_points: Mapped[int] = mapped_column(BigInteger)
    tasks: Mapped[int]  # all that were counted against this floor
    points: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class QualityRule(OwnedByOrganisation, Base):
    """What an organisation expects of the work in a tier: its floor, its bound of volume, and what good work earns."""

    __tablename__ = "quality_rule"
    __table_args__ = (
        UniqueConstraint("organisation_id", "tier_id"),
        CheckConstraint("floor IS NULL OR floor BETWEEN 0.05 AND 0.99", name="floor_can_be_tested"),
        CheckConstraint("most_a_day >= 1", name="most_a_day_from_one"),
        CheckConstraint("extension_tasks >= 1", name="extension_tasks_from_one"),
        CheckConstraint("extension_tasks IS NULL OR floor IS NOT NULL", name="extension_needs_floor"),
    )

    id: Mapped[UuidKey]
    tier_id: Mapped[UUID] = mapped_column(ForeignKey("tier.id"))
    skill: Mapped[str | None] = mapped_column(String(60))  # None: every skill of the tier's work
    floor: Mapped[Fraction | None]  # None: nothing is proposed
    most_a_day: Mapped[int]  # outcomes of one person on one day (UTC)
    extension_tasks: Mapped[int | None]  # first answers that earn a longer validity; None: none do
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: a command
    set_at: Mapped[datetime]
