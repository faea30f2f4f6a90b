"""Tables of results: points per position, score per skill; and the tries of practice."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class ItemResult(OwnedByOrganisation, Base):
    """The points at one position of a graded attempt, with the parts that they add up from."""

    __tablename__ = "item_result"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 1", name="points_are_fraction"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[Fraction]
    parts: Mapped[list[Any]]  # {name, points, weight, counts}, the fractions as exact text


class SkillResult(OwnedByOrganisation, Base):
    """The score in one skill of a graded attempt."""

    __tablename__ = "skill_result"
    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 1", name="score_is_fraction"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    skill: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    score: Mapped[Fraction]
    item_count: Mapped[int]
    standard_error: Mapped[float | None]


class PracticeTry(OwnedByOrganisation, Base):
    """One try of a practice item. All are kept; the first one counts for accuracy."""

    __tablename__ = "practice_try"
    __table_args__ = (
        UniqueConstraint("person_id", "item_id", "number"),
        UniqueConstraint("person_id", "try_key"),
        UniqueConstraint("calibration_round_id", "item_id"),  # in a round only the first try counts, so there is one
        CheckConstraint("points BETWEEN 0 AND 1", name="points_are_fraction"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[UuidKey]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_version.id"))
    answer_key_id: Mapped[UUID] = mapped_column(ForeignKey("answer_key.id"))
    calibration_round_id: Mapped[UUID | None] = mapped_column(ForeignKey("calibration_round.id"))
    number: Mapped[int]
    try_key: Mapped[UUID]  # made with the form, so that sending it twice counts once
    response: Mapped[dict[str, Any]]
    points: Mapped[Fraction | None]  # none where only a marker could judge
    tried_at: Mapped[datetime]
