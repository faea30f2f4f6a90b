"""Tables of attempts: the sitting, its form, its responses, and what came late and was decided about it."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Json, OwnedByOrganisation, UuidKey, choice_of


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
        CheckConstraint("pen_epoch >= 1", name="pen_epoch_from_one"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("time_percent BETWEEN 100 AND 1000", name="time_percent_from_100"),
        CheckConstraint("break_seconds >= 0", name="breaks_not_negative"),
        CheckConstraint("break_seconds_left BETWEEN 0 AND break_seconds", name="breaks_left_of_granted"),
        CheckConstraint("break_ends_at IS NULL OR state = 'open'", name="break_only_while_open"),
        CheckConstraint("credit_seconds >= 0", name="credit_not_negative"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_is_fraction"),
        CheckConstraint("state != 'graded' OR score IS NOT NULL", name="graded_has_score"),
        CheckConstraint("state IN ('graded', 'voided') OR score IS NULL", name="score_once_graded"),
        CheckConstraint("(score IS NULL) = (has_passed IS NULL)", name="verdict_iff_score"),
        CheckConstraint("(score IS NULL) = (graded_at IS NULL)", name="graded_at_iff_score"),
        CheckConstraint("released_at IS NULL OR score IS NOT NULL", name="released_once_graded"),
        CheckConstraint("released_at >= graded_at", name="released_after_grading"),
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
        Index(
            "ix_attempt_open_deadline",
            "deadline_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempt_untold",
            "test_id",
            "state",
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[UuidKey]
    test_id: Mapped[UUID] = mapped_column(ForeignKey("test.id"))
    test_version_id: Mapped[UUID] = mapped_column(ForeignKey("test_version.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    number: Mapped[int]  # 1 is the person's first sitting of this test
    state: Mapped[AttemptState] = mapped_column(choice_of(AttemptState, "state_is_known"))
    seed: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]  # the truth; the six columns below say what it is made of
    time_percent: Mapped[int] = mapped_column(default=100)  # of the limit
    is_untimed: Mapped[bool] = mapped_column(default=False)
    break_seconds: Mapped[int] = mapped_column(default=0)  # granted
    break_seconds_left: Mapped[int] = mapped_column(default=0)
    break_ends_at: Mapped[datetime | None]  # while a break is under way: when the last second of it is used
    credit_seconds: Mapped[int] = mapped_column(default=0)  # for outages of ours
    submitted_at: Mapped[datetime | None]
    was_submitted_by_deadline: Mapped[bool] = mapped_column(default=False)  # by the server, at the deadline
    graded_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]  # until then nobody is told of a result
    score: Mapped[Fraction | None]
    standard_error: Mapped[float | None]
    has_passed: Mapped[bool | None]
    void_reason: Mapped[str | None] = mapped_column(String(500))
    pen_epoch: Mapped[int] = mapped_column(default=1)  # counts who has had the pen; a save under an old one is refused
    pen_holder: Mapped[str | None] = mapped_column(String(64))  # hash of the window's random name; nobody has it yet


class FormItem(OwnedByOrganisation, Base):
    """One position of an attempt's form: the version and the key that were current when it was drawn."""

    __tablename__ = "form_item"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position_from_one"),
        Index("ix_form_item_version_key", "item_version_id", "answer_key_id"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]  # index into the sections of the test version
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_version.id"))
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
    idempotency_key: Mapped[UUID | None]  # of the save that wrote this, when its sender gave one


class LateResponse(OwnedByOrganisation, Base):
    """An answer given before the deadline that arrived after it: kept, and scored only where a person lets it count."""

    __tablename__ = "late_response"
    __table_args__ = (
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        CheckConstraint("made_at < received_at", name="made_before_received"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    response: Mapped[dict[str, Any]]
    sequence: Mapped[int]
    made_at: Mapped[datetime]  # as the device that sent it says
    received_at: Mapped[datetime]


class LateDecision(OwnedByOrganisation, Base):
    """Whether the late answers of an attempt count, all of them or none: one decision an attempt, and final.

    Where they count, the old and the new result of that instant are kept; the score never falls by it.
    """

    __tablename__ = "late_decision"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_a_reason"),
        CheckConstraint("is_accepted = (old_score IS NOT NULL)", name="old_score_iff_accepted"),
        CheckConstraint("is_accepted = (new_score IS NOT NULL)", name="new_score_iff_accepted"),
        CheckConstraint("is_accepted = (had_passed IS NOT NULL)", name="old_verdict_iff_accepted"),
        CheckConstraint("is_accepted = (has_passed IS NOT NULL)", name="new_verdict_iff_accepted"),
        CheckConstraint("is_accepted = (replaced IS NOT NULL)", name="replaced_iff_accepted"),
        CheckConstraint("old_score BETWEEN 0 AND 1", name="old_score_is_fraction"),
        CheckConstraint("new_score BETWEEN old_score AND 1", name="score_never_falls"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    is_accepted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)  # in plain words, for the candidate
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    was_released: Mapped[bool]  # whether the person knew the old result
    old_score: Mapped[Fraction | None]
    new_score: Mapped[Fraction | None]
    had_passed: Mapped[bool | None]
    has_passed: Mapped[bool | None]
    replaced: Mapped[dict[str, Any] | None] = mapped_column(Json)  # the rest of the old result: error, points, skills
