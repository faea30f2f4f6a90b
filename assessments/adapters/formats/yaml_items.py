"""YAML: a list of items in Assay's own shape, as in the catalogue's files."""

import io
from collections.abc import Iterable
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.scalarstring import LiteralScalarString

from assessments.adapters.bounded_files import open_text
from assessments.adapters.exchange import Format, Reading, Refusal, UnreadableFile, WrittenItem
from assessments.adapters.formats.own_entries import read_entry, write_entry
from lms.catalogue.documents import read_text
from lms.catalogue.findings import Findings

MOST_CHARACTERS = 2_000_000
DEEPEST = 40  # levels of nesting; an item has about ten


def read(path: Path) -> Reading:
    """Read items out of one list. Raises UnreadableFile for what is no such list, or is built to exhaust a reader."""
    with open_text(path, most_unpacked=4 * MOST_CHARACTERS) as file:
        text = file.read(MOST_CHARACTERS + 1)
    if len(text) > MOST_CHARACTERS:
        raise UnreadableFile(f"more than {MOST_CHARACTERS:,} characters of YAML; use JSON lines for more")
    _refuse_tricks(text)
    findings = Findings()
    try:
        node = read_text(text, path, findings)
    except (RecursionError, TypeError, ValueError, KeyError) as fault:
        # ruamel lets these through for keys and values that no plain document has
        raise UnreadableFile(f"the YAML cannot be read: {fault}") from fault
    if node is None:
        raise UnreadableFile(str(findings.sorted()[0]))
    if not isinstance(node.value, list):
        raise UnreadableFile("expected a list of items, each beginning with `- id:`")
    for number, entry in enumerate(node.items(), start=1):
        yield read_entry(number, f"line {entry.line}", entry.value)


def write(items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Write items as one list, long texts as blocks; every item can be written."""
    yaml = YAML()
    yaml.width = 100
    out = io.StringIO()
    yaml.dump([_blocks(write_entry(item)) for item in items], out)
    return out.getvalue().encode(), []


def _refuse_tricks(text: str) -> None:
    """Raise UnreadableFile for aliases, which can make a small file huge, and for endless nesting."""
    depth = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(io.StringIO(text)):
            if isinstance(event, AliasEvent):
                raise UnreadableFile(f"line {event.start_mark.line + 1}: aliases (*name) are not taken; write it out")
            depth += isinstance(event, (MappingStartEvent, SequenceStartEvent))
            depth -= isinstance(event, (MappingEndEvent, SequenceEndEvent))
            if depth > DEEPEST:
                raise UnreadableFile(f"line {event.start_mark.line + 1}: nested deeper than {DEEPEST} levels")
    except (YAMLError, ValueError, RecursionError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile(f"broken YAML: {' '.join(str(fault).split())[:300]}") from fault


def _blocks(value: object) -> object:
    if isinstance(value, dict):
        return {name: _blocks(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_blocks(entry) for entry in value]
    if isinstance(value, str) and "\n" in value and _is_block(value):
        return LiteralScalarString(value)
    return value


def _is_block(text: str) -> bool:
    """Whether a block scalar gives the text back exactly: printable lines, no space at the ends of any."""
    lines = text.split("\n")
    is_plain = text.replace("\n", "").isprintable() and all(line == line.strip() for line in lines)
    return is_plain and bool(lines[0]) and bool(lines[-1])


FORMAT = Format("yaml", "Items in Assay's own shape, a YAML list as in the catalogue", (".yaml", ".yml"), read, write)
