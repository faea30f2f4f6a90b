"""Tables of regrades: a wrong key repaired for attempts that were scored with it, and what that changes for each."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Json, OwnedByOrganisation, UuidKey, choice_of

_PROPOSED = text("state = 'proposed'")
_RUNNING = text("state = 'committed' AND finished_at IS NULL")


class RegradeState(StrEnum):
    """proposed -> committed or withdrawn. A committed one counts from that instant; the worker then carries it out."""

    PROPOSED = "proposed"
    COMMITTED = "committed"
    WITHDRAWN = "withdrawn"


class Regrade(OwnedByOrganisation, Base):
    """Attempts that are scored with one key of an item version are scored with another, or without the question.

    `cursor`, `seen`, `tally` and `finished_at` say how far the worker is with the affected attempts: with the dry run
    while the regrade is proposed, with carrying it out once it is committed.
    """

    __tablename__ = "regrade"
    __table_args__ = (
        UniqueConstraint("organisation_id", "commit_number"),
        CheckConstraint("new_key_id IS NULL OR new_key_id != old_key_id", name="new_key_is_another"),
        CheckConstraint("length(reason) > 0", name="has_a_reason"),
        CheckConstraint("approved_by IS NULL OR approved_by != proposed_by", name="approved_by_another"),
        CheckConstraint("(state = 'committed') = (approved_by IS NOT NULL)", name="approver_iff_committed"),
        CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="committed_at_iff_committed"),
        CheckConstraint("(state = 'committed') = (commit_number IS NOT NULL)", name="number_iff_committed"),
        CheckConstraint("(state = 'committed') = (approval_note IS NOT NULL)", name="note_iff_committed"),
        CheckConstraint("approval_note IS NULL OR length(approval_note) > 0", name="note_says_something"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_by IS NOT NULL)", name="withdrawer_iff_withdrawn"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_iff_withdrawn"),
        CheckConstraint("seen >= 0", name="seen_not_negative"),
        Index("ix_regrade_version", "item_version_id", "state"),
        Index("ix_regrade_proposed_at", "organisation_id", "proposed_at"),
        Index("uq_regrade_proposed", "old_key_id", unique=True, sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
        # One at a time is carried out, so that what changes an attempt is never in doubt.
        Index("uq_regrade_running", "organisation_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    id: Mapped[UuidKey]
    item_version_id: Mapped[UUID] = mapped_column(ForeignKey("item_version.id"))
    old_key_id: Mapped[UUID] = mapped_column(ForeignKey("answer_key.id"))
    new_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("answer_key.id"))  # none: the question is dropped
    state: Mapped[RegradeState] = mapped_column(choice_of(RegradeState, "state_is_known"))
    reason: Mapped[str] = mapped_column(Text)  # in plain words, for everybody whose score changes
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    cursor: Mapped[UUID | None]  # the last attempt that was looked at
    seen: Mapped[int]
    tally: Mapped[dict[str, Any]]
    finished_at: Mapped[datetime | None]
    commit_number: Mapped[int | None]  # regrades count in this order
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approval_note: Mapped[str | None] = mapped_column(Text)
    committed_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]


class RegradeChange(OwnedByOrganisation, Base):
    """What a regrade changes in one attempt: foreseen by the dry run, then done. What was before is kept here."""

    __tablename__ = "regrade_change"
    __table_args__ = (
        CheckConstraint("old_score BETWEEN 0 AND 1", name="old_score_is_fraction"),
        CheckConstraint("new_score BETWEEN 0 AND 1", name="new_score_is_fraction"),
        CheckConstraint("old_points BETWEEN 0 AND 1", name="old_points_are_fraction"),
        CheckConstraint("new_points BETWEEN 0 AND 1", name="new_points_are_fraction"),
        CheckConstraint("(applied_at IS NULL) = (replaced IS NULL)", name="replaced_iff_applied"),
        Index("ix_regrade_change_attempt", "attempt_id"),
    )

    regrade_id: Mapped[UUID] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    position: Mapped[int]
    old_points: Mapped[Fraction | None]  # none: nothing was scored there
    new_points: Mapped[Fraction | None]  # none: the question is dropped
    old_score: Mapped[Fraction]
    new_score: Mapped[Fraction]
    had_passed: Mapped[bool]
    has_passed: Mapped[bool]
    was_released: Mapped[bool]  # whether the person knew the old score
    applied_at: Mapped[datetime | None]
    replaced: Mapped[dict[str, Any] | None] = mapped_column(Json)  # the result as it was: error, parts, skills
