"""Item versions as values, without their keys; immutable, so they are kept in the process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.domain.item_types import item_type
from assessments.domain.schemas.base import Content
from assessments.models.items import Item, ItemVersion
from lms.db.bounded_cache import BoundedCache


@dataclass(frozen=True, slots=True)
class Version:
    """An item version as a candidate may see it. There is no key in it, and none can be reached from it."""

    id: UUID
    identifier: str
    type: str
    skill: str
    content: Content
    attribution: Mapping[str, Any] | None = None


_cache: BoundedCache[UUID, Version] = BoundedCache(4096)


def get_versions(session: Session, ids: Iterable[UUID]) -> dict[UUID, Version]:
    """The versions with these ids, at most one statement."""

    def load(missing: list[UUID]) -> dict[UUID, Version]:
        rows = session.execute(
            select(
                ItemVersion.id,
                Item.identifier,
                ItemVersion.type,
                ItemVersion.skill,
                ItemVersion.content,
                ItemVersion.attribution,
            )
            .join(Item, Item.id == ItemVersion.item_id)
            .where(ItemVersion.id.in_(missing))
        )
        return {
            id: Version(id, identifier, type, skill, item_type(type).content.model_validate(content), attribution)
            for id, identifier, type, skill, content, attribution in rows
        }

    return _cache.get_all(ids, load)
