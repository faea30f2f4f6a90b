"""The tables of certificates and their rendered files."""

import secrets
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from certificates.domain.standing import CertificateState
from lms.db.base import Base, OwnedByOrganisation, choice_of

# Letters and digits that are not mistaken for one another. No hyphen: readers of PDFs drop one at the end of a line.
ID_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
_ID_LENGTH = 24  # 138 random bits: nobody guesses an id


def make_certificate_id() -> str:
    """A public id: random, and derived from nothing."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(_ID_LENGTH))


class Certificate(OwnedByOrganisation, Base):
    """One issued certificate. What it says was copied at issue; it changes only together with a new credential."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        CheckConstraint("valid_until > issued_at", name="valid_after_issue"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_is_fraction"),
        CheckConstraint("score >= cut_score", name="score_reaches_cut"),
        CheckConstraint("(state = 'valid') = (state_reason IS NULL)", name="reason_iff_not_valid"),
        CheckConstraint("(state = 'erased') = (holder_name = '')", name="name_unless_erased"),
        Index("ix_certificate_person_issued", "person_id", "issued_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=make_certificate_id)
    achievement_version_id: Mapped[UUID] = mapped_column(ForeignKey("achievement_version.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"))
    holder_name: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    state: Mapped[CertificateState] = mapped_column(choice_of(CertificateState, "state_is_known"))
    state_reason: Mapped[str | None] = mapped_column(String(500))
    score: Mapped[Fraction]
    cut_score: Mapped[Fraction]  # of the terms under which the attempt was sat
    skills: Mapped[list[Any]]  # {skill, title, score}, the score as an exact fraction in text


class CertificateFile(OwnedByOrganisation, Base):
    """The signed PDF of a certificate's current credential; the file is named by its hash."""

    __tablename__ = "certificate_file"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="sha256_is_hex"),
        CheckConstraint("byte_count > 0", name="file_is_not_empty"),
    )

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    byte_count: Mapped[int]
    rendered_at: Mapped[datetime]
