"""Keeping the marks of stems, by which items that ask nearly the same are found."""

from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from assessments.domain.near_duplicates import bands_of, shingles_of
from assessments.models.authoring import StemBand
from lms.db.scope import organisation_of


def keep_bands(session: Session, item_id: UUID, stem: str) -> None:
    """Make the marks of an item those of this stem; an empty one has none. The item must be in the database."""
    session.execute(delete(StemBand).where(StemBand.item_id == item_id))
    organisation_id = organisation_of(session)
    rows = [
        {"organisation_id": organisation_id, "item_id": item_id, "band": band, "hash": hash}
        for band, hash in enumerate(bands_of(shingles_of(stem)))
    ]
    if rows:
        session.execute(insert(StemBand), rows)
