"""Organisations by the short name that stands in addresses and commands."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation

PUBLIC = "public"


def get_organisation_id(session: Session, *, slug: str) -> UUID:
    """Raises NotFound."""
    if slug == PUBLIC:
        return PUBLIC_ORGANISATION_ID
    found = session.scalars(select(Organisation.id).where(Organisation.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(f"there is no organisation {slug}")
    return found
