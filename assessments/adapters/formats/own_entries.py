"""Items in Assay's own shape, as YAML and JSON lines spell it: the same fields as in the catalogue's files."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from assessments.adapters.catalogue_items import Entry
from assessments.adapters.exchange import ReadItem, Refusal, WrittenItem
from assessments.adapters.plain_words import unsound
from assessments.adapters.quoted_spans import with_offsets
from assessments.domain.schemas.faults import describe_fault

FIELDS = tuple(Entry.model_fields)


def read_entry(row: int, where: str, value: object) -> ReadItem | Refusal:
    """Return the item that an entry states, or why it states none."""
    if not isinstance(value, dict):
        return Refusal(row, where, "an entry should be an object with id, type, content, key and the rest")
    try:
        fault = _unsound_text(value)
    except RecursionError:
        fault = "the entry is nested too deeply"
    if fault:
        return Refusal(row, where, fault)
    try:
        entry = Entry.model_validate(value)
    except ValidationError as error:
        return Refusal(row, where, describe_fault(error, Entry).replace("field of the response", "field of an item"))
    try:
        key = with_offsets(entry.key, str(entry.content.get("text", "")))
    except ValueError as error:
        return Refusal(row, where, f"key: {error}")
    return ReadItem(
        row=row,
        where=where,
        identifier=entry.id,
        type=entry.type,
        content=entry.content,
        key=key,
        use=entry.use.value,
        skill=entry.skill,
        difficulty=entry.difficulty.value,
        rationale=entry.rationale,
        sources=tuple(source.model_dump(mode="json", exclude_none=True) for source in entry.sources),
        temptations=entry.temptations,
        tags=entry.tags,
        provenance=entry.provenance.model_dump(mode="json", exclude_none=True) if entry.provenance else None,
        attribution=entry.attribution.model_dump(mode="json", exclude_none=True) if entry.attribution else None,
    )


def write_entry(item: WrittenItem) -> dict[str, Any]:
    """Return the entry that states the item; what it does not have is left out."""
    entry: dict[str, Any] = {
        "id": item.identifier,
        "type": item.type,
        "use": item.use,
        "skill": item.skill,
        "difficulty": item.difficulty,
        "content": _told(item.content),
        "key": _told(item.key),
        "rationale": item.rationale,
        "temptations": dict(item.temptations),
        "sources": [dict(source) for source in item.sources],
    }
    optional = {"tags": list(item.tags), "provenance": item.provenance, "attribution": item.attribution}
    return entry | {name: value for name, value in optional.items() if value}


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _unsound_text(value: object) -> str | None:
    """Why a text in the entry, wherever it stands, is no sound Unicode; None when all are."""
    if isinstance(value, str):
        return unsound(value)
    parts = (*value.keys(), *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((fault for part in parts if (fault := _unsound_text(part))), None)
