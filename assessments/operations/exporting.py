"""Exporting items with their keys to a file, audited: what the bank holds today, drafts and retired items aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.adapters.exchange import Format, Refusal, WrittenItem
from assessments.models.items import AnswerKey, Item, ItemState, ItemVersion
from lms.audit.operations import record
from lms.errors import Invalid, NotFound

_BATCH = 200  # items


@dataclass(frozen=True, slots=True)
class Export:
    """The bytes of a file, how many items went into it, and the reasons for those that did not."""

    data: bytes
    written: int
    refusals: tuple[Refusal, ...]


def export_items(
    session: Session, *, format: Format, bank: str | None = None, at: datetime, actor: str = "assay items export"
) -> Export:
    """Write the current version and key of every item of a bank, or of all banks, in the order of identifiers.

    Raises Invalid for a format that can only be read, NotFound when there is no item to write.
    """
    if format.write is None:
        raise Invalid(f"{format.name} can be read, not written")
    counted = _Counted(_items(session, bank))
    data, refusals = format.write(counted)
    if not counted.count:
        raise NotFound(f"there is no item to export in the bank {bank}" if bank else "there is no item to export")
    written = counted.count - len(refusals)
    record(session, action="items.exported", actor=actor, at=at, format=format.name, bank=bank, written=written)
    return Export(data, written, tuple(refusals))


class _Counted:
    """Items that are counted as they are taken."""

    def __init__(self, items: Iterator[WrittenItem]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[WrittenItem]:
        for item in self._items:
            self.count += 1
            yield item


def _items(session: Session, bank: str | None) -> Iterator[WrittenItem]:
    current = (
        select(Item, ItemVersion, AnswerKey)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(AnswerKey, AnswerKey.item_version_id == ItemVersion.id)
        .where(ItemVersion.is_current, AnswerKey.is_current, Item.state != ItemState.RETIRED)
        .order_by(Item.identifier)
        .execution_options(yield_per=_BATCH)
    )
    if bank is not None:
        current = current.where(Item.bank == bank)
    for item, version, key in session.execute(current):
        yield WrittenItem(
            identifier=item.identifier,
            type=version.type,
            use=item.use.value,
            skill=version.skill,
            difficulty=version.difficulty.value,
            content=version.content,
            key=key.key,
            rationale=key.rationale,
            sources=tuple(key.sources),
            temptations=key.temptations,
            tags=tuple(item.tags),
            provenance=key.provenance,
            attribution=version.attribution,
        )
