"""Items whose stems say nearly the same: candidates by the marks of their stems, decided by their shingles."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.domain.near_duplicates import THRESHOLD, bands_of, shingles_of, similarity
from assessments.models.authoring import StemBand
from assessments.models.items import Item, ItemState

MOST_CANDIDATES = 200  # those that share most bands come first


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An item much like another; `similarity` is the exact Jaccard index of their stems' shingles."""

    item_id: UUID
    identifier: str
    bank: str
    state: ItemState
    stem: str
    similarity: Fraction


def find_near_duplicates(session: Session, *, stem: str, item_id: UUID | None = None) -> list[NearDuplicate]:
    """The items with nearly this stem, the most alike first; `item_id` is the item itself, which is left out."""
    shingles = shingles_of(stem)
    if not shingles:
        return []
    found = [
        NearDuplicate(item.id, item.identifier, item.bank, item.state, item.stem, alike)
        for item in _candidates(session, shingles, item_id)
        if (alike := similarity(shingles, shingles_of(_stem_of(item)))) >= THRESHOLD
    ]
    return sorted(found, key=lambda one: (-one.similarity, one.identifier))


def _candidates(session: Session, shingles: frozenset[str], item_id: UUID | None) -> list[Item]:
    shared = (
        select(StemBand.item_id, func.count().label("bands"))
        .where(StemBand.hash.in_(bands_of(shingles)))
        .group_by(StemBand.item_id)
        .order_by(func.count().desc())
        .limit(MOST_CANDIDATES + 1)
        .subquery()
    )
    items = session.scalars(select(Item).join(shared, shared.c.item_id == Item.id))
    return [item for item in items if item.id != item_id]


def _stem_of(item: Item) -> str:
    """The whole stem, in lower case: what a search looks through, less the identifier and the tags before it."""
    before = " ".join((item.identifier, *item.tags)).lower()
    return item.search_text[len(before) + 1 :]
