"""Tables of authoring: the draft of an item, what reviewers decided on it, and the marks of its stem."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assessments.models.items import Difficulty, ItemUse
from lms.db.base import Base, Json, OwnedByOrganisation, UuidKey, choice_of


class DraftState(StrEnum):
    """A draft is edited, or waits for somebody else's decision."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"


class Decision(StrEnum):
    """What a reviewer decided."""

    RETURNED = "returned"
    PILOT = "pilot"
    LIVE = "live"


class ItemDraft(OwnedByOrganisation, Base):
    """What an author is working on: content and key are raw, for they may be unfinished. Publishing makes a version."""

    __tablename__ = "item_draft"
    __table_args__ = (
        Index("ix_item_draft_state", "organisation_id", "state"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        CheckConstraint("(state = 'in-review') = (submitted_by IS NOT NULL)", name="submitter_iff_in_review"),
        CheckConstraint("(submitted_by IS NULL) = (submitted_at IS NULL)", name="submitted_at_iff_submitter"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    state: Mapped[DraftState] = mapped_column(choice_of(DraftState, "state_is_known"))
    revision: Mapped[int]  # counts the saves; a save on top of an older one is refused
    use: Mapped[ItemUse] = mapped_column(choice_of(ItemUse, "use_is_known"))
    skill: Mapped[str] = mapped_column(String(60))
    difficulty: Mapped[Difficulty] = mapped_column(choice_of(Difficulty, "difficulty_is_known"))
    content: Mapped[dict[str, Any]]
    key: Mapped[dict[str, Any]]
    rationale: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[Any]]
    temptations: Mapped[dict[str, Any]]
    tags: Mapped[list[Any]]
    provenance: Mapped[dict[str, Any] | None] = mapped_column(Json)
    attribution: Mapped[dict[str, Any] | None] = mapped_column(Json)
    answer: Mapped[dict[str, Any] | None] = mapped_column(Json)  # what the key is to say, while it cannot say it yet
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime]
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]


class ItemReview(OwnedByOrganisation, Base):
    """A decision on a submitted draft, by somebody who neither wrote nor submitted it."""

    __tablename__ = "item_review"
    __table_args__ = (
        CheckConstraint("decided_by != submitted_by AND decided_by != edited_by", name="decided_by_another"),
        CheckConstraint("decision != 'returned' OR length(comment) > 0", name="returned_with_a_reason"),
        CheckConstraint("(decision = 'returned') = (item_version_id IS NULL)", name="version_iff_approved"),
        Index("ix_item_review_item", "item_id", "decided_at"),
    )

    id: Mapped[UuidKey]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    item_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("item_version.id"))
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(choice_of(Decision, "decision_is_known"))
    comment: Mapped[str] = mapped_column(Text)


class StemBand(OwnedByOrganisation, Base):
    """One band of the fingerprint of an item's stem: items that share a band may be near duplicates."""

    __tablename__ = "stem_band"
    __table_args__ = (Index("ix_stem_band_hash", "organisation_id", "hash"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[int] = mapped_column(BigInteger)  # of the band's number as well, so that it says all alone
