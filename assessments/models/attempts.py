"""Tables of attempts: the sitting, its form, its responses."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of


class AttemptState(StrEnum):
    """open -> submitted -> graded; a person may void an attempt in any state, with a reason."""

    OPEN = "open"
    SUBMITTED = "submitted"
    GRADED = "graded"
    VOIDED = "voided"


class Attempt(OwnedByOrganisation, Base):
    """One sitting of a test by one person, under the terms of one test version."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("test_id", "person_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_is_fraction"),
        CheckConstraint("state != 'graded' OR score IS NOT NULL", name="graded_has_score"),
        CheckConstraint("state IN ('graded', 'voided') OR score IS NULL", name="score_once_graded"),
        CheckConstraint("(score IS NULL) = (has_passed IS NULL)", name="verdict_iff_score"),
        CheckConstraint("(score IS NULL) = (graded_at IS NULL)", name="graded_at_iff_score"),
        CheckConstraint("state != 'open' OR submitted_at IS NULL", name="open_is_not_submitted"),
        CheckConstraint("state NOT IN ('submitted', 'graded') OR submitted_at IS NOT NULL", name="submitted_has_time"),
        CheckConstraint("(state = 'voided') = (void_reason IS NOT NULL)", name="reason_iff_voided"),
        Index(
            "uq_attempt_open",
            "test_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_person_started", "person_id", "started_at"),
    )

    id: Mapped[UuidKey]
    test_id: Mapped[UUID] = mapped_column(ForeignKey("test.id"))
    test_version_id: Mapped[UUID] = mapped_column(ForeignKey("test_version.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]  # 1 is the person's first sitting of this test
    state: Mapped[AttemptState] = mapped_column(choice_of(AttemptState, "state_is_known"))
    seed: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    was_submitted_by_deadline: Mapped[bool] = mapped_column(default=False)  # by the server, at the deadline
    graded_at: Mapped[datetime | None]
    score: Mapped[Fraction | None]
    standard_error: Mapped[float | None]
    has_passed: Mapped[bool | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))


class FormItem(OwnedByOrganisation, Base):
    """One position of an attempt's form: the version and the key that were current when it was drawn."""

    __tablename__ = "form_item"
    __table_args__ = (CheckConstraint("position >= 1", name="position_from_one"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]  # index into the sections of the test version
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    answer_key_id: Mapped[UUID] = mapped_column(ForeignKey("answer_key.id"))
    is_scored: Mapped[bool] = mapped_column(default=True)  # a pilot item is answered, not scored


class Response(OwnedByOrganisation, Base):
    """What the candidate answered at a position; the highest sequence wins."""

    __tablename__ = "response"
    __table_args__ = (CheckConstraint("sequence >= 1", name="sequence_from_one"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    response: Mapped[dict[str, Any]]
    sequence: Mapped[int]
    saved_at: Mapped[datetime]
