"""Reading QTI: a package, or one item as an XML file, becomes items, refusals and what was left out of items."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from lxml import etree

from assessments.adapters import safe_archive, safe_xml
from assessments.adapters.exchange import Omission, Reading, ReadItem, Refusal, UnreadableFile
from assessments.adapters.qti.companion import CompanionItem, digest_of, fields_of
from assessments.adapters.qti.feedback import feedback_of
from assessments.adapters.qti.identifiers import our_identifier
from assessments.adapters.qti.item import draft_of
from assessments.adapters.qti.notes import Notes, NotReadable, place_of
from assessments.adapters.qti.package import ItemFile, Package
from assessments.adapters.qti.question import Draft
from assessments.adapters.qti.versions import with_plain_names
from assessments.adapters.safe_xml import UnsafeXml

_PACKED = b"PK"
_MOST_STIMULI = 10  # of one item


class Stimuli(Protocol):
    """Where the texts are to which an item refers: beside it in a package, or nowhere."""

    def stimulus(self, item_path: str, href: str, notes: Notes) -> str: ...


class _NoStimuli:
    """A lone item has nothing beside it."""

    def stimulus(self, item_path: str, href: str, notes: Notes) -> str:
        raise NotReadable(f"it refers to {href[:120]}, which is another file; expected the whole package")


def read(path: Path) -> Reading:
    """Yield what a file holds, one row for each item.

    Raises UnreadableFile for what is neither a package nor XML. Rows are the items in the order of the manifest.
    """
    try:
        with path.open("rb") as file:
            begin = file.read(len(_PACKED))
            size = path.stat().st_size
    except OSError as fault:
        raise UnreadableFile(f"{path.name} cannot be read: {fault.strerror or fault}") from None
    if begin == _PACKED:
        yield from _read_package(path)
        return
    if size > safe_xml.MOST_BYTES:
        raise UnreadableFile(f"{path.name} has {size:,} bytes; an item has at most {safe_xml.MOST_BYTES:,}")
    yield from _read_item(path.read_bytes(), ItemFile(1, path.name, None), _NoStimuli(), None)


def _read_package(path: Path) -> Reading:
    with safe_archive.open(path) as archive:
        package = Package(archive, path.name)
        yield from package.omissions
        for file in package.items:
            try:
                data = package.read(file.path)
            except (NotReadable, UnreadableFile) as fault:
                yield Refusal(file.row, file.path, str(fault))
                continue
            yield from _read_item(data, file, package, package.companion.items)


def _read_item(
    data: bytes, file: ItemFile, stimuli: Stimuli, said_of: dict[str, CompanionItem] | None
) -> Iterator[ReadItem | Refusal | Omission]:
    notes = Notes()
    try:
        root = with_plain_names(safe_xml.parse(data), "assessmentItem")
        identifier = our_identifier(root.get("identifier", ""), f"item-{file.row}")
        said = (said_of or {}).get(identifier)
        texts = [stimuli.stimulus(file.path, href, notes) for href in _addresses(root)]
        draft = draft_of(root, texts, said.type if said else None, notes)
        item = _item(root, draft, file, identifier, said, said is not None and said.digest == digest_of(data), notes)
    except (UnsafeXml, NotReadable) as fault:
        yield Refusal(file.row, place_of(file.path, fault.line), str(fault))
    except UnreadableFile as fault:
        yield Refusal(file.row, file.path, str(fault))
    else:
        yield item
        for line, reason in notes.entries:
            yield Omission(file.row, place_of(file.path, line), reason)


def _addresses(item: etree._Element) -> list[str]:
    found = list(dict.fromkeys(each.get("href", "") for each in item.iterchildren("assessmentStimulusRef")))
    if len(found) > _MOST_STIMULI:
        raise NotReadable(f"it refers to {len(found)} texts; at most {_MOST_STIMULI} are read", item)
    return found


def _item(
    root: etree._Element,
    draft: Draft,
    file: ItemFile,
    identifier: str,
    said: CompanionItem | None,
    is_unchanged: bool,
    notes: Notes,
) -> ReadItem:
    content, key = fields_of(draft, said, is_unchanged)
    feedback = feedback_of(root, draft, notes)
    item = ReadItem(
        row=file.row,
        where=file.path,
        identifier=identifier,
        type=draft.type,
        content=content,
        key=key,
        rationale=feedback.rationale,
        temptations=feedback.temptations,
        attribution=file.attribution,
    )
    if said is not None:
        if not is_unchanged:
            notes.add("it was changed since it was written here; what stands in the file holds", root)
        return _with_companion(item, said, is_unchanged)
    if draft.missing:
        notes.add(draft.missing, root)
    return item


def _with_companion(item: ReadItem, said: CompanionItem, is_unchanged: bool) -> ReadItem:
    return replace(
        item,
        use=said.use,
        skill=said.skill,
        difficulty=said.difficulty,
        rationale=said.rationale if is_unchanged and said.rationale is not None else item.rationale,
        sources=said.sources,
        temptations={**item.temptations, **said.temptations},
        tags=said.tags,
        provenance=said.provenance,
        attribution=said.attribution,
    )
