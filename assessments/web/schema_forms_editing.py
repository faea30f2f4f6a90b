"""Changing the rows of a form: one more, one less, one place up or down, a single value or a mapping."""

from collections.abc import Callable
from string import ascii_lowercase
from typing import Any

from assessments.web.schema_forms_controls import (
    MISSING,
    Control,
    Either,
    Group,
    Maybe,
    Named,
    Rows,
    Scalar,
    Several,
    Slots,
    Table,
)
from assessments.web.schema_forms_reading import MOST_ROWS
from assessments.web.schema_forms_shown import pairs_of

COUNTED = frozenset({"level", "number"})  # fields that count the rows

Change = Callable[[Control, Any], Any]


def blank(control: Control) -> Any:
    """Return a value to begin with: defaults where there are any, and as many rows as are needed at least."""
    match control:
        case Group():
            begun = {
                part.name: blank(part.control) if part.default is MISSING else part.default for part in control.parts
            }
            return {name: value for name, value in begun.items() if value is not MISSING}
        case Rows():
            rows: list[Any] = []
            for _number in range(control.least):
                rows.append(_next(control.item, rows))
            return rows
        case Several() | Table():
            return []
        case Named() | Slots():
            return {}
        case Either():
            return blank(control.single)
        case Scalar(kind="line" | "text" | "word"):
            return ""
        case Scalar(kind="check"):
            return False
        case Maybe():
            return None
    return MISSING


def change(control: Control, raw: Any, wish: str) -> tuple[Any, str]:
    """Return the value changed as a button asks, and the name of the field to look at then, relative to the value.

    Wishes are `add:<name>`, `remove:<name>`, `up:<name>`, `down:<name>`, `mapping:<name>` and `single:<name>`; names
    are as the form has them, without what stands before the value's own. One that makes no sense changes nothing.
    """
    verb, _, name = wish.partition("~")[0].partition(":")
    steps = [step for step in name.split(".") if step]
    if verb == "add":
        added: list[int] = []
        changed = _at(control, raw, steps, lambda inner, value: _add(inner, value, added))
        return changed, f"{name}.{added[0]}" if added else name
    if verb in ("mapping", "single"):
        return _at(control, raw, steps, lambda inner, value: _switch(inner, value, verb == "mapping")), name
    if verb in ("remove", "up", "down") and steps and steps[-1].isdecimal():
        number = int(steps[-1])
        target = number + {"up": -1, "down": 1}.get(verb, 0)
        shift = (lambda _inner, rows: _without(rows, number)) if verb == "remove" else _swap(number, target)
        parent = ".".join(steps[:-1])
        return _at(control, raw, steps[:-1], shift), parent if verb == "remove" else f"{parent}.{target}"
    return raw, name


def _at(control: Control, raw: Any, steps: list[str], deed: Change) -> Any:
    """The value with the deed done at the end of the steps; itself where they lead nowhere."""
    match control:
        case Maybe():
            return _at(control.inner, raw, steps, deed)
        case Either() if steps:
            return _at(control.mapping, raw, steps, deed)
    if not steps:
        return deed(control, raw)
    step, rest = steps[0], steps[1:]
    if isinstance(control, Group) and (raw is None or isinstance(raw, dict)):
        part = next((part for part in control.parts if part.name == step), None)
        if part is not None:
            given = (raw or {}).get(step, part.default)
            return {**(raw or {}), step: _at(part.control, given, rest, deed)}
    if isinstance(control, Rows) and isinstance(raw, list) and step.isdecimal() and int(step) < len(raw):
        return [_at(control.item, value, rest, deed) if n == int(step) else value for n, value in enumerate(raw)]
    pairs = pairs_of(raw)
    if isinstance(control, Named) and pairs is not None and step.isdecimal() and int(step) < len(pairs):
        return _mapping(
            [
                (key, _at(control.value, value, rest, deed) if n == int(step) else value)
                for n, (key, value) in enumerate(pairs)
            ]
        )
    return raw


def _add(control: Control, raw: Any, added: list[int]) -> Any:
    control = control.mapping if isinstance(control, Either) else control
    rows = [] if raw is None or raw is MISSING else raw
    if isinstance(control, Rows) and isinstance(rows, list) and len(rows) < MOST_ROWS:
        added.append(len(rows))
        return [*rows, _next(control.item, rows)]
    pairs = pairs_of(rows or {})
    if isinstance(control, Named) and pairs is not None and len(pairs) < MOST_ROWS:
        added.append(len(pairs))
        value = blank(control.value)
        return _mapping([*pairs, ("", "" if value is MISSING else value)])
    return raw


def _next(item: Control, rows: list[Any]) -> Any:
    """A new row: numbers that count the rows go on, a short name is one that no row has."""
    value = blank(item)
    if not isinstance(item, Group):
        return "" if value is MISSING else value
    for part in item.parts:
        taken = [row.get(part.name) for row in rows if isinstance(row, dict)]
        if part.name in COUNTED and part.control == Scalar("whole") and _counts_up(taken, rows):
            value[part.name] = len(rows) + 1
        if part.name == "id" and part.control == Scalar("word"):
            value[part.name] = next((letter for letter in ascii_lowercase if letter not in taken), "")
    return value


def _counts_up(numbers: list[Any], rows: list[Any]) -> bool:
    return numbers == list(range(1, len(rows) + 1))


def _without(rows: Any, number: int) -> Any:
    if isinstance(rows, list):
        return _recounted(rows, [row for n, row in enumerate(rows) if n != number])
    pairs = pairs_of(rows)
    return rows if pairs is None else _mapping([pair for n, pair in enumerate(pairs) if n != number])


def _swap(number: int, target: int) -> Change:
    def swap(_control: Control, rows: Any) -> Any:
        pairs = None if isinstance(rows, list) else pairs_of(rows)
        entries = list(rows) if isinstance(rows, list) else pairs
        if entries is None or not 0 <= min(number, target) <= max(number, target) < len(entries):
            return rows
        entries[number], entries[target] = entries[target], entries[number]
        return _recounted(rows, entries) if isinstance(rows, list) else _mapping(entries)

    return swap


def _recounted(before: list[Any], after: list[Any]) -> list[Any]:
    """Rows that were numbered 1, 2, 3, … in a field are so again."""
    if not after or not all(isinstance(row, dict) for row in before):
        return after
    numbered = [name for name in COUNTED & before[0].keys() if _counts_up([row.get(name) for row in before], before)]
    return [{**row, **dict.fromkeys(numbered, place)} for place, row in enumerate(after, start=1)]


def _switch(control: Control, raw: Any, to_mapping: bool) -> Any:
    """A single value becomes one expert's vote; of a mapping the value with the most votes remains."""
    if not isinstance(control, Either) or to_mapping == isinstance(raw, (dict, list)):
        return raw
    if to_mapping:
        return {str(raw): 1} if raw not in (None, "", MISSING) else {}
    votes = [(value if isinstance(value, (int, float)) else 0, key) for key, value in pairs_of(raw) or []]
    best = max(votes, key=lambda vote: vote[0])[1] if votes else ""
    return int(best) if control.single.kind == "whole" and best.isdecimal() else best


def _mapping(pairs: list[tuple[str, Any]]) -> Any:
    keys = [key for key, _value in pairs]
    return dict(pairs) if len(keys) == len(set(keys)) else [list(pair) for pair in pairs]
