"""The table of messages that wait to be delivered."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, OwnedByOrganisation, UuidKey


class OutboxMessage(OwnedByOrganisation, Base):
    """One effect: it stays until its handler succeeded, and is then marked delivered."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index(
            "ix_outbox_message_waiting",
            "due_at",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    id: Mapped[UuidKey]
    topic: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # moved ahead while a worker holds the message, and after a failure
    tries: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
