"""The table of organisations."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, UuidKey

# The public organisation has a fixed id, so that every installation and every export agrees on it.
PUBLIC_ORGANISATION_ID = UUID("a55a0000-0000-4000-8000-000000000001")


class Organisation(Base):
    """A tenant: a vendor, a university, or the public one."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("length(slug) > 0", name="slug_is_given"),)

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    edition: Mapped[UUID] = mapped_column(default=uuid4)  # another one after each publishing; see editions
