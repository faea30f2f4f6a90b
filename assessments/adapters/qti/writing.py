"""Writing QTI: items become a package whose bytes depend on nothing but the items and the version."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pydantic import ValidationError

from assessments.adapters import safe_archive, safe_xml
from assessments.adapters.exchange import Refusal, WrittenItem
from assessments.adapters.qti import companion
from assessments.adapters.qti.companion import CompanionItem, digest_of, fields_of
from assessments.adapters.qti.feedback import feedback_of
from assessments.adapters.qti.identifiers import qti_identifier
from assessments.adapters.qti.interactions import choice, extended_text, match, order, text_entry
from assessments.adapters.qti.item import draft_of
from assessments.adapters.qti.manifest import ItemEntry, write_manifest
from assessments.adapters.qti.notes import Notes, NotReadable
from assessments.adapters.qti.package import MANIFEST
from assessments.adapters.qti.page import Page
from assessments.adapters.qti.versions import Version, with_names_of, with_plain_names
from assessments.domain.schemas.base import Content, Key
from assessments.domain.schemas.choice import ChoiceContent, ChoiceKey
from assessments.domain.schemas.essay import EssayContent, EssayKey
from assessments.domain.schemas.match import MatchContent, MatchKey
from assessments.domain.schemas.numeric import NumericContent, NumericKey
from assessments.domain.schemas.order import OrderContent, OrderKey
from assessments.domain.schemas.short_text import ShortTextContent, ShortTextKey
from assessments.domain.schemas.true_false import TrueFalseContent, TrueFalseKey

# `Any` stands where the functions take the content and key of their own type.
WRITERS: dict[str, tuple[type[Content], type[Key], Callable[[Page, Any, Any], None]]] = {
    "choice": (ChoiceContent, ChoiceKey, choice.write_choice),
    "essay": (EssayContent, EssayKey, extended_text.write),
    "match": (MatchContent, MatchKey, match.write),
    "numeric": (NumericContent, NumericKey, text_entry.write_numeric),
    "order": (OrderContent, OrderKey, order.write),
    "short-text": (ShortTextContent, ShortTextKey, text_entry.write_short_text),
    "true-false": (TrueFalseContent, TrueFalseKey, choice.write_true_false),
}
_MOST_ITEMS = safe_archive.MOST_ENTRIES - 2  # beside them stand the manifest and the companion
_MOST_BESIDE = companion.MOST_BYTES // 2  # characters, of which each may take several bytes
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can state; the same items are the same bytes on every day
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CannotWrite(ValueError):
    """QTI cannot hold the item; the message says why."""


@dataclass(frozen=True, slots=True)
class _Written:
    data: bytes
    beside: CompanionItem


def write_package(version: Version, items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Return a package of the items that QTI can hold, and why it cannot hold the others."""
    refusals: list[Refusal] = []
    written: dict[str, _Written] = {}
    entries: list[ItemEntry] = []
    beside = 0
    for row, item in enumerate(items, start=1):
        try:
            if item.identifier in written:
                raise CannotWrite("its identifier stands in the package already")
            if len(written) == _MOST_ITEMS:
                raise CannotWrite(f"a package holds at most {_MOST_ITEMS:,} items; write it into another one")
            one = _write_item(version, item)
            beside += len(one.beside.model_dump_json())
            if beside > _MOST_BESIDE:
                raise CannotWrite("what QTI has no place for fills the package already; write it into another one")
            written[item.identifier] = one
        except CannotWrite as reason:
            refusals.append(Refusal(row, item.identifier, str(reason)))
            continue
        entries.append(ItemEntry(item.identifier, _path(item.identifier), item.attribution))
    files = {MANIFEST: write_manifest(version, entries)}
    files |= {_path(identifier): one.data for identifier, one in written.items()}
    files[companion.NAME] = companion.write_companion({name: one.beside for name, one in written.items()})
    return _packed(files), refusals


def _path(identifier: str) -> str:
    """Where an item's file stands; never the name of a device, which an item called aux or con would have."""
    return f"items/item-{identifier}.xml"


def _packed(files: Mapping[str, bytes]) -> bytes:
    """The files as an archive: stored, because what compression yields differs between versions of its library."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def _write_item(version: Version, item: WrittenItem) -> _Written:
    if item.type not in WRITERS:
        raise CannotWrite(f"QTI has no interaction for {item.type}; written are {', '.join(WRITERS)}")
    content_type, key_type, write = WRITERS[item.type]
    try:
        content, key = content_type.model_validate(item.content), key_type.model_validate(item.key)
    except ValidationError as fault:
        raise CannotWrite(f"it is no sound {item.type} item: {fault.errors()[0]['msg']}") from None
    if bad := _NOT_XML.search(f"{_texts(item.content)}{_texts(item.key)}{item.rationale}"):
        raise CannotWrite(f"it holds the character U+{ord(bad[0]):04X}, which XML cannot hold")
    page = Page(version, qti_identifier(item.identifier), _title(content.stem))
    write(page, content, key)
    if item.rationale:
        page.write_rationale(item.rationale)
    named = with_names_of(version, page.root)
    etree.indent(named)
    data = etree.tostring(named, xml_declaration=True, encoding="UTF-8") + b"\n"
    return _Written(data, _beside(item, content, key, data))


def _texts(value: object) -> str:
    """All texts in JSON values."""
    if isinstance(value, Mapping):
        return "".join(map(_texts, (*value.keys(), *value.values())))
    if isinstance(value, list | tuple):
        return "".join(map(_texts, value))
    return value if isinstance(value, str) else ""


def _title(stem: str) -> str:
    line = " ".join(stem.split())
    return line if len(line) <= 80 else line[:79] + "…"


def _beside(item: WrittenItem, content: Content, key: Key, data: bytes) -> CompanionItem:
    """What stands beside the file: all that is not read back from it as it was written."""
    read_content, read_key, rationale = _read_back(item, content, key, data)
    return CompanionItem(
        type=item.type,
        digest=digest_of(data),
        use=item.use,
        skill=item.skill,
        difficulty=item.difficulty,
        rationale=None if rationale == item.rationale else item.rationale,
        content=_changed(item.content, content, read_content),
        key=_changed(item.key, key, read_key),
        sources=tuple(dict(source) for source in item.sources),
        temptations=dict(item.temptations),
        tags=item.tags,
        provenance=None if item.provenance is None else dict(item.provenance),
        attribution=None if item.attribution is None else dict(item.attribution),
    )


def _read_back(item: WrittenItem, content: Content, key: Key, data: bytes) -> tuple[Content | None, Key | None, str]:
    """Content, key and rationale as they are read from what was just written; None where they are not sound."""
    root = with_plain_names(safe_xml.parse(data), "assessmentItem")
    try:
        draft = draft_of(root, [], item.type, Notes())
        read_content, read_key = fields_of(draft, None, is_unchanged=True)
        rationale = feedback_of(root, draft, Notes()).rationale
        return type(content).model_validate(read_content), type(key).model_validate(read_key), rationale
    except (NotReadable, ValidationError):
        return None, None, ""


def _changed(raw: Mapping[str, Any], said: Content | Key, read: Content | Key | None) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if read is None or getattr(read, name) != getattr(said, name)}
