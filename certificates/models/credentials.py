"""The table of credentials: each begins as an intent that is in the log, and is signed only then."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey, choice_of

ISSUE_TOPIC = "certificate.issue"  # of the messages that have the worker sign and print a certificate
STATUS_LIST_LENGTH = 131_072  # entries; Bitstring Status List v1.0, section 6.1, asks for no fewer
_CURRENT = text("is_current")


class CredentialState(StrEnum):
    """intended -> signed -> erased; an intent that must not be signed, or cannot be, is flagged for a person."""

    INTENDED = "intended"
    SIGNED = "signed"
    FLAGGED = "flagged"
    ERASED = "erased"


class Cause(StrEnum):
    """Why a certificate got a credential."""

    ISSUED = "issued"
    NAME = "name"  # the holder goes by another name
    RESULT = "result"  # a regrade changed the score
    RENEWED = "renewed"  # the organisation let it hold longer
    DESIGN = "design"  # the organisation's certificates look different
    KEYS = "keys"  # the key that had signed it is not trusted any more


class Credential(OwnedByOrganisation, Base):
    """What is signed for a certificate. Signing anew makes another; the newest is current, others are superseded."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("certificate_id", "number"),
        UniqueConstraint("leaf_index"),
        UniqueConstraint("status_list", "status_index"),
        CheckConstraint(f"status_index >= 0 AND status_index < {STATUS_LIST_LENGTH}", name="status_index_in_list"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("length(commitment) = 64", name="commitment_is_hex"),
        CheckConstraint("(state = 'erased') = (salt IS NULL)", name="salt_unless_erased"),
        CheckConstraint("(state = 'erased') = (content IS NULL)", name="content_unless_erased"),
        CheckConstraint("(state = 'signed') = (document IS NOT NULL)", name="document_iff_signed"),
        CheckConstraint("(state = 'signed') = (jwt IS NOT NULL)", name="jwt_iff_signed"),
        CheckConstraint("state != 'signed' OR signed_at IS NOT NULL", name="signed_at_if_signed"),
        CheckConstraint("state != 'signed' OR key_id IS NOT NULL", name="key_if_signed"),
        CheckConstraint("(state = 'flagged') = (flag IS NOT NULL)", name="flag_iff_flagged"),
        Index("uq_credential_current", "certificate_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index("ix_credential_state", "state", "intended_at"),
    )

    id: Mapped[UuidKey]
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"))
    number: Mapped[int]  # 1 is the first
    is_current: Mapped[bool]
    cause: Mapped[Cause] = mapped_column(choice_of(Cause, "cause_is_known"))
    state: Mapped[CredentialState] = mapped_column(choice_of(CredentialState, "state_is_known"))
    salt: Mapped[str | None] = mapped_column(String(64))  # 256 random bits in hex; without them the leaf is nobody's
    content: Mapped[str | None] = mapped_column(Text)  # canonical JSON (RFC 8785) of what is to be signed
    commitment: Mapped[str] = mapped_column(String(64))
    design_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("design_version.id"))  # None: the house's own
    leaf_index: Mapped[int] = mapped_column(ForeignKey("log_leaf.index"))
    status_list: Mapped[int]  # the number of the status lists in which `status_index` is this credential's bit
    status_index: Mapped[int]  # random, so that neighbours tell nothing
    intended_at: Mapped[datetime]
    document: Mapped[str | None] = mapped_column(Text)  # canonical JSON with the inclusion in the log and the proof
    jwt: Mapped[str | None] = mapped_column(Text)
    key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"), index=True)  # of the proof
    document_key_id: Mapped[str | None] = mapped_column(ForeignKey("signing_key.id"), index=True)  # JWT, PDF
    signed_at: Mapped[datetime | None]
    flag: Mapped[str | None] = mapped_column(String(500))
