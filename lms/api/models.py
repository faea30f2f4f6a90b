"""The tables of API keys, and of requests that were answered under an idempotency key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey

LOWEST_RATE, HIGHEST_RATE = 1, 600_000  # requests a minute


class ApiKey(OwnedByOrganisation, Base):
    """A key with which a program calls the API for an organisation; only the hash of its secret is here."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_is_given"),
        CheckConstraint("length(secret_hash) = 64", name="secret_is_hashed"),
        CheckConstraint(f"rate_per_minute BETWEEN {LOWEST_RATE} AND {HIGHEST_RATE}", name="rate_in_bounds"),
        CheckConstraint("expires_at > made_at", name="expires_after_making"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoker_iff_revoked"),
        CheckConstraint("rotated_from IS NULL OR rotated_from != id", name="rotated_from_another"),
    )

    id: Mapped[UuidKey]
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)  # shown, so that a key can be told from others
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]  # names of lms.api.scopes
    rate_per_minute: Mapped[int]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # none: a command made it
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]  # to the minute
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    rotated_from: Mapped[UUID | None] = mapped_column(ForeignKey("api_key.id"), unique=True)  # a key has one successor


class IdempotencyRecord(OwnedByOrganisation, Base):
    """A request that was answered. It is committed together with what the request did, so one is never without."""

    __tablename__ = "idempotency_record"
    __table_args__ = (
        UniqueConstraint("key_id", "key"),
        CheckConstraint("length(key) BETWEEN 1 AND 200", name="key_in_bounds"),
        CheckConstraint("status BETWEEN 200 AND 299", name="only_what_was_done"),
    )

    id: Mapped[UuidKey]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("api_key.id"))
    key: Mapped[str] = mapped_column(String(200))
    method: Mapped[str] = mapped_column(String(10))
    path: Mapped[str] = mapped_column(String(2000))
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]  # {body, headers}
    made_at: Mapped[datetime] = mapped_column(index=True)
