"""JSON lines: one item a line, in Assay's own shape."""

import json
from collections.abc import Iterable
from pathlib import Path

from assessments.adapters.exchange import Format, Reading, Refusal, WrittenItem
from assessments.adapters.formats.own_entries import read_entry, write_entry
from assessments.adapters.json_rows import BadJson, read_json_lines


def read(path: Path) -> Reading:
    """Read items, a line each."""
    for line, value in read_json_lines(path):
        where = f"line {line}"
        yield Refusal(line, where, str(value)) if isinstance(value, BadJson) else read_entry(line, where, value)


def write(items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Write items, a line each; every item can be written."""
    lines = (json.dumps(write_entry(item), ensure_ascii=False) for item in items)
    return "".join(f"{line}\n" for line in lines).encode(), []


FORMAT = Format("jsonl", "Items in Assay's own shape, one JSON object a line", (".jsonl",), read, write)
