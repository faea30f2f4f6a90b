"""Documents: YAML that remembers its lines, checked against a schema with every fault at its line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from lms.catalogue.findings import Findings

Model = TypeVar("Model", bound=BaseModel)
_LONGEST_FILE = 2_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a document: its value as plain Python, and where it stands."""

    path: Path
    line: int
    value: Any
    _marked: Any
    _first_line: int = 1  # of the text that was read, where it does not begin its file

    def items(self) -> list["Node"]:
        """The entries of a list."""
        return [
            Node(self.path, self.line_of(index), value, self._marked[index], self._first_line)
            for index, value in enumerate(self.value)
        ]

    def line_of(self, *location: str | int) -> int:
        """The line on which a part of this piece stands, or the nearest part around it."""
        return _line(self._marked, location, self.line, self._first_line)


def read_document(path: Path, findings: Findings) -> Node | None:
    """Read a YAML file; None when it is missing or broken, which the findings then say."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            findings.add(path, 1, f"the file is too large; at most {_LONGEST_FILE} bytes are read")
            return None
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        findings.add(path, 1, "the file is missing")
        return None
    except UnicodeDecodeError as error:
        findings.add(path, 1, f"the file is not UTF-8: {error.reason} at byte {error.start}")
        return None
    return read_text(text, path, findings)


def read_text(text: str, path: Path, findings: Findings, *, first_line: int = 1) -> Node | None:
    """Read YAML out of a text that begins on `first_line` of its file."""
    try:
        marked = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + (mark.line if mark else 0)
        findings.add(path, line, f"broken YAML: {error.problem or error.context or 'cannot be read'}")
        return None
    except (YAMLError, ValueError) as error:
        findings.add(path, first_line, f"broken YAML: {error}")
        return None
    if marked is None:
        findings.add(path, first_line, "the file is empty")
        return None
    return Node(path, first_line, _plain(marked), marked, first_line)


def parse(node: Node, model: type[Model], findings: Findings) -> Model | None:
    """Check a piece against a schema; None when it does not fit, with a finding for each fault."""
    try:
        return model.model_validate(node.value)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            location = tuple(part for part in fault["loc"])
            findings.add(node.path, node.line_of(*location), _sentence(location, dict(fault)))
        return None


def _sentence(location: Sequence[str | int], fault: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in location) or "the entry"
    given = fault.get("input")
    shown = f", got {given!r:.60}" if isinstance(given, (str, int, float)) else ""
    match fault["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"{where} is not a known field"
        case "value_error":
            return f"{where}: {fault['ctx']['error']}"
    return f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}{shown}"


def _line(marked: Any, location: Sequence[str | int], line: int, first_line: int) -> int:
    for part in location:
        position = _position(marked, part)
        if position is None:
            return line
        line = position + first_line
        marked = marked[part]
    return line


def _position(marked: Any, part: str | int) -> int | None:
    try:
        if isinstance(marked, CommentedMap):
            return int(marked.lc.key(part)[0])
        if isinstance(marked, CommentedSeq) and isinstance(part, int):
            return int(marked.lc.item(part)[0])
    except (KeyError, TypeError):
        pass  # an entry that is missing stands where its parent does
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value
