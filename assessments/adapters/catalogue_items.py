"""Reads items/*.yaml: each item with its content, its key and its reasons, and every fault at its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from assessments.adapters.catalogue_guide import Guide, read_guide
from assessments.adapters.quoted_spans import with_offsets
from assessments.domain.item_type import ItemType
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.schemas.base import Content, Identifier, InvalidKey, Key, Line, Shape, Text
from assessments.domain.schemas.provenance import Attribution, Provenance
from assessments.domain.temptations import missing_temptations
from assessments.models.items import Difficulty, ItemUse
from lms.catalogue.documents import Node, parse, read_document
from lms.catalogue.findings import Findings

Model = TypeVar("Model", bound=Shape)


class Source(Shape):
    """A reference that exists."""

    author: Line
    title: Line
    year: Annotated[int, Field(ge=-3000, le=2100)]
    publisher: Line | None = None
    url: Line | None = None
    note: Line | None = None


class Review(Shape):
    """The second reading; the note says who read and whether they knew the key."""

    agreed: bool
    note: Line


class Entry(Shape):
    """What stands in the file around content and key, which depend on the type."""

    id: Identifier
    type: str
    use: ItemUse
    skill: Identifier
    difficulty: Difficulty
    content: dict[str, Any]
    key: dict[str, Any]
    rationale: Text
    temptations: dict[str, Text]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    tags: tuple[Identifier, ...] = ()
    review: Review | None = None
    provenance: Provenance | None = None
    attribution: Attribution | None = None


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item as read: ready to be loaded, and where it stands."""

    entry: Entry
    kind: ItemType
    content: Content
    key: Key
    path: Path
    line: int

    @property
    def use(self) -> ItemUse:
        return self.entry.use

    @property
    def skill(self) -> str:
        return self.entry.skill

    @property
    def type(self) -> str:
        return self.kind.name


def read_items(track: Path, findings: Findings) -> Mapping[str, CatalogueItem]:
    """The sound items of a track by id; everything else is in the findings."""
    guide = read_guide(track, findings)
    items: dict[str, CatalogueItem] = {}
    for path in sorted((track / "items").glob("*.yaml")):
        node = read_document(path, findings)
        if node is None:
            continue
        if not isinstance(node.value, list):
            findings.add(path, 1, "expected a list of items, each beginning with `- id:`")
            continue
        for entry_node in node.items():
            _add(entry_node, guide, items, findings)
    if not items:
        findings.add(track / "items", 1, "no item could be read; expected lists of items in items/*.yaml")
    return items


def _add(node: Node, guide: Guide, items: dict[str, CatalogueItem], findings: Findings) -> None:
    item = _read_item(node, guide, findings)
    if item is None:
        return
    if first := items.get(item.entry.id):
        message = f"id {item.entry.id} is used twice; first in {first.path.name}, line {first.line}"
        findings.add(node.path, node.line_of("id"), message)
        return
    items[item.entry.id] = item


def _read_item(node: Node, guide: Guide, findings: Findings) -> CatalogueItem | None:
    entry = parse(node, Entry, findings)
    if entry is None:
        return None
    kind = ITEM_TYPES.get(entry.type)
    if kind is None:
        expected = ", ".join(ITEM_TYPES)
        findings.add(node.path, node.line_of("type"), f"unknown type {entry.type!r:.40}; expected {expected}")
        return None
    content = _content(node, entry, kind, guide, findings)
    if content is None:
        return None
    key = _key(node, entry, kind, content, findings)
    if key is None:
        return None
    for answer in missing_temptations(kind, content, key, entry.temptations):
        findings.add(node.path, node.line_of("temptations"), f"temptations: {answer} is wrong; say why it tempts")
    return CatalogueItem(entry, kind, content, key, node.path, node.line)


def _content(node: Node, entry: Entry, kind: ItemType, guide: Guide, findings: Findings) -> Content | None:
    raw = dict(entry.content)
    for field in ("categories", "criteria"):
        if field in raw and field in kind.content.model_fields:
            try:
                raw[field] = guide.write_out(field, raw[field])
            except ValueError as fault:
                findings.add(node.path, node.line_of("content", field), f"content.{field}: {fault}")
                return None
    return _validated(node, "content", kind.content, raw, findings)


def _key(node: Node, entry: Entry, kind: ItemType, content: Content, findings: Findings) -> Key | None:
    try:
        raw = with_offsets(entry.key, getattr(content, "text", ""))
    except ValueError as fault:
        findings.add(node.path, node.line_of("key"), f"key: {fault}")
        return None
    key = _validated(node, "key", kind.key, raw, findings)
    if key is None:
        return None
    try:
        kind.check_key(content, key)
    except InvalidKey as fault:
        findings.add(node.path, node.line_of("key"), str(fault))
        return None
    return key


def _validated(node: Node, field: str, model: type[Model], raw: dict[str, Any], findings: Findings) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            where = ".".join(str(part) for part in (field, *fault["loc"]))
            message = fault["msg"].removeprefix("Value error, ")
            findings.add(node.path, node.line_of(field, *fault["loc"]), f"{where}: {message}")
        return None
