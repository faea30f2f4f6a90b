"""Values as text in a control, and text as values again: short ones, lists of them, tables, JSON."""

import csv
import json
import math
import re
from io import StringIO
from typing import Any

from assessments.web.schema_forms_controls import MISSING, Scalar, Several, Table

_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_BETWEEN_WORDS = re.compile(r"[,\n]")
_UNSTORABLE = re.compile(r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000")  # in JSON: no database takes them

Leaf = Scalar | Several | Table


def is_blank(value: Any) -> bool:
    """Whether nothing was stated: nothing, no, an empty text, or a list or mapping of such."""
    if isinstance(value, dict):
        return all(is_blank(entry) for entry in value.values())
    if isinstance(value, list):
        return all(is_blank(entry) for entry in value)
    return value is None or value is MISSING or value is False or value == ""


def text_of(control: Leaf, value: Any) -> str | None:
    """Return a value as the text of its control; None where the control could not give the value back."""
    text = _write(control, value)
    if text is None or "\r" in text:  # which a browser would not send back as it was
        return None
    again = parse(control, text)
    is_same = again == value or (is_blank(again) and is_blank(value) and value is not False)
    return text if is_same or (isinstance(value, str) and str(again) == value) else None


def parse(control: Leaf, text: str) -> Any:
    """Return what was typed as the value of a control; what does not fit stays text, for the schema to judge."""
    match control:
        case Several():
            pieces = text.split("\n") if control.kind == "lines" else _BETWEEN_WORDS.split(text)
            return [_parse_scalar(control.item, piece.strip()) for piece in pieces if piece.strip()]
        case Table():
            return [[_parse_scalar(control.item, cell) for cell in row] for row in _cells(text)]
        case Scalar():
            return _parse_scalar(control, text)


def json_of(value: Any) -> str:
    """Return a value as JSON to edit; a text that is no JSON itself stands for itself, if a browser keeps it."""
    if isinstance(value, str) and value.strip() and "\r" not in value and parse_json(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False, indent=1)


def parse_json(text: str) -> Any:
    """Return what JSON says; a text that is no JSON, or that no database could store, stands for itself."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        spelled = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return text
    return text if _UNSTORABLE.search(spelled) else value


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _write(control: Leaf, value: Any) -> str | None:
    if is_blank(value) and value is not False and not (isinstance(control, Table) and value):
        return ""
    if isinstance(control, Table):
        return _write_table(value)
    if isinstance(control, Several):
        if not isinstance(value, list) or not all(_is_scalar(entry) for entry in value):
            return None
        return ("\n" if control.kind == "lines" else ", ").join(str(entry) for entry in value)
    return str(value) if _is_scalar(value) else None


def _write_table(value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        return None
    if not all(_is_scalar(cell) for row in value for cell in row):
        return None
    rows = [[str(cell) for cell in row] for row in value]
    if all(len(row) > 1 for row in rows) and not any("\t" in cell or "\n" in cell for row in rows for cell in row):
        return "\n".join("\t".join(row) for row in rows)
    spelled = StringIO()
    csv.writer(spelled, lineterminator="\n").writerows(rows)
    return spelled.getvalue().removesuffix("\n")


def _cells(text: str) -> list[list[str]]:
    if "\t" in text:
        return [line.split("\t") for line in text.strip("\n").split("\n")]
    try:
        return [row for row in csv.reader(StringIO(text), skipinitialspace=True) if row]
    except csv.Error:
        return [[line] for line in text.split("\n")]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _parse_scalar(control: Scalar, text: str) -> Any:
    typed = text.strip()
    if control.kind in ("whole", "number") and _WHOLE.fullmatch(typed):
        return int(typed)
    if control.kind == "number" and _NUMBER.fullmatch(typed):
        number = float(typed.replace(",", "."))
        return number if math.isfinite(number) else text
    if control.kind == "decimal" and _NUMBER.fullmatch(typed):
        return typed.replace(",", ".")
    return text
