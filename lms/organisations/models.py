"""The tables of organisations, and of what they show of themselves."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import PUBLIC_ORGANISATION_ID as PUBLIC_ORGANISATION_ID
from lms.db.base import Base, OwnedByOrganisation, Published, UuidKey


class Organisation(Base):
    """A tenant: a vendor, a university, or the public one."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("length(slug) > 0", name="slug_is_given"),)

    id: Mapped[UuidKey]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    edition: Mapped[UUID] = mapped_column(default=uuid4)  # another one after each publishing; see editions


class OrganisationProfile(OwnedByOrganisation, Published, Base):
    """What an organisation shows of itself: on its pages, and on a page for everybody when it wants one."""

    __tablename__ = "organisation_profile"
    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("accent IS NULL OR length(accent) = 7", name="accent_is_a_colour"),
        CheckConstraint("(logo IS NULL) = (logo_hash IS NULL)", name="hash_iff_logo"),
    )

    id: Mapped[UuidKey]
    summary: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str | None] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(254))  # an e-mail address
    accent: Mapped[str | None] = mapped_column(String(7))  # as in #1b3f8b
    logo: Mapped[bytes | None]  # PNG that we drew ourselves
    logo_hash: Mapped[str | None] = mapped_column(String(64))
    is_public: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
